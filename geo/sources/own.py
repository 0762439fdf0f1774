"""How does a row of a table that we exported become the incident that it was?

What stands in the cells counts, so an edit made in QGIS or a spreadsheet wins, and what cannot be
followed is a stated problem:

- A cell that is no more than worn (`geo.flat.worn`) gives back exactly what was written.
- Any other cell of a scalar is taken as it stands. Where the position changed, how it had been
  found is forgotten.
- `actors`, `claims`, `sources` and `source_url` are words made from the JSON beside them. Words
  that changed win; those that did not keep all that the JSON knows of them.
- A column that was added becomes a native code. One that was taken away leaves its field empty,
  which is flagged; without JSON the words alone are read.
- What the export itself says (`match`, `shown`) is not read.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, TypeVar

from geo.errors import GeoJSONError
from geo.feature import from_feature
from geo.flat import (
    CARRIED,
    COLUMNS,
    EXACT,
    MEMBERS,
    WORDS,
    column,
    first_link,
    in_words,
    words,
    worn,
)
from geo.incident import Actor, Claim, Incident, Source
from geo.sources import record
from geo.sources.columns import DateOrder
from geo.sources.days import read_days
from geo.sources.placing import country_codes
from geo.sources.rows import CellError, Notes
from geo.strictjson import FILE, parse_json
from geo.text import from_csv_cell

# a table with these is one of ours
MARKS = frozenset(("id", "event_type", "start", "precision", "lon", "lat", "first_seen", "match"))
_DERIVED = frozenset(("match", "shown"))
_DAYS = ("start", "end")
_DEGREES = ("lon", "lat", "radius_km")
_SCALARS = tuple(n for n in (*COLUMNS, "status_reason", "by") if n not in WORDS)
# spreadsheets write 15 or 16 digits of 17
_DIGITS = 1e-14
_PLACED_BY_US = "table, our own export"
_Item = TypeVar("_Item", Actor, Claim, Source)


def incident(
    given: Mapping[str, str], *, now: datetime, notes: Notes, order: DateOrder = ""
) -> Incident:
    """Read one row.

    Parameters
    ----------
    given
        Cells by the names of our columns; any other name is a column that somebody added.
    now
        Time of record for a row that has none.
    notes
        Where what is missing or kept as text is counted.
    order
        What comes first in dates that a spreadsheet wrote its own way.

    Raises
    ------
    CellError, IncidentError
        Where the row breaks a rule.
    """
    cells = {name: from_csv_cell(cell).strip() for name, cell in given.items()}
    held = {name: _json(given, name) for name in (*(f"{m}_json" for m in MEMBERS), EXACT)}
    exact = _object(held[EXACT], EXACT)
    absent = [name for name in (*COLUMNS, *CARRIED) if name not in given]
    if absent:
        notes.flagged["column_taken_away"] += 1
    scalars: dict[str, Any] = {}
    for name in _SCALARS:
        cell = cells.get(name, "")
        if name in exact and _is_only_worn(cell, exact[name]):
            scalars[name] = exact[name]
        elif cell:
            scalars[name] = _read(name, cell, cells, order, notes)
    id_, lon, lat = (scalars.pop(name, None) for name in ("id", "lon", "lat"))
    if (lon is None) != (lat is None):
        name = "lon" if lon is None else "lat"
        raise CellError(name, "", "a position has both, or neither")
    members = {name: held[f"{name}_json"] for name in MEMBERS[:-1]}
    # how a place was found is kept with where that was
    moved = members["located"] is not None and (lon, lat) != (exact.get("lon"), exact.get("lat"))
    if moved or "located_json" in absent:
        members["located"] = None if lon is None else _located(scalars)
    known = _object(held["native_json"], "native_json")
    added = {name: cell for name, cell in cells.items() if cell and not _is_ours(name)}
    members["native"] = {**added, **known}
    extra = _object(held["extra_json"], "extra_json")
    feature = {
        "id": "" if id_ is None else id_,
        "geometry": None if lon is None else {"type": "Point", "coordinates": [lon, lat]},
        "properties": {**extra, **scalars, **members},
    }
    return _with_words(from_feature(feature, now=now), cells, notes)


def _with_words(made: Incident, cells: Mapping[str, str], notes: Notes) -> Incident:
    """Let the words win where they are not those that the JSON is said in."""
    said = {name: cells.get(name, "") for name in WORDS}
    edited = {
        name: worn(cell) != worn(was)
        for name, cell, was in (
            ("actors", said["actors"], in_words(made.actors)),
            ("claims", said["claims"], in_words(made.claims)),
            ("sources", said["sources"], in_words(made.sources)),
            ("source_url", said["source_url"], first_link(made.sources)),
        )
    }
    if not any(edited.values()):
        return made
    actors, claims, sources = made.actors, made.claims, made.sources
    if edited["actors"]:
        actors = _reread(said["actors"], actors, lambda text: record.actors({"actors": text}))
    if edited["claims"]:
        claims = _reread(said["claims"], claims, lambda text: record.claims(text, notes))
    if not sources and (edited["sources"] or edited["source_url"]):
        sources = record.sources(said, notes)
    else:
        if edited["sources"]:
            sources = _reread(said["sources"], sources, lambda text: (Source(publisher=text),))
        if edited["source_url"]:
            sources = _with_link(sources, said["source_url"])
    return replace(made, actors=actors, claims=claims, sources=sources)


def _reread(
    cell: str, items: Sequence[_Item], read: Callable[[str], Iterable[_Item]]
) -> tuple[_Item, ...]:
    """Read words again; those that stand as they stood keep what was known of them."""
    # the longest first: a name may hold the sign that parts names
    known = sorted(((worn(words(one)), one) for one in items), key=lambda pair: -len(pair[0]))
    made: list[_Item] = [one for text, one in known if not text]
    rest = worn(cell)
    while rest:
        stands = [pair for pair in known if pair[0] and f"{rest}; ".startswith(f"{pair[0]}; ")]
        text = stands[0][0] if stands else rest.partition("; ")[0]
        if stands:
            made.append(stands[0][1])
        elif text.strip():
            made.extend(read(text))
        rest = rest[len(text) :].removeprefix("; ").strip()
    return tuple(made)


def _with_link(sources: Sequence[Source], url: str) -> tuple[Source, ...]:
    at = next((n for n, one in enumerate(sources) if one.url), 0)
    return tuple(replace(one, url=url) if n == at else one for n, one in enumerate(sources))


def _read(name: str, cell: str, cells: Mapping[str, str], order: DateOrder, notes: Notes) -> object:
    if name in _DAYS:
        first, last, _ = read_days(cell, column=name, order=order)
        day: date = first if name == "start" else last
        return day.isoformat()
    if name in _DEGREES:
        try:
            return float(cell.replace(",", "."))
        except ValueError:
            raise CellError(name, cell, "must be a number in plain digits") from None
    if name.startswith(("deaths_", "injured_")):
        return record.count(cells, name)
    if name == "countries":
        codes = tuple(code.strip() for code in cell.split(";"))
        is_coded = all(len(code) == 3 and code.isupper() for code in codes)
        return list(codes if is_coded else country_codes(cell, notes))
    if name == "event_type":
        return record.translated(cell, "", "", False) or cell  # noqa: FBT003 no CAMEO code
    return cell


def _located(scalars: Mapping[str, Any]) -> dict[str, str]:
    sharp = scalars.get("precision") in ("exact", "near")
    return {
        "method": _PLACED_BY_US,
        "point": "site" if sharp else "representative",
        "radius": "source" if "radius_km" in scalars else "",
    }


def _json(cells: Mapping[str, str], name: str) -> Any:
    """Put the pieces of a cell together and read them; None where there are none."""
    pieces, number = [], 1
    while column(name, number) in cells:
        pieces.append(from_csv_cell(cells[column(name, number)]).strip())
        number += 1
    text = "".join(pieces)
    if not text:
        return None
    try:
        return parse_json(text.encode("utf-8", "replace"), limits=FILE)
    except GeoJSONError as error:
        raise CellError(name, text[:60], f"must be the JSON that was exported: {error}") from None


def _object(value: Any, name: str) -> dict[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise CellError(name, str(value)[:60], "must be a JSON object")
    return dict(value)


def _is_only_worn(cell: str, exact: object) -> bool:
    if not isinstance(exact, (int, float)):
        return worn(cell) == worn(str(exact))
    try:
        return math.isclose(float(cell.replace(",", ".")), exact, rel_tol=_DIGITS)
    except (ValueError, OverflowError):
        return False


def _is_ours(name: str) -> bool:
    if name in COLUMNS or name in CARRIED or name in _DERIVED:
        return True
    stem, _, number = name.rpartition("_")
    return stem in CARRIED and number.isdigit()
