"""How are incidents written as GPX: waypoints where the place is exact, outlines elsewhere?

A GPS receiver knows points and lines. So a coarse place is a track round its extent, and an
incident without a place stands in the extensions of the metadata, where no receiver draws it.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from functools import lru_cache
from typing import Any

from geo import __version__
from geo.claims import toll_in_words
from geo.exports.extents import Ground, ground_of, rings
from geo.exports.marked import Marked
from geo.exports.stated import (
    ExportMeta,
    about,
    manifest_of,
    xml_text,
)
from geo.exports.table import COLUMNS, row
from geo.feature import write_time
from geo.filters import Match, Selection
from geo.incident import Point
from geo.taxonomy import event_type
from geo.words import place_in_words, when_in_words

_GPX = "http://www.topografix.com/GPX/1/1"
_ATLAS = "urn:incident-atlas:gpx"
_MARKED = Marked(
    "gpx",
    "<atlas:manifest>",
    "</atlas:manifest>",
    re.compile(r"<(wpt|trk|atlas:unplaced)\b.*?</\1>", re.DOTALL),
    re.compile(r"<atlas:id>(.*?)</atlas:id>", re.DOTALL),
)
manifest_text, altered = _MARKED.manifest_text, _MARKED.altered
_HEAD = 1_000
_END = "</gpx>"


def write(selection: Selection, meta: ExportMeta) -> bytes:
    """Write GPX 1.1; the statement stands in the extensions of its metadata."""
    manifest = manifest_of(selection, meta)
    ET.register_namespace("", _GPX)
    ET.register_namespace("atlas", _ATLAS)
    root = ET.Element(
        f"{{{_GPX}}}gpx", {"version": "1.1", "creator": f"Incident Atlas {__version__}"}
    )
    head = _child(root, "metadata")
    _child(head, "name", meta.title)
    rows = about(selection, meta, manifest)
    _child(head, "desc", "\n".join(f"{name}: {value}" for name, value in rows))
    _child(head, "time", write_time(meta.as_of))
    _child(_child(head, "extensions"), "manifest", space=_ATLAS)
    grounds = [(match, ground_of(match.incident)) for match in selection.matches]
    unplaced = [_unplaced(match) for match, ground in grounds if ground.shown == "none"]
    points = [_waypoint(m, g.spot) for m, g in grounds if g.shown == "point" and g.spot]
    tracks = [_track(match, ground) for match, ground in grounds if ground.extent is not None]
    text = ET.tostring(root, encoding="unicode")
    text = text.replace(
        "<atlas:manifest />", _MARKED.opened + _MARKED.closed + "\n".join(unplaced), 1
    )
    # the order of the schema: every waypoint stands before every track; and each by itself, for
    # a tree of all of them would take a hundred times the room
    marks = "\n".join((*points, *tracks))
    bare = f'<?xml version="1.0" encoding="UTF-8"?>\n{text.removesuffix(_END)}\n{marks}\n{_END}\n'
    return _MARKED.sealed(bare, manifest)


def recognises(data: bytes) -> bool:
    """Whether a file is GPX."""
    return b"<gpx" in data[:_HEAD]


def _waypoint(match: Match, spot: Point) -> str:
    mark = ET.Element(f"{{{_GPX}}}wpt", {"lat": _digits(spot.lat), "lon": _digits(spot.lon)})
    _said(mark, match, match.incident.title)
    _child(mark, "sym", "Flag")
    _child(mark, "type", match.incident.event_type)
    _columns(_child(mark, "extensions"), match)
    return _written(mark)


def _track(match: Match, ground: Ground) -> str:
    mark = ET.Element(f"{{{_GPX}}}trk")
    _said(mark, match, f"{match.incident.title} (place known: {match.incident.precision})")
    _child(mark, "type", match.incident.event_type)
    _columns(_child(mark, "extensions"), match)
    return _written(mark).removesuffix("</trk>") + _segments(ground.extent) + "</trk>"


def _unplaced(match: Match) -> str:
    mark = ET.Element(f"{{{_ATLAS}}}unplaced")
    _columns(mark, match)
    return _written(mark)


@lru_cache(maxsize=1024)
def _segments(extent: Any) -> str:
    lines = (
        "".join(f'<trkpt lat="{lat}" lon="{lon}"/>' for lon, lat in line) for line in rings(extent)
    )
    return "".join(f"<trkseg>{line}</trkseg>" for line in lines)


def _written(mark: ET.Element) -> str:
    """Write an element within a document that has declared its names already."""
    text = ET.tostring(mark, encoding="unicode")
    head, closed, rest = text.partition(">")
    for declared in (f' xmlns="{_GPX}"', f' xmlns:atlas="{_ATLAS}"'):
        head = head.replace(declared, "", 1)
    return head + closed + rest


def _said(mark: ET.Element, match: Match, name: str) -> None:
    i = match.incident
    said = (
        f"{event_type(i.event_type).label}, {when_in_words(i)}",
        f"{place_in_words(i)} (place known: {i.precision})",
        f"Deaths: {toll_in_words(i, 'deaths')}",
        i.summary,
    )
    _child(mark, "name", name)
    # a viewer may read HTML in a description: no sign of it is left
    text = "\n".join(part for part in said if part)
    _child(mark, "desc", text.replace("<", "‹").replace(">", "›").replace("&", "＆"))


def _columns(into: ET.Element, match: Match) -> None:
    for name, value in zip(COLUMNS, row(match), strict=True):
        if value not in ("", None):
            _child(into, name, str(value), space=_ATLAS)


def _digits(degrees: float) -> str:
    """Write degrees in full and without an exponent, as XML Schema's decimal asks."""
    text = repr(float(degrees))
    return f"{degrees:.12f}" if "e" in text else text


def _child(
    parent: ET.Element, tag: str, text: str = "", *, space: str = _GPX, **attributes: str
) -> ET.Element:
    made = ET.SubElement(parent, f"{{{space}}}{tag}", attributes)
    if text:
        made.text = xml_text(text)
    return made
