"""What does the map get to hear when it asks about a view, or the ground under it?

The parameters come from outside: what means nothing is refused with a sentence. No answer costs
more than a view's cells, or some two hundred incidents.
"""

from __future__ import annotations

import gzip
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from geo import bits
from geo.area import BBox
from geo.basemap import load
from geo.bits import Rows
from geo.claims import toll_in_words
from geo.columns import numbers
from geo.feature import read_day
from geo.taxonomy import event_type
from geo.webmap.crowd import KINDS, LISTED, Crowd
from geo.webmap.days import days, during, whens
from geo.webmap.ground import ground, notes
from geo.webmap.marks import dump, looks
from geo.webmap.shading import outlines
from geo.words import place_in_words, when_in_words

JSON, TEXT = "application/json", "text/plain"
_MOST_ASKED = 200
_WORTH_PACKING = 1_400
_DAYS = "a window of days wants from=YYYY-MM-DD and to=YYYY-MM-DD, not before it"
_ZOOMS = frozenset(map(str, range(19)))
# by which share of its sides a view is answered beyond them
_MARGINS = {"none": 0.0, "half": 0.5}
_INDEX = re.compile(r"[0-9]{1,9}\Z")
_CELL = re.compile(r"[0-9]{1,2}-[0-9]{1,8}-[0-9]{1,8}\Z")
_KEYS = {
    "exact": _CELL,
    "about": _CELL,
    "unit": _INDEX,
    "country": re.compile(r"[A-Z]{3}\Z"),
    "hex": _CELL,
}


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked about, and by which parameters.

    `view`, `days`, `about`, `in`, `outline` are of a token; the ground and `looks` of none.
    `packed` says whether whoever asks can unpack an answer.
    """

    about: str
    token: str
    asked: Mapping[str, str]
    packed: bool = False


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer of HTTP, without the headers that all answers have."""

    status: int
    kind: str
    body: bytes
    packed: bool = False


def answer(question: Question, find: Callable[[str], Crowd | None]) -> Reply:
    """Answer a question; `find` gives the view that a token stands for."""
    reply = _answer(question, find)
    if question.packed and len(reply.body) > _WORTH_PACKING:
        # the quickest level takes a millisecond and leaves a third
        return replace(reply, body=gzip.compress(reply.body, 1, mtime=0), packed=True)
    return reply


def missing(what: str) -> Reply:
    """Say that there is no such thing."""
    return Reply(404, TEXT, f"no such {what}".encode())


def _answer(question: Question, find: Callable[[str], Crowd | None]) -> Reply:
    if question.about in _GROUNDS:
        return _GROUNDS[question.about](question.asked)
    crowd = find(question.token)
    return missing("view") if crowd is None else _VIEWS[question.about](crowd, question.asked)


def _ground(asked: Mapping[str, str]) -> Reply:
    box, zoom = _box(asked), asked.get("zoom", "")
    if box is None or zoom not in _ZOOMS:
        return _refused("basemap wants bbox=W,S,E,N in degrees and zoom from 0 to 18")
    return Reply(200, JSON, ground(*box, int(zoom)))


def _notes(asked: Mapping[str, str]) -> Reply:
    box = _box(asked)
    if box is None:
        return _refused("notes wants bbox=W,S,E,N in degrees")
    return Reply(200, JSON, notes(*box))


def _looks(_asked: Mapping[str, str]) -> Reply:
    return Reply(200, JSON, looks())


def _provinces(asked: Mapping[str, str]) -> Reply:
    wanted, fine, most = asked.get("of", "").split(","), asked.get("fine", "0"), len(load("admin1"))
    rows = [int(text) for text in wanted if _INDEX.match(text)]
    good = len(rows) == len(wanted) <= _MOST_ASKED and max(rows) < most
    if not good or fine not in ("0", "1"):
        rule = f"of=ROWS below {most}, {_MOST_ASKED} at most, and fine=0 or 1"
        return _refused(f"provinces wants {rule}")
    return Reply(200, JSON, outlines(rows, fine=fine == "1"))


def _view(crowd: Crowd, asked: Mapping[str, str]) -> Reply:
    narrowed = _narrowed(crowd, asked)
    if narrowed is None:
        return _refused(_DAYS)
    of_days = {} if narrowed is crowd else {"when": whens(narrowed)}
    honeycomb = asked.get("as") == "hexagons"
    if crowd.is_small and not honeycomb:
        # of few the browser holds everything, and needs to hear no more than which
        said = narrowed.named if of_days else narrowed.whole
        return Reply(200, JSON, dump({**said, **of_days}))
    box, zoom, beyond = _box(asked), asked.get("zoom", ""), asked.get("beyond", "none")
    if box is None or zoom not in _ZOOMS or beyond not in _MARGINS:
        rule = "bbox=W,S,E,N in degrees, zoom from 0 to 18 and beyond=none or half"
        return _refused(f"a view of many wants {rule}")
    answered = narrowed.hexagons if honeycomb else narrowed.view
    found = answered(_wrapped(*box), int(zoom), beyond=_MARGINS[beyond])
    return Reply(200, JSON, dump({**found, **of_days}))


def _days(crowd: Crowd, _asked: Mapping[str, str]) -> Reply:
    return Reply(200, JSON, dump({**days(crowd), "matched": bits.count(crowd.rows)}))


def _narrowed(crowd: Crowd, asked: Mapping[str, str]) -> Crowd | None:
    """Take of a view what the days asked for hold: itself where none are; None where odd."""
    if "from" not in asked and "to" not in asked:
        return crowd
    try:
        first, last = (read_day(asked[name]) for name in ("from", "to"))
    except (KeyError, ValueError):
        return None
    return during(crowd, first, last) if first <= last else None


def _about(crowd: Crowd, asked: Mapping[str, str]) -> Reply:
    wanted = asked.get("of", "").split(",")[:_MOST_ASKED]
    rows = np.array([int(text) for text in wanted if _INDEX.match(text)], dtype=np.int64)
    strange = rows[rows >= crowd.layer.index.size]
    if not len(strange):
        strange = rows[~bits.has(crowd.rows, rows)]
    if len(strange):
        return _refused(f"of names {strange[0]}, which the view does not hold")
    return Reply(200, JSON, _say(crowd, rows))


def _members(crowd: Crowd, asked: Mapping[str, str]) -> Reply:
    kind, key = (asked.get(name, "") for name in ("kind", "key"))
    if kind not in KINDS or not _KEYS[kind].match(key):
        return _refused("in wants kind=exact, about, unit, country or hex, and the key of a sign")
    narrowed = _narrowed(crowd, asked)
    if narrowed is None:
        return _refused(_DAYS)
    return Reply(200, JSON, _say(narrowed, narrowed.members(kind, key)[:LISTED]))


def _outline(crowd: Crowd, asked: Mapping[str, str]) -> Reply:
    wanted = asked.get("of", "").split(",")[:_MOST_ASKED]
    which = [int(text) for text in wanted if _INDEX.match(text)]
    if any(n >= len(crowd.layer.index.places.units) for n in which):
        return _refused("outline wants of=NUMBERS of provinces in the view")
    return Reply(200, JSON, dump(crowd.outlines(which)))


_GROUNDS = {"basemap": _ground, "looks": _looks, "notes": _notes, "provinces": _provinces}
_VIEWS = {"view": _view, "days": _days, "about": _about, "in": _members, "outline": _outline}


def _say(crowd: Crowd, rows: Rows) -> bytes:
    """Write what some incidents say, and where each stands, if it stands anywhere."""
    lon, lat = (numbers(crowd.layer.index.table, name)[rows] for name in ("lon", "lat"))
    spots = [
        None if math.isnan(x) else [y, x] for x, y in zip(lon.tolist(), lat.tolist(), strict=True)
    ]
    return dump(
        [
            {
                "i": row,
                "at": at,
                "id": incident.id,
                "title": incident.title,
                "type": event_type(incident.event_type).label,
                "when": when_in_words(incident),
                "place": place_in_words(incident),
                "precision": incident.precision,
                "deaths": toll_in_words(incident, "deaths"),
                "assessment": incident.assessment,
            }
            for row, at, incident in zip(
                rows.tolist(), spots, crowd.layer.incidents(rows.tolist()), strict=True
            )
        ]
    )


def _box(asked: Mapping[str, str]) -> tuple[float, float, float, float] | None:
    try:
        edges = [float(text) for text in asked.get("bbox", "").split(",")]
    except ValueError:
        return None
    if len(edges) != 4 or not all(math.isfinite(e) and abs(e) <= 720 for e in edges):
        return None
    west, south, east, north = edges
    if west >= east or south >= north:
        return None
    return west, max(south, -90.0), east, min(north, 90.0)


def _wrapped(west: float, south: float, east: float, north: float) -> BBox:
    """Bring a view that may lie in another copy of the world back to this one."""
    if east - west >= 360:
        return BBox(-180, south, 180, north)
    west, east = ((edge + 180) % 360 - 180 for edge in (west, east))
    return BBox(west, south, east, north)


def _refused(sentence: str) -> Reply:
    return Reply(400, TEXT, sentence.encode())
