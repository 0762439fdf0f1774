"""What is a filter as Ibis expressions, the same for every engine?

One expression for each filter: which rows fail it, as `geo.filters` says. `sql` writes the whole
ledger as one statement for an engine that is not at hand.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce
from operator import and_, or_
from typing import Any

import ibis

from geo.actors import canonical
from geo.area import BBox
from geo.engines.bounds import in_box
from geo.engines.layout import unit_key
from geo.engines.settle import REACHED, SITES_SHOWN
from geo.filters import Filter, fold
from geo.sight import shown_countries, shown_units


def failing(rows: Any, query: Filter) -> Mapping[str, Any]:
    """Say for each active filter, in ledger order, which rows fail it; never null.

    `rows` hold the columns of `geo.engines.layout`, and `REACHED` where an area is asked for.
    """
    words = fold(query.text).split()
    wanted_actors = sorted({fold(canonical(name)) for name in query.actors})
    checks = {
        "status": lambda: ~rows.status.isin(query.status),
        "dates": lambda: _undated(rows, query),
        "event_type": lambda: ~rows.event_type.isin(query.event_types),
        "country": lambda: ~_holds_any(rows.countries, query.countries),
        "area": lambda: ~rows[REACHED],
        "actor": lambda: ~_holds_any(rows.actors, wanted_actors),
        "text": lambda: ~_all(rows.text.contains(word) for word in words),
        "precision": lambda: ~rows.precision.isin(query.precision),
        "deaths": lambda: (rows.deaths < query.deaths_min).fill_null(True),  # noqa: FBT003
        "assessment": lambda: ~rows.assessment.isin(query.assessment),
        "changed_since": lambda: rows.updated < _moment(query),
        "source": lambda: ~_holds_any(rows.sources, sorted({fold(name) for name in query.sources})),
    }
    return {name: checks[name]() for name in query.active}


def beyond(rows: Any, query: Filter) -> Any:
    """Which rows reach beyond the dates asked for, at either end."""
    past = [rows.start < query.start] if query.start else []
    past += [rows.end > query.end] if query.end else []
    return reduce(or_, past, ibis.literal(value=False))


def coarse(rows: Any) -> Any:
    """Which rows have a date that is known less exactly than to the day."""
    return rows.date_precision != "day"


def shown(rows: Any, frame: BBox) -> Any:
    """Of which rows a frame shows anything, as `geo.sight` says; `rows` hold `SITES_SHOWN`."""
    seen_units = sorted(unit_key(*unit) for unit in shown_units(frame))
    seen_nations = sorted(shown_countries(frame))
    loose = rows.unit.isnull()
    pinned = rows.lon.notnull()
    at_point = (loose & in_box(rows.lon, rows.lat, frame)).fill_null(False)  # noqa: FBT003
    in_unit = rows.unit.isin(seen_units).fill_null(False)  # noqa: FBT003 a column without a unit
    adrift = loose & ~pinned & rows.sites.isnull()
    return (
        at_point | in_unit | rows[SITES_SHOWN] | (adrift & _holds_any(rows.countries, seen_nations))
    )


def _undated(rows: Any, query: Filter) -> Any:
    outside = [rows.end < query.start] if query.start else []
    outside += [rows.start > query.end] if query.end else []
    failed = reduce(or_, outside, ibis.literal(value=False))
    return failed if query.uncertain else failed | (beyond(rows, query) & coarse(rows))


def _holds_any(lists: Any, wanted: Sequence[str]) -> Any:
    return reduce(or_, (lists.contains(name) for name in wanted), ibis.literal(value=False))


def _all(conditions: Any) -> Any:
    return reduce(and_, conditions, ibis.literal(value=True))


def _moment(query: Filter) -> int:
    assert query.changed_since is not None  # noqa: S101 the filter is active
    return int(query.changed_since.timestamp())
