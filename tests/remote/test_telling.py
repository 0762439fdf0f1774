import pytest

from geo.remote.secrets import Secrets
from geo.remote.telling import outgoing


def test_a_whole_file_of_ucdp_needs_no_token_and_a_part_does():
    whole = outgoing("ucdp", [("version", "25.1")], Secrets())
    part = outgoing("ucdp", [("version", "25.1"), ("country", "PAK")], Secrets())

    assert (whole.host, whole.lacking) == ("ucdp.uu.se", ())
    assert (part.host, part.lacking) == ("ucdpapi.pcr.uu.se", ("GEO_UCDP_TOKEN",))
    assert "the countries" in part.sentence


def test_dates_are_named_once():
    goes = outgoing("feed", [("feed", "gdacs"), ("from", "2025-01-01"), ("to", "2025-01-02")],
                    Secrets())  # fmt: skip
    assert goes.told == ("the dates",)


@pytest.mark.parametrize("source", ["acled", "ucdp"])
def test_what_is_there_is_not_lacking_and_not_told(source):
    secrets = Secrets.of(
        {"GEO_ACLED_USER": "u-u", "GEO_ACLED_PASSWORD": "p-p", "GEO_UCDP_TOKEN": "t-t"}
    )
    goes = outgoing(source, [("country", "PAK")], secrets)

    assert goes.lacking == ()
    assert not any(secret in repr(goes) for secret in ("u-u", "p-p", "t-t"))
