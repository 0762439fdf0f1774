"""Do words make the query they say, and are others refused by name?"""

from datetime import UTC, date, datetime

import pytest

from geo.area import BBox
from geo.errors import AccessError, FilterError
from geo.remote import acled, asking, feeds, gdelt, ucdp
from geo.remote.answers import Fetched
from geo.remote.asking import ask
from geo.remote.secrets import Secrets

SECRETS = Secrets(acled_user="u", acled_password="p", ucdp_token="t")  # noqa: S106 invented
NOTHING = Fetched(source="x", data=b"")


@pytest.fixture
def heard(monkeypatch):
    """What the clients are asked."""
    found = []

    def keeping(name):
        def keep(_door, *given, **_):
            found.append((name, *given))
            return NOTHING

        return keep

    for module in (acled, gdelt, feeds, ucdp):
        monkeypatch.setattr(module, "fetch", keeping(module.__name__.rpartition(".")[2]))
    monkeypatch.setattr(ucdp, "fetch_file", lambda _d, version, **_: found.append(version))
    return found


def put(source, *words, secrets=SECRETS):
    return ask(source, [tuple(word.split("=", 1)) for word in words], door=None, secrets=secrets)


def test_acled_is_asked_for_countries_days_types_and_changes(heard):
    put("acled", "country=PAK", "country=Afghanistan", "from=2025-10-01", "type=Battles")
    put("acled", "to=2025-10-31", "since=1970-01-02")

    account = acled.Account("u", "p")
    assert heard == [
        (
            "acled",
            acled.Query(
                countries=("PAK", "AFG"), start=date(2025, 10, 1), event_types=("Battles",)
            ),
            account,
        ),
        ("acled", acled.Query(end=date(2025, 10, 31), since=86400), account),
    ]


def test_a_version_alone_is_ucdp_s_file_and_more_is_its_api(heard):
    put("ucdp", "version=25.1", secrets=Secrets())
    put("ucdp", "version=25.1", "country=PAK", "type=1", "type=3")

    query = ucdp.Query(version="25.1", countries=("PAK",), types=(1, 3))
    assert heard == ["25.1", ("ucdp", query, "t")]


def test_gdelt_is_asked_for_times_in_utc_or_the_latest(heard):
    put("gdelt", "latest=yes", "translated=yes")
    put("gdelt", "from=2025-10-15", "to=2025-10-15", "country=PAK")
    put("gdelt", "from=2025-10-15T06:15", "to=2025-10-15T10:15+02:00")

    first, second, third = (query for _, query in heard)
    assert first == gdelt.Query(translated=True)
    assert (second.start, second.end) == (
        datetime(2025, 10, 15, tzinfo=UTC),
        datetime(2025, 10, 15, 23, 45, tzinfo=UTC),
    )
    assert second.countries == ("PAK",)
    assert third.end == datetime(2025, 10, 15, 8, 15, tzinfo=UTC)


def test_feeds_are_asked_in_their_words(heard):
    put("feed", "feed=usgs", "from=2025-08-01", "magnitude=4.5", "bbox=60,20,80,40")
    put("feed", "feed=gdacs", "alert=Red", "kind=eq")

    assert [query for _, query in heard] == [
        feeds.Query(feed="usgs", start=date(2025, 8, 1), magnitude=4.5, bbox=BBox(60, 20, 80, 40)),
        feeds.Query(feed="gdacs", alerts=("red",), kinds=("EQ",)),
    ]


@pytest.mark.parametrize(
    ("source", "words", "sentence"),
    [
        ("table", ["a=b"], "source is 'table': only acled ucdp gdelt feed are asked"),
        ("acled", ["admin1=x"], "query is 'admin1': acled is asked for country from to"),
        ("acled", ["from=2025-01-01", "from=2025-01-02"], "from is given twice"),
        ("acled", ["country=Zembla"], "country is 'Zembla'"),
        ("acled", ["from=soon"], "from is 'soon': must be a day"),
        ("acled", ["from=2025-02-01", "to=2025-01-01"], "to is 2025-01-01: must not be before"),
        ("ucdp", ["country=PAK"], "version is missing"),
        ("ucdp", ["version=25.1", "type=4"], "type is '4'"),
        ("gdelt", ["from=2025-10-15"], "latest=yes, or both from and to"),
        ("gdelt", ["from=2025-10-15", "to=2025-10-15", "latest=yes"], "latest=yes, or both"),
        ("gdelt", ["country=PAK"], "latest=yes, or both"),
        ("gdelt", ["latest=maybe"], "must be yes or no"),
        ("gdelt", ["from=noon", "to=2025-10-15"], "from is 'noon': must be a day, or a time"),
        ("feed", ["from=2025-10-15"], "feed is '': must be one of usgs gdacs bellingcat"),
        ("feed", ["feed=usgs", "magnitude=big"], "magnitude is 'big'"),
        ("feed", ["feed=usgs", "bbox=1,2"], "bbox"),
    ],
)
def test_what_means_nothing_is_refused_by_name(source, words, sentence):
    with pytest.raises(FilterError, match=sentence):
        put(source, *words)


def test_without_an_account_or_token_the_sentence_says_where_it_goes():
    with pytest.raises(AccessError, match="GEO_ACLED_USER and GEO_ACLED_PASSWORD"):
        put("acled", "country=PAK", secrets=Secrets(acled_user="u"))
    with pytest.raises(AccessError, match="GEO_UCDP_TOKEN, or take the whole file"):
        put("ucdp", "version=25.1", "country=PAK", secrets=Secrets())


def test_secrets_are_taken_by_name_and_never_shown():
    found = Secrets.of({"GEO_ACLED_USER": " u ", "GEO_ACLED_PASSWORD": "pw", "PATH": "x"})

    assert (found.acled_user, found.acled_password, found.ucdp_token) == ("u", "pw", "")
    assert repr(found) == "Secrets()"
    assert all(word in asking.HELP for words in asking.WORDS.values() for word in words)
