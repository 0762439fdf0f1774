"""Which columns may hold a field, judged by tag, name and values?

Every candidate has a score: how well the name fits, weighed by the share of values that the field
can take. A pair of coordinates is judged as one, and pairs of something else are passed over.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from geo.sources.columns import AXIS_NOISE, HELPERS, HXL, LAT_WORDS, LON_WORDS, NAMES, key
from geo.sources.values import is_position, share

_TAGGED = 1.1
_FIRST_ALIAS, _STEP, _LEAST = 0.95, 0.03, 0.5
# a sub-type says more than the type above it
_FINER = ("sub event type",)
_WEAK = 0.8
_HALF, _FEW = 0.5, 0.1
# words of everyday tables, which mean a field only if their values do
_VAGUE = frozenset(("best", "low", "high", "to", "from", "data", "day", "time", "event", "name"))
_VAGUE_COST = 0.16
_CELL_POSITIONS = 0.8
_AXIS_STEP = 0.05
_STEM_COST = 0.15
_PREFERRED = ("action geo", "actiongeo")
_LETTER_COST = 0.1


@dataclass(frozen=True, slots=True)
class Candidate:
    """A column that may hold a field; both columns of a pair carry its name."""

    field: str
    header: str
    score: float
    reasons: tuple[str, ...]
    pair: str = ""


def candidates(
    headers: Sequence[str], values: Mapping[str, Sequence[str]], *, tags: Mapping[str, str]
) -> Iterator[Candidate]:
    """Name every column that may hold a field."""
    yield from _tagged(tags)
    yield from _pairs(headers, values)
    by_key: dict[str, str] = {}
    for header in headers:
        by_key.setdefault(key(header), header)
    for field, aliases in NAMES.items():
        if field in ("lat", "lon"):
            continue
        for place, alias in enumerate((field.replace("_", " "), *aliases)):
            named = by_key.get(alias)
            if named is not None:
                found = _named(field, named, values[named], place=place, alias=alias)
                if found:
                    yield found


def position_columns(
    headers: Sequence[str], values: Mapping[str, Sequence[str]], held: set[str]
) -> Iterator[Candidate]:
    """Name the columns whose cells hold both coordinates, whatever they are called."""
    for header in headers:
        cells = values[header]
        if header in held or not cells:
            continue
        sure = sum(map(is_position, cells)) / len(cells)
        if sure >= _CELL_POSITIONS:
            reason = "its cells hold latitude and longitude together"
            yield Candidate("coordinates", header, _WEAK * sure, (reason,))


def _tagged(tags: Mapping[str, str]) -> Iterator[Candidate]:
    """Read HXL tags: the hashtag, and the attribute that must stand with it."""
    for rank, (field, hashtag, attribute) in enumerate(HXL):
        for header, tag in tags.items():
            first, *others = tag.casefold().replace(" ", "").split("+")
            if first == hashtag and (not attribute or attribute in others):
                score = _TAGGED - rank * 0.001
                pair = "HXL" if field in ("lat", "lon") else ""
                yield Candidate(field, header, score, (f"tagged {tag}",), pair)


def _named(
    field: str, header: str, cells: Sequence[str], *, place: int, alias: str
) -> Candidate | None:
    """Judge a column by its name and values; a poor name needs good values."""
    name = 1.0 if place == 0 else max(_LEAST, _FIRST_ALIAS - _STEP * (place - 1))
    name = 1.05 if alias in _FINER else name
    name -= _VAGUE_COST if place and alias in _VAGUE else 0.0
    valid = share(field, cells)
    # what bears a sure name and holds something else is refused row by row, not passed over
    passable = name < _WEAK or field == "place_name"
    if passable and valid is not None and valid < (_HALF if name < _WEAK else _FEW):
        return None
    called = "has the field's own name" if place == 0 else f"is called {header!r}"
    weight = 1.0 if valid is None else 0.5 + 0.5 * valid
    return Candidate(field, header, name * weight, (called,))


def _pairs(headers: Sequence[str], values: Mapping[str, Sequence[str]]) -> Iterator[Candidate]:
    """Match a latitude with the longitude of the same name; judge the pair by both."""
    lats = {h: found for h in headers if (found := _axis(h, LAT_WORDS))}
    lons = {h: found for h in headers if (found := _axis(h, LON_WORDS))}
    for lat, (lat_score, stem) in lats.items():
        for lon, (lon_score, other) in lons.items():
            if stem != other or lat == lon or _is_helper(stem):
                continue
            valid = [share("lat", values[lat]), share("lon", values[lon])]
            known = [one for one in valid if one is not None]
            score = min(lat_score, lon_score)
            if known and min(known) < _HALF and score < _WEAK:
                continue
            score *= 0.5 + 0.5 * min(known, default=1.0)
            reasons = [f"{lat!r} and {lon!r} are a pair"]
            if stem in _PREFERRED:
                reasons.append("where the event was, not where an actor is from")
            elif stem:
                score -= _STEM_COST
                reasons.append(f"of {stem!r}")
            beside = sorted(_beside(lats, lats[lat][1]))
            if beside:
                reasons.append(f"preferred to {', '.join(beside)}")
            pair = f"{lat}\x1f{lon}"
            yield Candidate("lat", lat, score, tuple(reasons), pair)
            yield Candidate("lon", lon, score, tuple(reasons), pair)


def _beside(lats: Mapping[str, tuple[float, str]], stem: str) -> Iterator[str]:
    return (header for header, (_, other) in lats.items() if other != stem)


def _axis(header: str, words: Sequence[str]) -> tuple[float, str] | None:
    """Find the word that names an axis in a header: how sure it is, and what else is said."""
    parts = [part for part in key(header).split() if part not in AXIS_NOISE]
    whole = " ".join(parts)
    for rank, word in enumerate(words):
        fits = word == whole if " " in word else word in parts
        if not fits or (len(word) == 1 and len(parts) > 1):
            continue
        rest = "" if word == whole else " ".join(p for p in parts if p != word)
        cost = _LETTER_COST if len(word) == 1 else 0.0
        return 1.0 - _AXIS_STEP * min(rank, 4) - cost, rest
    return None


def _is_helper(stem: str) -> bool:
    return any(word in HELPERS for word in stem.split())
