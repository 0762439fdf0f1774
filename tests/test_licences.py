import pytest

from geo.licences import may_pass_on, terms, terms_of
from tests.examples import incident


@pytest.mark.parametrize(
    "changes",
    [
        {"licence": "© ACLED 2025, terms of use"},
        {"licence": "Armed Conflict Location & Event Data (ACLED)"},
        {"native": {"event_id_cnty": "PAK1"}},
        {"native": {"attacktype1_txt": "Bombing"}},
    ],
)
def test_what_forbids_passing_on_is_known(changes):
    assert not may_pass_on(incident(**changes))


def test_an_id_tells_its_source():
    assert [t.id for t in terms_of(incident("acled:PAK1"))] == ["acled"]
    assert [t.id for t in terms_of(incident("ACLED:PAK1"))] == ["acled"]


def test_other_rows_may_be_passed_on():
    assert may_pass_on(incident("ucdp:1", licence="CC BY 4.0, UCDP GED"))
    assert may_pass_on(incident("own:1", title="unacledged"))


def test_terms_that_forbid_say_whom_to_credit():
    assert all(t.credit and t.prefixes for t in terms() if not t.rows)
