"""What does a vector file say: GeoPackage, Shapefile, KML, FlatGeobuf, GeoParquet?

A process of its own reads it (`geo.sources.vector_worker`), with one driver, no network, and
bounds on room and time. What comes back are lines of JSON, checked like any other JSON from
outside before they count as layers and rows.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Timer
from typing import IO, Any

from geo.errors import GeoJSONError, VectorError
from geo.geojson import check_feature
from geo.sources.vector_files import MAX_UNPACKED, Staged, stage
from geo.strictjson import Limits, parse_json

_WORKER = Path(__file__).with_name("vector_worker.py")
_LINE = Limits(bytes=32_000_000, features=1, containers=1_000_000, vertices=200_000)
_ROW = Limits(bytes=32_000_000, features=1, vertices=200_000, properties=1_000)
_STEP = 262_144
# how KML says when
_TIMES = ("timestamp", "begin", "end")
# drivers that GDAL may be built with; one it has beside these is named by the worker and added
_DRIVERS = (
    *("ADBC", "AIVector", "AVCBin", "AVCE00", "AmigoCloud", "Arrow", "CAD", "CSV", "CSW"),
    *("Carto", "DGN", "DWG", "DXF", "EDIGEO", "EEDA", "ESRI Shapefile", "ESRIJSON"),
    *("Elasticsearch", "FileGDB", "FlatGeobuf", "GDALG", "GML", "GMLAS", "GPKG", "GPSBabel"),
    *("GPX", "GTFS", "GeoJSON", "GeoJSONSeq", "GeoRSS", "HANA", "HTTP", "Idrisi", "JML"),
    *("JSONFG", "KML", "LIBKML", "LIBOPENCAD", "LVBAG", "MBTiles", "MEM", "MSSQLSpatial", "MVT"),
    *("MapInfo File", "MapML", "Memory", "MiraMonVector", "MongoDBv3", "MySQL", "NAS", "NGW"),
    *("OAPIF", "OCI", "ODBC", "ODS", "OGCAPI", "OGR_GMT", "OGR_PDS", "OGR_VRT", "OSM"),
    *("OpenFileGDB", "PCIDSK", "PDF", "PDS4", "PGDUMP", "PGDump", "PGeo", "PLSCENES", "PMTiles"),
    *("Parquet", "PostgreSQL", "S57", "SOSI", "SQLite", "SXF", "Selafin", "TopoJSON", "UK .NTF"),
    *("VDV", "VFK", "VICAR", "WAsP", "WFS", "WFS3", "XLS", "XLSX", "XODR"),
)
_KEPT = ("PATH", "SYSTEMROOT", "WINDIR", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "HOME")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How much a file may cost to read."""

    unpacked: int = MAX_UNPACKED
    memory: int = 3_000_000_000
    seconds: int = 300
    rows: int = 5_000_000
    output: int = 8_000_000_000


BOUNDS = Bounds()


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer of a vector file: its name, columns, and the coordinate system it states."""

    name: str
    fields: tuple[str, ...]
    crs: str
    placed: bool = True


@dataclass(frozen=True, slots=True)
class Shape:
    """A row of a layer as a Feature in WGS 84; `fault` says what was wrong with it."""

    layer: Layer
    feature: dict[str, Any]
    fault: str = ""


class Vector:
    """A vector file that was read to its end; its rows can be gone through more than once."""

    def __init__(self, staged: Staged, name: str, lines: IO[bytes], rows: int) -> None:
        self._name, self._lines, self._rows = name, lines, rows
        self._coarse = staged.coarse

    def shapes(self, *, checked: bool = True) -> Iterator[Shape]:
        """Go through the rows of all layers, in the order of the file.

        Parameters
        ----------
        checked
            Hold every row against RFC 7946; a first look at the columns needs it not.

        Raises
        ------
        VectorError
            Where a line is not what the reader may say.
        """
        self._lines.seek(0)
        layer: Layer | None = None
        count = 0
        for raw in iter(lambda: self._lines.readline(_LINE.bytes + 1), b""):
            said = self._parsed(raw)
            if "layer" in said:
                names = said.get("fields")
                if not isinstance(names, list):
                    raise self._strange(raw)
                layer = Layer(
                    name=str(said["layer"]),
                    fields=tuple(map(str, names)),
                    crs=str(said.get("crs") or ""),
                    placed=said.get("placed") is True,
                )
            elif "row" in said and layer is not None and isinstance(said["row"], dict):
                count += 1
                if count > self._rows:
                    msg = f"{self._name} has more than {self._rows:,} rows: no more are read"
                    raise VectorError(msg)
                for name in _TIMES if self._coarse else ():
                    said["row"][name] = self._as_stated(said["row"].get(name))
                yield _shape(layer, said, checked=checked)
            elif "end" not in said:
                raise self._strange(raw)

    def layers(self) -> tuple[Layer, ...]:
        """Layers that have rows, in the order of the file."""
        return tuple(dict.fromkeys(shape.layer for shape in self.shapes(checked=False)))

    def _as_stated(self, time: object) -> object:
        """Give back a month of which GDAL made its first day."""
        if isinstance(time, str) and time[:7] in self._coarse:
            return time[:7] if time[7:].removesuffix("Z") == "-01T00:00:00" else time
        return time

    def _parsed(self, raw: bytes) -> dict[str, Any]:
        try:
            said = parse_json(raw, limits=_LINE)
        except GeoJSONError as error:
            msg = f"{self._name} has a row that cannot be kept: {error}"
            raise VectorError(msg) from None
        if not isinstance(said, dict):
            raise self._strange(raw)
        return said

    def _strange(self, raw: bytes) -> VectorError:
        return VectorError(f"{self._name} made its reader say {raw[:40]!r}, which is no row")


def _shape(layer: Layer, said: Mapping[str, Any], *, checked: bool) -> Shape:
    feature = {"type": "Feature", "geometry": said.get("shape"), "properties": said["row"]}
    fault = str(said.get("fault", ""))
    try:
        if checked:
            check_feature(feature, "row", limits=_ROW)
    except GeoJSONError as error:
        problem = error.problems[0]
        fault = fault or f"{problem.path.removeprefix('row.')} is {problem.value}: {problem.rule}"
    return Shape(layer, feature, fault)


@contextmanager
def opened(source: Path, *, epsg: str = "", bounds: Bounds = BOUNDS) -> Iterator[Vector]:
    """Read a vector file in a process of its own.

    Parameters
    ----------
    source
        The file; its content decides what it is.
    epsg
        Code of the coordinate system, for a file that states none.
    bounds
        What reading it may cost.

    Raises
    ------
    VectorError
        Where the file is of no kind that is read, is damaged, or costs more than it may.
    """
    if epsg and not (epsg.isascii() and epsg.isdigit() and len(epsg) < 7):
        msg = f"epsg is {epsg[:20]!r}: must be the number of a coordinate system, such as 32642"
        raise VectorError(msg)
    with tempfile.TemporaryDirectory(prefix="atlas-") as folder:
        staged = stage(source, Path(folder), most=bounds.unpacked)
        with tempfile.TemporaryFile() as lines:
            more = _read(staged, lines, source.name, epsg, bounds, ())
            if more and _read(staged, lines, source.name, epsg, bounds, more):
                msg = f"{source.name} is not read: GDAL has drivers that cannot be switched off"
                raise VectorError(msg)
            yield Vector(staged, source.name, lines, bounds.rows)


def _read(
    staged: Staged,
    lines: IO[bytes],
    name: str,
    epsg: str,
    bounds: Bounds,
    more: tuple[str, ...],
) -> tuple[str, ...]:
    """Run the worker once, keep its lines; answers with drivers that were still on."""
    lines.seek(0)
    lines.truncate()
    command = [sys.executable, "-E", "-P", "-B", str(_WORKER), staged.driver, str(staged.path)]
    command += [epsg, str(bounds.memory), str(bounds.seconds)]
    # the only parts from outside are a path of ours and digits
    with subprocess.Popen(  # noqa: S603
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=staged.path.parent,
        env=_surroundings(staged.driver, more),
    ) as worker:
        late = Event()

        def stop() -> None:
            late.set()
            worker.kill()

        timer = Timer(bounds.seconds, stop)
        timer.daemon = True
        timer.start()
        try:
            tail = _drain(worker, lines, name, bounds)
            # it has said all it will; the timer still runs
            code = worker.wait()
        finally:
            timer.cancel()
            worker.kill()
    if late.is_set():
        # a library that gets no memory may wait for itself, so both bounds are named
        given = f"{bounds.seconds} seconds to read with {bounds.memory // 1_000_000:,} MB of memory"
        msg = f"{name} took longer than {given}: no more are spent on it"
        raise VectorError(msg)
    said = _last(tail)
    if "refused" in said:
        msg = f"{name} is not read: {str(said['refused'])[:500]}"
        raise VectorError(msg)
    if "drivers" in said and isinstance(said["drivers"], list):
        return tuple(map(str, said["drivers"]))
    if "end" not in said:
        raise VectorError(_stopped(name, code, bounds))
    return ()


def _drain(worker: subprocess.Popen[bytes], lines: IO[bytes], name: str, bounds: Bounds) -> bytes:
    """Keep what the worker says; answers with its last line."""
    tail, total = b"", 0
    assert worker.stdout is not None  # noqa: S101 a pipe was asked for
    while part := worker.stdout.read(_STEP):
        total += len(part)
        if total > bounds.output:
            msg = f"{name} holds more than {bounds.output:,} bytes of rows: no more are read"
            raise VectorError(msg)
        lines.write(part)
        tail = (tail + part)[-_STEP:]
    return tail.rstrip(b"\n").rpartition(b"\n")[2]


def _last(tail: bytes) -> dict[str, Any]:
    try:
        said = parse_json(tail, limits=_LINE)
    except GeoJSONError:
        return {}
    return said if isinstance(said, dict) else {}


def _stopped(name: str, code: int, bounds: Bounds) -> str:
    """Say why a worker ended before its file did."""
    if os.name != "nt" and -code == getattr(signal, "SIGXCPU", -1):
        return f"{name} took longer than {bounds.seconds} seconds to read: no more are spent on it"
    room = f"{bounds.memory // 1_000_000:,} MB"
    return (
        f"{name} made its reader stop ({code}): it is damaged or needs more than {room} of memory"
    )


def _surroundings(driver: str, more: tuple[str, ...]) -> dict[str, str]:
    """Give the worker what Python needs to start, and GDAL nothing but one driver."""
    off = ",".join(name for name in (*_DRIVERS, *more) if name != driver)
    return {name: os.environ[name] for name in _KEPT if name in os.environ} | {
        "LC_ALL": "C.UTF-8",
        "PYTHONUTF8": "1",
        # with GDAL_SKIP beside it, GDAL 3.12 takes drivers out twice and falls
        "OGR_SKIP": off,
        "GDAL_DRIVER_PATH": "disable",
        "GDAL_DISABLE_READDIR_ON_OPEN": "TRUE",
        "GDAL_HTTP_PROXY": "127.0.0.1:9",
        "GDAL_HTTP_TIMEOUT": "1",
        "GDAL_HTTP_MAX_RETRY": "0",
        "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": "{none}",
        "LIBKML_RESOLVE_STYLE": "NO",
        "OGR_SQLITE_LOAD_EXTENSIONS": "",
        "PROJ_NETWORK": "OFF",
        "GDAL_NUM_THREADS": "1",
        "OGR_GPKG_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "ARROW_DEFAULT_MEMORY_POOL": "system",
    }
