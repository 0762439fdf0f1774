"""Is every row of GDELT kept as a draft, with what speaks against it?"""

import gzip
import io
import zipfile
from collections import Counter
from datetime import date

import pytest

from geo.errors import TableError
from geo.incident import Point, Toll
from geo.sources.gdelt import COLUMNS, read
from tests.sources.tables import Said, csv_bytes

ROW = {
    **dict.fromkeys(COLUMNS, ""),
    "GLOBALEVENTID": "1",
    "SQLDATE": "20251015",
    "Actor1Name": "ZEMBLA",
    "Actor1Code": "ZEM",
    "Actor2Name": "PAKISTAN",
    "Actor2Code": "PAK",
    "EventCode": "194",
    "EventBaseCode": "194",
    "EventRootCode": "19",
    "QuadClass": "4",
    "GoldsteinScale": "-10.0",
    "NumMentions": "12",
    "NumSources": "2",
    "NumArticles": "12",
    "AvgTone": "-3.5",
    "ActionGeo_Type": "4",
    "ActionGeo_FullName": "Torkham, Khyber (general), Pakistan",
    "ActionGeo_CountryCode": "PK",
    "ActionGeo_Lat": "34.12",
    "ActionGeo_Long": "71.09",
    "ActionGeo_FeatureID": "-2778000",
    "DATEADDED": "20251015001500",
    "SOURCEURL": "https://www.example.org/story?id=1",
}


def made(*changes):
    return [{**ROW, "GLOBALEVENTID": str(n), **change} for n, change in enumerate(changes, 1)]


def as_export(rows):
    return "".join("\t".join(row.values()) + "\n" for row in rows).encode()


def said(*changes):
    return Said(read, as_export(made(*changes)))


def test_a_row_becomes_a_draft():
    [found] = said({}).incidents

    assert len(COLUMNS) == 61
    assert (found.id, found.event_type, found.status) == ("gdelt:1", "shelling", "draft")
    assert found.status_reason == "machine-coded from news"
    assert found.title == "Shelling: ZEMBLA – PAKISTAN, Torkham"
    assert found.start == found.end == date(2025, 10, 15)
    assert (found.point, found.precision, found.radius_km) == (Point(71.09, 34.12), "near", 25.0)
    assert (found.place_name, found.admin1, found.countries) == ("Torkham", "Khyber", ("PAK",))
    assert found.deaths == Toll()
    assert [(s.publisher, s.url) for s in found.sources] == [
        ("example.org", "https://www.example.org/story?id=1")
    ]
    assert (found.native["NumMentions"], found.native["EventCode"]) == ("12", "194")
    assert "gdeltproject.org" in found.licence


@pytest.mark.parametrize(
    ("code", "precision", "pinned", "centroid"),
    [("0", "none", False, False), ("1", "country", False, True), ("2", "province", True, True),
     ("3", "near", True, False), ("4", "near", True, False), ("5", "province", True, True),
     ("", "none", False, False)],
)  # fmt: skip
def test_the_type_of_place_decides_what_is_drawn(code, precision, pinned, centroid):
    told = said({"ActionGeo_Type": code})
    [found] = told.incidents

    assert (found.precision, found.point is not None) == (precision, pinned)
    assert ("middle of a" in found.status_reason) == centroid
    assert told.notes.flagged["centroid"] == centroid


def test_an_old_date_is_kept_and_said():
    told = said({"SQLDATE": "20241015"}, {"SQLDATE": "20251008"})

    assert [found.start.year for found in told.incidents] == [2024, 2025]
    assert "far from 2025-10-15" in told.incidents[0].status_reason
    assert told.notes.flagged["stale_date"] == 1


def test_a_repetition_names_the_first_of_its_kind():
    told = said({}, {"EventCode": "190"}, {"EventRootCode": "14"}, {"ActionGeo_FeatureID": ""})

    assert [("same day" in found.status_reason) for found in told.incidents] == [
        *(False, True, False, False)
    ]
    assert told.incidents[1].status_reason.endswith("as gdelt:1")


def test_countries_are_fips_and_an_ocean_is_none():
    told = said(
        {"ActionGeo_CountryCode": "AS"},
        {"ActionGeo_CountryCode": "OS", "ActionGeo_Type": "1"},
    )

    assert [found.countries for found in told.incidents] == [("AUS",), ()]
    assert told.incidents[1].precision == "none"
    assert told.notes.flagged["country_unknown"] == 1


def test_a_place_without_coordinates_is_known_by_its_country():
    [found] = said({"ActionGeo_Lat": ""}).incidents

    assert (found.precision, found.point) == ("country", None)


def test_a_quote_mark_is_a_quote_mark():
    [one, two] = said({"Actor1Name": '"ZEMBLA'}, {}).incidents

    assert one.title.startswith('Shelling: "ZEMBLA')
    assert two.id == "gdelt:2"


def test_zip_and_gzip_are_read():
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("20251015001500.export.CSV", as_export(made({})))

    plain = said({}).incidents
    assert Said(read, held.getvalue()).incidents == plain
    assert Said(read, gzip.compress(as_export(made({})))).incidents == plain


def test_a_copy_with_a_header_is_read_by_names():
    assert Said(read, csv_bytes([ROW])).incidents == said({}).incidents
    with pytest.raises(TableError, match="column 'SQLDATE' is missing"):
        Said(read, b"GlobalEventID,EventCode\n1,194\n")


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (b"\t".join([b"1"] * 57), r"57 columns: it is GDELT 1\.0"),
        (b"\t".join([b"1"] * 58), r"58 columns: it is GDELT 1\.0"),
        (b"\t".join([b"x"] * 61), "no GDELT 2.0 event export"),
        (b"id,name\n", "a row has 61 columns, not 1"),
        (b"", "no GDELT 2.0 event export"),
    ],
)
def test_what_is_no_export_of_2_0_is_told(file, sentence):
    with pytest.raises(TableError, match=sentence):
        Said(read, file)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"GLOBALEVENTID": "x"}, "GLOBALEVENTID"),
        ({"SQLDATE": "20251315"}, "SQLDATE"),
        ({"SQLDATE": ""}, "SQLDATE"),
        ({"DATEADDED": "soon"}, "DATEADDED"),
        ({"ActionGeo_Type": "6"}, "ActionGeo_Type"),
        ({"ActionGeo_Lat": "91"}, "ActionGeo_Lat"),
        ({"SOURCEURL": "a\tb"}, "row"),
        ({"Actor1Name": "a\x0bb"}, "title"),
    ],
)
def test_a_bad_cell_rejects_its_row_with_its_line(change, field):
    told = said({}, change, {})

    assert len(told.incidents) == 2
    assert [(gone.line, gone.field) for gone in told.rejected] == [(2, field)]


def test_bytes_that_are_no_text_reject_their_row_alone():
    data = as_export(made({}, {"Actor1Name": "ZEMBL?"}, {})).replace(b"ZEMBL?", b"ZEMBL\xff")
    told = Said(read, data)

    assert [found.id for found in told.incidents] == ["gdelt:1", "gdelt:3"]
    assert [(gone.line, gone.rule) for gone in told.rejected] == [(2, "must be UTF-8 text")]


def test_a_link_that_is_none_is_left_out_and_told():
    told = said({"SOURCEURL": "javascript:alert(1)"}, {"SOURCEURL": "http://[x"})

    assert told.incidents[0].sources == ()
    assert told.incidents[1].sources[0].publisher == ""
    assert told.notes.flagged["source_link_not_http"] == 1


def test_the_real_export_comes_in_whole_with_its_share_of_centroids(shared):
    told = Said(read, shared / "data" / "gdelt" / "20180101000000.export.CSV")
    kinds = Counter(found.native["ActionGeo_Type"] for found in told.incidents)

    assert (len(told.incidents), told.rejected) == (2414, [])
    assert kinds == {"4": 914, "1": 636, "3": 501, "2": 259, "0": 58, "5": 46}
    # 39 of 100
    assert told.notes.flagged["centroid"] == 636 + 259 + 46 == 941
    assert told.notes.flagged["stale_date"] == 6
    assert {found.status for found in told.incidents} == {"draft"}
    assert told.notes.flagged["country_unknown"] == 4  # the oceans


def test_a_real_copy_with_a_header_comes_in_whole(shared):
    told = Said(read, shared / "data" / "gdelt" / "derived_20201113.csv")

    assert (len(told.incidents), told.rejected) == (2824, [])
    assert told.incidents[0].admin1 == "Helmand"
