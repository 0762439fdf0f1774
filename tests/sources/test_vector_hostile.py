"""Does no vector file reach the network, another file, or more room and time than it may?"""

from __future__ import annotations

import subprocess
import sys
import time
import zipfile
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from geo.errors import InputError, VectorError
from geo.settings import ROOT
from geo.sources import vector
from geo.sources.rows import Notes, Rejected
from geo.sources.vector import Bounds, opened
from geo.sources.vector_files import stage
from geo.sources.vector_incidents import read
from tests.examples import NOW
from tests.servers import serving

SAMPLES = ROOT / "tests" / "samples" / "vector"
SMALL = Bounds(unpacked=2_000_000)
SAYS = {
    "hostile-vrt-file.geojson": "of XML only KML is read",
    "hostile-vrt-fetch.kml": "of XML only KML is read",
    "hostile-xxe.kml": "DOCTYPE",
    "hostile-xxe-after-comment.kml": "DOCTYPE",
    "hostile-laughs.kml": "DOCTYPE",
    "hostile-utf16.kml": "UTF-16",
    "hostile-utf7.kml": "UTF-7",
    "hostile-link.kml": "no rows; what it may link to is not followed",
    "hostile-xxe.kmz": "DOCTYPE",
    "hostile-slip.zip": "leads out of the archive",
    "hostile-slip-windows.zip": "leads out of the archive",
    "hostile-link.zip": "has a link in it",
    "hostile-bomb.kmz": "unpacks to 3,000,",
    "hostile-half.zip": "without its .shx",
    "hostile-two.zip": "has 2 Shapefiles",
    "hostile-cut.fgb": "finds no layer in it",
    "hostile-cut.gpkg": "GPKG driver says",
    "hostile-cut.parquet": "Parquet cannot be read",
}


def _refusal(path: Path, **options) -> str:
    begun = time.monotonic()
    with pytest.raises(InputError) as told:
        list(read(path, now=NOW, notes=Notes(), **options))
    assert time.monotonic() - begun < 30
    said = str(told.value)
    assert "atlas-" not in said
    assert "\n" not in said
    assert "root:" not in said
    return said


def test_every_hostile_sample_is_known() -> None:
    assert set(SAYS) == {path.name for path in SAMPLES.glob("hostile-*")}


@pytest.mark.parametrize("name", sorted(SAYS))
def test_a_hostile_file_is_refused_in_a_sentence(name: str) -> None:
    assert SAYS[name] in _refusal(SAMPLES / name, most=SMALL.unpacked)


def test_the_hostile_corpus_is_refused(shared: Path) -> None:
    folder = shared / "data" / "hostile" / "synthetic"
    for path in sorted([*(folder / "gdal").iterdir(), *(folder / "archives").iterdir()]):
        assert path.name in _refusal(path)


def test_no_request_leaves_the_reader(tmp_path: Path) -> None:
    with serving(lambda asked: asked.say(200, b"{}")) as server:
        places = {
            "a.geojson": "<OGRVRTDataSource><OGRVRTLayer name='x'><SrcDataSource>"
            f"/vsicurl/{server.url}/x.csv</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>",
            "b.kml": f'<!DOCTYPE kml SYSTEM "{server.url}/x.dtd"><kml/>',
            "c.kml": f"<kml><Document><NetworkLink><Link><href>{server.url}/x.kml</href></Link>"
            "</NetworkLink></Document></kml>",
            "d.kml": '<kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark>'
            f"<styleUrl>{server.url}/s.kml#a</styleUrl><Point><coordinates>1,2</coordinates>"
            "</Point></Placemark></Document></kml>",
        }
        for name, text in places.items():
            (tmp_path / name).write_text(text)
            _refusal(tmp_path / name)
        # the proof that the server would have noticed
        assert server.seen == []


_CURL = """
import runpy, sys
worker = runpy.run_path(sys.argv[1])
if sys.argv[3] == "confined":
    worker["_confine"](60)
import pyogrio
try:
    pyogrio.list_layers("/vsicurl/" + sys.argv[2] + "/x.geojson")
except Exception as error:
    print(error)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="network namespaces are Linux's")
def test_even_a_driver_that_fetches_reaches_nobody(tmp_path: Path) -> None:
    script = tmp_path / "curl.py"
    script.write_text(_CURL)
    worker = str(ROOT / "geo/sources/vector_worker.py")
    with serving(lambda asked: asked.say(200, b"{}")) as server:
        seen = []
        for how in ("free", "confined"):
            subprocess.run(
                [sys.executable, str(script), worker, server.url, how],
                check=False,
                capture_output=True,
                timeout=60,
            )
            seen.append(len(server.seen))
    if seen[0] == 0:
        pytest.skip("this GDAL fetches nothing anyway")
    assert seen[1] == seen[0]


_TRIES = """
import runpy, sys
worker = runpy.run_path(sys.argv[1])
worker["_confine"](60)
import socket, subprocess
for act in (
    lambda: socket.socket(),
    lambda: subprocess.run(["true"]),
    lambda: open(sys.argv[2], "w"),
):
    try:
        act()
        print("done")
    except OSError as error:
        print("refused")
"""


def test_the_reader_opens_no_socket_writes_no_file_starts_no_program(tmp_path: Path) -> None:
    script = tmp_path / "tries.py"
    script.write_text(_TRIES)
    worker = str(ROOT / "geo/sources/vector_worker.py")
    done = subprocess.run(
        [sys.executable, str(script), worker, str(tmp_path / "out")],
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.stdout.split() == ["refused"] * 3
    assert not (tmp_path / "out").exists()


@pytest.fixture
def points(tmp_path: Path) -> Path:
    spots = [shapely.Point(i / 100, 0) for i in range(3_000)]
    frame = gpd.GeoDataFrame({"date": ["2025-10-11"] * 3_000}, geometry=spots, crs=4326)
    frame.to_file(tmp_path / "p.fgb", driver="FlatGeobuf")
    return tmp_path / "p.fgb"


@pytest.mark.parametrize(
    ("bounds", "said"),
    [
        (Bounds(rows=100), "more than 100 rows"),
        (Bounds(output=10_000), "more than 10,000 bytes of rows"),
        (Bounds(unpacked=10_000), "more than 10,000 bytes"),
    ],
)
def test_a_file_costs_no_more_than_it_may(points: Path, bounds: Bounds, said: str) -> None:
    with pytest.raises(VectorError, match=said), opened(points, bounds=bounds) as held:
        list(held.shapes())


@pytest.mark.skipif(sys.platform != "linux", reason="memory is bounded on Linux")
def test_a_file_that_needs_too_much_memory_is_named(points: Path) -> None:
    with (
        pytest.raises(VectorError, match=r"p\.fgb .*100 MB of memory"),
        opened(points, bounds=Bounds(memory=100_000_000)),
    ):
        pass


def _worker(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str) -> None:
    (tmp_path / "worker.py").write_text(text)
    monkeypatch.setattr(vector, "_WORKER", tmp_path / "worker.py")


def test_a_reader_that_hangs_is_ended(points: Path, tmp_path: Path, monkeypatch) -> None:
    _worker(monkeypatch, tmp_path, "import time; time.sleep(60)")
    begun = time.monotonic()
    with (
        pytest.raises(VectorError, match="longer than 1 seconds"),
        opened(points, bounds=Bounds(seconds=1)),
    ):
        pass
    assert time.monotonic() - begun < 10


@pytest.mark.parametrize(
    ("says", "said"),
    [
        ("", "made its reader stop"),
        ("print('x')", "made its reader stop"),
        ("print('{\"row\":{}}')", "made its reader stop"),
        ("print('[]'); print('{\"end\":true}')", "no row"),
        ("print('{\"row\":{}}'); print('{\"end\":true}')", "no row"),
        ('print(\'{"layer":"x","fields":1}\'); print(\'{"end":true}\')', "no row"),
        ("print('{\"a\":NaN}'); print('{\"end\":true}')", "cannot be kept"),
        ('print(\'{"drivers":["PDF"]}\')', "cannot be switched off"),
    ],
)
def test_nothing_a_reader_says_is_believed_unchecked(
    points: Path, tmp_path: Path, monkeypatch, says: str, said: str
) -> None:
    _worker(monkeypatch, tmp_path, says)
    with pytest.raises(VectorError, match=said), opened(points) as held:
        list(held.shapes())


def test_a_shape_that_breaks_the_standard_is_a_fault(points, tmp_path, monkeypatch) -> None:
    lines = (
        '{"layer":"x","fields":["a"]}',
        '{"row":{"a":1},"shape":{"type":"Point","coordinates":[500,1]}}',
        '{"end":true}',
    )
    _worker(monkeypatch, tmp_path, f"print({chr(10).join(lines)!r})")
    with opened(points) as held:
        (shape,) = held.shapes()
    assert "longitude runs from -180 to 180" in shape.fault


def test_rows_are_read_only_once_they_are_checked(points, tmp_path, monkeypatch) -> None:
    lines = (
        '{"layer":"x","fields":["date"]}',
        '{"row":{"date":"2025-10-11"},"shape":{"type":"Point"}}',
        '{"row":{"date":"2025-10-11"},"shape":7}',
        '{"row":{"date":"2025-10-11"}}',
        '{"end":true}',
    )
    _worker(monkeypatch, tmp_path, f"print({chr(10).join(lines)!r})")
    rows = list(read(points, now=NOW, notes=Notes()))
    assert [isinstance(row, Rejected) for row in rows] == [True, True, False]


@pytest.mark.parametrize("ending", [".shp", ".dbf", ".shx"])
def test_a_shapefile_that_was_cut_short_is_refused(tmp_path: Path, ending: str) -> None:
    with (
        zipfile.ZipFile(SAMPLES / "utm.zip") as whole,
        zipfile.ZipFile(tmp_path / "x.zip", "w") as cut,
    ):
        for member in whole.infolist():
            data = whole.read(member)
            half = data[: len(data) - 9] if member.filename.endswith(ending) else data
            cut.writestr(member.filename, half)
    assert f"has a {ending} that was cut short" in _refusal(tmp_path / "x.zip")


def test_of_an_archive_only_what_is_needed_is_unpacked(tmp_path: Path) -> None:
    staged = stage(SAMPLES / "utm.zip", tmp_path)
    assert staged.driver == "ESRI Shapefile"
    assert {p.name for p in tmp_path.iterdir()} == {
        f"input{end}" for end in (".shp", ".shx", ".dbf", ".prj", ".cpg")
    }


def test_a_member_whose_packing_is_damaged_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "staged"
    folder.mkdir()
    path = tmp_path / "damaged.kmz"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("doc.kml", "<kml/>" * 500)
    data = bytearray(path.read_bytes())
    first = 30 + len("doc.kml")
    data[first : first + 6] = b"\xff" * 6
    path.write_bytes(data)
    with pytest.raises(VectorError, match="cannot be unpacked: Error -3"):
        stage(path, folder, most=10**8)
