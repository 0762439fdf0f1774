"""Where did every row of an engine go, and which are the first that matched?

One aggregate query holds the whole ledger; `geo.filters` says what its numbers mean, and a
property test holds both to the same answers. A second query fetches as many matches as asked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import reduce
from operator import or_
from typing import Any

import ibis

from geo.area import BBox, classify
from geo.engines import layout
from geo.engines.compile import beyond, coarse, failing, shown
from geo.engines.settle import MOST_PLACES, with_area, with_sites_shown
from geo.errors import EngineError, FilterError
from geo.filters import REASONS, Filter, Ledger, Match, period_of
from geo.layerfile import decode

_FAILS = "fails_"
_ORDER = {reason: place for place, reason in enumerate(REASONS)}
_LOOKED_AT = (
    *("layer", "version", "mark", "updated"),
    *("start", "end", "date_precision", "mappable", "deaths"),
)
_COUNTED = (
    *("total", "matched", "within", "ongoing", "uncertain"),
    *("on_map", "off_frame", "not_mappable", "set_aside"),
)


@dataclass(frozen=True, slots=True)
class Account:
    """The ledger of all rows, whose they are at which version, and when the newest changed."""

    ledger: Ledger
    layers: tuple[tuple[str, str | None], ...]
    as_of: datetime | None


class Asked:
    """One filter asked of one engine: what lies in an area is settled once, for every answer."""

    def __init__(
        self,
        rows: Any,
        query: Filter,
        *,
        frame: BBox | None = None,
        set_aside: frozenset[str] = frozenset(),
        most: int = MOST_PLACES,
    ) -> None:
        """Settle what arithmetic cannot.

        Parameters
        ----------
        rows
            An Ibis table with the columns of `geo.engines.layout`.
        query, frame, set_aside
            As `geo.filters.select` takes them.
        most
            Different places that are measured one by one, at most.

        Raises
        ------
        EngineError
            When an area would need more.
        """
        self.query, self.frame, self._set_aside = query, frame, set_aside
        if query.area is not None:
            rows = with_area(rows, query.area, _undecided(rows, query), most=most)
        if frame is not None:
            rows = with_sites_shown(rows, frame, most=most)
        self._rows = rows

    def account(self) -> Account:
        """Account for every row.

        Raises
        ------
        EngineError
            When the rows were landed by a version that understood them otherwise.
        """
        return _read(self.aggregate().to_pylist(), self.query)

    def aggregate(self) -> Any:
        """Answer the one query of the ledger: a row for each layer and version."""
        judged = _judged(self._rows, self.query)
        counted = counts(judged, self.query, frame=self.frame, set_aside=self._set_aside)
        return counted.to_pyarrow()

    def matches(self, limit: int) -> Iterator[Match]:
        """Fetch what matches, in order of id, at most `limit`."""
        if not limit:
            return
        # each filter for itself, so that an engine need not look at what fails the first
        passed = [~fails for fails in failing(self._rows, self.query).values()]
        held = self._rows.filter(*passed) if passed else self._rows
        # the ids alone first: the lines of all that match would be read to sort them
        first = held.select("id").order_by("id").limit(limit)
        last = first.aggregate(last=first.id.max()).to_pyarrow()["last"][0].as_py()
        if last is None:
            return
        held = held.filter(held.id <= last)
        held = held.select("id", "feature").order_by("id").limit(limit)
        for batch in held.to_pyarrow_batches():
            for line in batch["feature"].to_pylist():
                incident = decode(line.encode(), where="a landed row")
                when = period_of(incident, self.query) or "within"
                where = classify(incident, self.query.area) if self.query.area else None
                yield Match(incident, when, where)


def sql(query: Filter, dialect: str, *, table: str = "incidents") -> str:
    """Write the ledger's query for an engine that is not at hand, such as BigQuery.

    Raises
    ------
    FilterError
        For an area, of which no statement alone knows what lies at its edge.
    """
    if query.area is not None:
        msg = (
            "an area cannot be written as one statement: distances are geodesic, and what lies "
            "at its edge is measured here; connect the engine, or leave the area out"
        )
        raise FilterError(msg)
    # engines that bill for columns read bill for these, and for what the filter looks at
    rows = _judged(ibis.table(ibis.schema(layout.SCHEMA), name=table), query, *_LOOKED_AT)
    return str(ibis.to_sql(counts(rows, query), dialect=dialect))


def counts(
    rows: Any,
    query: Filter,
    *,
    frame: BBox | None = None,
    set_aside: frozenset[str] = frozenset(),
) -> Any:
    """Write the ledger's query: a row for each layer, version and mark."""
    matched = rows.failed == 0
    over, rough = beyond(rows, query), coarse(rows)
    aside = rows.id.isin(sorted(set_aside)) if set_aside else ibis.literal(value=False)
    drawn = matched & ~aside & rows.mappable
    seen = drawn if frame is None else drawn & shown(rows, frame)
    conditions = {
        "matched": matched,
        "ongoing": matched & over & ~rough,
        "uncertain": matched & over & rough,
        "set_aside": matched & aside,
        "not_mappable": matched & ~aside & ~rows.mappable,
        "on_map": seen,
    }
    before: list[Any] = []
    for name in query.active:
        failed = rows[_FAILS + name]
        first = failed & ~reduce(or_, before, ibis.literal(value=False))
        before.append(failed)
        if name == "deaths":
            conditions["excluded_deaths_unknown"] = first & rows.deaths.isnull()
            first &= rows.deaths.notnull()
        conditions[f"excluded_{name}"] = first
        conditions[f"returns_{name}"] = failed & (rows.failed == 1)
    return rows.group_by("layer", "version", "mark").aggregate(
        total=rows.count(),
        newest=rows.updated.max(),
        **{name: rows.count(where=held) for name, held in conditions.items()},
    )


def _undecided(rows: Any, query: Filter) -> Any:
    """Of which rows the area decides anything: the reason, or that nothing else is in the way."""
    others = failing(rows, replace(query, area=None))
    earlier = [fails for name, fails in others.items() if _ORDER[name] < _ORDER["area"]]
    count = sum((fails.cast("int64") for fails in others.values()), ibis.literal(0, "int64"))
    return ~(reduce(or_, earlier, ibis.literal(value=False)) & (count > 1))


def _judged(rows: Any, query: Filter, *kept: str) -> Any:
    """Add whether each filter fails, and how many do; of all columns, or of those kept."""
    checks = {_FAILS + name: fails for name, fails in failing(rows, query).items()}
    judged = rows.select(*(kept or rows.columns), **checks)
    none = ibis.literal(0, "int64")
    return judged.mutate(failed=sum((judged[name].cast("int64") for name in checks), none))


def _read(told: list[Mapping[str, Any]], query: Filter) -> Account:
    found: Counter[str] = Counter()
    for row in told:
        if row["mark"] != layout.mark():
            msg = (
                f"rows of layer {row['layer']!r} were landed as {row['mark']}, this program asks "
                f"{layout.mark()}: land them again"
            )
            raise EngineError(msg)
        found.update({name: n for name, n in row.items() if type(n) is int and name != "newest"})
    found["within"] = found["matched"] - found["ongoing"] - found["uncertain"]
    found["off_frame"] = found["matched"] - found["set_aside"] - found["not_mappable"]
    found["off_frame"] -= found["on_map"]
    ledger = Ledger(
        **{name: found[name] for name in _COUNTED},
        excluded={reason: found[f"excluded_{reason}"] for reason in REASONS},
        would_return={name: found[f"returns_{name}"] for name in query.active},
    )
    newest = max((row["newest"] for row in told), default=None)
    return Account(
        ledger,
        tuple(sorted({(row["layer"], row["version"]) for row in told}, key=str)),
        None if newest is None else datetime.fromtimestamp(newest, UTC),
    )
