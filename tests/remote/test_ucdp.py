"""Does the client of UCDP get every event that was announced?"""

import io
import zipfile

import pytest

from geo.errors import AccessError, FetchError, FilterError
from geo.remote.ucdp import Query, fetch, fetch_file, file_url
from geo.sources.ucdp import read
from tests.remote.doors import asked, door, page_of_html, say_json
from tests.servers import serving
from tests.sources.tables import GED, Said, ged

TOKEN = "t0ken-of-zembla"  # noqa: S105 invented


class Api:
    """The API as it answers: three events, two a page."""

    def __init__(self, **changes):
        self.asked, self.announced, self.refuse = [], 3, {}
        self.host = "https://ucdpapi.pcr.uu.se"
        for name, value in changes.items():
            setattr(self, name, value)

    def __call__(self, request):
        path, words = asked(request)
        number = len(self.asked)
        self.asked.append((path, words, request.headers.get("x-ucdp-access-token")))
        if number in self.refuse:
            self.refuse[number](request)
            return
        first = 2 * int(words.get("page", 0))
        rows = [{**GED, "id": n} for n in (1, 2, 3)][first : first + 2]
        following = "" if first else f"{self.host}{path}?pagesize=2&page=1&Country=770"
        answer = {"TotalCount": self.announced, "TotalPages": 2, "PreviousPageUrl": ""}
        say_json(request, answer | {"NextPageUrl": following, "Result": rows})


def ask(server, query=None, **options):
    with serving(server) as served, door(tries=2) as way:
        query = query or Query(version="25.1", countries=("PAK",))
        return fetch(way, query, TOKEN, base=served.url, sleep=lambda _: None, **options)


def test_pages_are_followed_by_the_address_they_name_on_the_host_that_was_asked():
    server = Api(host="https://elsewhere.example")
    steps = []
    found = ask(server, step=lambda *step: steps.append(step[1:]))

    assert [made.id for made in Said(read, found.data).incidents] == ["ucdp:1", "ucdp:2", "ucdp:3"]
    assert [words for _, words, _ in server.asked] == [
        {"pagesize": "1000", "Country": "770"},
        {"pagesize": "2", "page": "1", "Country": "770"},
    ]
    assert {(path, token) for path, _, token in server.asked} == {("/api/gedevents/25.1", TOKEN)}
    assert steps == [(2, 3), (3, 3)]


def test_fewer_events_than_announced_are_not_taken_for_all():
    with pytest.raises(FetchError, match="announced 4 events and gave 3"):
        ask(Api(announced=4))


def test_a_next_page_that_leads_back_ends():
    def again(request):
        answer = {"TotalCount": 1, "NextPageUrl": request.path, "Result": [GED]}
        say_json(request, answer)

    assert Said(read, ask(again).data).read == 1


def test_the_query_is_written_in_ucdp_s_words():
    from datetime import date

    query = Query(
        version="25.0.10",
        countries=("PAK", "AFG"),
        start=date(2025, 10, 1),
        end=date(2025, 10, 31),
        types=(1, 3),
    )
    assert query.params() == {
        "pagesize": "1000",
        "Country": "770,700",
        "StartDate": "2025-10-01",
        "EndDate": "2025-10-31",
        "TypeOfViolence": "1,3",
    }
    with pytest.raises(FilterError, match="'ABW'"):
        Query(version="25.1", countries=("ABW",)).params()
    with pytest.raises(FilterError, match=r"must be like 25.1"):
        ask(Api(), Query(version="../x"))


def slow_down(request):
    say_json(request, {"message": "Too many requests"}, 400)


def test_status_400_asks_for_patience_first():
    server = Api(refuse={0: slow_down, 1: slow_down})

    assert Said(read, ask(server).data).read == 3
    with pytest.raises(FetchError, match="status 400 “Too many requests”"):
        ask(Api(refuse=dict.fromkeys(range(9), slow_down)))


@pytest.mark.parametrize(
    ("answer", "kind", "sentence"),
    [
        (lambda r: r.say(401, f"API token required, not {TOKEN}".encode()), AccessError,
         "did not accept the token .status 401 “API token required, not …”"),
        (lambda r: r.say(404), FetchError, "has no such version"),
        (lambda r: r.say(429, Retry_After="1"), FetchError, "fewer requests"),
        (page_of_html, FetchError, "maintenance"),
        (lambda r: page_of_html(r, 200), FetchError, "no JSON"),
        (lambda r: say_json(r, {"message": "nothing"}), FetchError, "gave no events “nothing”"),
    ],
)  # fmt: skip
def test_every_refusal_is_a_sentence(answer, kind, sentence):
    with pytest.raises(kind, match=sentence) as caught:
        ask(Api(refuse=dict.fromkeys(range(9), answer)))
    assert TOKEN not in str(caught.value)


@pytest.mark.parametrize(
    ("version", "end"),
    [
        ("25.1", "ged/ged251-csv.zip"),
        ("25.0.10", "candidateged/GEDEvent_v25_0_10.csv"),
        ("26.01.26.06", "candidateged/GEDEvent_v26_01_26_06.csv"),
    ],
)
def test_every_version_has_its_file(version, end):
    assert file_url(version) == f"https://ucdp.uu.se/downloads/{end}"


def get(speak, version="25.1"):
    with serving(speak) as served, door(tries=1) as way:
        return fetch_file(way, version, base=served.url)


def test_the_file_of_a_version_is_fetched_as_it_is():
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("GEDEvent_v25_1.csv", ged({}, {}))

    assert Said(read, get(lambda r: r.say(body=held.getvalue())).data).read == 2
    with pytest.raises(FetchError, match=r"has no file of version '25.1'"):
        get(lambda r: r.say(404))
    with pytest.raises(FetchError, match="a page instead of the file"):
        get(lambda r: page_of_html(r, 200))
    with pytest.raises(FetchError, match="maintenance"):
        get(page_of_html)
    with pytest.raises(FilterError):
        get(lambda r: r.say(), "25")
