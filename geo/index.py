"""How is a filter answered for a layer of millions: who matches, and where did the others go?

The same questions as `geo.filters`, with equal answers, ledger included (a property test holds
the two together), asked of columns instead of incidents. Each filter becomes the set of rows
that fail it; sets are bits, so that the ledger is a matter of counting words.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property, partial
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from geo import bits
from geo.actors import canonical
from geo.area import Area, BBox
from geo.bits import Flags, Rows, Words
from geo.columns import EPOCH, SEPARATOR, asked, column, morton, numbers, read_countries
from geo.filters import REASONS, Filter, Ledger, fold
from geo.places import Places
from geo.records import ASSESSMENTS, DATE_PRECISIONS, PRECISIONS, STATUSES
from geo.taxonomy import event_types
from geo.texts import Texts

_DAY = DATE_PRECISIONS.index("day")
_KINDS = tuple(kind.id for kind in event_types())
# sets that are kept for the next question; at five million rows 0.6 MB each
_KEPT = 256


@dataclass(frozen=True, slots=True)
class Answer:
    """Who matches a filter, as sets of rows, and the ledger of the rest."""

    rows: Words
    ongoing: Words
    uncertain: Words
    ledger: Ledger


class Index:
    """A layer's columns, ready to be asked from any number of threads."""

    def __init__(self, table: pa.Table, texts: Texts) -> None:
        self.table = table
        self.texts = texts
        self.size: int = table.num_rows
        self.places = Places(table)
        self._kept: OrderedDict[object, Words] = OrderedDict()
        self._lock = Lock()

    def answer(
        self, query: Filter, *, frame: BBox | None = None, set_aside: Iterable[str] = ()
    ) -> Answer:
        """Apply a filter and account for every incident, as `geo.filters.select` does."""
        alive, once, twice = bits.full(self.size), bits.empty(self.size), bits.empty(self.size)
        excluded: dict[str, int] = dict.fromkeys(REASONS, 0)
        failing = dict(self._failing(query))
        for failed in failing.values():
            twice |= once & failed
            once |= failed
        for name, failed in failing.items():
            gone = alive & failed
            if name == "deaths":
                excluded["deaths_unknown"] = bits.count(gone & self._unknown)
                excluded["deaths"] = bits.count(gone & ~self._unknown)
            else:
                excluded[name] = bits.count(gone)
            alive &= ~failed
        ongoing, uncertain = (alive & part for part in self._overlapping(query))
        aside = self._set_aside(frozenset(set_aside)) & alive
        placed = alive & ~aside
        mappable = placed & self.mappable
        shown = mappable if frame is None else mappable & self._shown(frame)
        matched, on_map = bits.count(alive), bits.count(shown)
        ledger = Ledger(
            total=self.size,
            matched=matched,
            within=matched - bits.count(ongoing) - bits.count(uncertain),
            ongoing=bits.count(ongoing),
            uncertain=bits.count(uncertain),
            on_map=on_map,
            off_frame=bits.count(mappable) - on_map,
            not_mappable=bits.count(placed & ~self.mappable),
            set_aside=bits.count(aside),
            excluded=excluded,
            would_return={name: bits.count(part & ~twice) for name, part in failing.items()},
        )
        return Answer(alive, ongoing, uncertain, ledger)

    def during(self, rows: Words, query: Filter) -> tuple[Words, Words, Words]:
        """Narrow a set of rows to the dates of a filter, as that filter would; nothing else of it.

        Returns
        -------
        tuple
            The rows, and which of them are ongoing and uncertain. None of it is kept: a window
            that moves over the days asks much once.
        """
        first = (query.start or date.min).toordinal() - EPOCH
        last = (query.end or date.max).toordinal() - EPOCH
        starts, ends = numbers(self.table, "start"), numbers(self.table, "end")
        outside, beyond = bits.spanning(starts, ends, first, last)
        coarse = beyond & ~self._to_the_day
        rows = rows & ~outside if query.uncertain else rows & ~outside & ~coarse
        return rows, rows & beyond & ~coarse, rows & coarse

    def ids(self, rows: Words) -> list[str]:
        """List the ids of a set of rows, in the order of the index."""
        return list(self.table["id"].take(pa.array(bits.rows_of(rows))).to_pylist())

    def _failing(self, query: Filter) -> Iterator[tuple[str, Words]]:
        """Find the rows that fail each active filter, in ledger order."""
        outside, coarse = self._dates(query)
        checks: dict[str, Callable[[], Words]] = {
            "status": lambda: ~self._among("status", query.status, STATUSES),
            "dates": lambda: outside if query.uncertain else outside | coarse,
            "event_type": lambda: ~self._among("event_type", query.event_types, _KINDS),
            "country": lambda: ~self._sets("countries", read_countries, frozenset(query.countries)),
            "area": lambda: self._not_in(query.area),
            "actor": lambda: (
                ~self._sets(
                    "actors", spellings, frozenset(fold(canonical(name)) for name in query.actors)
                )
            ),
            "text": lambda: self._without(query.text),
            "precision": lambda: ~self._among("precision", query.precision, PRECISIONS),
            "deaths": lambda: self._fewer(query.deaths_min or 0),
            "assessment": lambda: ~self._among("assessment", query.assessment, ASSESSMENTS),
            "changed_since": lambda: self._before(query),
            "source": lambda: ~self._from(frozenset(fold(name) for name in query.sources)),
        }
        everyone = bits.full(self.size)
        for name in query.active:
            yield name, checks[name]() & everyone

    def _overlapping(self, query: Filter) -> tuple[Words, Words]:
        """Rows that reach beyond the dates asked for: known to the day, and coarser ones."""
        _, coarse = self._dates(query)
        return ~self._inside(query) & ~coarse, coarse

    def _dates(self, query: Filter) -> tuple[Words, Words]:
        """Rows outside the dates asked for, and rows whose coarse date overlaps them in part."""
        outside = self._before_day("end", query.start) | self._after_day("start", query.end)
        return outside, ~self._inside(query) & ~self._to_the_day & ~outside

    def _inside(self, query: Filter) -> Words:
        return ~(self._before_day("start", query.start) | self._after_day("end", query.end))

    def _before_day(self, name: str, day: date | None) -> Words:
        """Rows of which a date lies before a day; each end of a range is asked for by itself."""
        if day is None:
            return bits.empty(self.size)
        number = day.toordinal() - EPOCH
        return self._keep(("<", name, number), lambda: numbers(self.table, name) < number)

    def _after_day(self, name: str, day: date | None) -> Words:
        if day is None:
            return bits.empty(self.size)
        number = day.toordinal() - EPOCH
        return self._keep((">", name, number), lambda: numbers(self.table, name) > number)

    def of_types(self, wanted: Iterable[str]) -> Words:
        """Find the rows of these event types."""
        types = frozenset(wanted)
        return self._keep(("types", types), lambda: self._among("event_type", types, _KINDS))

    def holding(self, word: str) -> Words:
        """Find the rows of which the text holds a folded word."""
        return self._keep(("word", word), lambda: self.texts.holding(word))

    def _among(self, name: str, wanted: Iterable[str], known: tuple[str, ...]) -> Words:
        among = bits.empty(self.size)
        for code in sorted({known.index(value) for value in wanted if value in known}):
            among |= self._keep((name, code), partial(self._equal, name, code))
        return among

    def _sets(
        self, name: str, read: Callable[[str], Iterable[str]], wanted: frozenset[str]
    ) -> Words:
        """Rows of which the set has any of the wanted members."""

        def flags() -> Flags:
            return asked(column(self.table, name), lambda text: not wanted.isdisjoint(read(text)))

        return self._keep((name, wanted), flags)

    def _from(self, wanted: frozenset[str]) -> Words:
        """Rows that a source publishes, or whose id begins with its name."""
        published = self._sets("publishers", publishers, wanted)
        named = self._keep(
            ("prefix", wanted),
            lambda: asked(self._prefixes, lambda prefix: fold(prefix) in wanted),
        )
        return published | named

    def _without(self, text: str) -> Words:
        missing = bits.empty(self.size)
        for word in fold(text).split():
            missing |= ~self.holding(word)
        return missing

    def _equal(self, name: str, code: int) -> Flags:
        equal: Flags = numbers(self.table, name) == code
        return equal

    def _fewer(self, least: int) -> Words:
        fewer = self._keep(("deaths", least), lambda: numbers(self.table, "deaths") < least)
        return fewer | self._unknown

    def _before(self, query: Filter) -> Words:
        since = query.changed_since
        assert since is not None  # noqa: S101 the filter is active
        moment = int(since.timestamp())
        return self._keep(("before", moment), lambda: numbers(self.table, "updated") < moment)

    def _not_in(self, area: Area | None) -> Words:
        assert area is not None  # noqa: S101 the filter is active
        return self._keep(("area", area), lambda: ~self.places.reaching(area))

    def _shown(self, frame: BBox) -> Words:
        """Rows of which a frame shows the place, the province or the country."""
        return self._keep(("frame", frame), lambda: self.places.seen(frame))

    def _set_aside(self, ids: frozenset[str]) -> Words:
        if not ids:
            return bits.empty(self.size)
        return bits.pack(_flags(pc.is_in(column(self.table, "id"), pa.array(sorted(ids)))))

    @cached_property
    def morton(self) -> npt.NDArray[np.uint64]:
        """Codes by which the rows are sorted."""
        return morton(numbers(self.table, "x"), numbers(self.table, "y"))

    @cached_property
    def mappable(self) -> Words:
        """Rows of which anything can be drawn."""
        nowhere = PRECISIONS.index("none")
        known = asked(column(self.table, "countries"), bool)
        return bits.pack(
            self.places.spotted | ((numbers(self.table, "precision") != nowhere) & known)
        )

    @cached_property
    def _to_the_day(self) -> Words:
        return bits.pack(numbers(self.table, "date_precision") == _DAY)

    @cached_property
    def _unknown(self) -> Words:
        return bits.pack(numbers(self.table, "deaths") < 0)

    @cached_property
    def _prefixes(self) -> Any:
        bare = pc.replace_substring_regex(column(self.table, "id"), "(?s):.*", "")
        return bare.dictionary_encode()

    def _keep(self, key: object, make: Callable[[], Any]) -> Words:
        """Answer a question that was asked before from memory; the oldest are forgotten."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        # made outside the lock: two sessions may make one twice, none waits for another
        flags = make()
        made: Words = bits.pack(flags) if flags.dtype == np.bool_ else flags
        made.flags.writeable = False
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return made


def newest(index: Index, rows: Words, *, first: int, count: int) -> Rows:
    """Cut one page out of a set of rows: latest start first, then by id."""
    found = bits.rows_of(rows)
    starts = numbers(index.table, "start")[found]
    last = min(first + count, len(found))
    if last < len(found):
        # all that begin on the day of the page's last row, and whatever is newer
        day = -np.partition(-starts, last - 1)[last - 1]
        found = found[starts >= day]
    ids = column(index.table, "id").take(pa.array(found)).to_numpy(zero_copy_only=False)
    order = np.lexsort((ids.astype(str), -numbers(index.table, "start")[found]))
    page: Rows = found[order][first:last]
    return page


def spellings(text: str) -> set[str]:
    """Folded names under which the actor filter finds what the column `actors` holds."""
    names = {name for name in text.split(SEPARATOR) if name}
    return {fold(name) for name in names | {canonical(name) for name in names} if name}


def publishers(text: str) -> set[str]:
    """Folded names of the column `publishers`."""
    return {fold(name) for name in text.split(SEPARATOR) if name}


def _flags(found: Any) -> Flags:
    flags: Flags = found.to_numpy(zero_copy_only=False)
    return flags.astype(np.bool_)
