"""Which values occur in a layer, how often, and when? What a filter can offer to choose from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from geo.actors import canonical
from geo.columns import SEPARATOR, column, day_of, numbers, read_countries
from geo.index import Index
from geo.taxonomy import event_types


@dataclass(frozen=True, slots=True)
class Facets:
    """Values that occur, most frequent first, with the incidents that have them.

    `period` runs from the first day of any incident to the last; None where there is none.
    """

    period: tuple[date, date] | None
    event_types: Mapping[str, int]
    countries: Mapping[str, int]
    actors: Mapping[str, int]
    sources: Mapping[str, int]


def facets(index: Index) -> Facets:
    """Count the values of all incidents, whatever their status."""
    starts, ends = (numbers(index.table, name) for name in ("start", "end"))
    kinds = np.bincount(numbers(index.table, "event_type"), minlength=len(event_types()))
    named = {kind.id: int(n) for kind, n in zip(event_types(), kinds, strict=True) if n}
    return Facets(
        period=(day_of(int(starts.min())), day_of(int(ends.max()))) if index.size else None,
        event_types=_ordered(Counter(named)),
        countries=_counted(index, "countries", read_countries),
        actors=_counted(index, "actors", _actors),
        sources=_counted(index, "publishers", lambda text: text.split(SEPARATOR)),
    )


def _counted(index: Index, name: str, read: Callable[[str], Iterable[str]]) -> Mapping[str, int]:
    sets = column(index.table, name)
    counts = np.bincount(sets.indices.to_numpy(), minlength=len(sets.dictionary)).tolist()
    found: Counter[str] = Counter()
    for text, n in zip(sets.dictionary.to_pylist(), counts, strict=True):
        for value in {value for value in read(text) if value}:
            found[value] += n
    return _ordered(found)


def _actors(text: str) -> Iterable[str]:
    # the names as spelled come first, as many canonical ones after them
    names = text.split(SEPARATOR)
    return (canonical(name) for name in names[: len(names) // 2] if name)


def _ordered(found: Counter[str]) -> Mapping[str, int]:
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))
