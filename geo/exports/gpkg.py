"""How are incidents written as a GeoPackage that shows no place more exactly than it is known?

`points` holds what is exact or near, `extents` the disc or the unit of what is not exact,
`unplaced` what has no ground at all. geopandas writes the layers; what they say, and how QGIS
draws them, is added as tables. A file to be checked is read from memory, by SQLite alone.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyogrio import set_gdal_config_options

from geo.errors import SnapshotError
from geo.exports.extents import Ground, ground_of
from geo.exports.geoparquet import frame_of
from geo.exports.qgis import extents_style, points_style
from geo.exports.stated import ExportMeta, Row, about, cells, differing, manifest_of, seal
from geo.exports.table import table as made_table
from geo.feature import dump, write_time
from geo.filters import Selection
from geo.flat import COUNTS, NUMBERS

_LAYERS = ("points", "extents", "unplaced")
_SAYS = {
    "points": "Incidents whose place is exact or near; near means within the radius in extents",
    "extents": "Area within which an incident lies: disc of true radius, or province",
    "unplaced": "Incidents that have no place, or only a country",
}
_URI = "urn:incident-atlas:manifest"
_STEPS = 200_000_000
_LONGEST = 500_000_000
_TABLES = """
CREATE TABLE gpkg_metadata (id INTEGER PRIMARY KEY NOT NULL, md_scope TEXT NOT NULL
  DEFAULT 'dataset', md_standard_uri TEXT NOT NULL, mime_type TEXT NOT NULL,
  metadata TEXT NOT NULL);
CREATE TABLE gpkg_metadata_reference (reference_scope TEXT NOT NULL, table_name TEXT,
  column_name TEXT, row_id_value INTEGER, timestamp DATETIME NOT NULL, md_file_id INTEGER NOT NULL,
  md_parent_id INTEGER);
CREATE TABLE about (fid INTEGER PRIMARY KEY NOT NULL, name TEXT NOT NULL, value TEXT);
CREATE TABLE layer_styles (id INTEGER PRIMARY KEY NOT NULL, f_table_catalog TEXT(256),
  f_table_schema TEXT(256), f_table_name TEXT(256), f_geometry_column TEXT(256),
  styleName TEXT(30), styleQML TEXT, styleSLD TEXT, useAsDefault BOOLEAN, description TEXT,
  owner TEXT(30), ui TEXT(30), update_time DATETIME);
"""


def write(selection: Selection, meta: ExportMeta) -> bytes:
    """Write a GeoPackage."""
    # it is read back at once and thrown away: nothing of it need outlive a power cut
    set_gdal_config_options({"OGR_SQLITE_SYNCHRONOUS": "OFF"})
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "incidents.gpkg"
        grounds = [ground_of(match.incident) for match in selection.matches]
        _write_layers(path, frame_of(selection.matches), grounds)
        manifest = manifest_of(selection, meta)
        with closing(sqlite3.connect(path, isolation_level=None)) as base:
            base.executescript("PRAGMA synchronous = OFF; PRAGMA journal_mode = MEMORY")
            _add_unplaced(base, selection, grounds)
            _add_tables(base, meta, about(selection, meta, manifest))
            stated = manifest.stated(**seal("gpkg", *_parted(base))).decode()
            base.execute("UPDATE gpkg_metadata SET metadata = ? WHERE id = 1", (stated,))
            base.execute("VACUUM")
        return _uncounted(path.read_bytes())


def recognises(data: bytes) -> bool:
    """Whether a file is an SQLite database, as a GeoPackage is."""
    return data.startswith(b"SQLite format 3\0")


def manifest_text(data: bytes) -> bytes | None:
    """Manifest within a GeoPackage as JSON text, None where there is none."""
    with _opened(data) as base:
        held = base.execute(
            "SELECT count(*) FROM sqlite_master WHERE name = 'gpkg_metadata' AND type = 'table'"
        ).fetchone()
        if not held[0]:
            return None
        found = base.execute(
            "SELECT metadata FROM gpkg_metadata WHERE md_standard_uri = ?", (_URI,)
        ).fetchall()
    if len(found) > 1:
        msg = f"GeoPackage has {len(found)} manifests: must be one"
        raise SnapshotError(msg)
    return str(found[0][0]).encode("utf-8", "backslashreplace") if found else None


def altered(data: bytes, written: Mapping[str, Any]) -> tuple[str, ...]:
    """Name what is not as it was written, by what the manifest states of the file."""
    try:
        with _opened(data) as base:
            views = base.execute(
                "SELECT count(*) FROM sqlite_master WHERE type = 'view' OR (type = 'table' "
                "AND sql LIKE '%VIRTUAL%' AND name NOT LIKE 'rtree\\_%' ESCAPE '\\')"
            ).fetchone()
            if views[0]:
                return ("document",)
            rows, rest = _parted(base)
    except SnapshotError:
        return ("document",)
    return differing("gpkg", rows, rest, written)


def _write_layers(path: Path, frame: pd.DataFrame, grounds: list[Ground]) -> None:
    spots = [shapely.Point(g.spot.lon, g.spot.lat) if g.spot else None for g in grounds]
    extents = [_many(g.extent) for g in grounds]
    shown = frame.assign(shown=pd.array([g.shown for g in grounds], dtype="str"))
    for layer, kind, rows, shapes in (
        ("points", "Point", frame, spots),
        ("extents", "MultiPolygon", shown, extents),
    ):
        placed = np.array([shape is not None for shape in shapes], dtype=bool)
        geometry = [shape for shape in shapes if shape is not None]
        framed = gpd.GeoDataFrame(
            rows.loc[placed].reset_index(drop=True),
            geometry=gpd.GeoSeries(geometry, crs="EPSG:4326"),
        )
        framed.to_file(path, layer=layer, driver="GPKG", mode="a", geometry_type=kind)


def _add_unplaced(base: sqlite3.Connection, selection: Selection, grounds: list[Ground]) -> None:
    """Write what has no ground: a table without geometry."""
    kinds = {name: "MEDIUMINT" if name in COUNTS else "REAL" for name in NUMBERS}
    columns, rows = made_table(selection.matches)
    typed = ", ".join(f'"{name}" {kinds.get(name, "TEXT")}' for name in columns)
    base.execute(f"CREATE TABLE unplaced (fid INTEGER PRIMARY KEY NOT NULL, {typed})")
    marks = ", ".join("?" * len(columns))
    # only names of our own columns stand in the statement
    base.executemany(
        f"INSERT INTO unplaced VALUES (NULL, {marks})",  # noqa: S608
        [row for row, ground in zip(rows, grounds, strict=True) if ground.shown == "none"],
    )


def _many(extent: Any) -> Any:
    if extent is None or extent.geom_type == "MultiPolygon":
        return extent
    return shapely.MultiPolygon([extent])


def _add_tables(
    base: sqlite3.Connection, meta: ExportMeta, said: list[tuple[str, str | int]]
) -> None:
    """Say in the file what it is and how it is drawn, with the time of the data as only time."""
    moment = write_time(meta.as_of).replace("Z", ".000Z")
    base.executescript(_TABLES)
    base.execute("INSERT INTO gpkg_metadata VALUES (1,'dataset',?,'application/json','')", (_URI,))
    base.execute(
        "INSERT INTO gpkg_metadata_reference VALUES ('geopackage',NULL,NULL,NULL,?,1,NULL)",
        (moment,),
    )
    base.executemany(
        "INSERT INTO about (name, value) VALUES (?, ?)",
        [(name, str(value)) for name, value in said],
    )
    styles = {"points": points_style(), "extents": extents_style()}
    base.executemany(
        "INSERT INTO layer_styles VALUES (?,'','',?,'geom','Incident Atlas',?,NULL,1,?,'','',?)",
        [
            (n, layer, style, "Colour: event group; form: precision", moment)
            for n, (layer, style) in enumerate(styles.items(), 1)
        ],
    )
    base.executemany(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change) "
        "VALUES (?, 'attributes', ?, ?, ?)",
        [
            ("unplaced", "unplaced", "", moment),
            ("about", "about", "What this file holds: filter, ledger, versions", moment),
            ("layer_styles", "layer_styles", "", moment),
        ],
    )
    for layer, text in _SAYS.items():
        base.execute("UPDATE gpkg_contents SET description = ? WHERE table_name = ?", (text, layer))
    base.execute("UPDATE gpkg_contents SET last_change = ?", (moment,))
    base.execute(
        "CREATE TABLE IF NOT EXISTS gpkg_extensions (table_name TEXT, column_name TEXT, "
        "extension_name TEXT NOT NULL, definition TEXT NOT NULL, scope TEXT NOT NULL)"
    )
    base.executemany(
        "INSERT INTO gpkg_extensions VALUES (?,NULL,'gpkg_metadata',"
        "'http://www.geopackage.org/spec120/#extension_metadata','read-write')",
        [("gpkg_metadata",), ("gpkg_metadata_reference",)],
    )


def _parted(base: sqlite3.Connection) -> tuple[list[Row], str]:
    """Part a GeoPackage into the rows of its layers and all else that is read of it."""
    known = {
        name
        for (name,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        if isinstance(name, str)
    }
    rows, heads = [], []
    for layer in _LAYERS:
        if layer in known:
            # the name is one of ours, never one from the file
            read = base.execute(f"SELECT * FROM {layer} ORDER BY fid")  # noqa: S608
            names = [column[0] for column in read.description]
            heads.append([layer, names])
            at = names.index("id") if "id" in names else 0
            rows += [Row(str(held[at]), cells([layer, *map(_cell, held[1:])])) for held in read]
    rest: list[Any] = [heads]
    queries = (
        ("about", "SELECT name, value FROM about ORDER BY fid"),
        ("layer_styles", "SELECT f_table_name, styleQML, useAsDefault FROM layer_styles"),
        ("gpkg_contents", "SELECT table_name, data_type, srs_id FROM gpkg_contents"),
        ("gpkg_geometry_columns", "SELECT * FROM gpkg_geometry_columns"),
    )
    for table, query in queries:
        held = [list(map(_cell, row)) for row in base.execute(query)] if table in known else []
        rest.append([table, held if table == "about" else sorted(held, key=dump)])
    return rows, dump(rest)


def _cell(value: object) -> object:
    return value.hex() if isinstance(value, bytes) else value


def _uncounted(data: bytes) -> bytes:
    """Set how often a database was written to once: GDAL writes more often where it is slow."""
    once = (1).to_bytes(4, "big")
    return data[:24] + once + data[28:92] + once + data[96:]


@contextmanager
def _opened(data: bytes) -> Iterator[sqlite3.Connection]:
    """Open a database in memory, for reading only and for a bounded time."""
    left = [_STEPS // 1_000_000]

    def stop() -> int:
        left[0] -= 1
        return int(left[0] < 0)

    # a journal left in "write-ahead" cannot be read from memory; the content is the same
    held = data[:18] + b"\1\1" + data[20:]
    try:
        with closing(sqlite3.connect(":memory:")) as base:
            base.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST)
            base.deserialize(held)
            base.set_progress_handler(stop, 1_000_000)
            base.execute("PRAGMA trusted_schema = OFF")
            base.execute("PRAGMA query_only = ON")
            base.execute("PRAGMA cell_size_check = ON")
            yield base
    except (sqlite3.Error, OverflowError, UnicodeDecodeError) as error:
        msg = f"GeoPackage cannot be read: {error}"
        raise SnapshotError(msg) from error
