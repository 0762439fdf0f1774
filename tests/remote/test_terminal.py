"""Does a query from a terminal become incidents of a layer, and stay quiet about secrets?"""

import json

import pytest

from geo import cli
from geo.cli import sources as cli_sources
from geo.remote import acled, feeds
from tests.remote import doors
from tests.remote.test_acled import PASSWORD, USER, Acled, limited
from tests.remote.test_feeds import collection
from tests.servers import serving
from tests.sources.test_feeds import quake


@pytest.fixture(autouse=True)
def _door(monkeypatch):
    monkeypatch.setattr(cli_sources, "Door", lambda **_: doors.door(tries=1))
    monkeypatch.setenv("GEO_ACLED_USER", USER)
    monkeypatch.setenv("GEO_ACLED_PASSWORD", PASSWORD)


def put(*words):
    return cli.main(["import", *words, "--layer", "asked"])


def test_a_feed_is_asked_and_comes_in(monkeypatch, capsys):
    with serving(lambda r: doors.say_json(r, collection(quake(), quake(id_="zz2")))) as served:
        monkeypatch.setattr(feeds, "USGS", served.url)
        assert put("feed", "--query", "feed=usgs", "--query", "magnitude=4", "--json") == 0

    report = json.loads(capsys.readouterr().out)
    assert (report["source"], report["accepted"], report["new"]) == ("feed", 2, 2)
    assert report["licence"] == "public domain, USGS"


def test_what_the_source_says_of_its_answer_is_told(monkeypatch, capsys):
    page = limited("2024-11-20", data=[])
    with serving(Acled([page])) as served:
        # a base is bound when the client is made, so the client is told here
        monkeypatch.setattr(acled.fetch, "__kwdefaults__", given(acled.fetch, served.url))
        assert put("acled", "--query", "country=PAK") == 1

    said = capsys.readouterr()
    assert said.err.startswith("atlas: your ACLED access ends at 2024-11-20")
    assert PASSWORD not in said.err + said.out


def given(function, base):
    return {**function.__kwdefaults__, "base": base}


def test_a_file_or_a_query_is_given_and_never_both(capsys):
    assert put("feed") == 2
    assert put("feed", "file.json", "--query", "feed=usgs") == 2
    assert "give INPUT, a file, or --query" in capsys.readouterr().err


def test_a_word_that_means_nothing_is_refused(capsys):
    assert put("feed", "--query", "feed=cnn") in (1, 2)
    assert "feed is 'cnn': must be one of usgs gdacs bellingcat" in capsys.readouterr().err
    assert put("table", "--query", "feed=usgs") in (1, 2)
