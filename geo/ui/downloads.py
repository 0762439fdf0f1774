"""How do the matched incidents leave as files?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import streamlit as st

from geo.exports import ExportMeta, csv_metadata, export
from geo.filters import Filter
from geo.index import Answer
from geo.indexed import IndexedLayer
from geo.snapshot.language import language
from geo.together import shared_notes
from geo.ui import several
from geo.union import Union

_OFFERED = {
    "geojson": ("GeoJSON", "application/geo+json", "every field, for GIS and for us"),
    "csv": ("CSV", "text/csv", "flat columns, safe to open in a spreadsheet"),
    "xlsx": (
        "XLSX",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "flat columns and the ledger on a second sheet",
    ),
    "gpkg": ("GeoPackage", "application/geopackage+sqlite3", "layers that QGIS draws by itself"),
    "parquet": ("GeoParquet", "application/vnd.apache.parquet", "for analysis of many rows"),
    "kml": ("KML", "application/vnd.google-earth.kml+xml", "points where exact, discs elsewhere"),
    "gpx": ("GPX", "application/gpx+xml", "waypoints where exact, outlines elsewhere"),
}
_ACROSS = 4


def draw(layer: IndexedLayer, asked: Filter, answer: Answer) -> None:
    """Offer each format; a file is made when its button is clicked."""
    count = answer.ledger.matched
    st.caption(f"Each file holds exactly the {count:,} matched incidents.")
    meta = ExportMeta(
        title=layer.meta.title or layer.name,
        layers=several.versions(layer),
        query=asked,
        as_of=layer.meta.as_of or datetime.now(tz=UTC),
        licence=layer.meta.licence,
        notes=shared_notes(layer.shared, language("en").say) if isinstance(layer, Union) else (),
    )
    columns = [column for _ in range(0, len(_OFFERED), _ACROSS) for column in st.columns(_ACROSS)]
    ledger = f"{layer.name}.csv-metadata.json"
    for column, (fmt, (label, mime, text)) in zip(columns, _OFFERED.items(), strict=False):
        column.download_button(
            f"Download {label}",
            data=_maker(layer, asked, answer, fmt, meta),
            file_name=f"{layer.name}.{fmt}",
            mime=mime,
            key=f"download_{fmt}",
            on_click="ignore",
            disabled=not count,
            width="stretch",
        )
        column.caption(text)
    st.download_button(
        "Download filter and ledger of the CSV (JSON)",
        data=lambda: csv_metadata(
            layer.selection(asked, answer), meta=meta, name=f"{layer.name}.csv"
        ),
        file_name=ledger,
        mime="application/json",
        key="download_ledger",
        on_click="ignore",
        disabled=not count,
        type="tertiary",
        icon=":material/receipt_long:",
    )


def _maker(
    layer: IndexedLayer, asked: Filter, answer: Answer, fmt: str, meta: ExportMeta
) -> Callable[[], bytes]:
    # the incidents themselves are read when the file is wanted
    return lambda: export(layer.selection(asked, answer), fmt, meta=meta)
