"""How do exactly the matched incidents become a file, with the ledger that explains it?

GeoJSON keeps every field and imports back without loss. CSV and XLSX hold flat columns whose
cells no spreadsheet takes for formulas. KML puts a pin only where the place is exact.
"""

from __future__ import annotations

import csv
import io
import json
import re
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from pyproj import Geod

from geo import __version__
from geo.area import reach_km
from geo.basemap import CREDIT
from geo.claims import toll_in_words
from geo.errors import InputError
from geo.feature import to_feature, write_time
from geo.filters import Filter, Ledger, Match, Selection
from geo.incident import Incident, Point
from geo.params import write
from geo.taxonomy import event_type, group_of, groups
from geo.text import to_csv_cell
from geo.words import place_in_words, when_in_words

FORMATS = ("geojson", "csv", "xlsx", "kml")
COLUMNS = (
    *("id", "event_type", "title", "summary", "start", "end", "date_precision", "time"),
    *("place_name", "admin2", "admin1", "countries", "lon", "lat", "precision", "radius_km"),
    *("deaths_low", "deaths_best", "deaths_high", "injured_low", "injured_best", "injured_high"),
    *("actors", "claims", "sources", "source_url", "status", "assessment"),
    *("first_seen", "updated", "licence", "match"),
)
_WGS84 = Geod(ellps="WGS84")
_KML = "http://www.opengis.net/kml/2.2"
# what XML 1.0 cannot hold at all
_NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")
_XLSX_TEXT = 32_767
_CIRCLE_STEPS = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportMeta:
    """Where an export comes from; `as_of` is the only time that enters it."""

    title: str
    layers: tuple[tuple[str, str], ...]
    query: Filter
    as_of: datetime
    licence: str = ""


def export(selection: Selection, fmt: str, *, meta: ExportMeta) -> bytes:
    """Write the matched incidents; the same input gives the same bytes.

    Raises
    ------
    InputError
        Where the format is none of `FORMATS`.
    """
    writers: Mapping[str, Callable[[Selection, ExportMeta], bytes]] = {
        "geojson": _geojson,
        "csv": _csv,
        "xlsx": _xlsx,
        "kml": _kml,
    }
    if fmt not in writers:
        msg = f"export format is {fmt[:20]!r}: must be one of {' '.join(FORMATS)}"
        raise InputError(msg)
    return writers[fmt](selection, meta)


def manifest(selection: Selection, meta: ExportMeta) -> dict[str, Any]:
    """Everything needed to say later what an export held: filter, ledger, versions, as-of."""
    ledger = selection.ledger
    return {
        "title": meta.title,
        "as_of": write_time(meta.as_of),
        "layers": [{"name": name, "version": version} for name, version in meta.layers],
        "filter": write(meta.query),
        "ledger": {
            name: dict(value) if isinstance(value, Mapping) else value
            for name in Ledger.__dataclass_fields__
            for value in (getattr(ledger, name),)
        },
        "licence": meta.licence,
        "made_with": f"Incident Atlas {__version__}",
    }


def csv_metadata(selection: Selection, *, meta: ExportMeta, name: str) -> bytes:
    """Write what stands beside a CSV file, which holds rows alone: W3C "CSV on the Web" metadata.

    By that standard the file is called `name` with "-metadata.json" after it.
    """
    held = {
        "@context": "http://www.w3.org/ns/csvw",
        "url": name,
        "tableSchema": {"columns": [{"titles": column} for column in COLUMNS]},
        "notes": [manifest(selection, meta)],
    }
    return json.dumps(held, ensure_ascii=False, allow_nan=False, indent=1).encode() + b"\n"


def _geojson(selection: Selection, meta: ExportMeta) -> bytes:
    head = json.dumps(manifest(selection, meta), ensure_ascii=False, allow_nan=False)
    lines = [
        json.dumps(to_feature(m.incident), ensure_ascii=False, allow_nan=False)
        for m in selection.matches
    ]
    text = '{"type":"FeatureCollection","atlas":' + head + ',"features":[\n'
    return (text + ",\n".join(lines) + "\n]}\n").encode()


def _csv(selection: Selection, meta: ExportMeta) -> bytes:  # noqa: ARG001 a table holds rows alone
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for match in selection.matches:
        writer.writerow([to_csv_cell("" if v is None else v) for v in _row(match)])
    # the mark makes spreadsheets read UTF-8
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _xlsx(selection: Selection, meta: ExportMeta) -> bytes:
    book = Workbook(write_only=True)
    book.properties.creator = "Incident Atlas"
    book.properties.created = book.properties.modified = meta.as_of.replace(tzinfo=None)
    sheet = book.create_sheet("Incidents")
    sheet.freeze_panes = "B2"
    sheet.append(list(COLUMNS))
    for match in selection.matches:
        sheet.append([_cell(sheet, value) for value in _row(match)])
    about = book.create_sheet("About")
    for name, value in _about(selection, meta):
        about.append([_cell(about, name), _cell(about, value)])
    out = io.BytesIO()
    book.save(out)
    return _undated(out.getvalue())


def _cell(sheet: Any, value: object) -> WriteOnlyCell:
    if not isinstance(value, str):
        return WriteOnlyCell(sheet, value=value)
    cell = WriteOnlyCell(sheet, value=_NOT_XML.sub("\ufffd", value)[:_XLSX_TEXT])
    # text stays text: openpyxl would take a leading "=" for a formula
    cell.data_type = "s"
    return cell


def _undated(data: bytes) -> bytes:
    """Write a ZIP again with one fixed date, so that equal content is equal bytes."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/core.xml":
                content = _MODIFIED.sub(rb"\g<1>1980-01-01T00:00:00Z", content)
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            new.writestr(info, content, compress_type=zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _about(selection: Selection, meta: ExportMeta) -> list[tuple[str, str | int]]:
    held = manifest(selection, meta)
    rows: list[tuple[str, str | int]] = [
        ("title", meta.title),
        ("data as of", held["as_of"]),
        ("licence", meta.licence),
    ]
    rows += [(f"layer {name}", version) for name, version in meta.layers]
    rows += [(f"filter {name}", " ".join(values)) for name, values in held["filter"].items()]
    for name, value in held["ledger"].items():
        if isinstance(value, dict):
            rows += [(f"{name}: {key}", n) for key, n in value.items()]
        else:
            rows.append((name, value))
    return [*rows, ("made with", held["made_with"])]


def _row(match: Match) -> list[object]:
    i = match.incident
    known: dict[str, object] = {
        "start": i.start.isoformat(),
        "end": i.end.isoformat(),
        "countries": ";".join(i.countries),
        "lon": i.point.lon if i.point else None,
        "lat": i.point.lat if i.point else None,
        "actors": "; ".join(f"{a.name} ({a.role})" if a.role else a.name for a in i.actors),
        "claims": "; ".join(_claim(c) for c in i.claims),
        "sources": "; ".join(s.publisher or s.title or s.url for s in i.sources),
        "source_url": next((s.url for s in i.sources if s.url), ""),
        "first_seen": write_time(i.recorded.first_seen),
        "updated": write_time(i.recorded.updated),
        "match": match.when,
    }
    for name in ("deaths", "injured"):
        toll = getattr(i, name)
        known |= {f"{name}_{part}": getattr(toll, part) for part in ("low", "best", "high")}
    return [known[name] if name in known else getattr(i, name) for name in COLUMNS]


def _claim(claim: Any) -> str:
    """Say one claim with whom it counts, what it covers and whose it is."""
    said = f"{claim.field}: {claim.value}"
    if claim.low is not None or claim.high is not None:
        said += f" ({claim.low}–{claim.high})"
    notes = [
        claim.whom,
        f"covers {claim.scope}" if claim.scope else "",
        claim.claimant,
        claim.source,
    ]
    kept = ", ".join(note for note in notes if note)
    return f"{said} [{kept}]" if kept else said


def _kml(selection: Selection, meta: ExportMeta) -> bytes:
    ET.register_namespace("", _KML)
    root = ET.Element(f"{{{_KML}}}kml")
    document = _child(root, "Document")
    _child(document, "name", meta.title)
    about = "\n".join(f"{name}: {value}" for name, value in _about(selection, meta))
    _child(document, "description", f"{about}\n\nBase map of the app: {CREDIT}")
    for group in groups():
        style = _child(document, "Style", id=group.id)
        # KML writes alpha, blue, green, red
        colour = group.colour[5:7] + group.colour[3:5] + group.colour[1:3]
        _child(_child(style, "IconStyle"), "color", f"ff{colour}")
        _child(_child(style, "LineStyle"), "color", f"ff{colour}")
        _child(_child(style, "PolyStyle"), "color", f"40{colour}")
    for match in selection.matches:
        _placemark(document, match)
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _placemark(document: ET.Element, match: Match) -> None:
    i = match.incident
    mark = _child(document, "Placemark")
    _child(mark, "name", i.title)
    # a viewer may read HTML in a description: no sign of it is left
    said = (
        f"{event_type(i.event_type).label} · {when_in_words(i)}",
        f"{place_in_words(i)} (place known: {i.precision})",
        f"Deaths: {toll_in_words(i, 'deaths')}",
        i.summary,
        "; ".join(s.url or s.publisher for s in i.sources),
        i.id,
    )
    text = "\n".join(part for part in said if part)
    _child(mark, "description", text.replace("<", "‹").replace(">", "›").replace("&", "＆"))
    span = _child(mark, "TimeSpan")
    _child(span, "begin", i.start.isoformat())
    _child(span, "end", i.end.isoformat())
    _child(mark, "styleUrl", f"#{group_of(i.event_type).id}")
    data = _child(mark, "ExtendedData")
    for name in ("id", "event_type", "precision", "assessment"):
        _child(_child(data, "Data", name=name), "value", getattr(i, name))
    _shape(mark, i)


def _shape(mark: ET.Element, incident: Incident) -> None:
    """Draw a pin for an exact place, a disc of the true radius for a coarse one, else nothing."""
    point, reach = incident.point, reach_km(incident)
    if point is None or incident.precision in ("country", "none"):
        return
    if incident.precision == "exact":
        _child(_child(mark, "Point"), "coordinates", f"{point.lon!r},{point.lat!r}")
        return
    ring = " ".join(f"{lon:.6f},{lat:.6f}" for lon, lat in _circle(point, reach))
    boundary = _child(_child(mark, "Polygon"), "outerBoundaryIs")
    _child(_child(boundary, "LinearRing"), "coordinates", ring)


def _circle(centre: Point, radius_km: float) -> list[tuple[float, float]]:
    steps = _CIRCLE_STEPS
    turns = [360 - 360 * k / steps for k in range(steps)]
    lons, lats, _ = _WGS84.fwd(
        [centre.lon] * steps, [centre.lat] * steps, turns, [radius_km * 1000] * steps
    )
    ring = list(zip(lons, lats, strict=True))
    return [*ring, ring[0]]


def _child(parent: ET.Element, tag: str, text: str = "", **attributes: str) -> ET.Element:
    made = ET.SubElement(parent, f"{{{_KML}}}{tag}", attributes)
    if text:
        made.text = _NOT_XML.sub("\ufffd", text)
    return made
