import io
import json
from datetime import date

import pytest
from PIL import Image

from geo.errors import SnapshotError
from geo.filters import Filter, select
from geo.settings import layers_folder
from geo.snapshot import Brief, frame_for, manifest_of
from geo.snapshot.make import draw
from geo.snapshot.record import Issue, record
from geo.store import LayerStore
from geo.together import together
from geo.ui import drawing
from tests.examples import NOW, incident
from tests.ui.conftest import check, texts

TWO = (
    incident("own:1", title="First"),
    incident("own:2", start=date(2025, 11, 2), end=date(2025, 11, 2), precision="none"),
)


@pytest.fixture
def brief(opened):
    def go(*incidents, **address):
        return opened(*incidents, page="brief.py", **address)

    return go


def shown(app):
    """What the page says beside its picture."""
    return texts(app).replace("\\", "")


def test_the_page_draws_what_the_filters_match_and_names_its_id(brief):
    app = brief(*TWO, from_="2025-10-01", to="2025-10-31")

    assert "**1 of 2** incidents match" in shown(app)
    assert "left out: 1 outside the dates" in shown(app)
    assert "is printed in the picture" in shown(app)
    assert len(app.image) == 1
    assert {b.label for b in app.download_button} == {
        *("PNG", "PDF", "PPTX", "DOCX", "HTML", "SVG", "PNG 300"),
    }


def test_an_id_stands_for_title_size_and_filter(brief):
    app = brief(*TWO)
    ids = {identity(app)}
    app.text_input(key="brief_title").set_value("Another title")
    ids.add(identity(check(app.run())))
    app.selectbox(key="brief_size").set_value("phone")
    ids.add(identity(check(app.run())))

    assert len(ids) == 3


def identity(app):
    return next(e.value for e in app.caption if e.value.startswith("ID")).split("**")[1]


def test_a_box_that_means_nothing_gets_a_sentence(brief):
    app = brief(*TWO)
    app.selectbox(key="brief_frame").set_value("A box I type")
    check(app.run())
    app.text_input(key="brief_box").set_value("here")
    check(app.run())

    assert "'here'" in shown(app)


def test_a_picture_with_nothing_in_it_says_so(brief):
    assert "**0 of 2** incidents match" in shown(brief(*TWO, text="nowhere"))


def test_an_empty_folder_explains_itself_here_too(brief):
    assert brief().subheader[0].value == "No layer yet"


@pytest.mark.parametrize("title", ["{{7*7}} ${alert(1)} </script>", "x" * 200, "漢字 د \u202e"])
def test_an_odd_title_is_drawn(brief, title):
    app = brief(*TWO)
    app.text_input(key="brief_title").set_value(title)
    check(app.run())

    assert len(app.image) == 1


def test_the_picture_given_back_is_checked(brief):
    app = brief(*TWO)
    layer = LayerStore(layers_folder()).read("test")
    frame = frame_for(select(layer.incidents, Filter()).matches)
    made = Brief(
        title="T", query=Filter(), selection=select(layer.incidents, Filter(), frame=frame),
        layers=(("test", layer.version),), as_of=layer.meta.as_of, frame=frame,
    )  # fmt: skip
    picture = draw(made, fmt="png", dpi=150)
    app.file_uploader(key="check_file").set_value(("a.png", picture, "image/png"))
    assert "Same: it shows what the layer holds now." in shown(check(app.run()))

    with Image.open(io.BytesIO(picture)) as image:
        assert (
            json.loads(next(t for t in image.text.values() if '"ledger"' in t))["ledger"]["matched"]
            == 2
        )
        bare = io.BytesIO()
        image.convert("RGB").save(bare, "PNG")
    app.file_uploader(key="check_file").set_value(("b.png", bare.getvalue(), "image/png"))
    assert "No manifest" in shown(check(app.run()))


def test_what_blocks_is_named_with_its_remedy(brief):
    said = shown(brief(*TWO))

    assert "Incidents without a source: 2" in said
    assert "Add a source to each, or leave them out." in said


def test_a_printed_id_is_looked_up_in_the_record(brief):
    app = brief(*TWO)
    layer = LayerStore(layers_folder()).read("test")
    frame = frame_for(select(layer.incidents, Filter()).matches)
    asked = Brief(
        title="T",
        query=Filter(),
        selection=select(layer.incidents, Filter(), frame=frame),
        layers=(("test", layer.version),),
        as_of=layer.meta.as_of,
        frame=frame,
    )
    made = manifest_of(asked)
    record(layers_folder(), made, Issue(format="png", name="t.png", when=NOW))
    app.text_input(key="check_id").set_value(made.id.lower())
    assert "Same: it shows what the layer holds now." in shown(check(app.run()))

    app.text_input(key="check_id").set_value("AAAAAAAA")
    assert "'AAAAAAAA' is unknown" in shown(check(app.run()))
    # from now on the page can tell what changed since, on the same frame
    assert any(made.id in option for option in app.selectbox(key="brief_frame").options)
    assert "Nothing changed" in shown(app)


def test_a_briefing_of_several_layers_is_told_from_that_of_this_one(brief):
    app = brief(*TWO)
    store = LayerStore(layers_folder())
    store.upsert("other", [incident("own:1")], by="test", now=NOW)
    whole = together([store.read("test"), store.read("other")], "internal")
    frame = frame_for(whole.select(Filter()).matches)
    asked = Brief(
        title="T",
        query=Filter(),
        selection=whole.select(Filter(), frame=frame),
        layers=whole.versions,
        as_of=NOW,
        frame=frame,
    )
    made = manifest_of(asked)
    record(layers_folder(), made, Issue(format="png", name="t.png", when=NOW))
    app.text_input(key="check_id").set_value(made.id)

    assert "'test' + 'other': 'other' is missing" in shown(check(app.run()))
    # its incidents have other names: nothing of it can be compared with this layer alone
    assert not any(made.id in option for option in app.selectbox(key="brief_frame").options)


@pytest.mark.parametrize("profile", ["partners", "public"])
def test_a_profile_is_applied_and_said(brief, profile):
    app = brief(*TWO)
    app.selectbox(key="brief_profile").set_value(profile)

    assert len(check(app.run()).image) == 1


@pytest.mark.parametrize("code", ["ar", "ru"])
def test_another_language_is_drawn(brief, code):
    app = brief(*TWO)
    app.selectbox(key="brief_language").set_value(code)

    assert len(check(app.run()).image) == 1


def test_two_periods_are_compared_with_care(brief):
    app = brief(*TWO, from_="2025-10-01", to="2025-10-31")

    assert any(
        "not distinguishable" in e.value or "not comparable" in e.value for e in app.markdown
    )


def test_a_picture_that_cannot_be_drawn_leaves_the_rest_of_the_page(brief, monkeypatch):
    class Gone:
        def warm(self):
            """Starts nothing."""

        def ask(self, _order):
            msg = "the process that draws pictures ended before this one was drawn"
            raise SnapshotError(msg)

    here = drawing.studio
    monkeypatch.setattr(drawing, "studio", Gone())
    app = brief(*TWO, text="first")
    assert [e.value.replace("\\", "") for e in app.error] == [
        "No picture: the process that draws pictures ended before this one was drawn."
    ]
    assert not app.image
    assert "A check proves sameness with the layer" in shown(app)

    monkeypatch.setattr(drawing, "studio", here)
    app.button(key="picture_again").click()
    assert len(check(app.run()).image) == 1
    assert not any("No picture" in e.value for e in app.error)
