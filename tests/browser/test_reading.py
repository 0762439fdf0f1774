"""Does a large file from elsewhere show how far it is read, and then its map under its name?"""

import shutil

import pytest

from geo.layerfile import LayerMeta
from geo.store import LayerStore
from tests.browser.driving import ROOT, serve
from tests.examples import NOW, incident

pytestmark = pytest.mark.browser


def test_a_file_copied_into_the_folder_is_read_beside_the_page(tmp_path, visit):
    made, folder = tmp_path / "made", tmp_path / "layers"
    folder.mkdir()
    crowd = [incident(f"own:{n}", summary="word " * 400) for n in range(15_000)]
    LayerStore(made).upsert("copied", crowd, by="Ann", now=NOW, meta=LayerMeta(title="Copied"))
    shutil.copy(made / "copied.geojson", folder)
    shutil.copy(ROOT / "layers" / "afghanistan-pakistan-2025.geojson", folder)
    with serve(folder, GEO_CACHE=str(tmp_path / "cache")) as url:
        window = visit(url)
        page = window.page
        page.goto(f"{url}/?layer=copied")
        page.get_by_text("every incident in it is checked once").wait_for(timeout=60_000)
        page.get_by_text("incidents match").first.wait_for(timeout=120_000)
        window.settle()
        assert "15,000 of 15,000" in window.ledger()
        # the first layer of the folder is another one
        assert page.get_by_role("combobox", name="Layer").first.input_value() == "copied"
        assert window.errors == []
