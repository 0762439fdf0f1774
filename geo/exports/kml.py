"""How are incidents written as KML: a pin only where the place is exact, else its extent?"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from functools import lru_cache
from typing import Any

import shapely

from geo.basemap import CREDIT
from geo.claims import toll_in_words
from geo.exports.extents import ground_of, rings
from geo.exports.marked import Marked
from geo.exports.stated import (
    ExportMeta,
    about,
    manifest_of,
    xml_text,
)
from geo.filters import Match, Selection
from geo.incident import Incident
from geo.taxonomy import event_type, group_of, groups
from geo.words import place_in_words, when_in_words

_KML = "http://www.opengis.net/kml/2.2"
_MARKED = Marked(
    "kml",
    '<Data name="incident-atlas"><value>',
    "</value></Data>",
    re.compile(r"<Placemark>.*?</Placemark>", re.DOTALL),
    re.compile(r'<Data name="id"><value>(.*?)</value>', re.DOTALL),
)
manifest_text, altered = _MARKED.manifest_text, _MARKED.altered
_HEAD = 1_000
_END = "</Document></kml>"
_SHAPE = "<Placeholder />"
_DATA = ("id", "event_type", "precision", "assessment", "date_precision", "licence")


def write(selection: Selection, meta: ExportMeta) -> bytes:
    """Write a KML document; the statement stands in its ExtendedData."""
    manifest = manifest_of(selection, meta)
    ET.register_namespace("", _KML)
    root = ET.Element(f"{{{_KML}}}kml")
    document = _child(root, "Document")
    _child(document, "name", meta.title)
    rows = about(selection, meta, manifest)
    said = "\n".join(f"{name}: {value}" for name, value in rows)
    _child(document, "description", _plain(f"{said}\n\nBase map of the app: {CREDIT}"))
    # the manifest takes the place of this empty element once the rest is written
    data = _child(_child(document, "ExtendedData"), "Data", name="incident-atlas")
    _child(data, "value")
    for group in groups():
        style = _child(document, "Style", id=group.id)
        # KML writes alpha, blue, green, red
        colour = group.colour[5:7] + group.colour[3:5] + group.colour[1:3]
        _child(_child(style, "IconStyle"), "color", f"ff{colour}")
        _child(_child(style, "LineStyle"), "color", f"ff{colour}")
        _child(_child(style, "PolyStyle"), "color", f"40{colour}")
    text = ET.tostring(root, encoding="unicode").replace(
        '<Data name="incident-atlas"><value /></Data>', _MARKED.opened + _MARKED.closed, 1
    )
    # each by itself: a tree of all of them would take a hundred times the room
    marks = "\n".join(_placemark(match) for match in selection.matches)
    head, end = text.removesuffix(_END), _END
    bare = f'<?xml version="1.0" encoding="UTF-8"?>\n{head}\n{marks}\n{end}\n'
    return _MARKED.sealed(bare, manifest)


def recognises(data: bytes) -> bool:
    """Whether a file is KML."""
    return b"<kml" in data[:_HEAD]


def _placemark(match: Match) -> str:
    i = match.incident
    mark = ET.Element(f"{{{_KML}}}Placemark")
    _child(mark, "name", i.title)
    said = (
        f"{event_type(i.event_type).label} · {when_in_words(i)}",
        f"{place_in_words(i)} (place known: {i.precision})",
        f"Deaths: {toll_in_words(i, 'deaths')}",
        i.summary,
        "; ".join(s.url or s.publisher for s in i.sources),
        i.id,
    )
    _child(mark, "description", _plain("\n".join(part for part in said if part)))
    span = _child(mark, "TimeSpan")
    _child(span, "begin", i.start.isoformat())
    _child(span, "end", i.end.isoformat())
    _child(mark, "styleUrl", f"#{group_of(i.event_type).id}")
    data = _child(mark, "ExtendedData")
    for name in _DATA:
        _child(_child(data, "Data", name=name), "value", getattr(i, name))
    _child(_child(data, "Data", name="match"), "value", match.when)
    shape = _shape(i)
    if shape:
        _child(mark, "Placeholder")
    text = ET.tostring(mark, encoding="unicode").replace(f' xmlns="{_KML}"', "", 1)
    # no text can hold it, for its signs are escaped
    return text.replace(_SHAPE, shape)


def _shape(incident: Incident) -> str:
    """Draw a pin for an exact place, its extent for a coarse one, else nothing."""
    ground = ground_of(incident)
    if ground.shown == "point" and ground.spot:
        return f"<Point><coordinates>{ground.spot.lon!r},{ground.spot.lat!r}</coordinates></Point>"
    if ground.extent is None:
        return ""
    parts = [_polygon(part) for part in shapely.get_parts(ground.extent)]
    return parts[0] if len(parts) == 1 else f"<MultiGeometry>{''.join(parts)}</MultiGeometry>"


@lru_cache(maxsize=1024)
def _polygon(part: Any) -> str:
    edge, *holes = (
        "<LinearRing><coordinates>" + " ".join(map(",".join, line)) + "</coordinates></LinearRing>"
        for line in rings(part)
    )
    inner = "".join(f"<innerBoundaryIs>{hole}</innerBoundaryIs>" for hole in holes)
    return f"<Polygon><outerBoundaryIs>{edge}</outerBoundaryIs>{inner}</Polygon>"


def _plain(text: str) -> str:
    """Text without a sign of HTML, which a viewer may read in a description."""
    return text.replace("<", "‹").replace(">", "›").replace("&", "＆")


def _child(parent: ET.Element, tag: str, text: str = "", **attributes: str) -> ET.Element:
    made = ET.SubElement(parent, f"{{{_KML}}}{tag}", attributes)
    if text:
        made.text = xml_text(text)
    return made
