import pytest

from geo.store import LayerStore
from geo.ui import bring_work
from tests.sources.tables import ged
from tests.ui.bringing import bring, button, plain, settled
from tests.ui.conftest import check

__all__ = ["bring"]
ROWS = 4_000
pytestmark = pytest.mark.usefixtures("slow")


@pytest.fixture
def slow(monkeypatch):
    """Show work as soon as it has begun."""
    monkeypatch.setattr(bring_work, "_AT_ONCE", 0.0)


def test_what_takes_longer_can_be_cancelled_and_begun_anew(bring, layers):
    app = bring("ged.csv", ged(*({} for _ in range(ROWS))), wait=False)
    assert button(app, "bring_cancel") is not None
    job = app.session_state.bring_job
    check(button(app, "bring_cancel").click().run())

    assert not job.running
    assert "Nothing was written" in plain(app)
    assert LayerStore(layers).read("border").incidents == ()
    button(app, "bring_restart").click()
    settled(app)
    assert f"**{ROWS:,} of {ROWS:,}**" in plain(app)


def test_a_write_that_is_cancelled_leaves_the_layer_as_it_is(bring, layers):
    app = bring("ged.csv", ged(*({} for _ in range(ROWS))))
    before = (layers / "border.geojson").read_bytes()
    check(button(app).click().run())
    assert "Writing the layer" in plain(app)
    check(button(app, "bring_cancel").click().run())

    assert "Cancelled: layer 'border' is as it was." in plain(app)
    # what was tried is still there, to be written all the same
    assert button(app).label == f"Import {ROWS:,} incidents"
    assert (layers / "border.geojson").read_bytes() == before
    assert not list(layers.glob(".border.*.tmp"))


def test_a_file_that_is_taken_away_is_read_no_further(bring):
    app = bring("ged.csv", ged(*({} for _ in range(ROWS))), wait=False)
    job = app.session_state.bring_job
    app.file_uploader(key="bring_file_0").set_value(None)
    check(app.run())

    assert not job.running
    assert "Choose a file" in plain(app)
