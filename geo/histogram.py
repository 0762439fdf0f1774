"""How many incidents fall on each day, week, month or year, when there are millions?

The answer of `geo.timeline`, from columns.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import numpy.typing as npt

from geo import bits
from geo.columns import day_of, numbers
from geo.filters import Filter
from geo.index import Index
from geo.taxonomy import event_types, groups
from geo.timeline import Bar, Shown, Timeline, bin_end, bin_start, unit_for

_SHOWN: tuple[Shown, ...] = ("in range", "outside", "uncertain")
_IN_RANGE, _OUTSIDE, _UNCERTAIN = range(3)
_IDS = tuple(sorted(group.id for group in groups()))
_GROUP_OF = np.array([_IDS.index(kind.group) for kind in event_types()], dtype=np.int64)


def histogram(index: Index, query: Filter) -> Timeline:
    """Count incidents over time; the bars in range sum to what the filter matches."""
    undated = index.answer(replace(query, start=None, end=None, uncertain=True))
    rows = bits.rows_of(undated.rows)
    if not len(rows):
        return Timeline("day", ())
    dated = index.answer(query)
    when = np.full(len(rows), _OUTSIDE)
    when[bits.has(dated.rows, rows)] = _IN_RANGE
    when[bits.has(dated.uncertain, rows)] = _UNCERTAIN
    days = numbers(index.table, "start")[rows].astype(np.int64)
    if query.start is not None:
        first = (query.start - date(1970, 1, 1)).days
        days = np.where(when == _OUTSIDE, days, np.maximum(days, first))
    earliest, latest = int(days.min()), int(days.max())
    unit = unit_for(latest - earliest)
    # each day that occurs is asked for its bin once
    days -= earliest
    occurs = np.flatnonzero(np.bincount(days))
    starts = [bin_start(day_of(day + earliest), unit) for day in occurs.tolist()]
    bins = sorted(set(starts))
    place = {start: number for number, start in enumerate(bins)}
    bin_of = np.zeros(latest - earliest + 1, dtype=np.int64)
    bin_of[occurs] = [place[start] for start in starts]
    at = bin_of[days]
    group = _GROUP_OF[numbers(index.table, "event_type")[rows]]
    counts = _counted(at, group, when, len(bins))
    bars = (
        Bar(bins[b], bin_end(bins[b], unit), _IDS[g], int(counts[b, g, w]), _SHOWN[w])
        for b, g, w in np.argwhere(counts)
    )
    return Timeline(unit, tuple(bars))


def _counted(
    at: npt.NDArray[np.int64], group: npt.NDArray[np.int64], when: npt.NDArray[np.int64], bins: int
) -> npt.NDArray[np.int64]:
    """Count by bin, group and state; the states in the order of their words, as bars stand."""
    shape = (bins, len(_IDS), len(_SHOWN))
    flat = np.ravel_multi_index((at, group, when), shape)
    return np.bincount(flat, minlength=int(np.prod(shape))).reshape(shape)
