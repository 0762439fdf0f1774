"""Does the list of layers count what is in each?"""

from __future__ import annotations

from datetime import date

import pytest

from geo.indexed import open_indexed
from geo.layerfile import LayerMeta
from geo.layerinfo import describe
from geo.settings import layers_folder
from geo.store import LayerStore
from tests.examples import NOW, incident


@pytest.fixture
def store():
    made = LayerStore(layers_folder())
    meta = LayerMeta(title="Border", licence="CC BY 4.0")
    made.create("border", meta, by="Ann", now=NOW)
    return made


def _info(store):
    return describe(open_indexed(store, "border"), version=store.version("border"))


def test_what_a_layer_holds_is_counted(store):
    crowd = [
        incident("own:1", start=date(2025, 10, 9), end=date(2025, 10, 12)),
        incident("own:2", event_type="shelling"),
        incident("own:3"),
    ]
    store.upsert("border", crowd, by="Ann", now=NOW)
    info = _info(store)
    assert (info.name, info.title, info.incidents) == ("border", "Border", 3)
    assert info.period == (date(2025, 10, 9), date(2025, 10, 12))
    assert info.event_types == {"armed_clash": 2, "shelling": 1}
    assert (info.as_of, info.licence) == (NOW, "CC BY 4.0")
    assert info.version == store.version("border")


def test_an_empty_layer_has_no_period(store):
    assert _info(store).period is None
