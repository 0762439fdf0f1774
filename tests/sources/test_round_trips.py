"""Does a layer come back from its own CSV and XLSX as it went, in all that the columns hold?"""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from hypothesis import given, settings

from geo.exports import COLUMNS, ExportMeta, export
from geo.filters import Filter, select
from geo.settings import ROOT
from geo.sources.table import preview, read
from geo.store import LayerStore
from tests.examples import NOW
from tests.sources.tables import Said
from tests.strategies import crowds

DEMO = "afghanistan-pakistan-2025"
META = ExportMeta(title="t", layers=(("l", "v"),), query=Filter(), as_of=NOW, licence="")


def columns(incidents) -> list[dict[str, str]]:
    """What the columns hold, row by row."""
    text = export(select(incidents, Filter()), "csv", meta=META).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    # 45 and 45.0 are one number
    numbers = ("lon", "lat", "radius_km")
    return [row | {n: str(float(row[n])) for n in numbers if row[n]} for row in rows]


@pytest.mark.parametrize("fmt", ["csv", "xlsx"])
def test_the_demo_comes_back_as_it_went(fmt):
    incidents = LayerStore(ROOT / "layers").read(DEMO).incidents
    data = export(select(incidents, Filter()), fmt, meta=META)
    assert preview(data).detected.preset == "Incident Atlas"
    told = Said(read, data, columns=None)

    assert told.rejected == []
    assert columns(told.incidents) == columns(incidents)
    # nothing was doubted or mended, only claims stay the words they were written in
    assert not told.notes.repaired
    assert set(told.notes.flagged) <= {"claim_kept_as_text", "no_country"}


def test_times_of_record_come_back():
    incidents = LayerStore(ROOT / "layers").read(DEMO).incidents
    told = Said(read, export(select(incidents, Filter()), "csv", meta=META))
    seen = {made.id: made.recorded.first_seen for made in told.incidents}
    assert all(
        abs(seen[one.id] - one.recorded.first_seen) < timedelta(seconds=1) for one in incidents
    )


def _tidy(row: dict[str, str]) -> dict[str, str]:
    """Forget what no table can say: space around a text, which line break, where lists part."""
    lists = ("actors", "claims", "sources", "source_url", "countries")
    return {
        name: " ".join(row[name].removeprefix("'").split()) for name in COLUMNS if name not in lists
    }


@settings(max_examples=25)
@given(crowds())
def test_any_layer_comes_back_in_its_plain_columns(incidents):
    data = export(select(incidents, Filter()), "csv", meta=META)
    if not columns(incidents):
        return
    told = Said(read, data)
    assert told.rejected == []
    assert [_tidy(row) for row in columns(told.incidents)] == [
        _tidy(row) for row in columns(incidents)
    ]
