"""Are doubtful coordinates counted, asked about or refused, and never moved in silence?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Transformer

from geo.errors import TableError
from geo.incident import Point
from geo.sources.table import preview, read
from tests.sources.tables import Said, csv_bytes

KABUL = {"date": "2025-10-11", "country": "Afghanistan", "lat": "34.5281", "lon": "69.1723"}
# invented, all within Afghanistan
SPOTS = [
    (34.5281, 69.1723),
    (31.6, 65.71),
    (34.35, 62.2),
    (36.7, 67.11),
    (33.6, 69.22),
    (35.9, 64.8),
]


def said(*rows: dict[str, str], delimiter=",", **columns):
    made = [{**KABUL, "n": str(n), **row} for n, row in enumerate(rows)]
    return Said(read, csv_bytes(made, delimiter=delimiter), columns=columns or None)


def written(change) -> list[dict[str, str]]:
    return [dict(zip(("lat", "lon"), map(str, change(*spot)), strict=True)) for spot in SPOTS]


def test_out_of_range_is_rejected_and_counted():
    told = said({}, {"lat": "95.1"}, {"lon": "181"})
    assert [r.field for r in told.rejected] == ["lat", "lon"]
    assert told.notes.flagged["coordinates_out_of_range"] == 2
    assert told.notes.flagged["coordinates_surely_swapped"] == 1


def test_null_island_is_no_place():
    told = said({"lat": "0", "lon": "0.0"})
    [made] = told.incidents
    assert (made.point, made.precision) == (None, "country")
    assert told.notes.flagged["null_island"] == 1
    # what was written stays to be seen
    assert made.native["lat"] == "0"


def test_columns_that_surely_hold_each_other_are_read_so_and_counted():
    spots = [{"lat": str(lon), "lon": "34.5"} for lon in (139.1, 140.2, 141.3, 139.9, 138.8)]
    told = said(*[{**spot, "country": ""} for spot in spots])
    assert told.incidents[0].point == Point(139.1, 34.5)
    assert told.notes.repaired["coordinates_swapped"] == 5


def test_columns_that_seem_swapped_are_asked_about():
    rows = written(lambda lat, lon: (lon, lat))
    with pytest.raises(
        TableError, match="swapped 100% lie inside: say axes=swapped or axes=as_wri"
    ):
        said(*rows)
    told = said(*rows, axes="swapped")
    assert told.incidents[0].point == Point(69.1723, 34.5281)
    told = said(*rows, axes="as_written")
    assert told.incidents[0].point == Point(34.5281, 69.1723)
    assert told.notes.flagged["outside_stated_country"] == len(rows)


def test_a_lost_minus_sign_is_asked_about_and_counted_in_a_single_row():
    rows = [
        {"lat": str(lat), "lon": str(lon), "country": "Colombia"}
        for lat, lon in ((4.6, 74.1), (6.2, 75.6), (3.4, 76.5), (7.1, 73.1), (4.8, 75.7))
    ]
    with pytest.raises(TableError, match="minus sign of west 100% lie inside: say axes=west"):
        said(*rows)
    told = said(*rows, axes="west")
    assert told.incidents[0].point == Point(-74.1, 4.6)
    assert told.notes.repaired["minus_sign_added"] == 5

    told = said({}, rows[0])
    assert told.incidents[1].point == Point(74.1, 4.6)
    assert told.notes.flagged["minus_sign_may_be_missing"] == 1


def test_metres_are_refused_until_their_projection_is_named():
    utm = Transformer.from_crs(4326, 32642, always_xy=True)
    rows = [
        dict(zip(("lon", "lat"), (f"{v:.1f}" for v in utm.transform(lon, lat)), strict=True))
        for lat, lon in SPOTS
    ]
    with pytest.raises(TableError, match=r"which are no degrees.*epsg=NUMBER.*epsg=32642"):
        said(*rows)
    told = said(*rows, epsg="32642")
    assert told.incidents[0].point.lat == pytest.approx(34.5281, abs=1e-5)
    assert told.notes.repaired["metres_to_degrees"] == len(rows)
    for wrong in ("utm", "99999", "-1"):
        with pytest.raises(TableError, match="epsg is"):
            said(*rows, epsg=wrong)


def test_degrees_without_their_point_are_known_by_the_country_or_asked_about():
    rows = written(lambda lat, lon: (round(lat * 10_000), round(lon * 10_000)))
    told = said(*rows)
    assert told.incidents[0].point == Point(69.1723, 34.5281)
    assert told.notes.repaired["degrees_without_point"] == len(rows)

    bare = [{**row, "country": ""} for row in rows]
    with pytest.raises(TableError, match="degrees without their point, say so with scale=10000"):
        said(*bare)
    assert said(*bare, scale="10000").incidents[0].point == Point(69.1723, 34.5281)
    with pytest.raises(TableError, match="scale is '20'"):
        said(*bare, scale="20")


def test_one_position_for_many_rows_is_counted():
    rows = [{"lat": "33.0", "lon": "65.0"}] * 12 + [{"lat": f"34.{n:04d}"} for n in range(12)]
    assert said(*rows).notes.flagged["one_position_for_many_rows"] == 12
    assert said(*rows[:3]).notes.flagged["one_position_for_many_rows"] == 0


@pytest.mark.parametrize(
    ("lat", "lon", "precision", "radius", "flag"),
    [
        ("34.5", "69.2", "near", 25.0, "too_few_digits_for_exact"),
        ("34", "69", "area", 111.3, "too_few_digits_for_near"),
        ("34.5281", "69.1723", "exact", None, ""),
    ],
)
def test_digits_that_were_cut_make_a_place_coarser(lat, lon, precision, radius, flag):
    told = said({"lat": lat, "lon": lon, "geo_precision": "1"})
    [made] = told.incidents
    assert (made.precision, made.radius_km) == (precision, radius)
    assert not flag or told.notes.flagged[flag] == 1


def test_a_decimal_comma_in_a_semicolon_file_is_read_and_counted():
    told = said({"lat": "34,5281", "lon": "69,1723"}, delimiter=";")
    assert told.incidents[0].point == Point(69.1723, 34.5281)
    assert told.notes.repaired["decimal_comma"] == 1


@pytest.mark.parametrize(
    ("lat", "lon"),
    [
        ("34°31'41.16\"N", "69°10'20.28\"E"),
        ("N 34 31.686", "E 69 10.338"),
        ("34:31:41.16N", "69:10:20.28E"),
        ("34.5281 N", "69.1723E"),
        ("34,5281", "69.1723°"),
    ],
)
def test_angles_in_two_columns_are_read_in_any_notation(lat, lon):
    [made] = said({"lat": lat, "lon": lon}).incidents
    assert made.point.lat == pytest.approx(34.5281, abs=1e-6)
    assert made.point.lon == pytest.approx(69.1723, abs=1e-6)


@pytest.mark.parametrize(
    ("lat", "lon"),
    [("34.5E", "69.2"), ("34.5", "69.2N"), ("-34.5S", "69.2"), ("34.5", "1f"), ("٣٤", "69.2")],
)
def test_an_angle_that_contradicts_itself_is_rejected(lat, lon):
    told = said({}, {"lat": lat, "lon": lon})
    assert len(told.rejected) == 1
    assert "must be degrees" in told.rejected[0].rule


@pytest.mark.parametrize("word", ["NA", "n/a", "null", "None", "-"])
def test_a_word_for_nothing_is_nothing_where_a_number_belongs(word):
    told = said({"lat": word, "lon": word, "deaths": word, "incident_id": "007"})
    [made] = told.incidents
    assert (made.point, made.deaths.best) == (None, None)
    assert made.id == "table:007"
    assert told.notes.repaired["word_for_nothing"] == 3


def test_na_is_namibia_and_none_may_be_a_place():
    [made] = said({"country": "NA", "place": "None", "lat": "-22.56", "lon": "17.08"}).incidents
    assert (made.countries, made.place_name) == (("NAM",), "None")


def test_half_a_position_is_counted_and_kept_to_be_seen():
    told = said({"lon": ""})
    assert told.notes.flagged["half_a_position"] == 1
    assert told.incidents[0].native["lat"] == "34.5281"


@pytest.mark.parametrize(
    ("digits", "stated", "precision", "radius"),
    [
        ("15798 20717", "", "exact", None),
        ("15 20", "", "exact", None),
        ("1 2", "", "near", 7.1),
        ("1 2", "1", "near", 7.1),
        ("15798 20717", "2", "near", 25.0),
    ],
)
def test_an_mgrs_cell_is_as_exact_as_its_digits(digits, stated, precision, radius):
    row = {"date": "2025-10-11", "mgrs": f"42S WD {digits}", "geo_precision": stated}
    told = Said(read, csv_bytes([row]))
    [made] = told.incidents
    assert (made.precision, made.radius_km) == (precision, radius)
    assert told.notes.flagged["precision_from_digits"] == (not stated)


@given(
    st.lists(
        st.tuples(
            st.one_of(st.floats(-1e7, 1e7), st.sampled_from((0.0, 34.5, 91.0, 345281.0))),
            st.one_of(st.floats(-1e7, 1e7), st.sampled_from((0.0, 69.2, 181.0, 691723.0))),
            st.sampled_from(("", "AFG", "Colombia", "nowhere")),
        ),
        min_size=1,
        max_size=12,
    )
)
def test_whatever_numbers_come_a_point_is_on_the_globe_or_asked_about(spots):
    rows = [
        {"date": "2025-10-11", "lat": repr(lat), "lon": repr(lon), "country": where, "n": str(n)}
        for n, (lat, lon, where) in enumerate(spots)
    ]
    shown = preview(csv_bytes(rows))
    if shown.questions:
        assert shown.questions[0].option in ("epsg", "axes")
        return
    told = Said(read, csv_bytes(rows))
    assert told.read == len(rows)
