"""How does a file become incidents of a layer? With a report one can read out loud."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import streamlit as st

from geo.errors import AtlasError, GeoJSONError
from geo.importing import Report, refusal, run
from geo.settings import user_name
from geo.sources.columns import NAMES
from geo.text import to_markdown
from geo.ui import state

_SOURCES = {
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
# columns of their own: nothing to name
_FIXED = ("ucdp", "gdelt", "feed")
_SHOWN = 500
_GDELT_TABS = 56
_FEW = 5


@dataclass(frozen=True, slots=True)
class Upload:
    """A visitor's file and what was said of it."""

    name: str
    data: bytes
    source: str
    layer: str
    columns: tuple[tuple[str, str], ...] = ()


def page() -> None:
    """Take a file, report on it, and write it only when told to."""
    st.subheader("Import a file", anchor=False)
    for sentence in st.session_state.pop("bring_said", []):
        st.success(to_markdown(sentence), icon=":material/check:")
        st.page_link("explore.py", label="Explore the layer", icon=":material/explore:")
    refused = st.session_state.pop("bring_refused", "")
    if refused:
        st.error(to_markdown(f"{refused}."), icon=":material/error:")
    left, right = st.columns([1, 1.5], gap="large")
    with left:
        file = st.file_uploader(
            "File, up to 10 MB (larger ones: `python -m geo import` in a terminal)",
            type=_TYPES,
            key="bring_file",
        )
        source = st.selectbox(
            "What is it?",
            list(_SOURCES),
            index=list(_SOURCES).index(_guess(file.name, file.getvalue()) if file else "geojson"),
            format_func=_SOURCES.__getitem__,
            key=f"bring_source_{file.name if file else ''}",
        )
        columns = _columns(source)
        layer = st.selectbox(
            "Into which layer? Choose one, or type the name of a new one",
            state.store().names(),
            index=None,
            key="bring_layer",
            accept_new_options=True,
            placeholder="layer name",
        )
        st.session_state.setdefault("who", user_name())
        st.text_input("Your name, for the journal", key="who", persist_state="session")
        st.caption("Nothing is written before you have read the report. The file stays here.")
    with right:
        if file is None or not layer:
            st.info("Choose a file and a layer to see what would come in.")
            return
        _report(Upload(file.name, file.getvalue(), source, layer, columns))


def _columns(source: str) -> tuple[tuple[str, str], ...]:
    """Ask for what the names of a table's columns do not tell."""
    if source in _FIXED:
        return ()
    with st.expander("Columns that are not found by name"):
        text = st.text_area(
            "FIELD=HEADER, one a line",
            key="bring_columns",
            placeholder="start=Datum\nplace_name=Ort\ndate_order=dmy",
            help=f"Fields: {', '.join(NAMES)}, and date_order (dmy or mdy)",
        )
    pairs = (line.partition("=") for line in text.splitlines() if line.strip())
    return tuple((field.strip(), header.strip()) for field, _, header in pairs)


def _guess(name: str, data: bytes) -> str:
    """Tell a file's vocabulary by its first lines, else by its ending."""
    head = data[:5000]
    ending = name.rpartition(".")[2].lower()
    if ending in _ENDINGS and ending not in ("geojson", "gz"):
        return _ENDINGS[ending]
    for source, marks in _TOLD:
        if all(mark in head for mark in marks):
            return source
    if head.split(b"\n", 1)[0].count(b"\t") >= _GDELT_TABS:
        return "gdelt"
    return _ENDINGS.get(ending, "table")


def _report(upload: Upload) -> None:
    try:
        report = _run(upload, dry_run=True)
    except AtlasError as error:
        st.error(to_markdown(f"{error}."), icon=":material/error:")
        if isinstance(error, GeoJSONError):
            _rejected(refusal(error, source=upload.source, layer=upload.layer))
        return
    st.markdown(
        f"**{report.accepted:,} of {report.read:,}** incidents can come in: {report.new:,} new, "
        f"{report.revised:,} revised, {report.unchanged:,} unchanged, {report.conflicts:,} in "
        f"conflict with a correction by hand."
    )
    _plan(report)
    written = report.as_json()
    if report.period:
        st.caption(f"Period {written['period'][0]} to {written['period'][1]}")
    _counts("Location precision", written["precision"])
    _counts("Repaired, by rule", written["repaired"])
    _counts("Flagged, kept as they are", written["flagged"])
    _rejected(report)
    if report.licence:
        st.caption(to_markdown(f"Licence: {report.licence}"))
    who = st.session_state.who.strip()
    st.button(
        f"Import {report.new + report.revised:,} incidents",
        type="primary",
        disabled=not who or not report.new + report.revised,
        on_click=_write,
        args=(upload,),
    )
    if not who:
        st.caption("Give your name first: the journal keeps it with the change.")


def _plan(report: Report) -> None:
    """Name the incidents that would change, and in which fields."""
    steps = [
        (kind, step)
        for kind in ("revised", "conflicts", "withdrawn")
        for step in getattr(report.plan, kind)
    ]
    if not steps:
        return
    with st.expander(f"{len(steps):,} incidents that would change"):
        table = {
            "Change": [kind for kind, _ in steps],
            "Incident": [step.title for _, step in steps],
            "Fields": [", ".join(step.fields) for _, step in steps],
            "Id": [step.id for _, step in steps],
        }
        st.dataframe(pd.DataFrame(table), hide_index=True, height=220)


def _rejected(report: Report) -> None:
    if not report.rejected:
        return
    beyond = len(report.rejected) - _SHOWN
    more = f", the first {_SHOWN:,} of them shown" if beyond > 0 else ""
    st.caption(f"{len(report.rejected):,} rejected{more}")
    rows = report.as_json()["rejected"][:_SHOWN]
    few = len(rows) <= _FEW
    st.dataframe(pd.DataFrame(rows), hide_index=True, height="content" if few else 220)


def _counts(label: str, counts: dict[str, int]) -> None:
    if counts:
        parts = ", ".join(f"{rule.replace('_', ' ')} {n:,}" for rule, n in counts.items())
        st.markdown(f"**{label}**  {to_markdown(parts)}")


def _write(upload: Upload) -> None:
    layer = upload.layer
    try:
        report = _run(upload, dry_run=False)
    except AtlasError as error:
        st.session_state.bring_refused = str(error)
        return
    if st.session_state.layer != layer:
        state.leave_layer()
    st.session_state.layer = layer
    st.session_state.bring_said = [
        f"{layer}: {report.new:,} new, {report.revised:,} revised, {report.unchanged:,} unchanged"
    ]


def _run(upload: Upload, *, dry_run: bool) -> Report:
    with tempfile.TemporaryDirectory() as folder:
        # readers look at the ending alone; the visitor's name for the file is not a path
        ending = "".join(filter(str.isalnum, upload.name.rpartition(".")[2].lower()))[:8]
        path = Path(folder) / f"upload.{ending}"
        path.write_bytes(upload.data)
        return run(
            upload.source,
            path,
            layer=upload.layer,
            store=state.store(),
            now=datetime.now(tz=UTC).replace(microsecond=0),
            by=st.session_state.who.strip(),
            dry_run=dry_run,
            columns=dict(upload.columns),
            upload=True,
        )


page()
