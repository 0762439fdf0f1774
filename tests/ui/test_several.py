import pytest

from geo import views
from geo.filters import Filter
from geo.incident import Point
from geo.layerfile import LayerMeta
from geo.snapshot import Brief, frame_for, manifest_of
from geo.snapshot.language import language
from geo.snapshot.make import draw
from geo.store import LayerStore
from geo.together import together
from tests.examples import NOW, incident
from tests.ui.conftest import check, texts


@pytest.fixture
def other(layers):
    """A second layer that shares one id with the first."""
    LayerStore(layers).upsert(
        "other",
        (incident("own:1"), incident("own:9", event_type="talks", point=Point(69.2, 34.5))),
        by="test",
        now=NOW,
        meta=LayerMeta(title="Other"),
    )


def asked(layers, **options):
    """What the page draws of both layers, as the command line asks for it."""
    whole = together([LayerStore(layers).read(name) for name in ("test", "other")], "internal")
    frame = frame_for(whole.select(Filter()).matches)
    return Brief(
        query=Filter(),
        selection=whole.select(Filter(), frame=frame),
        layers=whole.versions,
        as_of=whole.meta.as_of,
        frame=frame,
        notes=whole.notes(language("en").say),
        **options,
    )


def said(app):
    return texts(app).replace("\\", "")


@pytest.mark.usefixtures("other")
def test_two_layers_add_up_each_and_together(opened):
    app = opened(incident("own:1"), incident("own:2"), layer=["test", "other"])

    assert "**4 of 4** incidents match" in said(app)
    assert "test: **2 of 2** incidents match" in said(app)
    assert "other: **2 of 2** incidents match" in said(app)
    assert "1 id stands in more than one of these layers" in said(app)
    table = next(frame.value for frame in app.dataframe if "Id" in frame.value)
    assert set(table["Id"]) == {"own:1@test", "own:2@test", "own:1@other", "own:9@other"}


@pytest.mark.usefixtures("other")
def test_a_layer_is_added_in_the_sidebar_and_stands_in_the_address(opened):
    app = opened(incident("own:2"), layer="test")
    app.sidebar.multiselect(key="beside").set_value(["other"])
    check(app.run())

    assert "**3 of 3** incidents match" in said(app)
    assert app.query_params["layer"] == ["test", "other"]


@pytest.mark.usefixtures("other")
def test_an_incident_names_its_layer_and_opens_alone_for_correction(opened):
    app = opened(incident("own:2"), layer=["test", "other"], sel="own:9@other")

    assert "Layer: other" in said(app)
    next(b for b in app.button if b.label == "Open its layer alone").click()
    check(app.run())
    assert (app.session_state.layer, app.session_state.selected) == ("other", "own:9")
    assert "**2 of 2** incidents match" in said(app)


@pytest.mark.usefixtures("other")
def test_a_page_for_one_layer_says_so(opened):
    app = opened(incident("own:2"), layer=["test", "other"], page="decide.py")

    assert "works on the layer test alone, without other" in said(app)


def test_a_layer_that_is_not_there_is_left_out_and_told(opened):
    app = opened(incident("own:2"), layer=["test", "gone"])

    assert "There is no layer 'gone'" in said(app)
    assert "**1 of 1** incidents match" in said(app)


@pytest.mark.usefixtures("other")
def test_the_snapshot_page_draws_all_layers_and_names_what_is_in_both(opened, layers):
    app = opened(incident("own:1"), incident("own:2"), layer=["test", "other"], page="brief.py")

    assert "**4 of 4** incidents match" in said(app)
    assert "test: 2 match · other: 2 match" in said(app)
    assert "1 id stands in more than one of these layers" in said(app)
    named = next(e.value for e in app.caption if e.value.startswith("ID")).split("**")[1]
    assert manifest_of(asked(layers, title="test + other")).id == named


@pytest.mark.usefixtures("other")
def test_a_layer_is_added_on_the_snapshot_page_too(opened):
    app = opened(incident("own:2"), layer="test", page="brief.py")
    assert "match · " not in said(app)
    app.sidebar.multiselect(key="beside").set_value(["other"])
    check(app.run())

    assert "**3 of 3** incidents match" in said(app)
    assert app.query_params["layer"] == ["test", "other"]


@pytest.mark.usefixtures("other")
def test_a_file_of_several_layers_is_checked_with_the_same_ones(opened, layers):
    app = opened(incident("own:2"), layer=["test", "other"], page="brief.py")
    data = draw(asked(layers, title="Both", size="phone"), fmt="svg")
    app.file_uploader(key="check_file").upload("both.svg", data, "image/svg+xml")
    check(app.run())
    assert "Same: it shows what the layers hold now." in said(app)

    app.sidebar.multiselect(key="beside").set_value([])
    check(app.run())
    assert "file is of 'test' + 'other': 'other' is missing" in said(app)


@pytest.mark.usefixtures("other")
def test_a_view_keeps_all_layers_and_opens_them_again(opened, layers):
    app = opened(incident("own:2"), layer=["test", "other"])
    app.text_input(key="view_name").set_value("Both")
    app.button(key="view_save").click()
    check(app.run())
    assert views.read(layers).named("Both").layers == ("test", "other")

    app.sidebar.multiselect(key="beside").set_value([])
    check(app.run())
    app.sidebar.selectbox(key="view_chosen").set_value("Both")
    check(app.run())
    assert "Opened: Both" in said(app)
    assert "**3 of 3** incidents match" in said(app)
    assert app.query_params["layer"] == ["test", "other"]


@pytest.mark.usefixtures("other")
def test_a_view_of_a_layer_that_is_gone_is_told_and_nothing_moves(opened, layers):
    views.save(layers, views.View(name="Lost", layer="test", beside=("gone",)))
    app = opened(incident("own:2"), layer=["test", "other"])
    app.sidebar.selectbox(key="view_chosen").set_value("Lost")
    check(app.run())

    assert "Lost: there is no layer 'gone'." in said(app)
    assert app.query_params["layer"] == ["test", "other"]
