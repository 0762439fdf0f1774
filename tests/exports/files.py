"""How do tests make a data file, and read every incident out of one?"""

from __future__ import annotations

import csv
import io
import json
import sqlite3
import xml.etree.ElementTree as ET
from collections.abc import Iterable
from contextlib import closing
from datetime import date

import openpyxl
import pyarrow.parquet as pq

from geo.exports import ExportMeta, csv_metadata, export
from geo.filters import Filter, select
from geo.incident import Incident
from geo.profile import fit
from geo.snapshot.language import language
from geo.text import from_csv_cell
from geo.verify import Verdict, verify
from tests.examples import NOW, alone

KML = {"k": "http://www.opengis.net/kml/2.2"}
GPX = {"g": "http://www.topografix.com/GPX/1/1", "atlas": "urn:incident-atlas:gpx"}
OCTOBER = Filter(start=date(2025, 10, 9), end=date(2025, 10, 19))


def meta_for(
    incidents: Iterable[Incident], query: Filter, title: str, profile: str
) -> tuple[ExportMeta, tuple[Incident, ...]]:
    """Make incidents fit, and say so, as the command line does."""
    fitted = fit(incidents, profile)
    meta = ExportMeta(
        title=title,
        layers=(("border", fitted.version("abc")),),
        query=query,
        as_of=NOW,
        licence="CC BY 4.0",
        profile=fitted.profile,
        notes=fitted.notes(language("en").say),
        withheld=fitted.withheld,
    )
    return meta, fitted.incidents


def exported(
    incidents: Iterable[Incident],
    fmt: str,
    query: Filter = OCTOBER,
    title: str = "Border",
    profile: str = "internal",
) -> bytes:
    """Write a file."""
    meta, fitted = meta_for(incidents, query, title, profile)
    return export(select(fitted, query), fmt, meta=meta)


def beside(
    incidents: Iterable[Incident],
    query: Filter = OCTOBER,
    title: str = "Border",
    profile: str = "internal",
) -> bytes:
    """Write the metadata file of a CSV."""
    meta, fitted = meta_for(incidents, query, title, profile)
    return csv_metadata(select(fitted, query), meta=meta, name="border.csv")


def checked(
    data: bytes,
    fmt: str,
    made_from: Iterable[Incident],
    today: Iterable[Incident],
    *,
    version: str = "abc",
    query: Filter = OCTOBER,
    profile: str = "internal",
) -> Verdict:
    """Verify a file made from some incidents with those of today."""
    metadata = beside(made_from, query, profile=profile) if fmt == "csv" else None
    return verify(data, alone(today, version), beside=metadata)


def csv_rows(data: bytes) -> list[dict[str, str]]:
    """Rows of a CSV by column."""
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def xlsx_rows(data: bytes, sheet: str = "Incidents") -> list[dict[object, object]]:
    """Rows of a sheet by column."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    head, *rows = book[sheet].iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows]


def database(data: bytes) -> sqlite3.Connection:
    """Open a GeoPackage from its bytes."""
    base = sqlite3.connect(":memory:")
    base.deserialize(data)
    return base


def ids(data: bytes, fmt: str) -> list[str]:  # noqa: PLR0911 one a format
    """Ids of the incidents in a file, each once."""
    if fmt == "geojson":
        return [f["id"] for f in json.loads(data)["features"]]
    if fmt == "csv":
        return [from_csv_cell(row["id"]) for row in csv_rows(data)]
    if fmt == "xlsx":
        return [str(row["id"]) for row in xlsx_rows(data)]
    if fmt == "parquet":
        return list(pq.read_table(io.BytesIO(data))["id"].to_pylist())
    if fmt == "gpkg":
        with closing(database(data)) as base:
            found = [
                base.execute(f"SELECT id FROM {layer}").fetchall()  # noqa: S608 a name of ours
                for layer in ("points", "extents", "unplaced")
            ]
        return list(dict.fromkeys(id_ for rows in found for (id_,) in rows))
    root = ET.fromstring(data)  # noqa: S314 our own bytes
    if fmt == "gpx":
        return [node.text or "" for node in root.iterfind(".//atlas:id", GPX)]
    marks = root.findall(".//k:Placemark", KML)
    return [mark.findtext("k:ExtendedData/k:Data[@name='id']/k:value", "", KML) for mark in marks]
