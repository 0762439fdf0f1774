"""Which vector files are the tests' own samples, and how were they made?

Run with Python from the root of the repository; writes the same bytes every time. Everything in
them is invented. What starts with `hostile` must be refused.
"""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

HERE = Path(__file__).parent
_KML = '<kml xmlns="http://www.opengis.net/kml/2.2">'
_EPOCH = (1980, 1, 1, 0, 0, 0)
_MARKS = """<Document><name>Sample</name>
<Placemark id="k1"><name>Clash at the gate</name><description><![CDATA[<b>bold</b> claim]]>\
</description><TimeStamp><when>2025-10-11</when></TimeStamp>
<Point><coordinates>70.1,34.2,1200</coordinates></Point></Placemark>
<Placemark id="k2"><name>Two days of shelling</name><TimeSpan><begin>2025-10-12</begin>\
<end>2025-10-13</end></TimeSpan><Point><coordinates>71.1,34.1</coordinates></Point></Placemark>
<Placemark id="k3"><name>Supply road</name><TimeStamp><when>2025-10-11</when></TimeStamp>
<LineString><coordinates>70,34 71,34.5</coordinates></LineString></Placemark>
</Document>"""
_ENTITIES = "".join(
    f'<!ENTITY {name} "{f"&{before};" * 10}">'
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
_VRT = (
    "<OGRVRTDataSource><OGRVRTLayer name='x'><SrcDataSource>{}</SrcDataSource>"
    "</OGRVRTLayer></OGRVRTDataSource>"
)


def _zip(*members: tuple[str, bytes, int]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content, mode in members:
            member = zipfile.ZipInfo(name, _EPOCH)
            member.create_system, member.external_attr = 3, mode << 16
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, content)
    return held.getvalue()


def _shapefile(points: list[tuple[float, float]], rows: list[tuple[str, str]]) -> dict[str, bytes]:
    """Write points with a date and a name; ESRI's own description of the format is followed."""
    xs, ys = [x for x, _ in points], [y for _, y in points]

    def head(words: int) -> bytes:
        box = struct.pack("<2i8d", 1000, 1, min(xs), min(ys), max(xs), max(ys), 0, 0, 0, 0)
        return struct.pack(">7i", 9994, 0, 0, 0, 0, 0, words) + box

    shp = b"".join(
        struct.pack(">2i", n, 10) + struct.pack("<i2d", 1, x, y)
        for n, (x, y) in enumerate(points, 1)
    )
    shx = b"".join(struct.pack(">2i", 50 + 14 * n, 10) for n in range(len(points)))
    fields = (("date", 10), ("name", 20))
    dbf = struct.pack("<4BIHH20x", 3, 125, 1, 1, len(rows), 32 + 32 * 2 + 1, 31)
    for name, width in fields:
        dbf += struct.pack("<11sc4xBB14x", name.encode(), b"C", width, 0)
    dbf += b"\r"
    for row in rows:
        dbf += b" " + b"".join(v.encode().ljust(w) for v, (_, w) in zip(row, fields, strict=True))
    return {
        ".shp": head(50 + len(shp) // 2) + shp,
        ".shx": head(50 + len(shx) // 2) + shx,
        ".dbf": dbf + b"\x1a",
        ".cpg": b"UTF-8",
    }


def samples() -> dict[str, bytes]:
    """Every sample by name."""
    kml = f'<?xml version="1.0" encoding="UTF-8"?>\n{_KML}{_MARKS}</kml>\n'
    bomb = b" " * 3_000_000
    rows = [("2025-10-11", "Clash"), ("2025-10-12", "Raid")]
    utm = _shapefile([(500_000.0, 3_790_000.0), (510_000.0, 3_800_000.0)], rows)
    zone = (
        b'PROJCS["WGS_1984_UTM_Zone_42N",GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID['
        b'"WGS_1984",6378137.0,298.257223563]],PRIMEM["Greenwich",0.0],UNIT["Degree",'
        b'0.0174532925199433]],PROJECTION["Transverse_Mercator"],PARAMETER["False_Easting",'
        b'500000.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",69.0],'
        b'PARAMETER["Scale_Factor",0.9996],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]'
    )
    stated = [*((f"a/events{end}", part, 0o644) for end, part in utm.items())]
    xxe = '<!DOCTYPE kml [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    return {
        "events.kml": kml.encode(),
        "events.kmz": _zip(("doc.kml", kml.encode(), 0o644), ("files/icon.png", b"", 0o644)),
        "utm.zip": _zip(*stated, ("a/events.prj", zone, 0o644)),
        "no-crs.zip": _zip(*stated),
        "hostile-vrt-file.geojson": _VRT.format("CSV:/etc/passwd").encode(),
        "hostile-vrt-fetch.kml": _VRT.format("/vsicurl/http://127.0.0.1:9/x.csv").encode(),
        "hostile-xxe.kml": f'<?xml version="1.0"?>{xxe}{_KML}{_MARKS}</kml>'.encode(),
        "hostile-xxe-after-comment.kml": f"<!-- a --><?b?>\n{xxe}{_KML}</kml>".encode(),
        "hostile-laughs.kml": (
            f'<!DOCTYPE kml [<!ENTITY a "AAAAAAAAAA">{_ENTITIES}]>{_KML}<name>&i;</name></kml>'
        ).encode(),
        "hostile-utf16.kml": f"{xxe}{_KML}</kml>".encode("utf-16"),
        "hostile-utf7.kml": f'<?xml version="1.0" encoding="UTF-7"?>{_KML}</kml>'.encode(),
        "hostile-link.kml": (
            f"{_KML}<Document><NetworkLink><Link><href>http://127.0.0.1:9/x.kml</href></Link>"
            "</NetworkLink></Document></kml>"
        ).encode(),
        "hostile-xxe.kmz": _zip(("doc.kml", f"{xxe}{_KML}</kml>".encode(), 0o644)),
        "hostile-slip.zip": _zip(("../../events.shp", b"x", 0o644)),
        "hostile-slip-windows.zip": _zip(("C:events.shp", b"x", 0o644)),
        "hostile-link.zip": _zip(("events.shp", b"/etc/passwd", 0o120777)),
        "hostile-bomb.kmz": _zip(("doc.kml", _KML.encode() + bomb + b"</kml>", 0o644)),
        "hostile-half.zip": _zip(("events.shp", utm[".shp"], 0o644)),
        "hostile-two.zip": _zip(("a.shp", b"x", 0o644), ("b.shp", b"x", 0o644)),
        "hostile-cut.fgb": b"fgb\x03fgb\x00" + b"\xff" * 64,
        "hostile-cut.gpkg": b"SQLite format 3\0" + b"\xff" * 2_000,
        "hostile-cut.parquet": b"PAR1" + b"\xff" * 64 + b"PAR1",
    }


if __name__ == "__main__":
    for name, content in samples().items():
        (HERE / name).write_bytes(content)
