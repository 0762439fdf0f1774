"""Do typed coordinates point where they should, and no more exactly than they were typed?"""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pyproj import Transformer

from geo.area import distance_km
from geo.coordinates import read, read_angle, to_decimal, to_dms, to_mgrs
from geo.errors import CoordinateError
from geo.incident import Point

_KABUL = Point(69.1723, 34.5281)
# one degree of latitude as a round figure, in metres
_DEGREE = 111_320.0


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("34.5281, 69.1723", "decimal"),
        (" 34.5281 69.1723 ", "decimal"),
        ("34.5281;69.1723", "decimal"),
        ("+34.5281,+069.1723", "decimal"),
        ("34.5281°, 69.1723°", "decimal"),
        ("34.5281\u00a069.1723", "decimal"),
        ("34,5281; 69,1723", "decimal comma"),
        ("34,5281 69,1723", "decimal comma"),
        ("34.5281N 69.1723E", "degrees"),
        ("N34.5281, E69.1723", "degrees"),
        ("69.1723 E, 34.5281 N", "degrees"),
        ("34.5281° north, 69.1723° east", "degrees"),
        ("Lat: 34.5281 N Long: 69.1723 E", "degrees"),
        ("34,5281° N; 69,1723° E", "degrees"),
        ("34°31.686'N 69°10.338'E", "degrees"),
        ("34°31'41.16\"N 69°10'20.28\"E", "degrees"),
        ("34° 31′ 41.16″ N, 69° 10′ 20.28″ E", "degrees"),
        ("34 31 41.16 N 69 10 20.28 E", "degrees"),
        ("34:31:41.16N 69:10:20.28E", "degrees"),
        ("34º31’41.16’’n 69º10’20.28’’e", "degrees"),
        ("34 deg 31 min 41.16 sec N, 69 degrees 10 minutes 20.28 seconds E", "degrees"),
        ("geo:34.5281,69.1723", "geo address"),
        ("GEO:34.5281,69.1723,1790;u=5", "geo address"),
        ("geo:34.5281,69.1723;crs=wgs84", "geo address"),
        ("geo:0,0?q=34.5281,69.1723(Kabul)", "geo address"),
        ("https://www.openstreetmap.org/#map=15/34.5281/69.1723", "map link"),
        ("https://www.openstreetmap.org/?mlat=34.5281&mlon=69.1723#map=5/1/2", "map link"),
        ("https://www.google.com/maps/@34.5281,69.1723,15z", "map link"),
        ("https://www.google.com/maps?q=34.5281,69.1723", "map link"),
        ("https://www.google.com/maps?q=34.5281%2c+69.1723", "map link"),
        ("https://www.google.com/maps/place/x/@1,2,15z/data=!3d34.5281!4d69.1723", "map link"),
        ("https://maps.apple.com/?ll=34.5281,69.1723&z=9", "map link"),
        ("https://www.bing.com/maps?cp=34.5281~69.1723", "map link"),
        ("http://wikimapia.org/#lang=en&lat=34.5281&lon=69.1723&z=12", "map link"),
        # longitude first: read as its makers mean it
        ("https://yandex.com/maps/?ll=69.1723%2C34.5281&z=9", "map link"),
    ],
)
def test_kabul_is_kabul_however_it_is_written(text: str, form: str) -> None:
    reading = read(text)
    assert reading.form == form
    assert reading.point.lon == pytest.approx(69.1723, abs=1e-6)
    assert reading.point.lat == pytest.approx(34.5281, abs=1e-6)


@pytest.mark.parametrize(
    ("text", "point"),
    [
        ("-17.7134, 178.065", Point(178.065, -17.7134)),
        ("\u221217.7134, \u2212178.065", Point(-178.065, -17.7134)),
        ("17.7134S 178.065W", Point(-178.065, -17.7134)),
        ("0°30'S 0°15'W", Point(-0.25, -0.5)),
        ("-0.5, -0.25", Point(-0.25, -0.5)),
        ("90, 180", Point(180.0, 90.0)),
        ("90°S 180°W", Point(-180.0, -90.0)),
        ("0 0", Point(0.0, 0.0)),
    ],
)
def test_hemispheres_and_edges(text: str, point: Point) -> None:
    assert read(text).point == point


@pytest.mark.parametrize(
    ("text", "metres"),
    [
        ("34, 69", _DEGREE),
        ("34.5, 69.1723", _DEGREE / 10),
        ("34.5281, 69.1723", _DEGREE / 10_000),
        ("34.5000, 69.1000", _DEGREE / 10_000),
        ("34,52; 69,17", _DEGREE / 100),
        ("34°N 69°E", _DEGREE),
        ("34.5281N 69.1723E", _DEGREE / 10_000),
        ("34°31'N 69°10'E", _DEGREE / 60),
        ("34°31.686'N 69°10.3'E", _DEGREE / 600),
        ("34°31'41\"N 69°10'20\"E", _DEGREE / 3_600),
        ("34°31'41.2\"N 69°10'20.3\"E", _DEGREE / 36_000),
        ("34°31'41\"N 69°10'E", _DEGREE / 60),
        ("geo:34.5281,69.1723;u=250", 250),
        ("geo:34.5,69.1;u=5", _DEGREE / 10),
        ("42SWD1579820717", 1),
        ("42S WD 1579 2071", 10),
        ("42s wd 157 207", 100),
        ("42SWD 15 20", 1_000),
        ("42SWD12", 10_000),
    ],
)
def test_the_digits_say_how_exact_it_is(text: str, metres: float) -> None:
    assert read(text).precision_m == pytest.approx(metres)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "write latitude"),
        ("Kabul", "write latitude"),
        ("34.5281", "write latitude"),
        ("34.5281, 69.1723, 5", "write latitude"),
        ("34.5e1, 69", "write latitude"),
        ("nan, inf", "write latitude"),
        ("1_0, 2", "write latitude"),
        ("91, 69", "from -90 to 90"),
        ("134.5281, 69.1723", "look swapped"),
        ("-134.5281, 269.1723", "from -90 to 90$"),
        ("34.5281, 180.5", "from -180 to 180"),
        ("95°N 20°E", "from -90 to 90"),
        ("34°75'N 69°10'E", "minutes are 75"),
        ("34°31'60\"N 69°10'E", "seconds are 60"),
        ("34.5°31'N 69°10'E", "write latitude"),
        ("34°31'N 69°10'S", "one of them"),
        ("34°31'E 69°10'W", "one of them"),
        ("-34°31'N 69°10'E", "write latitude"),
        ("N E", "write latitude"),
        ("34°31'N", "write latitude"),
        ("42SWD", "0 digits"),
        ("42SWD123", "3 digits"),
        ("42SWD 123 4567 8", "write latitude"),
        ("WD 15798 20717", "lacks its grid zone"),
        ("61SWD1579820717", "no place"),
        ("00SWD1579820717", "no place"),
        ("42SZZ1579820717", "write latitude"),
        ("42SAA1579820717", "no place"),
        # right squares under a wrong band or zone: the library alone answers 18 degrees away
        ("42TWD1579820717", "do not fit"),
        ("42RWD1579820717", "do not fit"),
        ("1CAA1234512345", "do not fit"),
        ("geo:34.5", "geo address"),
        ("geo:34.5,69.1,abc", "geo address"),
        ("geo:34.5,69.1;crs=nad27", "geo address"),
        ("geo:134.5,69.1", "swapped"),
        ("https://maps.app.goo.gl/abc", "long form"),
        ("https://example.org/@134.5,69.1", "swapped"),
        ("javascript:@34.5,69.1", "write latitude"),
        ("1" * 501, "characters long"),
        ("34.5281, 69.1723\x00", "write latitude"),
        ("٣٤, ٦٩", "write latitude"),
    ],
)
def test_what_is_no_place_is_refused_with_a_reason(text: str, told: str) -> None:
    with pytest.raises(CoordinateError, match=told):
        read(text)


@given(st.text(max_size=40))
def test_any_text_is_a_place_on_earth_or_a_sentence(text: str) -> None:
    try:
        point = read(text).point
    except CoordinateError:
        return
    assert abs(point.lat) <= 90
    assert abs(point.lon) <= 180


_ANYWHERE = st.builds(Point, st.floats(-180, 180), st.floats(-90, 90))


@given(_ANYWHERE)
def test_degrees_minutes_seconds_read_back(point: Point) -> None:
    reading = read(to_dms(point))
    assert distance_km(point, reading.point) * 1000 <= reading.precision_m
    assert reading.precision_m < 3.1


@given(_ANYWHERE)
def test_decimal_degrees_read_back(point: Point) -> None:
    reading = read(to_decimal(point))
    assert distance_km(point, reading.point) * 1000 <= reading.precision_m
    assert reading.precision_m < 1.2


@given(st.builds(Point, st.floats(-180, 180), st.floats(-80, 84)))
def test_mgrs_reads_back(point: Point) -> None:
    assume(point.lat < 84)
    reading = read(to_mgrs(point))
    # the diagonal of a cell of one metre
    assert distance_km(point, reading.point) * 1000 <= 1.5 * reading.precision_m
    assert reading.precision_m == 1


@given(st.builds(Point, st.floats(-180, 180), st.floats(-79.9, 83.9)), st.integers(1, 5))
def test_a_shorter_grid_reference_still_holds_the_place(point: Point, digits: int) -> None:
    zone, square, east, north = to_mgrs(point).split()
    reading = read(f"{zone}{square}{east[:digits]}{north[:digits]}")
    assert reading.precision_m == 10 ** (5 - digits)
    assert distance_km(point, reading.point) * 1000 <= 0.72 * reading.precision_m + 1.5


@given(st.builds(Point, st.floats(60, 75), st.floats(24, 38)))
def test_mgrs_agrees_with_utm(point: Point) -> None:
    zone = int((point.lon + 180) // 6) + 1
    project = Transformer.from_crs(4326, 32600 + zone, always_xy=True)
    east, north = project.transform(point.lon, point.lat)
    head, _, easting, northing = to_mgrs(point).split()
    assert int(head[:-1]) == zone
    for written, value in ((easting, east), (northing, north)):
        off = abs(int(written) - value % 100_000)
        assert min(off, 100_000 - off) <= 1.2


def test_a_coarse_grid_square_is_its_middle() -> None:
    # 42SWD12 is 10 km wide: its middle lies 7.07 km from its corner
    middle, corner = read("42SWD12").point, read("42SWD1000020000").point
    assert distance_km(middle, corner) == pytest.approx(7.07, abs=0.02)


@pytest.mark.parametrize(
    ("point", "dms"),
    [
        (_KABUL, "34°31'41.2\"N 69°10'20.3\"E"),
        (Point(-178.065, -17.7134), "17°42'48.2\"S 178°03'54.0\"W"),
        # 59.96 seconds are a full minute, never 60.0 seconds
        (Point(0.9999889, 59.9999889), "60°00'00.0\"N 1°00'00.0\"E"),
        (Point(0.0, 0.0), "0°00'00.0\"N 0°00'00.0\"E"),
    ],
)
def test_degrees_are_written_as_people_write_them(point: Point, dms: str) -> None:
    assert to_dms(point) == dms


def test_decimals_are_written_to_the_metre() -> None:
    assert to_decimal(_KABUL) == "34.52810, 69.17230"
    assert to_mgrs(_KABUL).startswith("42S WD ")


@pytest.mark.parametrize(
    ("text", "point"),
    [
        ("POINT (69.1723 34.5281)", _KABUL),
        ("point(69.1723 34.5281)", _KABUL),
        ("SRID=4326;POINT Z (69.1723 34.5281 1790)", _KABUL),
    ],
)
def test_a_wkt_point_writes_longitude_first(text: str, point: Point) -> None:
    reading = read(text)
    assert (reading.point, reading.form) == (point, "WKT")


@pytest.mark.parametrize(
    "text",
    [
        *(
            "POINT EMPTY",
            "POINT (69.1723)",
            "LINESTRING (1 2, 3 4)",
            "POLYGON ((0 0, 1 0, 1 1, 0 0))",
        ),
        *("SRID=32642;POINT (512345 3823456)", "MULTIPOINT ((1 2), (3 4))", "POINT (34 95)"),
    ],
)
def test_other_wkt_is_no_place_of_an_incident(text: str) -> None:
    with pytest.raises(CoordinateError):
        read(text)


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_one_angle_comes_back_from_every_notation(lat: float, lon: float) -> None:
    point = Point(lon, lat)
    north, east = to_dms(point).split(" ")
    for text, axis, value in ((north, "lat", lat), (east, "lon", lon)):
        assert read_angle(text, axis=axis)[0] == pytest.approx(value, abs=2e-5)  # type: ignore[arg-type]
    assert read_angle(repr(lon), axis="lon")[0] == lon
    assert read_angle(f"{lat:.6f}".replace(".", ","), axis="lat")[0] == pytest.approx(lat, abs=1e-6)
    assert read(f"POINT ({lon:.6f} {lat:.6f})").point.lat == pytest.approx(lat, abs=1e-6)
