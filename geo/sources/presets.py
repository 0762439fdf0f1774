"""Whose export is this, judged by its header alone?

A fingerprint is a set of columns that no other vocabulary has together. Where another importer
knows the vocabulary better, the preset says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from geo.sources.columns import key

_GDELT_FIELDS = 61


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """A vocabulary, the columns that betray it, where they go, and what to know of it."""

    name: str
    fingerprint: frozenset[str]
    columns: Mapping[str, str]
    advice: str = ""
    source: str = ""
    refused: bool = False


def _same(*names: str) -> dict[str, str]:
    return {name: name for name in names}


_OWN = _same(
    *("id", "event_type", "title", "summary", "start", "end", "date_precision", "time"),
    *("place_name", "admin2", "admin1", "countries", "lon", "lat", "precision", "radius_km"),
    *("deaths_low", "deaths_best", "deaths_high", "injured_low", "injured_best"),
    *("injured_high", "actors", "claims", "sources", "source_url", "status", "assessment"),
    "licence",
)
_POINT = {"lat": "latitude", "lon": "longitude"}
ATLAS = "Incident Atlas"
PRESETS: tuple[Preset, ...] = (
    Preset(
        name=ATLAS,
        fingerprint=frozenset(("id", "date_precision", "deaths_best", "assessment", "match")),
        columns=_OWN,
    ),
    Preset(
        name="ACLED",
        fingerprint=frozenset(("event_id_cnty", "sub_event_type", "geo_precision")),
        columns={
            "id": "event_id_cnty",
            "event_type": "sub_event_type",
            "parent_type": "event_type",
            "start": "event_date",
            "date_precision": "time_precision",
            "place_name": "location",
            "countries": "country",
            "precision": "geo_precision",
            "deaths_best": "fatalities",
            "sources": "source",
            "summary": "notes",
            **_same("admin1", "admin2", "actor1", "actor2"),
            **_POINT,
        },
        advice="this is an ACLED export: source acled knows its codes and its terms",
        source="acled",
    ),
    Preset(
        name="UCDP GED",
        fingerprint=frozenset(("type_of_violence", "where_prec", "dyad_name")),
        columns={
            "id": "id",
            "type_of_violence": "type_of_violence",
            "start": "date_start",
            "end": "date_end",
            "place_name": "where_coordinates",
            "admin1": "adm_1",
            "admin2": "adm_2",
            "countries": "country",
            "precision": "where_prec",
            "deaths_low": "low",
            "deaths_best": "best",
            "deaths_high": "high",
            "actor1": "side_a",
            "actor2": "side_b",
            **_POINT,
        },
        advice="this is a UCDP GED file: source ucdp knows its codes and its intervals",
        source="ucdp",
    ),
    Preset(
        name="GDELT",
        fingerprint=frozenset(("GLOBALEVENTID", "ActionGeo_Lat", "ActionGeo_Long")),
        columns={
            "id": "GLOBALEVENTID",
            "start": "SQLDATE",
            "event_type": "EventCode",
            "place_name": "ActionGeo_FullName",
            "lat": "ActionGeo_Lat",
            "lon": "ActionGeo_Long",
            "actor1": "Actor1Name",
            "actor2": "Actor2Name",
            "source_url": "SOURCEURL",
        },
        advice="this is a GDELT table: source gdelt flags its centroids and stale dates",
        source="gdelt",
    ),
    Preset(
        name="GTD",
        fingerprint=frozenset(("eventid", "iyear", "attacktype1_txt")),
        columns={
            "id": "eventid",
            "start_year": "iyear",
            "start_month": "imonth",
            "start_day": "iday",
            "event_type": "attacktype1_txt",
            "countries": "country_txt",
            "admin1": "provstate",
            "place_name": "city",
            "precision": "specificity",
            "deaths_best": "nkill",
            "injured_best": "nwound",
            "actors": "gname",
            "summary": "summary",
            **_POINT,
        },
        advice="this is a GTD table: its terms allow analysis, and no passing on of rows",
    ),
    Preset(
        name="ICEWS",
        fingerprint=frozenset(("CAMEO Code", "Source Sectors")),
        columns={
            "id": "Event ID",
            "start": "Event Date",
            "event_type": "CAMEO Code",
            "summary": "Event Text",
            "place_name": "City",
            "admin1": "Province",
            "admin2": "District",
            "countries": "Country",
            "actor1": "Source Name",
            "actor2": "Target Name",
            "sources": "Publisher",
            "lat": "Latitude",
            "lon": "Longitude",
        },
        advice="this is an ICEWS table: a machine read the news, no one checked the rows",
    ),
    Preset(
        name="HDX HAPI",
        fingerprint=frozenset(("reference_period_start", "admin1_code")),
        columns={},
        advice="this is an HDX HAPI table: it counts by area and month, and no row is an incident",
        refused=True,
    ),
    Preset(
        name="Bellingcat",
        fingerprint=frozenset(("filters", "sources", "location", "date")),
        columns={
            "start": "date",
            "place_name": "location",
            "summary": "description",
            **_same("id"),
            **_POINT,
        },
        advice="this is Bellingcat's incident list: source feed knows its filters and sources",
        source="feed",
    ),
    Preset(
        name="FIRMS",
        fingerprint=frozenset(("acq_date", "frp")),
        columns={"start": "acq_date", **_POINT},
        advice="this is a FIRMS table: a hot spot seen by satellite is context, no incident",
    ),
    Preset(
        name="USGS",
        fingerprint=frozenset(("mag", "magType", "depth", "place")),
        columns={"start": "time", "place_name": "place", **_same("id"), **_POINT},
        advice="this is a USGS table: source feed tells earthquakes from quarry blasts",
        source="feed",
    ),
)


def preset_of(headers: Sequence[str]) -> Preset | None:
    """Recognise a vocabulary by its header, however it is capitalised."""
    keys = {key(header) for header in headers}
    for preset in PRESETS:
        if {key(name) for name in preset.fingerprint} <= keys:
            return preset
    return None


def columns_of(preset: Preset, headers: Sequence[str]) -> dict[str, str]:
    """Answer with a preset's columns as this table spells them, those it has."""
    spelled: dict[str, str] = {}
    for header in headers:
        spelled.setdefault(key(header), header)
    return {
        field: spelled[key(name)] for field, name in preset.columns.items() if key(name) in spelled
    }


def is_raw_gdelt(first: Sequence[str]) -> bool:
    """Whether a first row is an event of GDELT 2.0, whose files have no header."""
    return (
        len(first) == _GDELT_FIELDS
        and first[1].isdigit()
        and len(first[1]) == 8
        and first[59].isdigit()
        and len(first[59]) == 14
    )
