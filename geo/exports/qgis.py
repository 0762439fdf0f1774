"""How does QGIS draw the layers of a GeoPackage: colour by group, form by precision?

The same grammar as in the pictures. Colour is the event group; a filled dot is an exact place, a
ring one known to a radius; a hatched area holds an incident known only to there.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET

from geo.exports.stated import xml_text
from geo.taxonomy import Group, event_types, groups

_DOCTYPE = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
_VERSION = "3.34.0"
_DASH_OF_CLAIM = "case when \"assessment\" in ('claimed','disputed') then 'dash' else 'solid' end"
_OPACITY = "case when \"match\" = 'uncertain' then 45 else 100 end"


def points_style() -> str:
    """Style of the layer of places that are known."""
    style = _Style("Marker")
    for group in groups():
        members = _members(group)
        if not members:
            continue
        top = style.rule(group.label, members)
        style.leaf(top, "exact place", "\"precision\" = 'exact'", _marker(group, filled=True))
        style.leaf(top, "near", "\"precision\" = 'near'", _marker(group, filled=False))
    return style.text()


def extents_style() -> str:
    """Style of the layer of areas within which an incident lies."""
    style = _Style("Fill")
    for group in groups():
        members = _members(group)
        if not members:
            continue
        top = style.rule(group.label, members)
        near = "\"precision\" = 'near'"
        style.leaf(top, "within this radius", near, _outline(group))
        style.leaf(top, "known to this area only", "\"precision\" <> 'near'", _hatch(group))
    return style.text()


class _Style:
    """A rule-based style while it is written."""

    def __init__(self, kind: str) -> None:
        self._root = ET.Element("qgis", {"version": _VERSION, "styleCategories": "Symbology"})
        geometry = {"Marker": "0", "Fill": "2"}[kind]
        self._renderer = ET.SubElement(
            self._root,
            "renderer-v2",
            {"type": "RuleRenderer", "symbollevels": "0", "forceraster": "0", "enableorderby": "0"},
        )
        self._kind = kind.lower()
        self._rules = ET.SubElement(self._renderer, "rules", {"key": "atlas"})
        self._symbols = ET.SubElement(self._renderer, "symbols")
        ET.SubElement(self._root, "layerGeometryType").text = geometry
        self._count = 0

    def rule(self, label: str, query: str) -> ET.Element:
        """Add a group of rules."""
        key = f"group{len(self._rules)}"
        held = {"key": key, "filter": query, "label": label}
        return ET.SubElement(self._rules, "rule", held)

    def leaf(self, top: ET.Element, label: str, query: str, layers: list[ET.Element]) -> None:
        """Add a rule with its symbol."""
        name = str(self._count)
        self._count += 1
        key = f"{top.get('key')}-{len(top)}"
        ET.SubElement(top, "rule", {"key": key, "filter": query, "label": label, "symbol": name})
        symbol = ET.SubElement(
            self._symbols,
            "symbol",
            {"name": name, "type": self._kind, "alpha": "1", "clip_to_extent": "1"},
        )
        _defined(symbol, {"alpha": _OPACITY})
        symbol.extend(layers)

    def text(self) -> str:
        """Style as a QML document."""
        return _DOCTYPE + ET.tostring(self._root, encoding="unicode") + "\n"


def _members(group: Group) -> str:
    ids = ",".join(f"'{kind.id}'" for kind in event_types() if kind.group == group.id)
    return f'"event_type" in ({ids})' if ids else ""


def _marker(group: Group, *, filled: bool) -> list[ET.Element]:
    rgb = _rgb(group.colour)
    return [
        _layer(
            "SimpleMarker",
            {
                "name": "circle",
                "color": f"{rgb},255" if filled else "255,255,255,255",
                "outline_color": "255,255,255,255" if filled else f"{rgb},255",
                "outline_style": "solid",
                "outline_width": "0.3" if filled else "0.7",
                "size": "2.8",
                "size_unit": "MM",
            },
        )
    ]


def _outline(group: Group) -> list[ET.Element]:
    rgb = _rgb(group.colour)
    options = {
        "style": "no",
        "outline_color": f"{rgb},200",
        "outline_style": "solid",
        "outline_width": "0.3",
    }
    return [_layer("SimpleFill", options, {"outlineStyle": _DASH_OF_CLAIM})]


def _hatch(group: Group) -> list[ET.Element]:
    rgb = _rgb(group.colour)
    lines = _layer(
        "LinePatternFill",
        {"angle": "45", "distance": "2.2", "distance_unit": "MM", "line_width": "0.3"},
    )
    symbol = ET.SubElement(lines, "symbol", {"name": "@hatch", "type": "line", "alpha": "0.7"})
    symbol.append(_layer("SimpleLine", {"line_color": f"{rgb},255", "line_width": "0.3"}))
    edge = {
        "style": "no",
        "outline_color": f"{rgb},160",
        "outline_style": "solid",
        "outline_width": "0.26",
    }
    return [lines, _layer("SimpleFill", edge, {"outlineStyle": _DASH_OF_CLAIM})]


def _layer(kind: str, options: dict[str, str], defined: dict[str, str] | None = None) -> ET.Element:
    layer = ET.Element("layer", {"class": kind, "enabled": "1", "locked": "0", "pass": "0"})
    held = ET.SubElement(layer, "Option", {"type": "Map"})
    for name, value in options.items():
        _option(held, name, xml_text(value))
    _defined(layer, defined or {})
    return layer


def _defined(into: ET.Element, defined: dict[str, str]) -> None:
    """Let an expression over the attributes decide a property."""
    if not defined:
        return
    properties = ET.SubElement(into, "data_defined_properties")
    held = ET.SubElement(properties, "Option", {"type": "Map"})
    _option(held, "name", "")
    each = ET.SubElement(held, "Option", {"name": "properties", "type": "Map"})
    for name, expression in defined.items():
        one = ET.SubElement(each, "Option", {"name": name, "type": "Map"})
        ET.SubElement(one, "Option", {"name": "active", "type": "bool", "value": "true"})
        _option(one, "expression", expression)
        ET.SubElement(one, "Option", {"name": "type", "type": "int", "value": "3"})
    _option(held, "type", "collection")


def _option(into: ET.Element, name: str, value: str) -> None:
    ET.SubElement(into, "Option", {"name": name, "type": "QString", "value": value})


def _rgb(colour: str) -> str:
    return ",".join(str(int(colour[at : at + 2], 16)) for at in (1, 3, 5))
