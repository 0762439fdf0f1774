"""How does one row of a table with known columns become an incident?

What the row does not say stays unknown. A place without a stated precision is at most "near":
a pin needs someone's word that the place is exact.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from geo.actors import canonical
from geo.incident import (
    ASSESSMENTS,
    DATE_PRECISIONS,
    STATUSES,
    WHOM,
    Actor,
    Claim,
    DatePrecision,
    Incident,
    Recorded,
    Source,
    Toll,
    is_web_link,
)
from geo.sources.columns import DateOrder, key
from geo.sources.days import is_from_epoch, read_days, read_parts
from geo.sources.placing import named_countries, place
from geo.sources.positions import AS_WRITTEN, Axes
from geo.sources.rows import CellError, Notes, Row
from geo.sources.values import is_absent
from geo.taxonomy import (
    event_type,
    event_types,
    from_acled,
    from_cameo,
    from_plover,
    from_ucdp,
)
from geo.text import from_csv_cell

_NUMBER = re.compile(r"[0-9]{1,9}(?:\.0+)?\Z")
_TIME_PRECISION: Mapping[str, DatePrecision] = {"1": "day", "2": "week", "3": "month"}
# fields in which a word such as NA can only mean that nothing is known
_NUMBERS = frozenset(
    (
        *("lat", "lon", "coordinates", "radius_km", "end", "precision", "date_precision"),
        *("deaths_low", "deaths_best", "deaths_high"),
        *("injured_low", "injured_best", "injured_high", "start_month", "start_day"),
    )
)
_CAMEO = frozenset(("event code", "event root code", "cameo code", "eventcode", "eventrootcode"))
_CLAIM = re.compile(r"; (?=[a-z_]{1,40}: )")
_PLAIN_CLAIM = re.compile(r"([0-9]{1,9})(?: \[([^\[\]]{1,40})\])?\Z")


@dataclass(frozen=True, slots=True)
class Reader:
    """How the rows of one table are read.

    Headers by field, order of dates, id prefix, and how coordinates are meant.
    """

    columns: Mapping[str, str]
    order: DateOrder
    prefix: str
    axes: Axes = AS_WRITTEN

    def incident(self, row: Row, *, now: datetime, notes: Notes) -> Incident:
        """Read one row.

        Raises
        ------
        CellError, IncidentError
            Where the row breaks a rule.
        """
        cells = self._cells(row, notes)
        start, end, date_precision = self._period(cells, notes)
        kind = _kind(cells, notes, cameo=key(self.columns.get("event_type", "")) in _CAMEO)
        named = cells.get("place_name", "")
        title = cells.get("title") or ", ".join(
            part for part in (event_type(kind).label, named or cells.get("admin1", "")) if part
        )
        if len(title) > 300:
            notes.repaired["title_shortened"] += 1
        where = place(cells, self.columns, axes=self.axes, notes=notes)
        return Incident(
            id=self._id(cells, row),
            event_type=kind,
            title=title[:300],
            summary=cells.get("summary", ""),
            start=start,
            end=end,
            date_precision=date_precision,
            time=cells.get("time", ""),
            place_name=named,
            admin1=cells.get("admin1", ""),
            admin2=cells.get("admin2", ""),
            **where,
            actors=actors(cells),
            claims=claims(cells.get("claims", ""), notes),
            deaths=_toll(cells, "deaths"),
            injured=_toll(cells, "injured"),
            sources=sources(cells, notes),
            status=_choice(cells, "status", STATUSES) or "accepted",
            assessment=_choice(cells, "assessment", ASSESSMENTS) or "reported",
            recorded=Recorded(first_seen=now, updated=now),
            native=self._native(row, cells, placed="point" in where, known=kind != "other"),
            licence=cells.get("licence", ""),
        )

    def _cells(self, row: Row, notes: Notes) -> dict[str, str]:
        """Pick the cells by field; a word for nothing is nothing where a number belongs."""
        cells = {}
        for name, header in self.columns.items():
            if header not in row.cells:
                continue
            text = from_csv_cell(row.cells[header]).strip()
            # "none" is one of our own precisions
            word = name in _NUMBERS and is_absent(text) and (name, text) != ("precision", "none")
            if text and word:
                notes.repaired["word_for_nothing"] += 1
                text = ""
            cells[name] = text
        return cells

    def _native(
        self, row: Row, cells: Mapping[str, str], *, placed: bool, known: bool
    ) -> dict[str, str]:
        """Keep what became no field of its own, and the words of what was not understood."""
        held = set(self.columns.values())
        for name in self._not_taken(cells, placed=placed, known=known):
            held.discard(self.columns.get(name, ""))
        return {header: text for header, text in row.cells.items() if text and header not in held}

    def _not_taken(self, cells: Mapping[str, str], *, placed: bool, known: bool) -> Iterator[str]:
        if not known:
            yield from ("event_type", "parent_type", "type_of_violence")
        # a grid reference or a link says more than the point, and what was mended stays to be seen
        if not placed or cells.get("coordinates") or self.axes != AS_WRITTEN:
            yield from ("lat", "lon", "coordinates")
        if any(country is None for country in named_countries(cells.get("countries", ""))):
            yield "countries"
        if len(_links(cells.get("source_url", ""))[0]) != 1:
            yield "source_url"

    def _id(self, cells: Mapping[str, str], row: Row) -> str:
        given = cells.get("id", "")
        if ":" in given:
            return given
        if given:
            return f"{self.prefix}:{given}"
        # the same row is the same incident in every file that holds it
        content = json.dumps(row.cells, sort_keys=True, ensure_ascii=False)
        return f"table:{hashlib.sha256(content.encode()).hexdigest()[:16]}"

    def _period(self, cells: Mapping[str, str], notes: Notes) -> tuple[date, date, DatePrecision]:
        if "start" in self.columns:
            text, column = cells.get("start", ""), self.columns["start"]
            start, end, precision = read_days(text, column=column, order=self.order)
            if is_from_epoch(text):
                notes.repaired["day_of_greenwich"] += 1
        else:
            parts = (cells.get(f"start_{part}", "") for part in ("year", "month", "day"))
            start, end, precision = read_parts(*parts, column=self.columns["start_year"])
            if precision != "day":
                notes.flagged["day_or_month_unknown"] += 1
        if cells.get("end"):
            column = self.columns["end"]
            _, end, other = read_days(cells["end"], column=column, order=self.order)
            precision = precision if other == "day" else other
        stated = cells.get("date_precision", "").casefold()
        stated = _TIME_PRECISION.get(stated, stated)
        if stated and stated not in DATE_PRECISIONS:
            rule = f"must be one of {' '.join(DATE_PRECISIONS)}"
            raise CellError(self.columns["date_precision"], stated, rule)
        return start, end, stated or precision


def _kind(cells: Mapping[str, str], notes: Notes, *, cameo: bool) -> str:
    text, parent = cells.get("event_type", ""), cells.get("parent_type", "")
    found = translated(text, parent, cells.get("type_of_violence", ""), cameo)
    if found is None:
        notes.flagged["event_type_unknown" if text else "event_type_missing"] += 1
        return "other"
    return found


@lru_cache(maxsize=4_096)
def translated(text: str, parent: str, violence: str, cameo: bool) -> str | None:  # noqa: FBT001 a key
    """Translate a kind by our ids and labels, then by ACLED's, PLOVER's and CAMEO's names."""
    plain = text.casefold().replace("-", " ").replace("_", " ")
    for kind in event_types():
        if plain in (kind.id.replace("_", " "), kind.label.casefold().replace("-", " ")):
            return kind.id
    coded = from_cameo(text) if cameo else None
    return from_acled(parent, text) or from_plover(text) or coded or from_ucdp(violence)


def _toll(cells: Mapping[str, str], name: str) -> Toll:
    return Toll(*(count(cells, f"{name}_{part}") for part in ("low", "best", "high")))


def count(cells: Mapping[str, str], name: str) -> int | None:
    """Read a number of people; None where it is not known."""
    text = cells.get(name, "").replace(",", "")
    if not text:
        return None
    if not (_NUMBER.match(text) and text.isascii()):
        raise CellError(name, text, "must be a whole number in plain digits")
    return int(float(text))


def actors(cells: Mapping[str, str]) -> tuple[Actor, ...]:
    """Read who took part, from one column or from one for each side."""
    named = [(name, "") for name in cells.get("actors", "").split(";")]
    named += [(cells.get("actor1", ""), "side A"), (cells.get("actor2", ""), "side B")]
    made = []
    for text, role in named:
        name = text.strip()
        inner = re.fullmatch(r"(.+) \(([^()]{1,60})\)", name)
        if inner and not role:
            name, role = inner[1], inner[2]  # noqa: PLW2901 as our own export writes it
        if name:
            made.append(Actor(name=name, role=role, canonical=canonical(name)))
    return tuple(dict.fromkeys(made))


def claims(text: str, notes: Notes) -> tuple[Claim, ...]:
    """Read claims in the words of our own export.

    Who claims what is not cut out of the words: where commas leave it open, the claim keeps them.
    """
    made = []
    for part in _CLAIM.split(text) if text else ():
        field, colon, value = part.partition(": ")
        if not (colon and value.strip()):
            field, value = "claim", part
        plain = _PLAIN_CLAIM.match(value)
        whom = next((one for one in WHOM if plain and one == (plain[2] or "")), None)
        if plain and whom is not None:
            made.append(Claim(field=field, value=int(plain[1]), whom=whom))
        else:
            notes.flagged["claim_kept_as_text"] += 1
            made.append(Claim(field=field, value=value))
    return tuple(made)


def sources(cells: Mapping[str, str], notes: Notes) -> tuple[Source, ...]:
    """Read names and links of sources."""
    links, others = _links(cells.get("source_url", ""))
    if others:
        notes.flagged["source_link_not_http"] += 1
    names = [name.strip() for name in cells.get("sources", "").split(";") if name.strip()]
    if len(links) == 1 and names:
        # one link beside several names is the first one's
        first, *more = names
        made = [Source(publisher=first, url=links[0]), *(Source(publisher=one) for one in more)]
    else:
        # which of several links is whose is not said
        made = [Source(publisher=name) for name in names] + [Source(url=link) for link in links]
    return tuple(dict.fromkeys(made))


def _links(text: str) -> tuple[list[str], list[str]]:
    """Part the links of a cell from what is no link."""
    if not text or is_web_link(text):
        return ([text] if text else []), []
    parts = [part.strip() for part in re.split(r"[;|,]?\s+|[;|]", text) if part.strip()]
    return [p for p in parts if is_web_link(p)], [p for p in parts if not is_web_link(p)]


def _choice(cells: Mapping[str, str], name: str, allowed: Iterable[str]) -> Any:
    text = cells.get(name, "").casefold()
    if text and text not in allowed:
        rule = f"must be one of {' '.join(allowed)}"
        raise CellError(name, text, rule)
    return text
