"""Is a layer opened by its index the layer itself, whoever wrote it, and does it answer alike?"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.actors import canonical
from geo.bits import rows_of
from geo.errors import LayerCorruptError, LayerNotFoundError
from geo.facets import facets
from geo.filters import Filter, select
from geo.histogram import histogram
from geo.incident import Incident
from geo.index import newest
from geo.indexed import index_incidents, open_indexed, unchecked
from geo.settings import cache_folder, layers_folder
from geo.store import LayerStore
from geo.timeline import timeline
from tests.examples import NOW, incident
from tests.strategies import crowds, filters


@given(crowd=crowds(), query=filters())
def test_an_answer_read_whole_is_the_plain_selection(crowd: list[Incident], query: Filter) -> None:
    layer = index_incidents(crowd)
    plain = select(sorted(crowd, key=lambda i: i.id), query)
    assert layer.selection(query, layer.index.answer(query)) == plain


@given(crowd=crowds(), query=filters())
def test_the_histogram_is_that_of_the_plain_timeline(crowd: list[Incident], query: Filter) -> None:
    assert histogram(index_incidents(crowd).index, query) == timeline(crowd, query)


@given(crowd=crowds())
def test_facets_count_every_incident_once_for_each_value(crowd: list[Incident]) -> None:
    found = facets(index_incidents(crowd).index)
    assert found.event_types == Counter(i.event_type for i in crowd)
    assert found.countries == Counter(c for i in crowd for c in set(i.countries))
    actors = Counter(n for i in crowd for n in {canonical(a.name) for a in i.actors if a.name})
    assert found.actors == actors
    sources = Counter(p for i in crowd for p in {s.publisher for s in i.sources if s.publisher})
    assert found.sources == sources
    days = [day for i in crowd for day in (i.start, i.end)]
    assert found.period == ((min(days), max(days)) if days else None)


@given(crowd=crowds(max_size=20), first=st.integers(0, 20), count=st.integers(1, 7))
def test_a_page_is_cut_from_all_rows_newest_first(
    crowd: list[Incident], first: int, count: int
) -> None:
    layer = index_incidents(crowd)
    rows = newest(layer.index, layer.index.answer(Filter(status=())).rows, first=first, count=count)
    ordered = sorted(sorted(crowd, key=lambda i: i.id), key=lambda i: i.start, reverse=True)
    assert list(layer.incidents(rows.tolist())) == ordered[first : first + count]


def _store() -> LayerStore:
    store = LayerStore(layers_folder())
    store.upsert("border", [incident("own:1"), incident("own:2")], by="Ann", now=NOW)
    return store


def test_a_layer_is_opened_at_its_version_and_stays_there_when_it_changes() -> None:
    store = _store()
    layer = open_indexed(store, "border")
    assert layer.version == store.version("border")
    store.upsert("border", [incident("own:1", title="Later")], by="Ann", now=NOW)
    row = layer.row_of("own:1")
    assert row is not None
    assert layer.incident(row) == incident("own:1")
    again = open_indexed(store, "border")
    assert again.incident(again.row_of("own:1") or 0).title == "Later"


def test_incidents_are_found_by_words_of_their_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    odd = [
        incident("own:1", extra={"rare": [1]}),
        incident("own:2"),
        incident("own:3", title="rare"),
    ]
    layer = index_incidents(odd)
    assert [i.id for i in layer.incidents_with('"rare":')] == ["own:1"]
    assert [i.id for i in layer.incidents_with("rare")] == ["own:1", "own:3"]
    assert list(layer.incidents_with("FeatureCollection")) == []
    assert list(layer.incidents_with("nowhere")) == []
    # also where they lie across two pieces
    for piece in range(1, 40):
        monkeypatch.setattr("geo.indexed._PIECE", piece)
        assert [i.id for i in layer.incidents_with('"rare":')] == ["own:1"]


def test_what_was_derived_is_used_again_and_can_be_deleted() -> None:
    store = _store()
    first = open_indexed(store, "border")
    made = cache_folder() / "indexes" / f"layer-{first.version}.geojson"
    before = {path: path.stat().st_ino for path in made.parent.glob("index-*")}
    assert open_indexed(store, "border").index.table.equals(first.index.table)
    assert {path: path.stat().st_ino for path in made.parent.glob("index-*")} == before
    for path in made.parent.iterdir():
        path.unlink()
    assert open_indexed(store, "border").index.size == 2


def test_a_file_changed_by_hand_passes_the_gate_first() -> None:
    store = _store()
    path = layers_folder() / "border.geojson"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('"own:2"', '"own:3"'), encoding="utf-8")
    layer = open_indexed(store, "border")
    assert layer.index.ids(layer.index.answer(Filter()).rows) in (
        ["own:1", "own:3"],
        ["own:3", "own:1"],
    )
    path.write_text(text.replace("armed_clash", "picnic"), encoding="utf-8")
    with pytest.raises(LayerCorruptError, match="picnic"):
        open_indexed(store, "border")
    with pytest.raises(LayerNotFoundError, match="nowhere"):
        open_indexed(store, "nowhere")


def test_a_file_changed_by_hand_passes_the_gate_once(monkeypatch: pytest.MonkeyPatch) -> None:
    store = _store()
    path = layers_folder() / "border.geojson"
    path.write_text(path.read_text(encoding="utf-8").replace('"own:2"', '"own:3"'), "utf-8")
    first = open_indexed(store, "border")
    monkeypatch.setattr(
        "geo.indexed.decode", lambda *_, **__: pytest.fail("read line by line again")
    )
    assert open_indexed(store, "border").version == first.version == store.version("border")


def test_a_file_in_another_form_is_opened_too() -> None:
    store = _store()
    path = layers_folder() / "border.geojson"
    path.write_text(path.read_text(encoding="utf-8").replace("\n", ""), encoding="utf-8")
    layer = open_indexed(store, "border")
    assert len(rows_of(layer.index.answer(Filter()).rows)) == 2


def _copied(name: str = "border") -> Path:
    """A layer that the store wrote, without its journal: as if it were copied there."""
    _store()
    path = layers_folder() / f"{name}.geojson"
    (layers_folder() / ".history" / f"{name}.jsonl").unlink()
    return path


def test_what_the_store_wrote_needs_no_check() -> None:
    assert unchecked(_store(), "border") == ""


@pytest.mark.parametrize("form", ["canonical", "loose"])
def test_a_file_from_elsewhere_is_checked_once(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    path = _copied()
    if form == "loose":
        path.write_text(json.dumps(json.loads(path.read_text()), indent=1), encoding="utf-8")
    store = LayerStore(layers_folder())
    version = store.version("border")
    for made in (*cache_folder().glob("passed-*/*"), *(cache_folder() / "indexes").iterdir()):
        made.unlink()
    assert unchecked(store, "border") == store.digest("border")
    steps: list[str] = []
    layer = open_indexed(store, "border", step=lambda what, *_: steps.append(what))
    assert {"lines checked", "bytes checked", "bytes indexed"} <= set(steps)
    assert unchecked(store, "border") == ""
    # from now on no line of it is read again
    monkeypatch.setattr("geo.indexed._through_gate", None)
    monkeypatch.setattr("geo.version.opened", None)
    assert open_indexed(store, "border").version == layer.version
    assert store.version("border") == version == LayerStore(layers_folder()).version("border")
    monkeypatch.undo()
    # what was derived may be deleted, and is made again
    for made in (cache_folder() / "indexes").iterdir():
        made.unlink()
    assert unchecked(store, "border") == store.digest("border")
    assert open_indexed(store, "border").index.size == 2


def test_a_file_that_is_no_layer_is_never_noted_as_checked() -> None:
    path = _copied()
    path.write_text(path.read_text().replace("armed_clash", "picnic"), encoding="utf-8")
    store = LayerStore(layers_folder())
    for _ in range(2):
        with pytest.raises(LayerCorruptError, match=r"line 2.*picnic"):
            open_indexed(store, "border")
        assert unchecked(store, "border")


def test_a_link_that_leads_elsewhere_is_not_hashed(tmp_path: Path) -> None:
    path = _copied()
    elsewhere = tmp_path / "secret"
    path.rename(elsewhere)
    path.symlink_to(elsewhere)
    with pytest.raises(LayerCorruptError, match="cannot be read"):
        unchecked(LayerStore(layers_folder()), "border")
