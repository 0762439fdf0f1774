"""When did the incidents of a view happen, and which of them in a window of days?

A window narrows what is painted, never what a filter matches: it is combined with the filter's own
dates, and coarse dates lie to it as they lie to a filter.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np

from geo import bits
from geo.columns import EPOCH, day_of, numbers
from geo.timeline import bin_end, bin_start, unit_for
from geo.webmap.crowd import Crowd

# windows that are remembered: one is asked for again when the map moves
_WINDOWS = 16


@lru_cache(maxsize=_WINDOWS)
def during(crowd: Crowd, start: date | None, end: date | None) -> Crowd:
    """Narrow what matches a filter to a window of days, both inclusive."""
    first = max(filter(None, (crowd.query.start, start)), default=None)
    last = min(filter(None, (crowd.query.end, end)), default=None)
    if first and last and first > last:
        nothing = bits.empty(crowd.layer.index.size)
        return Crowd(crowd.layer, crowd.query, nothing, nothing, nothing)
    query = replace(crowd.query, start=first, end=last)
    return Crowd(crowd.layer, query, *crowd.layer.index.during(crowd.rows, query))


def whens(crowd: Crowd) -> dict[str, int]:
    """Count what matches by how its period lies to the window, as a ledger does."""
    ongoing, uncertain = bits.count(crowd.ongoing), bits.count(crowd.uncertain)
    within = bits.count(crowd.rows) - ongoing - uncertain
    return {"within": within, "ongoing": ongoing, "uncertain": uncertain}


def days(crowd: Crowd) -> dict[str, Any]:
    """Count what matches by day, week, month or year, none of them left out.

    Returns
    -------
    dict
        `unit`; `starts` and `ends`, the first and last day of each bar, not beyond what the
        filter asks for; `counts`, each incident on its first day within the filter.
    """
    rows = bits.rows_of(crowd.rows)
    if not len(rows):
        return {"unit": "day", "starts": [], "ends": [], "counts": []}
    begins, ends = (numbers(crowd.layer.index.table, name)[rows] for name in ("start", "end"))
    if crowd.query.start:
        begins = np.maximum(begins, crowd.query.start.toordinal() - EPOCH)
    first, latest = int(begins.min()), int(ends.max())
    if crowd.query.end:
        latest = min(latest, crowd.query.end.toordinal() - EPOCH)
    unit = unit_for(latest - first)
    starts = [bin_start(day_of(first), unit)]
    while (after := bin_end(starts[-1], unit).toordinal() + 1) <= latest + EPOCH:
        starts.append(date.fromordinal(after))
    edges = np.array([day.toordinal() - EPOCH for day in starts])
    at = np.searchsorted(edges, begins, side="right") - 1
    asked_first, asked_last = crowd.query.start or date.min, crowd.query.end or date.max
    return {
        "unit": unit,
        "starts": [max(day, asked_first).isoformat() for day in starts],
        "ends": [min(bin_end(day, unit), asked_last).isoformat() for day in starts],
        "counts": np.bincount(at, minlength=len(starts)).tolist(),
    }
