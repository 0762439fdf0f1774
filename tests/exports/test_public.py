"""Can anything in a public file lead to a true place?"""

from datetime import date

import pytest

from geo.exports import FORMATS
from geo.filters import Filter, select
from geo.incident import Claim, Located, Point, Site, Source, Toll
from geo.profile import fit
from geo.snapshot import Brief, frame_for
from geo.snapshot.language import language
from geo.snapshot.make import draw
from tests.examples import NOW, incident
from tests.exports.files import beside, exported
from tests.exports.streams import streams, traces

VILLAGES = ("Zarghunvillage", "Tsowkayhamlet", "Marawarapoint", "Nurgalcrossing")
EVERYTHING = Filter()


def village(n, **changes):
    name = VILLAGES[n % len(VILLAGES)]
    spot = Point(71.0137891 + n * 0.0371234567, 34.6178912 + n * 0.0291234567)
    plain = {
        "title": f"Shells fall on {name}",
        "summary": f"{spot.lat}, {spot.lon}: {name}",
        "place_name": name,
        "admin2": f"{name} district",
        "admin1": "Kunar",
        "countries": ("AFG",),
        "point": spot,
        "precision": ("exact", "near")[n % 2],
        "radius_km": 7.123456 if n % 2 else None,
        "start": date(2025, 10, 1 + n),
        "end": date(2025, 10, 1 + n),
        "sites": (Site(name=f"{name} bridge", point=Point(spot.lon + 0.0111, spot.lat + 0.0222)),),
        "located": Located(method="gazetteer", id=f"place:{name}"),
        "claims": (Claim(field="deaths", value=n, claimant=f"elder of {name}", whom="all"),),
        "deaths": Toll(n, n, n),
        "sources": (
            Source(publisher=f"Radio {name}", title=name, quote=f"Here in {name}"),
            Source(publisher="Dawn", url=f"https://example.org/@{spot.lat},{spot.lon}/{name}"),
        ),
        "native": {"latitude": str(spot.lat), "where": name},
        "extra": {"geom": [spot.lon, spot.lat]},
    }
    return incident(f"own:{name}-{n}", **(plain | changes))


LAYER = [
    *(village(n) for n in range(8)),
    # alone in its month; alone in a far place; at sea
    village(8, start=date(2025, 12, 1), end=date(2025, 12, 1)),
    village(9, point=Point(66.9123456, 30.1876543), countries=("PAK",), admin1="Balochistan"),
    *(
        village(n, point=Point(60.3517891 + n / 100, 21.1567893), countries=())
        for n in (10, 11, 12)
    ),
    village(13, precision="province", radius_km=None),
    village(14, precision="none", point=None, radius_km=None, sites=()),
]


def secrets():
    names = {part for name in VILLAGES for part in (name, name.casefold())}
    return [*traces(LAYER), *(name.encode() for name in names)]


def told(data):
    held = list(streams(data))
    return {secret for secret in secrets() if any(secret in part for part in held)}


def test_the_search_finds_what_is_there():
    for fmt in FORMATS:
        if fmt not in ("csv", "gpx", "kml"):
            found = told(exported(LAYER, fmt, EVERYTHING))
            assert VILLAGES[0].encode() in found
            assert set(traces(LAYER[:1])) & found, fmt


@pytest.mark.parametrize("fmt", FORMATS)
def test_no_byte_of_a_public_file_tells_a_true_place(fmt):
    data = exported(LAYER, fmt, EVERYTHING, profile="public")

    assert told(data) == set()


def test_the_metadata_beside_a_public_table_tells_none_either():
    assert told(beside(LAYER, EVERYTHING, profile="public")) == set()


@pytest.mark.parametrize("fmt", ["png", "svg", "pdf"])
def test_no_byte_of_a_public_picture_tells_a_true_place(fmt):
    fitted = fit(LAYER, "public")
    frame = frame_for(select(fitted.incidents, EVERYTHING).matches)
    brief = Brief(
        title="Public",
        query=EVERYTHING,
        selection=select(fitted.incidents, EVERYTHING, frame=frame),
        layers=(("border", fitted.version("0" * 64)),),
        as_of=NOW,
        frame=frame,
        size="phone",
        profile="public",
        notes=fitted.notes(language("en").say),
        withheld=fitted.withheld,
    )
    data = draw(brief, fmt=fmt)
    # digits of a drawing are positions on the page: of those only whole coordinates could tell
    spots = {v for i in LAYER if i.point for v in (i.point.lon, i.point.lat)}
    whole = {repr(value)[:9].encode() for value in spots}
    names = {name.encode() for name in VILLAGES}
    held = list(streams(data))
    assert not {secret for secret in whole | names if any(secret in part for part in held)}


@pytest.mark.parametrize("fmt", FORMATS)
def test_the_note_stands_in_every_public_file(fmt):
    data = exported(LAYER, fmt, EVERYTHING, profile="public")
    if fmt == "csv":
        data = beside(LAYER, EVERYTHING, profile="public")

    assert any(b"For the public: places are generalised." in part for part in streams(data))


FORBIDDEN = [
    village(n, licence="ACLED terms of use", native={"event_id_cnty": f"AFG{n}"}) for n in range(5)
]
FREE = [
    incident(f"ucdp:{n}", title="Free", countries=("AFG",), licence="CC BY 4.0, UCDP GED")
    for n in range(4)
]


@pytest.mark.parametrize("profile", ["partners", "public"])
@pytest.mark.parametrize("fmt", FORMATS)
def test_no_row_that_may_not_be_passed_on_is_in_a_file_but_its_credit_is(fmt, profile):
    layer = [*FORBIDDEN, *FREE]
    parts = list(streams(exported(layer, fmt, EVERYTHING, profile=profile)))
    if fmt == "csv":
        parts += streams(beside(layer, EVERYTHING, profile=profile))
    written = b"\n".join(parts)

    assert not [secret for secret in secrets()[-8:] if secret in written]
    assert b"AFG0" not in written
    assert b"acleddata.com" in written
    assert b"UCDP GED" in written
    assert b"forbids passing on: 5 incidents" in written


@pytest.mark.parametrize("fmt", FORMATS)
def test_partners_get_no_quotation_and_no_analyst(fmt):
    layer = [village(n) for n in range(3)]
    written = b"\n".join(streams(exported(layer, fmt, EVERYTHING, profile="partners")))

    assert b"Here in" not in written
    assert b'"by": "test"' not in written
    assert VILLAGES[0].encode() in written
