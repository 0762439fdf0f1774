"""How do exactly the matched incidents become a file, with the ledger that explains it?

One module a format. Each writes, and for `geo.verify` says whether it knows a file, finds the
manifest in it, and names what is not as it was written.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module

from geo.errors import InputError
from geo.exports.csvw import metadata as csv_metadata
from geo.exports.stated import ExportMeta
from geo.exports.stated import manifest_of as manifest
from geo.exports.table import COLUMNS
from geo.filters import Selection

# by name: what workbooks and GeoPackages need takes a third of a second to import
_MODULES: Mapping[str, str] = {
    "geojson": "geojson",
    "csv": "csvw",
    "xlsx": "xlsx",
    "gpkg": "gpkg",
    "parquet": "geoparquet",
    "kml": "kml",
    "gpx": "gpx",
}
FORMATS = tuple(_MODULES)
__all__ = ("COLUMNS", "FORMATS", "ExportMeta", "csv_metadata", "export", "manifest")


def export(selection: Selection, fmt: str, *, meta: ExportMeta) -> bytes:
    """Write the matched incidents; the same input gives the same bytes.

    Raises
    ------
    InputError
        Where the format is none of `FORMATS`.
    """
    if fmt not in _MODULES:
        msg = f"export format is {fmt[:20]!r}: must be one of {' '.join(FORMATS)}"
        raise InputError(msg)
    written: bytes = import_module(f"geo.exports.{_MODULES[fmt]}").write(selection, meta)
    return written
