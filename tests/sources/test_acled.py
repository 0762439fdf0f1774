"""Is ACLED read in all its forms, with rows that nobody ever saw in it?

Every row here is invented, with ids that ACLED does not give.
"""

import csv
import io
import json
from datetime import date, datetime

import openpyxl
import pytest

from geo.errors import TableError
from geo.incident import Point, Toll
from geo.sources.acled import COLUMNS, read
from geo.sources.packed import read_json
from geo.taxonomy import event_types
from tests.sources.tables import Said

ROW = {
    **dict.fromkeys(COLUMNS, ""),
    "event_id_cnty": "ZZZ1",
    "event_date": "2025-10-15",
    "year": "2025",
    "time_precision": "1",
    "disorder_type": "Political violence",
    "event_type": "Battles",
    "sub_event_type": "Armed clash",
    "actor1": "Invented Forces of Zembla",
    "assoc_actor_1": "Invented Guard; Invented Scouts",
    "inter1": "State forces",
    "actor2": "Invented Rebels",
    "inter2": "Rebel group",
    "interaction": "State forces-Rebel group",
    "iso": "586",
    "region": "South Asia",
    "country": "Pakistan",
    "admin1": "Invented Province",
    "admin2": "Invented District",
    "location": "Inventedabad",
    "latitude": "31.0058",
    "longitude": "69.5000",
    "geo_precision": "1",
    "source": "Invented Post; Invented Times",
    "source_scale": "Subnational-National",
    "notes": "An invented clash, in words of our own. [size=no report]",
    "fatalities": "3",
    "tags": "invented tag",
    "timestamp": "1760000000",
}


def made(*changes):
    """Make rows that are ours, each with its changes."""
    return [{**ROW, "event_id_cnty": f"ZZZ{n}", **change} for n, change in enumerate(changes, 1)]


def as_csv(rows):
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def said(*changes, **options):
    return Said(read, as_csv(made(*changes)), **options)


def test_a_row_becomes_an_incident():
    [found] = said({}).incidents

    assert found.id == "acled:ZZZ1"
    assert found.event_type == "armed_clash"
    assert found.title == ("Armed clash: Invented Forces of Zembla – Invented Rebels, Inventedabad")
    assert found.summary.startswith("An invented clash")
    assert (found.start, found.end, found.date_precision) == (
        date(2025, 10, 15),
        date(2025, 10, 15),
        "day",
    )
    assert (found.point, found.precision, found.radius_km) == (Point(69.5, 31.0058), "exact", None)
    assert found.countries == ("PAK",)
    assert [(a.name, a.role) for a in found.actors] == [
        ("Invented Forces of Zembla", "side A"),
        ("Invented Guard", "with side A"),
        ("Invented Scouts", "with side A"),
        ("Invented Rebels", "side B"),
    ]
    assert found.deaths == Toll(best=3)
    assert [s.publisher for s in found.sources] == ["Invented Post", "Invented Times"]
    assert found.native["timestamp"] == "1760000000"
    assert found.native["tags"] == "invented tag"
    assert "notes" not in found.native
    assert "ACLED" in found.licence


def test_zero_fatalities_are_an_unknown_toll_and_stay_among_the_codes():
    told = said({"fatalities": "0"}, {"fatalities": ""})

    assert [found.deaths for found in told.incidents] == [Toll(), Toll()]
    assert told.incidents[0].native["fatalities"] == "0"
    assert told.notes.flagged["fatalities_zero_or_unknown"] == 1


@pytest.mark.parametrize(
    ("code", "precision", "radius", "kind"),
    [("1", "exact", None, "site"), ("2", "near", 25.0, "site"),
     ("3", "province", 120.0, "representative")],
)  # fmt: skip
def test_geo_precision_decides_how_exactly_a_place_is_known(code, precision, radius, kind):
    [found] = said({"geo_precision": code}).incidents

    assert (found.precision, found.radius_km, found.located.point) == (precision, radius, kind)
    assert found.located.radius == ("assumed" if radius else "")


@pytest.mark.parametrize(
    ("code", "start", "end", "precision"),
    [("1", date(2025, 10, 15), date(2025, 10, 15), "day"),
     ("2", date(2025, 10, 13), date(2025, 10, 19), "week"),
     ("3", date(2025, 10, 1), date(2025, 10, 31), "month")],
)  # fmt: skip
def test_a_coarse_date_is_widened_to_what_is_known(code, start, end, precision):
    [found] = said({"time_precision": code}).incidents

    assert (found.start, found.end, found.date_precision) == (start, end, precision)


@pytest.mark.parametrize(
    "text",
    ["2025-10-15", "15 October 2025", "15-Oct-25", "10/15/2025", "15/10/2025", "15-Oct-2025",
     "10/15/25"],
)  # fmt: skip
def test_dates_of_every_export_are_read(text):
    assert said({"event_date": text}).incidents[0].start == date(2025, 10, 15)


def test_a_year_of_two_digits_is_told():
    told = said({"event_date": "15-Oct-97"}, {"event_date": "15-Oct-26"})

    assert [found.start.year for found in told.incidents] == [1997, 2026]
    assert told.notes.repaired["year_of_two_digits"] == 2


def test_the_order_of_day_and_month_is_asked_for_where_no_row_shows_it():
    with pytest.raises(TableError, match="date_order=dmy or date_order=mdy"):
        said({"event_date": "10/11/2025"})

    [found] = said({"event_date": "10/11/2025"}, columns={"date_order": "mdy"}).incidents
    assert found.start == date(2025, 10, 11)
    # one row that shows it decides for all
    first = said({"event_date": "10/11/2025"}, {"event_date": "10/15/2025"}).incidents[0]
    assert first.start == date(2025, 10, 11)


def test_columns_of_its_own_cannot_be_told():
    with pytest.raises(TableError, match="ACLED has columns of its own"):
        said({}, columns={"start": "event_date"})


def test_a_monadic_export_is_refused_with_its_reason():
    rows = made({}, {"actor1": "Invented Rebels", "event_id_cnty": "ZZZ1"})

    with pytest.raises(TableError, match=r"'ZZZ1' stands .* once for each actor .*dyadic"):
        Said(read, as_csv(rows))
    # a later state of one event is no second actor
    later = {"event_id_cnty": "ZZZ1", "timestamp": "1770000000", "actor1": "Corrected"}
    assert len(said({}, later).incidents) == 2


def test_all_twenty_five_kinds_are_translated():
    crosswalk = read_json_of_the_taxonomy()

    assert len(crosswalk) == 25
    changes = [{"event_type": kind, "sub_event_type": sub.upper()} for kind, sub, _ in crosswalk]
    told = said(*changes)
    assert [found.event_type for found in told.incidents] == [ours for *_, ours in crosswalk]
    assert {found.event_type for found in told.incidents} <= {kind.id for kind in event_types()}
    assert not {name for name in told.notes.flagged if "event_type" in name}


def read_json_of_the_taxonomy():
    from geo.settings import DATA

    return read_json(DATA / "taxonomy.json")["crosswalks"]["acled"]["from"]


@pytest.mark.parametrize(
    ("change", "kind", "flag"),
    [
        ({"event_type": "Riots", "sub_event_type": "New kind"}, "riot", "event_type_by_its_group"),
        (
            {"event_type": "", "sub_event_type": "?", "disorder_type": "Demostrations"},
            "protest",
            "event_type_by_its_group",
        ),
        ({"event_type": "New", "sub_event_type": "New"}, "other", "event_type_unknown"),
    ],
)
def test_a_kind_that_is_new_is_read_by_its_group_and_told(change, kind, flag):
    told = said(change)

    assert told.incidents[0].event_type == kind
    assert told.notes.flagged[flag] == 1


def test_an_answer_of_the_api_gives_the_same_incidents_whatever_its_types():
    typed = {**ROW, "latitude": 31.0058, "longitude": 69.5, "fatalities": 3, "iso": 586}
    typed |= {"geo_precision": 1, "time_precision": 1, "timestamp": 1760000000, "admin3": None}
    answer = {"status": 200, "success": True, "count": 1, "data": [typed, {"iso": 586}]}
    told = Said(read, json.dumps(answer).encode())

    assert told.incidents == said({}).incidents
    assert [(gone.line, gone.field) for gone in told.rejected] == [(2, "event_id_cnty")]
    assert Said(read, b'{"data": []}').read == 0


def test_an_older_export_without_the_new_columns_is_read():
    new = ("disorder_type", "civilian_targeting", "tags")
    old = {name: text for name, text in ROW.items() if name not in new}
    old |= {"data_id": "1", "event_id_no_cnty": "1", "iso3": "PAK", "iso": ""}
    [found] = Said(read, as_csv([old])).incidents

    assert (found.countries, found.native["data_id"]) == (("PAK",), "1")


def workbook(rows):
    book = openpyxl.Workbook()
    book.active.append(list(rows[0]))
    for row in rows:
        book.active.append(list(row.values()))
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def test_a_workbook_gives_the_same_incidents():
    row = {**ROW, "event_date": datetime(2025, 10, 15), "latitude": 31.0058, "fatalities": 3}  # noqa: DTZ001 as a sheet holds it
    told = Said(read, workbook([row]))

    assert told.incidents == said({}).incidents


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([{**ROW, "": "x"}], None),
        ([{"a": "1"}], "no ACLED header: column 'event_id_cnty' is missing"),
    ],
)
def test_a_workbook_of_something_else_is_told(rows, sentence):
    if sentence is None:
        [gone] = Said(read, workbook(rows)).rejected
        assert gone.rule == "a row has as many cells as the header, 31"
        return
    with pytest.raises(TableError, match=sentence):
        Said(read, workbook(rows))


def test_an_empty_or_damaged_workbook_is_told():
    empty = io.BytesIO()
    openpyxl.Workbook().save(empty)

    with pytest.raises(TableError, match="the workbook is empty"):
        Said(read, empty.getvalue())
    with pytest.raises(TableError, match="damaged"):
        Said(read, empty.getvalue()[:-40])


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"event_id_cnty": ""}, "event_id_cnty"),
        ({"geo_precision": "4"}, "geo_precision"),
        ({"geo_precision": ""}, "geo_precision"),
        ({"time_precision": "9"}, "time_precision"),
        ({"event_date": "2025-10"}, "event_date"),
        ({"event_date": "soon"}, "event_date"),
        ({"latitude": ""}, "latitude"),
        ({"latitude": "99"}, "latitude"),
        ({"fatalities": "-1"}, "fatalities"),
        ({"fatalities": "many"}, "fatalities"),
        ({"notes": "a\x0bb"}, "summary"),
    ],
)
def test_a_bad_cell_rejects_its_row(change, field):
    told = said({}, change, {})

    assert len(told.incidents) == 2
    assert [(gone.line, gone.field) for gone in told.rejected] == [(3, field)]


def test_a_country_nobody_knows_is_flagged():
    told = said({"iso": "0", "country": "Zembla"})

    assert told.incidents[0].countries == ()
    assert told.notes.flagged["country_unknown"] == 1
