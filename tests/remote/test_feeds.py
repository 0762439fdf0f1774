"""Are the feeds asked in their own words, and read whole?"""

from datetime import date

import pytest

from geo.area import BBox
from geo.errors import FetchError, FilterError
from geo.remote.feeds import Query, fetch
from geo.sources.feeds import read
from tests.remote.doors import asked, door, page_of_html, say_json
from tests.servers import serving
from tests.sources.tables import Said
from tests.sources.test_feeds import alert, harm, quake

DAYS = {"start": date(2025, 8, 1), "end": date(2025, 8, 2)}


def ask(speak, query, **options):
    with serving(speak) as served, door(tries=1) as way:
        return fetch(way, query, url=served.url, **options), served.seen


def collection(*features):
    return {"type": "FeatureCollection", "features": list(features)}


def test_earthquakes_are_asked_for_by_time_size_and_frame():
    heard = []

    def speak(request):
        heard.append(asked(request)[1])
        say_json(request, collection(quake()))

    frame = BBox(170, -10, -170, 10)
    found, _ = ask(speak, Query(feed="usgs", magnitude=4.5, bbox=frame, **DAYS))

    assert Said(read, found.data).incidents[0].id == "usgs:zz1"
    assert heard == [
        {
            "format": "geojson",
            "starttime": "2025-08-01",
            "endtime": "2025-08-02T23:59:59.999",
            "minmagnitude": "4.5",
            "minlongitude": "170",
            "minlatitude": "-10",
            "maxlongitude": "190",
            "maxlatitude": "10",
        }
    ]


def test_nothing_found_is_an_empty_feed():
    for feed in ("usgs", "gdacs"):
        found, _ = ask(lambda r: r.say(204), Query(feed=feed))
        assert Said(read, found.data).read == 0


def test_a_full_answer_says_that_there_is_more(monkeypatch):
    monkeypatch.setattr("geo.remote.feeds.USGS_MOST", 1)
    found, _ = ask(lambda r: say_json(r, collection(quake())), Query(feed="usgs"))

    assert found.said == ("USGS gives 1 events at most: ask for a shorter time",)


def test_alerts_are_asked_for_page_by_page():
    heard = []

    def speak(request):
        words = asked(request)[1]
        heard.append(words)
        first = 100 * (int(words["pageNumber"]) - 1)
        page = [alert(eventid=n) for n in range(first, min(first + 100, 130))]
        say_json(request, collection(*page))

    query = Query(feed="gdacs", alerts=("orange", "red"), kinds=("EQ", "FL"), **DAYS)
    found, _ = ask(speak, query)

    assert Said(read, found.data).read == 130
    assert heard[0] == {
        "eventlist": "EQ;FL",
        "pageSize": "100",
        "pageNumber": "1",
        "fromDate": "2025-08-01",
        "toDate": "2025-08-02",
        "alertlevel": "orange;red",
    }


def test_a_server_that_cannot_turn_the_page_ends():
    page = collection(*(alert(eventid=n) for n in range(100)))
    found, seen = ask(lambda r: say_json(r, page), Query(feed="gdacs"))

    assert (Said(read, found.data).read, len(seen)) == (100, 2)


def test_a_word_that_gdacs_does_not_know_is_refused():
    for change in ({"kinds": ("XX",)}, {"alerts": ("pink",)}):
        with pytest.raises(FilterError, match="must be one of"):
            ask(page_of_html, Query(feed="gdacs", **change))


def test_bellingcat_s_list_is_fetched_as_it_is():
    found, _ = ask(lambda r: say_json(r, [harm()]), Query(feed="bellingcat"))

    assert Said(read, found.data).incidents[0].id == "bellingcat:ZZ0001"


@pytest.mark.parametrize("feed", ["usgs", "gdacs", "bellingcat"])
@pytest.mark.parametrize(
    "speak",
    [page_of_html, lambda r: page_of_html(r, 200), lambda r: r.say(400, b"Bad request: starttime"),
     lambda r: say_json(r, {"features": 7} if "format" not in r.path else [])],
)  # fmt: skip
def test_a_refusal_is_a_sentence(feed, speak):
    with pytest.raises(FetchError, match=r"USGS|GDACS|Bellingcat"):
        ask(speak, Query(feed=feed))
