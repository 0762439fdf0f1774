"""Is a permission told only where there is one?"""

import pytest

from geo import licences
from geo.licences import terms


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
    found = terms(licence)

    assert found.rows_may_be_passed_on is allowed
    assert found.sentence.endswith(".")


def test_who_is_to_be_named_is_said():
    assert "ACLED" in terms(licences.ACLED).credit
    assert "Sundberg" in terms(licences.UCDP).credit
    assert terms("unheard of").credit == ""
