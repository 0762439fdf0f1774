"""How do exactly the matched incidents become a file, with the ledger that explains it?

One module a format. Each writes, and for `geo.verify` says whether it knows a file, finds the
manifest in it, and names what is not as it was written.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from geo.errors import InputError
from geo.exports import csvw, geojson, geoparquet, gpkg, gpx, kml, xlsx
from geo.exports.csvw import metadata as csv_metadata
from geo.exports.stated import ExportMeta
from geo.exports.stated import manifest_of as manifest
from geo.exports.table import COLUMNS
from geo.filters import Selection

_WRITERS: Mapping[str, Callable[[Selection, ExportMeta], bytes]] = {
    "geojson": geojson.write,
    "csv": csvw.write,
    "xlsx": xlsx.write,
    "gpkg": gpkg.write,
    "parquet": geoparquet.write,
    "kml": kml.write,
    "gpx": gpx.write,
}
FORMATS = tuple(_WRITERS)
__all__ = ("COLUMNS", "FORMATS", "ExportMeta", "csv_metadata", "export", "manifest")


def export(selection: Selection, fmt: str, *, meta: ExportMeta) -> bytes:
    """Write the matched incidents; the same input gives the same bytes.

    Raises
    ------
    InputError
        Where the format is none of `FORMATS`.
    """
    if fmt not in _WRITERS:
        msg = f"export format is {fmt[:20]!r}: must be one of {' '.join(FORMATS)}"
        raise InputError(msg)
    return _WRITERS[fmt](selection, meta)
