"""Does the index answer as the plain definition does?"""

from __future__ import annotations

from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.columns import columns
from geo.filters import Filter, select
from geo.incident import Incident
from geo.index import Index
from geo.layerfile import LayerMeta, encode, write_head, write_lines
from tests.strategies import boxes, crowds, filters


def index_of(folder: Path, crowd: list[Incident]) -> Index:
    path = folder / "layer.geojson"
    lines = [encode(incident) for incident in sorted(crowd, key=lambda i: i.id)]
    path.write_bytes(write_head(LayerMeta()) + b"".join(write_lines(lines)))
    return Index(*columns(path))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)
@given(crowd=crowds(), query=filters(), frame=st.none() | boxes(), data=st.data())
def test_index_and_plain_definition_agree_on_every_ledger(
    tmp_path: Path, crowd: list[Incident], query: Filter, frame: object, data: st.DataObject
) -> None:
    aside = frozenset(data.draw(st.sets(st.sampled_from([i.id for i in crowd]))) if crowd else ())
    plain = select(crowd, query, frame=frame, set_aside=aside)
    index = index_of(tmp_path, crowd)
    answer = index.answer(query, frame=frame, set_aside=aside)
    assert answer.ledger == plain.ledger
    for when, rows in (("ongoing", answer.ongoing), ("uncertain", answer.uncertain)):
        expected = {m.incident.id for m in plain.matches if m.when == when}
        assert set(index.ids(rows)) == expected
    assert sorted(index.ids(answer.rows)) == sorted(i.id for i in plain.incidents)
