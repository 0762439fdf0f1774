"""How does a row of a GDELT 2.0 event export become a draft?

GDELT's rows are stories found by a machine, not incidents: every row is kept, as a draft, and
what speaks against it (a centroid, an old date, a repetition) stands in its reason. Countries are
FIPS 10-4. The toll is never given.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from types import MappingProxyType
from urllib.parse import urlsplit

from geo import countries, licences
from geo.actors import canonical
from geo.errors import IncidentError, TableError
from geo.incident import (
    ASSUMED_RADIUS_KM,
    MAX_TITLE,
    Actor,
    Incident,
    Located,
    Point,
    Precision,
    Recorded,
    Source,
    cautions,
    is_web_link,
)
from geo.sources.packed import open_packed, open_table
from geo.sources.rows import (
    MAX_DECOMPRESSED,
    CellError,
    Notes,
    Parsed,
    Rejected,
    Row,
    decimal,
    read_rows,
    whole,
)
from geo.taxonomy import event_type, from_cameo

_ACTOR = (
    *("Code", "Name", "CountryCode", "KnownGroupCode", "EthnicCode", "Religion1Code"),
    *("Religion2Code", "Type1Code", "Type2Code", "Type3Code"),
)
_GEO = ("Type", "FullName", "CountryCode", "ADM1Code", "ADM2Code", "Lat", "Long", "FeatureID")
COLUMNS = (
    *("GLOBALEVENTID", "SQLDATE", "MonthYear", "Year", "FractionDate"),
    *(f"Actor{n}{name}" for n in (1, 2) for name in _ACTOR),
    *("IsRootEvent", "EventCode", "EventBaseCode", "EventRootCode", "QuadClass"),
    *("GoldsteinScale", "NumMentions", "NumSources", "NumArticles", "AvgTone"),
    *(f"{who}Geo_{name}" for who in ("Actor1", "Actor2", "Action") for name in _GEO),
    *("DATEADDED", "SOURCEURL"),
)
# ActionGeo_Type: 1 country, 2 and 5 first-order unit, 3 and 4 town or landmark
PRECISION: Mapping[int, Precision] = MappingProxyType(
    {0: "none", 1: "country", 2: "province", 3: "near", 4: "near", 5: "province"}
)
_CENTROIDS = (1, 2, 5)
_STALE_DAYS = 7
_NATIVE = (
    *("SQLDATE", "DATEADDED", "IsRootEvent", "EventCode", "EventBaseCode", "EventRootCode"),
    *("QuadClass", "GoldsteinScale", "NumMentions", "NumSources", "NumArticles", "AvgTone"),
    *("Actor1Code", "Actor1CountryCode", "Actor1Type1Code", "Actor2Code", "Actor2CountryCode"),
    *("Actor2Type1Code", *(f"ActionGeo_{name}" for name in _GEO)),
)
# headers of copies that others made; ActionGeo_* has names of its own in one of them
_OTHER_NAMES: Mapping[str, str] = MappingProxyType(
    {name.replace("_", "").casefold(): name for name in COLUMNS}
    | {
        "day": "SQLDATE",
        "actor1countryabbr": "Actor1CountryCode",
        "actor2countryabbr": "Actor2CountryCode",
        "mentiontype": "ActionGeo_Type",
        "stprcntry": "ActionGeo_FullName",
        "country": "ActionGeo_CountryCode",
        "adm1codeextra": "ActionGeo_ADM1Code",
        "adm2codeextra": "ActionGeo_ADM2Code",
        "latextra": "ActionGeo_Lat",
        "longextra": "ActionGeo_Long",
        "actorgeofeaturidextra": "ActionGeo_FeatureID",
    }
)
_NEEDED = ("GLOBALEVENTID", "SQLDATE", "EventCode", "ActionGeo_Type", "DATEADDED")
_DAY = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})(?:[0-9]{6})?\Z", re.ASCII)
_ID = re.compile(r"[0-9]{1,12}\Z", re.ASCII)
_LONGEST = 1_000_000


def read(
    source: Path | bytes, *, now: datetime, notes: Notes, most: int = MAX_DECOMPRESSED
) -> Parsed:
    """Read the rows of a GDELT 2.0 event export as drafts; a packed one unpacks to `most` bytes.

    Raises
    ------
    TableError
        When the file is GDELT 1.0, or no export of GDELT at all.
    """
    clusters: dict[tuple[str, str, str], str] = {}
    for row in _rows(source, most):
        if isinstance(row, Rejected):
            yield row
            continue
        try:
            incident = _incident(row, clusters, now, notes)
        except CellError as error:
            yield Rejected(row.line, error.column, error.value[:60], error.rule)
        except IncidentError as error:
            problem = error.problems[0]
            yield Rejected(row.line, problem.path, problem.value[:60], problem.rule)
        else:
            notes.flagged.update(cautions(incident))
            yield incident


def _rows(source: Path | bytes, most: int) -> Iterator[Row | Rejected]:
    with open_packed(source, most=most) as stream:
        first = stream.readline(_LONGEST)
        if re.match(rb"(?:\xef\xbb\xbf)?,?\"?global_?event_?id", first, re.IGNORECASE):
            yield from _named(source, most)
            return
        width = first.count(b"\t") + 1
        if width in (57, 58):
            msg = (
                f"the file has {width} columns: it is GDELT 1.0, which says less about places; "
                "take the 2.0 event export, which has 61"
            )
            raise TableError(msg)
        if width != len(COLUMNS) or not _ID.match(first.split(b"\t")[0].decode("latin-1")):
            msg = f"no GDELT 2.0 event export: a row has {len(COLUMNS)} columns, not {width}"
            raise TableError(msg)
        line = 0
        while first:
            line += 1
            if first.strip():
                yield _positional(line, first)
            first = stream.readline(_LONGEST)


def _positional(line: int, raw: bytes) -> Row | Rejected:
    try:
        # nothing is quoted: a quote mark is a quote mark
        cells = raw.rstrip(b"\r\n").decode("utf-8").split("\t")
    except UnicodeDecodeError as error:
        shown = raw[max(error.start - 10, 0) : error.start + 1].decode("latin-1")
        return Rejected(line, "row", shown, "must be UTF-8 text")
    if len(cells) != len(COLUMNS):
        return Rejected(line, "row", f"{len(cells)} cells", f"a row has {len(COLUMNS)} cells")
    return Row(line, {name: cell.strip() for name, cell in zip(COLUMNS, cells, strict=True)})


def _named(source: Path | bytes, most: int) -> Iterator[Row | Rejected]:
    """Read a copy that has a header, by names."""
    names: dict[str, str] = {}
    with open_table(source, most=most) as text:
        for row in read_rows(text):
            if isinstance(row, Rejected):
                yield row
                continue
            if not names:
                names = _known(row)
            yield Row(row.line, {names[name]: row.cells[name] for name in names})


def _known(row: Row) -> dict[str, str]:
    found: dict[str, str] = {}
    # where a column is an abbreviation, one called code is something else
    for name in sorted(row.cells, key=lambda name: "ABBR" not in name):
        ours = _OTHER_NAMES.get(name.replace("_", "").casefold())
        if ours and ours not in found.values():
            found[name] = ours
    missing = [name for name in _NEEDED if name not in found.values()]
    if missing:
        msg = f"no GDELT 2.0 event export: column {missing[0]!r} is missing"
        raise TableError(msg)
    return found


def _incident(
    row: Row, clusters: dict[tuple[str, str, str], str], now: datetime, notes: Notes
) -> Incident:
    cells = row.cells
    key = cells["GLOBALEVENTID"]
    if not _ID.match(key):
        raise CellError("GLOBALEVENTID", key, "must be a number")
    day = _day(row, "SQLDATE")
    kind = from_cameo(cells["EventCode"])
    if kind is None:
        notes.flagged["event_type_unknown"] += 1
        kind = "other"
    code = whole(row, "ActionGeo_Type") or 0
    precision, point, country = _place(row, code, notes)
    radius = ASSUMED_RADIUS_KM.get(precision)
    place, admin1 = _named_place(cells.get("ActionGeo_FullName", ""), code)
    against = tuple(_against(row, code, day, clusters))
    notes.flagged["machine_coded"] += 1
    notes.flagged.update(name for name, _ in against)
    return Incident(
        id=f"gdelt:{key}",
        event_type=kind,
        title=_title(cells, event_type(kind).label, place or admin1),
        start=day,
        end=day,
        place_name=place,
        admin1=admin1,
        countries=(country,) if country else (),
        point=point,
        precision=precision,
        radius_km=radius,
        located=Located(
            method=f"GDELT ActionGeo_Type {code}",
            point="site" if precision == "near" else "representative",
            radius="" if radius is None else "assumed",
        ),
        actors=_actors(cells),
        sources=_sources(cells, notes),
        status="draft",
        status_reason="; ".join(("machine-coded from news", *(said for _, said in against))),
        recorded=Recorded(first_seen=now, updated=now),
        native={name: cells[name] for name in _NATIVE if cells.get(name)},
        licence=licences.GDELT,
    )


def _day(row: Row, column: str) -> date:
    text = row.cells[column]
    found = _DAY.match(text)
    if not found:
        raise CellError(column, text, "must be a day as YYYYMMDD")
    try:
        return date(*map(int, found.groups()))
    except ValueError:
        raise CellError(column, text, "is no day of the calendar") from None


def _place(row: Row, code: int, notes: Notes) -> tuple[Precision, Point | None, str | None]:
    if code not in PRECISION:
        raise CellError("ActionGeo_Type", str(code), "must be 0 to 5")
    precision = PRECISION[code]
    letters = row.cells.get("ActionGeo_CountryCode", "")
    country = countries.from_fips(letters)
    if letters and country is None:
        # OS, an ocean, among them
        notes.flagged["country_unknown"] += 1
    point = None
    if precision in ("near", "province"):
        lat = decimal(row, "ActionGeo_Lat", limit=90)
        lon = decimal(row, "ActionGeo_Long", limit=180)
        if lat is None or lon is None:
            notes.flagged["coordinates_missing"] += 1
            precision = "country"
        else:
            point = Point(lon, lat)
    elif code == 1 and row.cells.get("ActionGeo_Lat"):
        notes.repaired["country_centroid_not_used"] += 1
    if precision == "country" and country is None:
        precision = "none"
    return precision, point, country


def _against(
    row: Row, code: int, day: date, clusters: dict[tuple[str, str, str], str]
) -> Iterator[tuple[str, str]]:
    """Say what speaks against a row, each with the name under which it is counted."""
    cells = row.cells
    if code in _CENTROIDS:
        kind = "country" if code == 1 else "state or province"
        yield "centroid", f"its place is the middle of a {kind}"
    found = _day(row, "DATEADDED")
    if abs((found - day).days) > _STALE_DAYS:
        yield "stale_date", f"its date is far from {found}, when the story was found"
    feature = cells.get("ActionGeo_FeatureID", "")
    if feature:
        cluster = (cells["SQLDATE"], cells.get("EventRootCode", ""), feature)
        first = clusters.setdefault(cluster, cells["GLOBALEVENTID"])
        if first != cells["GLOBALEVENTID"]:
            yield "same_day_kind_and_place", f"same day, kind and place as gdelt:{first}"


def _named_place(text: str, code: int) -> tuple[str, str]:
    """Split Town, Province, Country; the country has a code of its own."""
    parts = [part.strip() for part in text.split(",")]
    if code in (3, 4):
        return parts[0], parts[-2].removesuffix(" (general)") if len(parts) > 2 else ""
    if code in (2, 5):
        return "", parts[-2].removesuffix(" (general)") if len(parts) > 1 else parts[0]
    return "", ""


def _actors(cells: Mapping[str, str]) -> tuple[Actor, ...]:
    named = ((cells.get(f"Actor{n}Name", ""), f"actor {n}") for n in (1, 2))
    return tuple(Actor(name=n, role=role, canonical=canonical(n)) for n, role in named if n)


def _sources(cells: Mapping[str, str], notes: Notes) -> tuple[Source, ...]:
    url = cells.get("SOURCEURL", "")
    if not is_web_link(url):
        notes.flagged["source_link_not_http"] += 1
        return ()
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        host = ""
    return (Source(publisher=host.removeprefix("www."), url=url),)


def _title(cells: Mapping[str, str], kind: str, place: str) -> str:
    sides = " – ".join(cells[n] for n in ("Actor1Name", "Actor2Name") if cells.get(n))
    said = ", ".join(part for part in (sides, place) if part)
    return ": ".join(part for part in (kind, said) if part)[:MAX_TITLE]
