import csv
import gzip
import io
import json
import zipfile
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import TableError
from geo.incident import Point, Toll
from geo.sources.ucdp import COLUMNS, read
from tests.sources.tables import GED, Said, csv_bytes, ged


def said(*changes):
    return Said(read, ged(*changes))


def test_a_row_becomes_an_incident():
    [made] = said({}).incidents

    assert made.id == "ucdp:1"
    assert made.event_type == "armed_clash"
    assert made.title == "Armed clash: Government of Pakistan – TTP, Mir Ali town"
    assert (made.start, made.end) == (date(2014, 6, 15), date(2014, 6, 15))
    assert made.point == Point(70.27, 32.97)
    assert made.precision == "exact"
    assert made.deaths == Toll(2, 3, 5)
    assert made.countries == ("PAK",)
    assert (made.admin1, made.admin2) == ("Khyber Pakhtunkhwa", "North Waziristan")
    assert [s.publisher for s in made.sources] == ["Dawn", "Reuters"]
    assert made.native["type_of_violence"] == "1"
    assert made.licence == "CC BY 4.0, UCDP GED"


@pytest.mark.parametrize(
    ("code", "precision", "radius", "pinned"),
    [("1", "exact", None, True), ("2", "near", 25.0, True), ("3", "district", 30.0, True),
     ("4", "province", 120.0, True), ("5", "area", 50.0, True), ("6", "country", None, False),
     ("7", "area", 50.0, True)],
)  # fmt: skip
def test_where_prec_decides_how_exactly_a_place_is_known(code, precision, radius, pinned):
    [made] = said({"where_prec": code}).incidents

    assert (made.precision, made.radius_km) == (precision, radius)
    assert (made.point is not None) == pinned
    # only the code for an exact place may stand for the place itself
    assert (made.located.point == "site") == (code in "12")


def test_a_radius_that_ucdp_does_not_state_is_marked_as_assumed():
    near, district = said({"where_prec": "2"}, {"where_prec": "3"}).incidents

    assert (near.located.radius, district.located.radius) == ("source", "assumed")


def test_a_country_s_centroid_is_never_used():
    told = said({"where_prec": "6"})

    assert told.incidents[0].point is None
    assert told.notes.repaired == {"country_centroid_not_used": 1}


@pytest.mark.parametrize(
    ("code", "precision"),
    [("1", "day"), ("2", "day"), ("3", "week"), ("4", "month"), ("5", "year")],
)
def test_date_prec_decides_how_exactly_a_day_is_known(code, precision):
    assert said({"date_prec": code}).incidents[0].date_precision == precision


def test_low_above_best_is_kept_and_flagged():
    told = said({"low": "9", "best": "3", "high": "5"})

    assert told.incidents[0].deaths == Toll(9, 3, 5)
    assert sum(told.notes.flagged.values()) >= 1


@pytest.mark.parametrize(
    ("change", "field", "rule"),
    [
        ({"type_of_violence": "4"}, "type_of_violence", "must be 1, 2 or 3"),
        ({"where_prec": "0"}, "where_prec", "must be 1 to 7"),
        ({"latitude": "91"}, "latitude", "must lie between -90 and 90"),
        ({"latitude": "32,97"}, "latitude", "plain digits"),
        ({"latitude": ""}, "latitude", "has coordinates"),
        ({"date_start": "15/06/2014"}, "date_start", "YYYY-MM-DD"),
        ({"date_start": "2014-02-30"}, "date_start", "no day of the calendar"),
        ({"date_end": "2014-06-14"}, "date_end", "must not be before"),
        ({"best": "-1"}, "best", "not negative"),
        ({"best": "١٢"}, "best", "plain digits"),
        ({"country": "Atlantis", "country_id": "9999"}, "country", "no country we know"),
        ({"id": ""}, "id", "has an id"),
    ],
)
def test_a_bad_cell_rejects_its_row_with_place_value_and_rule(change, field, rule):
    told = said({}, change, {})

    assert len(told.incidents) == 2
    [gone] = told.rejected
    assert (gone.line, gone.field) == (3, field)
    assert rule in gone.rule


def test_rows_of_the_wrong_width_and_with_nul_are_rejected_and_the_file_goes_on():
    head, row, _ = ged({}).decode().split("\r\n")
    file = "\r\n".join([head, row, row + ",extra", row.replace("Dawn", "Da\0wn"), "1,2", row])
    told = Said(read, file.encode())

    assert len(told.incidents) == 2
    assert [(r.line, r.rule[:26]) for r in told.rejected] == [
        (3, "a row has as many cells as"),
        (4, "text has no NUL characters"),
        (5, "a row has as many cells as"),
    ]


def test_the_hxl_row_is_no_incident_and_no_rejection():
    head, row, _ = ged({}).decode().split("\r\n")
    tags = ",".join("#tag" for _ in head.split(","))
    told = Said(read, f"{head}\r\n{tags}\r\n{row}".encode())

    assert (len(told.incidents), told.rejected) == (1, [])


def test_gzip_and_a_byte_order_mark_are_read():
    assert len(Said(read, gzip.compress(b"\xef\xbb\xbf" + ged({}, {}))).incidents) == 2


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (b"", "the file is empty"),
        (b"  \n", "the file is empty"),
        (b"id,name\n1,2\n", "no UCDP GED header: column 'type_of_violence' is missing"),
        (gzip.compress(ged({}), mtime=0)[:-20], "the gzip file is damaged"),
        (b"PK\x03\x04rest", "the zip archive is damaged"),
        (ged({}).replace(b"Mir", b"M\xeer"), "the file is not UTF-8 text"),
        (ged({}).replace(b"relid,", b"").replace(b"id,type", b"id,id,type"), "stands twice"),
        (ged({}) + b'"open', "a quote opened in line 3 is never closed"),
    ],
)
def test_a_file_that_is_no_ged_table_is_told_in_a_sentence(file, sentence):
    with pytest.raises(TableError, match=sentence.replace("(", r"\(")):
        Said(read, file)


def test_an_enormous_cell_rejects_its_row():
    told = said({}, {"where_coordinates": "x" * 200_000}, {})

    assert len(told.incidents) + len(told.rejected) == 3
    assert "131,072" in told.rejected[0].rule


@pytest.mark.parametrize("mark", ["\x85", "\u2028", "\u2029", "\n", "\r"])
def test_a_mark_that_some_call_a_line_end_stays_in_its_cell(mark):
    told = said({"conflict_name": f"a{mark}b"}, {})

    assert [made.id for made in told.incidents] == ["ucdp:1", "ucdp:2"]
    assert told.incidents[0].summary == f"a{mark}b".replace("\r", "\n")


@pytest.mark.parametrize("mark", ["\x0b", "\x0c", "\x1c"])
def test_a_control_character_rejects_its_row_alone(mark):
    told = said({"conflict_name": f"a{mark}b"}, {})

    assert [made.id for made in told.incidents] == ["ucdp:2"]
    assert [gone.line for gone in told.rejected] == [2]


@settings(max_examples=150)
@given(
    st.lists(
        st.dictionaries(
            st.sampled_from(sorted(GED)),
            st.one_of(
                st.text(st.characters(exclude_categories=("Cs",)), max_size=8),
                st.integers(-3, 10).map(str),
            ),
            max_size=3,
        ),
        min_size=1,
        max_size=6,
    )
)
def test_every_row_is_accepted_or_rejected(changes):
    told = said(*changes)

    assert len(told.incidents) + len(told.rejected) == len(changes)
    for gone in told.rejected:
        assert gone.rule
        assert gone.field


def test_the_real_pakistan_file_comes_in_whole(shared):
    told = Said(read, shared / "data" / "ucdp" / "hdx_conflict_data_pak.csv")
    kinds = [made.precision for made in told.incidents]

    assert (len(told.incidents), told.rejected) == (6416, [])
    # about a third is known exactly; the rest gets no pin
    assert kinds.count("exact") == 2345
    assert kinds.count("country") == 9


def test_a_real_file_of_many_countries_comes_in_whole(shared):
    told = Said(read, shared / "data" / "ucdp" / "ged_merged_28k.csv.gz")

    assert told.read == len(told.incidents) + len(told.rejected)
    assert (len(told.incidents), told.rejected) == (28_024, [])


def zipped(data, name="GEDEvent_v25_1.csv"):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return held.getvalue()


def test_the_yearly_zip_is_read_as_its_one_table():
    assert Said(read, zipped(ged({}, {}))).incidents == said({}, {}).incidents


def headless(*changes):
    text = io.StringIO()
    for n, change in enumerate(changes, 1):
        row = {"relid": f"PAK-2024-1-1-{n}", **GED, "id": str(n), **change}
        csv.writer(text).writerow([row.get(name, "") for name in COLUMNS])
    return text.getvalue().encode()


def test_a_candidate_file_without_a_header_has_the_49_columns_by_position():
    told = Said(read, headless({}, {"where_prec": "9"}, {}))

    assert len(COLUMNS) == 49
    assert [made.id for made in told.incidents] == ["ucdp:1", "ucdp:3"]
    assert told.incidents[0].title == said({}).incidents[0].title
    # the line is that of the file, which has no header
    assert [(gone.line, gone.field) for gone in told.rejected] == [(2, "where_prec")]


def test_without_a_header_another_number_of_columns_is_never_guessed():
    told = Said(read, headless({}).replace(b"\r\n", b",\r\n"))

    assert told.incidents == []
    assert [(gone.line, gone.rule) for gone in told.rejected] == [
        (1, "a row has as many cells as the header, 49")
    ]


def test_an_answer_of_the_api_is_the_same_as_the_file():
    row = {**GED, "id": 1, "latitude": 32.97, "longitude": 70.27, "best": 3, "where_prec": 1}
    answer = {"TotalCount": 1, "NextPageUrl": "", "Result": [row, "no object"]}
    told = Said(read, json.dumps(answer).encode())

    assert told.incidents == said({}).incidents
    assert [gone.line for gone in told.rejected] == [2]


def test_json_without_events_is_refused():
    with pytest.raises(TableError, match="holds no list of events"):
        Said(read, b'{"message": "API token required"}')


def test_what_ucdp_itself_calls_unsettled_is_counted():
    told = said({"event_clarity": "2", "code_status": "Check deaths"}, {"code_status": "Clear"})

    assert told.notes.flagged == {"aggregate_of_several_events": 1, "code_status_not_clear": 1}


def test_the_real_geojson_of_one_country_comes_in_whole(shared):
    told = Said(read, shared / "data" / "ucdp" / "ged231_car_482.geojson")

    assert (len(told.incidents), told.rejected) == (1848, [])
    assert {made.countries for made in told.incidents} >= {("CAF",)}


def test_low_above_best_is_flagged_in_the_real_file_and_none_is_dropped(shared):
    told = Said(read, shared / "data" / "ucdp" / "hdx_conflict_data_pak.csv")

    assert told.notes.flagged["deaths_low_above_best"] == 61
    assert told.notes.flagged["deaths_best_above_high"] == 139


def test_two_tables_with_the_same_rows_have_the_same_incidents():
    assert Said(read, csv_bytes([GED])).incidents == said({}).incidents
