import csv
import io
import json
import xml.etree.ElementTree as ET
import zipfile
from datetime import date

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from geo.errors import InputError
from geo.exports import COLUMNS, FORMATS
from geo.filters import select
from geo.flat import CARRIED
from geo.incident import Actor, Claim, Point, Source, Toll
from geo.sources.rows import open_text, read_rows
from geo.text import from_csv_cell
from tests.examples import incident
from tests.exports.files import KML, csv_rows, exported, ids, xlsx_rows
from tests.strategies import HOSTILE, crowds, filters, texts


@pytest.mark.parametrize("fmt", FORMATS)
def test_a_file_holds_exactly_the_matched_incidents(fmt):
    given_ = [
        incident("own:1"),
        incident("own:2", start=date(2025, 11, 1), end=date(2025, 11, 1)),
        incident("own:3", precision="none"),
    ]

    assert sorted(ids(exported(given_, fmt), fmt)) == ["own:1", "own:3"]


@pytest.mark.parametrize("fmt", FORMATS)
@settings(max_examples=25)
@given(crowd=crowds(), query=filters())
def test_a_file_of_any_selection_holds_it(fmt, crowd, query):
    matched = [m.incident.id for m in select(crowd, query).matches]

    assert sorted(ids(exported(crowd, fmt, query), fmt)) == sorted(matched)


@pytest.mark.parametrize("fmt", FORMATS)
def test_the_same_input_gives_the_same_bytes(fmt):
    assert exported([incident()], fmt) == exported([incident()], fmt)


def test_an_unknown_format_is_refused():
    with pytest.raises(InputError, match="export format is 'shp': must be one of geojson"):
        exported([incident()], "shp")


def test_geojson_carries_ledger_filter_and_version():
    held = json.loads(
        exported(
            [incident(), incident("own:2", start=date(2024, 1, 1), end=date(2024, 1, 1))], "geojson"
        )
    )

    assert held["atlas"]["ledger"]["matched"] == 1
    assert held["atlas"]["ledger"]["excluded"]["dates"] == 1
    assert held["atlas"]["filter"] == {"from": ["2025-10-09"], "to": ["2025-10-19"]}
    assert held["atlas"]["layers"] == [{"name": "border", "version": "abc"}]
    assert held["atlas"]["as_of"] == "2025-11-20T12:00:00Z"


def test_a_sheet_says_beside_the_rows_what_was_left_out():
    data = exported(
        [incident(), incident("own:2", start=date(2024, 1, 1), end=date(2024, 1, 1))], "xlsx"
    )
    book = openpyxl.load_workbook(io.BytesIO(data))
    about = {row[0]: row[1] for row in book["About"].iter_rows(values_only=True)}

    assert about["total"] == 2
    assert about["matched"] == 1
    assert about["excluded: dates"] == 1
    assert about["data as of"] == "2025-11-20T12:00:00Z"
    assert about["layer border"] == "abc"


def test_flat_columns_say_what_the_incident_says():
    made = incident(
        deaths=Toll(1, None, 9),
        actors=(Actor(name="TTP", role="attacker"),),
        claims=(Claim(field="deaths", value=3, whom="all", claimant="A"),),
        sources=(Source(publisher="Example News", url="https://example.org/a"),),
    )
    [row] = csv_rows(exported([made], "csv"))

    assert tuple(row) == (*COLUMNS, *CARRIED)
    assert (row["deaths_low"], row["deaths_best"], row["deaths_high"]) == ("1", "", "9")
    assert row["countries"] == "AFG;PAK"
    assert row["actors"] == "TTP (attacker)"
    assert row["claims"] == "deaths: 3 [all, A]"
    assert row["source_url"] == "https://example.org/a"
    assert (row["lon"], row["lat"]) == ("71.0896", "34.1286")


# what a spreadsheet may take for a formula, also after its own clean-up of the text
FORMULAS = (
    "=1+1",
    "+1",
    "-1+2",
    "@SUM(1)",
    "\t=1",
    "\r=1",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(1)",
    "'=1",
)


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_begins_a_formula(text):
    made = incident(place_name=text, summary=f"{text} x")
    [line] = (
        exported([made], "csv").decode("utf-8-sig").split("\r\n", 1)[1].rstrip("\r\n").split("\0")
    )
    cells = next(csv.reader(io.StringIO(line, newline="")))

    assert not any(
        cell.startswith(("=", "+", "@", "\t", "\r", "＝", "＋", "－", "＠")) for cell in cells
    )
    assert made.place_name in [from_csv_cell(cell) for cell in cells]


def test_sheet_cells_are_text_or_numbers_and_never_formulas():
    made = incident(place_name="=1+1", title="=HYPERLINK(1)", point=Point(-71.5, -34.25))
    book = openpyxl.load_workbook(io.BytesIO(exported([made], "xlsx")))

    assert {cell.data_type for row in book["Incidents"].iter_rows() for cell in row} <= {
        "s",
        "n",
        "inlineStr",
    }
    [row] = xlsx_rows(exported([made], "xlsx"))
    assert row["place_name"] == "=1+1"
    # a negative coordinate is a number, not text with a guard
    assert (row["lon"], row["lat"]) == (-71.5, -34.25)


def test_a_negative_coordinate_stays_a_number_in_csv():
    [row] = csv_rows(exported([incident(point=Point(-71.5, -34.25))], "csv"))

    assert (float(row["lon"]), float(row["lat"])) == (-71.5, -34.25)


@given(st.lists(texts().filter(str.strip), min_size=1, max_size=20, unique=True))
def test_any_text_comes_back_from_csv_letter_by_letter(drawn):
    made = [incident(f"own:{n:03}", title=text[:300]) for n, text in enumerate(drawn)]
    data = exported(made, "csv")
    rows = list(read_rows(open_text(data)))

    assert len(rows) == len(made)
    back = [from_csv_cell(row["title"]) for row in csv_rows(data)]
    assert back == [one.title for one in made]


@given(st.lists(texts().filter(str.strip), min_size=1, max_size=5))
def test_any_text_makes_a_well_formed_kml_and_sheet(drawn):
    made = [incident(f"own:{n}", title=text[:300], summary=text) for n, text in enumerate(drawn)]

    for fmt in ("kml", "gpx", "gpkg"):
        assert len(ids(exported(made, fmt, title=drawn[0]), fmt)) == len(made)
    assert len(xlsx_rows(exported(made, "xlsx", title=drawn[0]))) == len(made)


def test_hostile_text_is_intact_in_kml():
    shown = [text for text in HOSTILE if text.isprintable()]
    made = [incident(f"own:{n:03}", title=text) for n, text in enumerate(shown)]
    root = ET.fromstring(exported(made, "kml"))  # noqa: S314 our own bytes

    assert [
        mark.findtext("k:name", "", KML) for mark in root.findall(".//k:Placemark", KML)
    ] == shown


def test_kml_draws_a_pin_only_where_the_place_is_exact_and_a_disc_of_true_size_elsewhere():
    made = [
        incident("own:1"),
        incident("own:2", precision="near", radius_km=5.0),
        incident("own:3", precision="none"),
    ]
    root = ET.fromstring(exported(made, "kml"))  # noqa: S314 our own bytes
    exact, near, nowhere = root.findall(".//k:Placemark", KML)

    assert exact.find("k:Point", KML) is not None
    assert near.find(".//k:Point", KML) is None
    ring = near.findtext(".//k:coordinates", "", KML).split()
    for spot in ring:
        lon, lat, *_ = map(float, spot.split(","))
        assert Geod(ellps="WGS84").inv(71.0896, 34.1286, lon, lat)[2] == pytest.approx(
            5000, rel=0.01
        )
    assert nowhere.find("k:Point", KML) is None
    assert nowhere.find("k:Polygon", KML) is None


def test_a_sheet_states_no_time_but_that_of_the_data():
    with zipfile.ZipFile(io.BytesIO(exported([incident()], "xlsx"))) as archive:
        assert {part.date_time for part in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        core = archive.read("docProps/core.xml").decode()
    assert "2025-11-20T12:00:00Z" in core
