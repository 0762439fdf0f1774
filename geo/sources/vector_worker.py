"""What do the rows of one vector file say, read where it can harm nothing?

A program of its own that imports nothing of ours: it gives up the network, new processes, writing
and all but a bounded room and time, then lets GDAL see one file with one driver, and writes JSON
lines to its output. `geo.sources.vector` starts it and believes none of what it says unchecked.
"""

from __future__ import annotations

import ctypes
import datetime as dt
import importlib
import json
import math
import os
import pathlib
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, BinaryIO

_NO_NETWORK, _OWN_USERS = 0x40000000, 0x10000000
_FORBIDDEN = ("socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.spawn")
_BATCH = 1_000
# no projected coordinate is farther, in metres or feet
_FARTHEST = 2e8
# tables that other programs keep in a GeoPackage for themselves
_HOUSEKEEPING = ("layer_styles", "qgis_projects")
# how a place is drawn in Google Earth, which every KML layer repeats in every row
_LOOK = ("tessellate", "extrude", "visibility", "drawOrder", "icon", "altitudeMode", "snippet")


class RefusedError(Exception):
    """The file cannot be read; the text says why."""


def main(driver: str, path: str, epsg: str, memory: int, seconds: int) -> None:
    """Write what a file holds as JSON lines, the last of which says how it ended."""
    out = os.fdopen(os.dup(1), "wb")
    # whatever a library prints goes nowhere near the rows
    os.dup2(2, 1)
    _confine(seconds)
    try:
        read = _parquet if driver == "Parquet" else _gdal
        _load(driver)
        _bound(memory)
        for line in read(driver, path, epsg):
            _say(out, line)
            if "drivers" in line:
                return
        _say(out, {"end": True})
    except RefusedError as error:
        _say(out, {"refused": str(error)})
    except MemoryError:
        _say(out, {"refused": f"it needs more than {memory // 1_000_000:,} MB of memory"})


def _confine(seconds: int) -> None:
    """Give up what reading a file does not need, as far as this system lets us."""
    if sys.platform == "linux":
        kernel = ctypes.CDLL(None, use_errno=True)
        # a network namespace of its own has not even a way to this machine
        if kernel.unshare(_NO_NETWORK) != 0:
            kernel.unshare(_NO_NETWORK | _OWN_USERS)
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 not on Windows

        limits = {
            "RLIMIT_CPU": seconds,
            "RLIMIT_FSIZE": 0,
            "RLIMIT_CORE": 0,
            "RLIMIT_NPROC": 0,
        }
        for name, most in limits.items():
            # macOS has not all of them
            with suppress(AttributeError, ValueError, OSError):
                resource.setrlimit(getattr(resource, name), (most, most))
    sys.addaudithook(_forbid)


def _load(driver: str) -> None:
    """Import the libraries, which takes nothing from the file.

    An import that runs out of memory half way can leave Python waiting for its own lock.
    """
    reader = "pyarrow.parquet" if driver == "Parquet" else "pyogrio.raw"
    for name in ("shapely", "pyproj", "pyarrow", reader):
        importlib.import_module(name)


def _bound(memory: int) -> None:
    """Take no more memory than this, libraries included; MemoryError where they do not fit."""
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 not on Windows

    with suppress(AttributeError, ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    statm = pathlib.Path("/proc/self/statm")
    if statm.exists() and int(statm.read_text().split()[0]) * resource.getpagesize() > memory:
        raise MemoryError


def _forbid(event: str, arguments: tuple[Any, ...]) -> None:
    writes = event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wax+")
    if event == "os.system" or event.startswith(_FORBIDDEN) or writes:
        msg = f"a reader of vector files does no {event}"
        raise PermissionError(msg)


def _say(out: BinaryIO, line: dict[str, Any]) -> None:
    out.write(json.dumps(line, allow_nan=False, separators=(",", ":")).encode() + b"\n")
    out.flush()


def _gdal(driver: str, path: str, epsg: str) -> Iterator[dict[str, Any]]:
    import pyogrio  # noqa: PLC0415 see _load

    strangers = sorted(set(pyogrio.list_drivers()) - {driver})
    if strangers:
        yield {"drivers": strangers}
        return
    options = {"IMMUTABLE": "YES", "LIST_ALL_TABLES": "NO"} if driver == "GPKG" else {}
    errors = (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, ValueError, OSError)
    try:
        layers = [str(name) for name, _ in pyogrio.list_layers(path)]
        if not layers:
            msg = f"GDAL's {driver} driver finds no layer in it"
            raise RefusedError(msg)
        for layer in layers:
            if driver != "GPKG" or layer not in _HOUSEKEEPING:
                yield from _layer(driver, path, layer, epsg, options)
    except (UnicodeDecodeError, *errors) as error:
        # a message of GDAL may name our temporary folder
        said = " ".join(str(error).replace(path, "the file").split())
        msg = f"GDAL's {driver} driver says: {said[:300]}"
        raise RefusedError(msg) from None


def _layer(
    driver: str, path: str, layer: str, epsg: str, options: dict[str, str]
) -> Iterator[dict[str, Any]]:
    from pyogrio.raw import open_arrow  # noqa: PLC0415 see _load

    with open_arrow(
        path,
        layer=layer,
        use_pyarrow=True,
        batch_size=_BATCH,
        datetime_as_string=True,
        **options,
    ) as (meta, batches):
        shape = meta["geometry_name"] or "wkb_geometry"
        hidden = _LOOK if driver == "LIBKML" else ()
        names = [name for name in meta["fields"] if name not in hidden]
        placed = meta["geometry_type"] is not None
        yield {"layer": layer, "fields": names, "crs": _short(meta["crs"]), "placed": placed}
        yield from _rows(batches, names, shape, _placing(meta["crs"], epsg))


def _parquet(_: str, path: str, epsg: str) -> Iterator[dict[str, Any]]:
    import pyarrow as pa  # noqa: PLC0415 see _load
    import pyarrow.parquet as pq  # noqa: PLC0415

    try:
        file = pq.ParquetFile(path, memory_map=False, pre_buffer=False)
        said = json.loads((file.schema_arrow.metadata or {}).get(b"geo", b"null"))
        shape = said["primary_column"]
        column = said["columns"][shape]
        encoding, crs = column["encoding"], column.get("crs", "OGC:CRS84")
        _check_encoding(str(encoding))
        covered = {c["xmin"][0] for c in column.get("covering", {}).values()}
        names = [n for n in file.schema_arrow.names if n not in {shape, *covered}]
        stated = crs if crs is None or isinstance(crs, str) else json.dumps(crs)
        yield {"layer": "table", "fields": names, "crs": _short(stated), "placed": True}
        batches = file.iter_batches(batch_size=_BATCH, columns=[*names, shape], use_threads=False)
        yield from _rows(batches, names, shape, _placing(stated, epsg))
    except (KeyError, TypeError, IndexError, AttributeError):
        msg = "it is Parquet without the geometry that GeoParquet describes"
        raise RefusedError(msg) from None
    except MemoryError:
        raise
    except (pa.ArrowException, OSError, ValueError) as error:
        said = " ".join(str(error).replace(path, "it").split())
        msg = f"Parquet cannot be read: {said[:300]}"
        raise RefusedError(msg) from None


def _check_encoding(encoding: str) -> None:
    if encoding != "WKB":
        msg = f"its geometry is encoded as {encoding[:40]!r}: only WKB is read"
        raise RefusedError(msg)


def _rows(
    batches: Any, names: list[str], shape: str, place: Callable[[Any], Any]
) -> Iterator[dict[str, Any]]:
    import shapely  # noqa: PLC0415 see _load

    for batch in batches:
        held = batch.select([n for n in names if n in batch.schema.names]).to_pylist()
        raw = batch.column(shape).to_pylist() if shape in batch.schema.names else [None] * len(held)
        read = shapely.from_wkb(raw, on_invalid="ignore")
        placed = place(shapely.force_2d(read))
        for row, wkb, geometry in zip(held, raw, placed, strict=True):
            line: dict[str, Any] = {"row": {name: _value(v) for name, v in row.items()}}
            if wkb is not None and geometry is None:
                line["fault"] = "cannot be read as a point, line or area"
            elif geometry is not None and not geometry.is_empty:
                line["shape"] = _geojson(geometry)
                if line["shape"] is None:
                    line["fault"] = "cannot be placed on WGS 84"
            yield line


def _geojson(geometry: Any) -> dict[str, Any] | None:
    import shapely  # noqa: PLC0415 see _load

    if not math.isfinite(float(abs(shapely.get_coordinates(geometry)).max())):
        return None
    # a multipoint of one is how Shapefiles write many a point
    only = geometry.geoms[0] if geometry.geom_type == "MultiPoint" else geometry
    if only.geom_type == "Point" and len(shapely.get_coordinates(geometry)) == 1:
        return {"type": "Point", "coordinates": [float(only.x), float(only.y)]}
    return dict(json.loads(shapely.to_geojson(geometry)))


def _placing(crs: str | None, epsg: str) -> Callable[[Any], Any]:
    """Say how the geometries of a layer come to WGS 84, longitude first."""
    import pyproj  # noqa: PLC0415 see _load
    import shapely  # noqa: PLC0415

    if not crs and not epsg:
        return _degrees
    try:
        system = pyproj.CRS.from_user_input(crs or f"EPSG:{epsg}")
    except pyproj.exceptions.CRSError:
        msg = f"its coordinate system is {_short(crs) or 'EPSG:' + epsg!r}, which is not known"
        raise RefusedError(msg) from None
    if system.to_epsg() in (4326, 4979) or system.to_authority() == ("OGC", "CRS84"):
        return _degrees
    transform = pyproj.Transformer.from_crs(system, "OGC:CRS84", always_xy=True).transform
    widest, highest = (180.0, 90.0) if system.is_geographic else (_FARTHEST, _FARTHEST)

    def turn(x: Any, y: Any) -> Any:
        # PROJ winds what is off the Earth round it, and answers with some place
        off = (abs(x) > widest) | (abs(y) > highest)
        x[off] = math.nan
        return transform(x, y)

    return lambda shapes: shapely.transform(shapes, turn, interleaved=False)


def _degrees(shapes: Any) -> Any:
    import shapely  # noqa: PLC0415 see _load

    for x, y in shapely.get_coordinates(shapes):
        if abs(x) > 180 or abs(y) > 90:
            msg = (
                f"it does not say its coordinate system, and {x:.15g}, {y:.15g} are no degrees: "
                "say which EPSG code it is in, such as epsg=32642 for UTM zone 42 north"
            )
            raise RefusedError(msg)
    return shapes


def _short(crs: str | None) -> str:
    return "" if crs is None else " ".join(crs.split())[:60]


def _value(value: Any) -> Any:
    """Write a value as JSON; what JSON has no form for becomes text."""
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, (dt.datetime, dt.date, dt.time)):
        return value.isoformat()
    if isinstance(value, dict):
        return {str(name): _value(part) for name, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_value(part) for part in value]
    return value.hex() if isinstance(value, bytes) else str(value)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]), int(sys.argv[5]))
