import pytest

from geo.incident import Point
from geo.layerfile import LayerMeta
from geo.store import LayerStore
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
