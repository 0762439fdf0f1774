"""How is an incident written as a flat row that loses nothing, and what wears off on its way?

Scalars stand as they are, and actors, claims and sources in words, so that people can read and
filter. What words cannot hold stands beside them as JSON, in columns named like the members of
the Feature (`claims_json`). Cells wear: spreadsheets and their readers trim them, guard them
against formulas, cut digits. `exact_json` holds what would not come back by itself; a cell that
is more than worn was edited. `geo.sources.own` reads such rows.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from geo.feature import to_feature, write_time
from geo.incident import Actor, Claim, Incident, Source
from geo.text import XML_FORBIDDEN, from_csv_cell

COLUMNS = (
    *("id", "event_type", "title", "summary", "start", "end", "date_precision", "time"),
    *("place_name", "admin2", "admin1", "countries", "lon", "lat", "precision", "radius_km"),
    *("deaths_low", "deaths_best", "deaths_high", "injured_low", "injured_best", "injured_high"),
    *("actors", "claims", "sources", "source_url", "status", "assessment"),
    *("first_seen", "updated", "licence"),
)
NUMBERS = frozenset(
    (
        *("lon", "lat", "radius_km", "deaths_low", "deaths_best", "deaths_high"),
        *("injured_low", "injured_best", "injured_high"),
    )
)
COUNTS = frozenset(name for name in NUMBERS if name.startswith(("deaths", "injured")))
# what words say in part; the JSON beside them says it whole
WORDS = ("actors", "claims", "sources", "source_url")
MEMBERS = ("actors", "claims", "sources", "sites", "located", "native", "extra")
EXACT = "exact_json"
CARRIED = ("status_reason", "by", *(f"{name}_json" for name in MEMBERS), EXACT)
# a cell holds no more: readers of vector files take no longer text, and spreadsheets hardly more
LONGEST = 10_000
_TEXTS = frozenset((*COLUMNS, "status_reason", "by")) - NUMBERS - frozenset(WORDS)
_OOXML = re.compile(r"_x([0-9A-Fa-f]{4})_")
# within JSON these stand in strings alone, so they can be escaped; in cells they would wear
_WEARS = re.compile(rf"{XML_FORBIDDEN.pattern}|[\x7f-\xa0\u2028\u2029\ufeff']|_(?=x)")
_SPACE = re.compile(r"\s")


def flat(incident: Incident) -> dict[str, object]:
    """Write the cells of `COLUMNS` by name; None is an unknown number."""
    i = incident
    known: dict[str, object] = {
        "start": i.start.isoformat(),
        "end": i.end.isoformat(),
        "countries": ";".join(i.countries),
        "lon": i.point.lon if i.point else None,
        "lat": i.point.lat if i.point else None,
        "actors": in_words(i.actors),
        "claims": in_words(i.claims),
        "sources": in_words(i.sources),
        "source_url": first_link(i.sources),
        "first_seen": write_time(i.recorded.first_seen),
        "updated": write_time(i.recorded.updated),
    }
    for name in ("deaths", "injured"):
        toll = getattr(i, name)
        known |= {f"{name}_{part}": getattr(toll, part) for part in ("low", "best", "high")}
    return {name: known[name] if name in known else getattr(i, name) for name in COLUMNS}


def carried(incident: Incident) -> dict[str, str]:
    """Write the cells of `CARRIED` that are not empty; what is too long goes on in `NAME_2`."""
    cells = {"status_reason": incident.status_reason, "by": incident.recorded.by}
    properties = to_feature(incident)["properties"]
    held = {**properties, "extra": dict(incident.extra)}
    made = {name: text for name, text in cells.items() if text}
    exact = _exact({**flat(incident), **cells}, placed=incident.located is not None)
    for name, value in (*((f"{m}_json", held[m]) for m in MEMBERS), (EXACT, exact)):
        if value:
            made |= _pieces(name, value)
    return made


def column(name: str, number: int) -> str:
    """Name the column in which the n-th piece of a long cell stands."""
    return name if number == 1 else f"{name}_{number}"


def in_order(names: Iterable[str]) -> tuple[str, ...]:
    """Put columns of `CARRIED` and their continuations into the order they are written in."""
    known = set(names)
    ordered = []
    for name in CARRIED:
        number = 1
        while number == 1 or column(name, number) in known:
            ordered.append(column(name, number))
            number += 1
    return tuple(ordered)


def worn(text: str) -> str:
    """Make a text as it may be after any program that leaves it alone; twice changes nothing.

    Two cells that are equal once worn are one. So an edit of nothing but the space around a
    text or of a mark before a formula is none; nor is one of a digit after the fourteenth.
    """
    text = _OOXML.sub(lambda found: chr(int(found[1], 16)), text)
    text = XML_FORBIDDEN.sub("\ufffd", text).replace("\r\n", "\n").replace("\r", "\n").strip()
    while (bare := from_csv_cell(text).strip()) != text:
        text = bare
    # the mark that guarded nothing but space
    return "" if text == "'" else text


def words(item: Actor | Claim | Source) -> str:
    """Say an actor, a claim or a source in one phrase."""
    if isinstance(item, Actor):
        return f"{item.name} ({item.role})" if item.role else item.name
    if isinstance(item, Source):
        return item.publisher or item.title or item.url
    said = f"{item.field}: {item.value}"
    if item.low is not None or item.high is not None:
        said += f" ({item.low}–{item.high})"
    covers = f"covers {item.scope}" if item.scope else ""
    kept = ", ".join(note for note in (item.whom, covers, item.claimant, item.source) if note)
    return f"{said} [{kept}]" if kept else said


def in_words(items: Iterable[Actor | Claim | Source]) -> str:
    """Say several; where that is too long, its end is cut off with a sign."""
    said = "; ".join(map(words, items))
    return said if len(said) <= LONGEST else said[: LONGEST - 1] + "…"


def first_link(sources: Iterable[Source]) -> str:
    """Address of the first source that has one."""
    return next((s.url for s in sources if s.url), "")


def _exact(cells: Mapping[str, Any], *, placed: bool) -> dict[str, Any]:
    """Pick what would not come back as it is; and how the place was found is only true of it."""
    found = {}
    for name, value in cells.items():
        if name in _TEXTS:
            kept = worn(str(value)) == value
        elif name in ("lon", "lat") and value is not None:
            value = float(value)  # noqa: PLW2901 as the Feature has it
            kept = not placed and repr(_rounded(value)) == repr(value)
        else:
            kept = name != "radius_km" or value is None or repr(_rounded(value)) == repr(value)
        if not kept:
            found[name] = value
    return found


def _rounded(number: float) -> float:
    """Cut a number as spreadsheets do, which know no -0 and no whole number apart either."""
    return float(int(number)) if float(number).is_integer() else float(f"{number:.15g}")


def _pieces(name: str, value: object) -> dict[str, str]:
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    text = _WEARS.sub(_escaped, text)
    if len(text) <= LONGEST:
        return {name: text}
    # no piece begins or ends with a space that a reader would trim
    text = _SPACE.sub(_escaped, text)
    starts = range(0, len(text), LONGEST)
    return {column(name, n): text[at : at + LONGEST] for n, at in enumerate(starts, 1)}


def _escaped(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"
