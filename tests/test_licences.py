"""Is a permission told only where there is one, and what forbids always known?"""

import pytest

from geo import licences
from geo.licences import may_pass_on, permission, terms, terms_of
from tests.examples import incident


@pytest.mark.parametrize(
    "changes",
    [
        {"licence": "© ACLED 2025, terms of use"},
        {"licence": "Armed Conflict Location & Event Data (ACLED)"},
        {"native": {"event_id_cnty": "ZZZ1"}},
        {"native": {"attacktype1_txt": "Bombing"}},
    ],
)
def test_what_forbids_passing_on_is_known(changes):
    assert not may_pass_on(incident(**changes))


def test_an_id_tells_its_source():
    assert [t.id for t in terms_of(incident("acled:ZZZ1"))] == ["acled"]
    assert [t.id for t in terms_of(incident("ACLED:ZZZ1"))] == ["acled"]


def test_other_rows_may_be_passed_on():
    assert may_pass_on(incident("ucdp:1", licence="CC BY 4.0, UCDP GED"))
    assert may_pass_on(incident("own:1", title="unacledged"))


def test_terms_that_forbid_say_whom_to_credit():
    assert all(t.credit and t.prefixes for t in terms() if not t.rows)


@pytest.mark.parametrize(
    ("licence", "allowed"),
    [
        (licences.ACLED, False),
        ("(c) acled 2025", False),
        (licences.UCDP, True),
        (licences.GDELT, True),
        (licences.USGS, True),
        (licences.GDACS, False),
        (licences.BELLINGCAT, False),
        ("CC BY 4.0", True),
        ("CC-BY-IGO", True),
        ("cc0", True),
        ("CC BY-NC 4.0", False),
        ("CC BY-ND", False),
        ("CC BY-SA 4.0", False),
        ("CC BY 4.0; ACLED terms of use", False),
        ("placled", False),
        ("", False),
    ],
)
def test_what_is_not_known_is_no_permission(licence, allowed):
    found = permission(licence)

    assert found.rows_may_be_passed_on is allowed
    assert found.sentence.endswith(".")


def test_who_is_to_be_named_is_said():
    assert "ACLED" in permission(licences.ACLED).credit
    assert "Sundberg" in permission(licences.UCDP).credit
    assert permission("unheard of").credit == ""
