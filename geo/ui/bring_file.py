"""Which file does a visitor bring, and what kind of file is it?"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from geo.importing import MOST_UPLOADED
from geo.incoming.folder import Folder

SOURCES = {
    "geojson": "GeoJSON",
    "table": "Table: CSV, TSV, XLSX, ODS or a JSON list",
    "ucdp": "UCDP GED, also from HDX",
    "acled": "ACLED, an export of your own account",
    "gdelt": "GDELT 2.0 events: machine-coded, they come in as drafts",
    "feed": "USGS, GDACS or Bellingcat",
    "vector": "GeoPackage, Shapefile, KML, FlatGeobuf, GeoParquet",
}
_TYPES = [
    *("geojson", "json", "jsonl", "csv", "tsv", "txt", "xlsx", "ods", "gz", "zip"),
    *("gpkg", "kml", "kmz", "fgb", "parquet"),
]
_ENDINGS = {
    "geojson": "geojson",
    "gz": "ucdp",
    **dict.fromkeys(("gpkg", "kml", "kmz", "fgb", "parquet", "zip"), "vector"),
}
# what only files of one vocabulary have in their first lines
_TOLD = (
    ("ucdp", (b"type_of_violence", b"where_prec")),
    ("acled", (b"event_id_cnty", b"sub_event_type")),
    ("feed", (b"earthquake.usgs.gov",)),
    ("feed", (b"gdacs",)),
    ("geojson", (b"FeatureCollection",)),
    ("geojson", (b'"Feature"',)),
)
_GDELT_TABS = 56
_HEAD = 5_000
# by lines, each a row or nearly so
_LINED = ("csv", "tsv", "txt", "jsonl")
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What was brought: a file on this disk, its source, and what the source said with it.

    `rows` is about how many rows it has, 0 where that is not known beforehand.
    """

    key: str
    name: str
    path: Path
    source: str
    rows: int = 0
    answer: bool = False
    said: tuple[str, ...] = ()
    withdraw: tuple[str, ...] = ()


def choose() -> Held | None:
    """Take a file and ask what it is; None where there is none yet."""
    count = st.session_state.setdefault("bring_count", 0)
    most = MOST_UPLOADED // 1_000_000
    file = st.file_uploader(
        f"File, up to {most} MB (GeoJSON up to 10 MB; larger: `python -m geo import`)",
        type=_TYPES,
        key=f"bring_file_{count}",
        max_upload_size=most,
    )
    if file is None:
        st.session_state.pop("bring_upload", None)
        return None
    path = _kept(file)
    with path.open("rb") as opened:
        head = opened.read(_HEAD)
    source = st.selectbox(
        "What is it?",
        list(SOURCES),
        index=list(SOURCES).index(guess(file.name, head)),
        format_func=SOURCES.__getitem__,
        key=source_key(file.file_id),
    )
    return Held(
        key=file.file_id,
        name=file.name,
        path=path,
        source=source or "table",
        rows=st.session_state.bring_upload[2],
    )


def source_key(key: str) -> str:
    """Name of the widget that says what a file is."""
    return f"bring_source_{key}"


def guess(name: str, head: bytes) -> str:
    """Tell a file's vocabulary by its first lines, else by its ending."""
    ending = name.rpartition(".")[2].lower()
    if ending in _ENDINGS and ending not in ("geojson", "gz"):
        return _ENDINGS[ending]
    for source, marks in _TOLD:
        if all(mark in head for mark in marks):
            return source
    if head.split(b"\n", 1)[0].count(b"\t") >= _GDELT_TABS:
        return "gdelt"
    return _ENDINGS.get(ending, "table")


def _kept(file: st.runtime.uploaded_file_manager.UploadedFile) -> Path:
    """Put an upload into a temporary folder, once, bit by bit; it goes with the session."""
    held = st.session_state.get("bring_upload")
    if held is None or held[0] != file.file_id:
        folder = Folder()
        # readers look at the ending alone; the visitor's name for the file is not a path
        ending = "".join(filter(str.isalnum, file.name.rpartition(".")[2].lower()))[:8]
        path = folder.path / f"upload.{ending}"
        file.seek(0)
        with path.open("wb") as out:
            shutil.copyfileobj(file, out)
        rows = _lines(path) - 1 if ending in _LINED else 0
        held = (file.file_id, folder, max(rows, 0))
        st.session_state.bring_upload = held
    kept: Folder = held[1]
    return next(kept.path.iterdir())


def _lines(path: Path) -> int:
    with path.open("rb") as file:
        return sum(part.count(b"\n") for part in iter(lambda: file.read(_CHUNK), b""))
