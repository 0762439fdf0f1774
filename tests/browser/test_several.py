"""Do two layers stand together on the map of a real browser, and apart again?"""

import shutil

from geo.layerfile import LayerMeta
from geo.store import LayerStore
from tests.browser.driving import ROOT, serve
from tests.examples import NOW, incident


def test_two_layers_are_drawn_together_and_one_opens_alone(visit, tmp_path):
    demo = "afghanistan-pakistan-2025"
    shutil.copy(ROOT / "layers" / f"{demo}.geojson", tmp_path)
    rows = [incident(f"own:{n}") for n in range(3)]
    LayerStore(tmp_path).upsert("mine", rows, by="test", now=NOW, meta=LayerMeta(title="Mine"))
    with serve(tmp_path) as url:
        window = visit(url).open(f"?layer={demo}")
        alone = window.drawn()
        window.open(f"?layer={demo}&layer=mine&sel=own:1@mine")

        assert window.drawn() == alone + 3
        assert "mine: 3 of 3 incidents match" in window.page.inner_text("body")
        assert "Layer: mine" in window.page.inner_text("body")

        window.page.get_by_role("button", name="Open its layer alone").click()
        window.settle()
        assert window.drawn() == 3
        assert window.ledger().startswith("3 of 3")
        assert f"layer={demo}" not in window.page.url
        assert window.errors == []
        assert window.foreign() == set()
