"""What do partners and the public get, and what can they never find out?"""

from collections import Counter
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.area import BBox
from geo.errors import InputError
from geo.filters import Filter, select
from geo.incident import Actor, Claim, Located, Point, Site, Source
from geo.profile import PROFILES, fit
from geo.snapshot.language import language
from tests.examples import incident
from tests.strategies import crowds, filters, incidents


def layers():
    """Crowds that share places, and odd incidents among them."""
    return st.tuples(crowds(), st.lists(incidents(), max_size=2)).map(
        lambda pair: [
            *pair[0],
            *(replace(one, id=f"odd:{n}") for n, one in enumerate(pair[1])),
            *(replace(one, id=f"again:{n}") for n, one in enumerate(pair[0][:3] * 3)),
        ]
    )


def kunar(id_, **changes):
    plain = {"admin1": "Kunar", "countries": ("AFG",), "point": Point(71.234567, 34.876543)}
    return incident(id_, **(plain | changes))


@given(layers())
def test_internal_changes_nothing(layer):
    assert fit(layer, "internal").incidents == tuple(layer)


@pytest.mark.parametrize("profile", PROFILES)
@given(layer=layers())
def test_fitting_is_repeatable_and_twice_is_once(profile, layer):
    once = fit(layer, profile)

    assert once == fit(layer, profile)
    assert once.ids == fit(layer, profile).ids
    assert fit(once.incidents, profile).incidents == once.incidents


@given(layers())
def test_the_order_of_a_layer_tells_the_public_nothing(layer):
    assert fit(layer, "public").incidents == fit(layer[::-1], "public").incidents


@given(layers(), st.integers(1, 5))
def test_no_province_or_cell_of_a_month_has_fewer_than_the_least(layer, least):
    fitted = fit(layer, "public", least=least).incidents
    cells = Counter(
        (i.status, i.admin1, i.point, i.start.year, i.start.month) for i in fitted if i.point
    )

    assert all(n >= least for n in cells.values())
    assert {i.precision for i in fitted} <= {"province", "area", "country", "none"}


@pytest.mark.parametrize("profile", PROFILES)
@given(layer=layers(), query=filters())
def test_the_ledger_still_adds_up(profile, layer, query):
    fitted = fit(layer, profile)
    ledger = select(fitted.incidents, query, frame=BBox(60, 29, 71.5, 36)).ledger

    assert len(layer) == len(fitted.incidents) + sum(n for _, n in fitted.withheld)
    assert ledger.total == len(fitted.incidents) == ledger.matched + sum(ledger.excluded.values())
    assert ledger.matched == ledger.on_map + ledger.off_frame + ledger.not_mappable


@given(layers())
def test_days_types_and_figures_stay(layer):
    fitted = fit(layer, "public")
    made = {one.id: one for one in fitted.incidents}

    assert set(fitted.ids) == {i.id for i in layer}
    for i in layer:
        one = made[fitted.ids[i.id]]
        assert (one.start, one.end, one.event_type) == (i.start, i.end, i.event_type)
        assert (one.deaths, one.injured, one.countries) == (i.deaths, i.injured, i.countries)
        assert (one.status, one.assessment) == (i.status, i.assessment)


def test_partners_get_places_but_no_quotations_and_no_names_of_analysts():
    made = kunar("own:1", sources=(Source(publisher="A", url="https://a.org", quote="He said"),))
    [one] = fit([made], "partners").incidents

    assert one.recorded.by == ""
    assert one.sources == (Source(publisher="A", url="https://a.org"),)
    assert (one.point, one.place_name, one.title) == (made.point, made.place_name, made.title)


def test_three_of_a_month_share_their_province_and_two_their_country():
    three = [kunar(f"own:{n}") for n in range(3)]
    two = [kunar(f"own:{n}", start=date(2025, 11, 3), end=date(2025, 11, 3)) for n in range(3, 5)]
    fitted = fit([*three, *two], "public").incidents

    assert [i.title for i in fitted] == ["Armed clash, Kunar"] * 3 + [
        "Armed clash, Afghanistan"
    ] * 2
    assert {(i.precision, i.admin1, i.point is None) for i in fitted} == {
        ("province", "Kunar", False),
        ("country", "", True),
    }
    assert fitted[0].located == Located(
        method="generalised", id="unit:AF-KNR", point="representative", radius="extent"
    )
    # the whole province lies within the radius
    assert 30 < fitted[0].radius_km < 150


def test_a_place_at_sea_becomes_a_coarse_cell():
    layer = [incident(f"own:{n}", point=Point(60.1 + n / 10, 15.3), countries=()) for n in range(3)]
    fitted = fit(layer, "public").incidents

    assert {(i.precision, i.point, i.radius_km) for i in fitted} == {
        ("area", Point(61.0, 15.0), 250.0)
    }


def test_what_pretends_to_be_generalised_is_generalised():
    forged = Located(method="generalised", id="unit:AF-KNR", point="representative")
    layer = [kunar(f"own:{n}", located=forged, precision="area", radius_km=250.0) for n in range(3)]

    assert all(i.point != layer[0].point for i in fit(layer, "public").incidents)


def test_the_public_gets_no_text_from_outside():
    made = kunar(
        "own:village-7",
        title="Shell hits Secretvillage",
        summary="At 34.876543, 71.234567 near Secretvillage",
        place_name="Secretvillage",
        admin2="Secretdistrict",
        time="23:30",
        status_reason="seen by Haji Secretname",
        sites=(Site(name="Secretbridge", point=Point(71.3, 34.9)),),
        actors=(Actor(name="Haji Secretname"), Actor(name="TTP", role="attacker")),
        claims=(
            Claim(field="deaths", value=3, whom="all", claimant="Haji Secretname", scope="Secret"),
            Claim(field="actor", value="Haji Secretname"),
        ),
        sources=(
            Source(publisher="Secretvillage Times", url="https://a.org/secretvillage"),
            Source(publisher="Dawn", title="Secretvillage", url="https://a.org/34.876543"),
        ),
        native={"where": "Secretvillage"},
        extra={"note": "Secretvillage"},
        licence="CC BY 4.0, Secretdistrict archive",
    )
    fitted = fit([made] * 1 + [replace(made, id=f"own:{n}") for n in range(3)], "public")

    assert "ecret" not in repr(fitted.incidents)
    one = fitted.incidents[0]
    assert [(a.name, a.role) for a in one.actors] == [("Tehrik-i-Taliban Pakistan", "attacker")]
    assert one.claims == (
        Claim(field="deaths", value=3, whom="all", scope="more than this incident"),
    )
    assert one.sources == (Source(publisher="Dawn"),)


ACLED = [
    kunar("acled:ZZZ1"),
    kunar("own:1", licence="© ACLED 2025"),
    kunar("own:2", native={"event_id_cnty": "ZZZ3"}),
    kunar("own:3", sources=(Source(publisher="Armed Conflict Location & Event Data"),)),
]


@pytest.mark.parametrize("profile", ["partners", "public"])
def test_rows_whose_licence_forbids_it_are_counted_and_never_passed_on(profile):
    free = [kunar(f"ucdp:{n}", licence="CC BY 4.0, UCDP GED") for n in range(3)]
    fitted = fit([*ACLED, *free], profile)

    assert len(fitted.incidents) == 3
    assert {i.licence for i in fitted.incidents} == {"CC BY 4.0, UCDP GED"}
    assert fitted.withheld == (("acled", 4),)
    [*_, said] = fitted.notes(language("en").say)
    assert said.startswith("Withheld, because a licence forbids passing on: 4 incidents. Armed C")
    assert said.count("ACLED") == 1


def test_withheld_rows_lend_no_cover():
    fitted = fit([*ACLED, kunar("own:9")], "public")

    assert [i.precision for i in fitted.incidents] == ["country"]


def test_internal_keeps_every_row_and_says_nothing():
    fitted = fit(ACLED, "internal")

    assert (len(fitted.incidents), fitted.withheld) == (4, ())
    assert fitted.notes(language("en").say) == ()


def test_the_note_says_what_was_done():
    [said] = fit([kunar(f"own:{n}") for n in range(3)], "public").notes(language("en").say)

    assert "3 incidents are told by province" in said
    assert "fewer than 3" in said


def test_an_unknown_profile_is_refused():
    with pytest.raises(InputError, match="profile is 'friends': must be one of internal partners"):
        fit([], "friends")


def test_an_area_still_finds_what_may_lie_in_it():
    fitted = fit([kunar(f"own:{n}") for n in range(3)], "public").incidents
    inside = select(fitted, Filter(area=BBox(70, 34, 72, 36))).ledger
    outside = select(fitted, Filter(area=BBox(0, 0, 10, 10))).ledger

    assert (inside.matched, outside.matched) == (3, 0)
