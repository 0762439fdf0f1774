"""Is every column found for a stated reason, and nothing taken that means something else?"""

from __future__ import annotations

import pytest

from geo.errors import TableError
from geo.incident import Point
from geo.sources.detection import detect
from geo.sources.table import preview, read
from tests.sources.tables import Said, csv_bytes

DAY = {"date": "2025-10-11"}


def columns(*rows: dict[str, str], **options) -> dict[str, str]:
    return detect(tuple(rows[0]), rows, **options).columns


def one(detected, field):
    return next(found for found in detected.found if found.field == field)


def test_a_column_comes_with_reasons_share_and_samples():
    rows = [{"Tatzeit": "", "Datum": "2025-10-11", "Breitengrad": "34.5", "Längengrad": "69.2"}]
    found = detect(tuple(rows[0]), rows)

    assert found.columns == {"start": "Datum", "lat": "Breitengrad", "lon": "Längengrad"}
    lat = one(found, "lat")
    assert lat.reasons[0] == "'Breitengrad' and 'Längengrad' are a pair"
    assert lat.reasons[-1] == "100% of its cells can be read as such"
    assert (lat.valid, lat.samples) == (1.0, ("34.5",))
    assert found.questions == ()


@pytest.mark.parametrize(
    ("lat", "lon"),
    [
        *[("lat", "lng"), ("Y", "X"), ("y_coord", "x_coord"), ("LAT_DD", "LON_DD")],
        *[("siteLatitude", "siteLongitude"), ("begintrip_lat", "begintrip_lng")],
        *[
            ("широта", "долгота"),
            ("latitud", "longitud"),
            ("Latitude (WGS84)", "Longitude (WGS84)"),
        ],
    ],
)
def test_a_pair_is_known_under_many_names(lat, lon):
    found = columns({**DAY, lat: "34.5281", lon: "69.1723"})
    assert (found["lat"], found["lon"]) == (lat, lon)


def test_where_the_shore_is_is_not_where_the_attack_was():
    # the order of columns does not help
    row = {**DAY, "shore_latitude": "2.1", "shore_longitude": "45.3", "lat": "3.2", "lon": "46.1"}
    found = columns(row)
    assert (found["lat"], found["lon"]) == ("lat", "lon")

    row = {**DAY, "shore_latitude": "2.1", "shore_longitude": "45.3"}
    assert "lat" not in columns(row)
    row |= {"latitude": "3.2", "longitude": "46.1"}
    found = detect(tuple(row), [row])
    assert found.columns["lon"] == "longitude"
    assert "preferred to shore_latitude" in one(found, "lat").reasons


def gdelt_row() -> dict[str, str]:
    row = dict(DAY)
    for place, (lat, lon) in {
        "Actor1Geo": ("38.9", "-77.0"),
        "Actor2Geo": ("33.7", "73.1"),
        "ActionGeo": ("34.5", "69.2"),
    }.items():
        row |= {f"{place}_Lat": lat, f"{place}_Long": lon}
    return row


def test_of_three_pairs_the_one_of_the_action_is_taken():
    found = columns(gdelt_row())
    assert (found["lat"], found["lon"]) == ("ActionGeo_Lat", "ActionGeo_Long")

    row = {**gdelt_row(), "GLOBALEVENTID": "1", "SQLDATE": "20171202"}
    detected = detect(tuple(row), [row])
    assert (detected.preset, detected.source) == ("GDELT", "gdelt")
    assert detected.columns["start"] == "SQLDATE"


def test_half_a_pair_is_no_position():
    assert "lat" not in columns({**DAY, "latitude": "34.5"})
    assert "lon" not in columns({**DAY, "site_lat": "34.5", "town_lon": "69.2"})


def test_letters_and_everyday_words_need_values_that_fit():
    row = {**DAY, "x": "red", "y": "blue", "from": "Kabul", "best": "the blue one", "day": "Monday"}
    assert columns(row) == {"start": "date"}


@pytest.mark.parametrize(
    "cell",
    [
        "34.5281, 69.1723",
        "POINT (69.1723 34.5281)",
        "SRID=4326;POINT Z (69.1723 34.5281 1790)",
        "geo:34.5281,69.1723",
        "34°31'41\"N 69°10'20\"E",
        "https://www.google.com/maps/@34.5281,69.1723,15z",
        "42SWD1579820717",
    ],
)
def test_both_coordinates_in_one_cell_are_known_by_value(cell):
    row = {**DAY, "wo genau": cell, "persons": "3, 5"}
    assert columns(row)["coordinates"] == "wo genau"

    [made] = Said(read, csv_bytes([row])).incidents
    assert made.native["wo genau"] == cell
    assert made.point.lat == pytest.approx(34.5281, abs=0.001)
    assert made.point.lon == pytest.approx(69.1723, abs=0.001)


def test_a_place_column_that_holds_coordinates_gives_them_up():
    found = columns({**DAY, "location": "34.5281, 69.1723"}, {**DAY, "location": "31.0, 66.4001"})
    assert found["coordinates"] == "location"
    assert "place_name" not in found


def test_tags_say_more_than_names():
    header = ["when", "y", "wide", "long side", "who died", "where", "state"]
    tags = [
        "#date+start",
        "#x",
        "#geo+lat",
        "#geo+lon",
        "#affected+killed",
        "#adm1+name",
        "#country",
    ]
    row = ["2025-10-11", "9", "34.5281", "69.1723", "5", "Kabul", "AFG"]
    text = "\n".join(",".join(cells) for cells in (header, tags, row))
    [made] = Said(read, text.encode()).incidents

    assert (made.point, made.admin1, made.countries) == (Point(69.1723, 34.5281), "Kabul", ("AFG",))
    assert made.deaths.best == 5
    reasons = one(preview(text.encode()).detected, "lat").reasons
    assert "tagged #geo+lat" in reasons


@pytest.mark.parametrize(
    ("headers", "preset", "source"),
    [
        (("event_id_cnty", "event_date", "sub_event_type", "geo_precision"), "ACLED", "acled"),
        (("id", "type_of_violence", "where_prec", "dyad_name", "date_start"), "UCDP GED", "ucdp"),
        (("eventid", "iyear", "imonth", "iday", "attacktype1_txt"), "GTD", ""),
        (("Event ID", "Event Date", "CAMEO Code", "Source Sectors"), "ICEWS", ""),
        (("latitude", "longitude", "acq_date", "frp"), "FIRMS", ""),
        (("id", "date", "location", "filters", "sources"), "Bellingcat", "feed"),
    ],
)
def test_a_vocabulary_is_known_by_its_header(headers, preset, source):
    row = dict.fromkeys(headers, "")
    found = detect(headers, [row])
    assert (found.preset, found.source) == (preset, source)
    assert found.advice.startswith("this is ")


def test_counts_by_area_are_refused_unless_asked_for():
    row = {"reference_period_start": "2025-10-01", "admin1_code": "AF01", "fatalities": "31"}
    with pytest.raises(TableError, match=r"no row is an incident.*say start=HEADER"):
        Said(read, csv_bytes([row]))
    named = Said(read, csv_bytes([row]), columns={"start": "reference_period_start"})
    assert len(named.incidents) == 1


def test_raw_gdelt_has_no_header_and_says_where_it_belongs():
    cells = ["7"] * 61
    cells[1], cells[59] = "20171202", "20180101000000"
    with pytest.raises(TableError, match="import it with source gdelt"):
        Said(read, "\t".join(cells).encode())


def test_a_better_importer_is_named_in_the_report():
    row = {"event_id_cnty": "X1", "event_date": "2025-10-11", "sub_event_type": "Armed clash"}
    row |= {"event_type": "Battles", "geo_precision": "2", "latitude": "34.5", "longitude": "69.2"}
    said = Said(read, csv_bytes([row]))
    assert said.notes.flagged["source_acled_knows_this_table_better"] == 1
    assert said.incidents[0].event_type == "armed_clash"


def test_a_choice_wins_and_a_field_can_be_emptied():
    row = {**DAY, "reported": "2025-10-20", "lat": "34.5", "lon": "69.2"}
    found = detect(tuple(row), [row], chosen={"start": "reported", "lat": "", "lon": ""})
    assert found.columns == {"start": "reported"}
    assert one(found, "start").reasons[0] == "named by you"


def test_a_date_column_that_no_name_betrays_is_proposed_not_taken():
    with pytest.raises(TableError, match="start=HEADER, perhaps 'wann', whose cells are dates"):
        Said(read, csv_bytes([{"wann": "2025-10-11", "was": "Explosion"}]))


def test_a_preview_shows_rows_points_and_questions():
    rows = [{"date": f"0{n}/03/2025", "lat": "34.5", "lon": "69.2"} for n in range(1, 9)]
    shown = preview(csv_bytes(rows), rows=3)
    assert [q.option for q in shown.questions] == ["date_order"]
    assert shown.questions[0].answers == ("date_order=dmy", "date_order=mdy")
    assert len(shown.rows) == 3
    assert shown.points == ()

    shown = preview(csv_bytes(rows), columns={"date_order": "dmy"}, rows=3)
    assert shown.questions == ()
    assert shown.points == (Point(69.2, 34.5),) * 3


def test_detection_looks_at_the_first_rows_and_reading_at_all():
    rows = [{"date": "2025-10-11", "lat": "34.5", "lon": "69.2", "n": str(n)} for n in range(700)]
    rows.append({"date": "soon", "lat": "34.5", "lon": "69.2", "n": "x"})
    said = Said(read, csv_bytes(rows))
    assert len(said.incidents) == 700
    assert said.rejected[0].line == 702


def test_the_order_of_dates_is_looked_for_beyond_the_first_rows():
    rows = [{"date": "03/04/2025", "n": str(n)} for n in range(700)]
    rows.append({"date": "25/04/2025", "n": "x"})
    said = Said(read, csv_bytes(rows))
    assert {made.start.month for made in said.incidents} == {4}
