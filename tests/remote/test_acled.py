"""Does the client of ACLED get all that an account may see, and say what it may not?

The server is ours and speaks ACLED's shapes; its rows are invented.
"""

import contextlib
import json
import time
from datetime import date
from urllib.parse import parse_qs

import pytest

from geo.errors import (
    AccessError,
    AtlasError,
    FetchError,
    FilterError,
    ForbiddenAddressError,
)
from geo.fetch import Door
from geo.remote import acled
from geo.remote.acled import Account, Query, fetch
from geo.sources.acled import read
from tests.remote.doors import asked, door, page_of_html, say_json
from tests.servers import serving
from tests.sources.tables import Said
from tests.sources.test_acled import ROW

USER, PASSWORD = "analyst@zembla.example", "s3cret-word"
ACCOUNT = Account(USER, PASSWORD)


def rows(*numbers):
    return [{**ROW, "event_id_cnty": f"ZZZ{n}"} for n in numbers]


class Acled:
    """ACLED as it answers: a login, and pages for whoever brings its token."""

    def __init__(self, pages=None, **changes):
        self.pages = pages or [{"data": rows(1)}]
        self.logins = []
        self.asked = []
        self.token = {"token_type": "Bearer", "expires_in": 86400, "refresh_token": "r1"}
        self.scope_known = True
        self.fresh = 0
        self.refuse = {}  # number of a reading: how it is answered
        for name, value in changes.items():
            setattr(self, name, value)

    def __call__(self, request):
        path, words = asked(request)
        if path == "/oauth/token":
            self.log_in(request)
            return
        number = len(self.asked)
        self.asked.append((path, words))
        if number in self.refuse:
            self.refuse[number](request)
        elif request.headers["Authorization"] != f"Bearer token{self.fresh}":
            say_json(request, {"error": "invalid_token"}, 401)
        else:
            page = self.pages.pop(0) if self.pages else {"data": []}
            say_json(request, {"status": 200, "success": True, **page})

    def log_in(self, request):
        form = {k: v[0] for k, v in parse_qs(request.form).items()}
        self.logins.append(form)
        if "scope" in form and not self.scope_known:
            say_json(request, {"error": "invalid_scope"}, 400)
        elif form["grant_type"] == "password" and form["password"] != PASSWORD:
            error = {"error": "invalid_grant", "error_description": f"no {form['password']}"}
            say_json(request, error, 400)
        elif form["grant_type"] == "refresh_token" and form["refresh_token"] != "r1":  # noqa: S105 invented
            say_json(request, {"error": "invalid_grant"}, 400)
        else:
            self.fresh += 1
            say_json(request, self.token | {"access_token": f"token{self.fresh}"})


def ask(server, query=None, account=ACCOUNT, **options):
    with serving(server) as served, door(tries=2) as way:
        return fetch(way, query or Query(), account, base=served.url, **options)


def ids(found):
    return [made.id for made in Said(read, found.data).incidents]


def unauthorised(request):
    say_json(request, {"message": "expired"}, 401)


def test_the_query_is_written_in_acled_s_words():
    server = Acled()
    query = Query(
        countries=("PAK", "AFG"),
        start=date(2025, 10, 1),
        end=date(2025, 10, 31),
        event_types=("Battles", "Riots"),
    )
    found = ask(server, query)

    [(path, words)] = server.asked
    assert path == "/api/acled/read"
    assert words == {
        "_format": "json",
        "export_type": "dyadic",
        "inter_num": "0",
        "limit": "5000",
        "iso": "586:OR:iso=4",
        "event_date": "2025-10-01|2025-10-31",
        "event_date_where": "BETWEEN",
        "event_type": "Battles|Riots",
    }
    assert server.logins == [
        {
            "username": USER,
            "password": PASSWORD,
            "grant_type": "password",
            "client_id": "acled",
            "scope": "authenticated",
        }
    ]
    assert (found.source, ids(found), found.said) == ("acled", ["acled:ZZZ1"], ())


def test_open_ends_and_changes_are_written_too():
    assert Query(start=date(2025, 1, 1)).params()["event_date_where"] == ">="
    assert Query(end=date(2025, 1, 1)).params()["event_date_where"] == "<="
    since = Query(since=1760000000).params()
    assert (since["timestamp"], since["timestamp_where"]) == ("1760000000", ">=")
    with pytest.raises(FilterError, match="'XKX'"):
        Query(countries=("XKX",)).params()


def test_a_login_that_knows_no_scope_is_asked_once_without():
    server = Acled(scope_known=False)

    assert ids(ask(server)) == ["acled:ZZZ1"]
    assert ["scope" in form for form in server.logins] == [True, False]


def test_pages_are_turned_by_number_until_one_is_short(monkeypatch):
    monkeypatch.setattr(acled, "PAGE", 2)
    server = Acled([{"data": rows(1, 2)}, {"data": rows(2, 3)}, {"data": rows(4)}])
    steps = []
    found = ask(server, step=lambda *step: steps.append(step))

    assert ids(found) == ["acled:ZZZ1", "acled:ZZZ2", "acled:ZZZ3", "acled:ZZZ4"]
    assert [words.get("page") for _, words in server.asked] == [None, "2", "3"]
    assert [done for _, done, _ in steps] == [2, 3, 4]


def test_a_server_that_cannot_turn_the_page_ends(monkeypatch):
    monkeypatch.setattr(acled, "PAGE", 2)

    assert len(ids(ask(Acled([{"data": rows(1, 2)}] * 50)))) == 2


def test_pages_without_end_are_refused(monkeypatch):
    monkeypatch.setattr(acled, "_MOST_PAGES", 3)
    pages = [{"data": rows(n), "next_cursor": str(n)} for n in range(1, 9)]

    with pytest.raises(FetchError, match="more than 3 pages: ask for a shorter period"):
        ask(Acled(pages))


def test_a_limit_that_is_no_day_is_none():
    assert ask(Acled([limited("soon", data=[])])).said == ()


def test_a_cursor_is_followed_until_it_ends_or_repeats():
    server = Acled(
        [
            {"data": rows(1), "next_cursor": "a"},
            {"data": rows(2), "next_cursor": "b"},
            {"data": rows(3), "next_cursor": None},
        ]
    )
    assert ids(ask(server)) == ["acled:ZZZ1", "acled:ZZZ2", "acled:ZZZ3"]
    assert [words.get("cursor") for _, words in server.asked] == [None, "a", "b"]

    turning = Acled([{"data": rows(n), "next_cursor": "ab"[n % 2]} for n in range(9)])
    assert len(ids(ask(turning))) == 3


def test_of_two_states_of_an_event_the_later_is_kept():
    early, late = ({**ROW, "timestamp": t, "fatalities": n} for t, n in (("1", "2"), ("2", "4")))
    for page in ([early, late], [late, early]):
        [made] = Said(read, ask(Acled([{"data": page}])).data).incidents
        assert made.deaths.best == 4


def test_rows_without_an_id_reach_the_reader_who_rejects_them():
    told = Said(read, ask(Acled([{"data": [*rows(1), {"iso": 4}, "x"]}])).data)

    assert (len(told.incidents), [gone.field for gone in told.rejected]) == (1, ["event_id_cnty"])


def limited(day, *, data):
    recency = {"quantity": 12, "unit": "Months", "date": day}
    return {"data": data, "data_query_restrictions": {"date_recency": recency}}


def test_an_embargoed_account_is_told_its_limit_and_never_no_events():
    with pytest.raises(AccessError, match="your ACLED access ends at 2024-11-20"):
        ask(Acled([limited("2024-11-20", data=[])]), Query(start=date(2025, 10, 1)))


def test_what_is_seen_of_a_longer_time_says_where_it_ends():
    found = ask(Acled([limited("2024-11-20", data=rows(1))]), Query(end=date(2025, 1, 1)))

    assert found.said == ("your ACLED access ends at 2024-11-20: newer events are not among these",)
    # a time before the limit is seen whole, even where nothing happened
    before = ask(Acled([limited("2024-11-20", data=[])]), Query(end=date(2024, 1, 1)))
    assert (before.said, ids(before)) == ((), [])


def test_an_expired_token_is_refreshed_and_a_second_refusal_asks_for_the_password():
    server = Acled(refuse={0: unauthorised, 1: unauthorised})

    assert ids(ask(server)) == ["acled:ZZZ1"]
    assert [form["grant_type"] for form in server.logins] == [
        "password",
        "refresh_token",
        "password",
    ]
    thrice = Acled(refuse=dict.fromkeys(range(9), unauthorised))
    with pytest.raises(AccessError, match="shows it no data"):
        ask(thrice)
    assert len(thrice.asked) == 3


def test_a_refresh_that_is_refused_asks_for_the_password():
    server = Acled(refuse={0: unauthorised})
    server.token["refresh_token"] = "gone"  # noqa: S105 invented

    assert ids(ask(server)) == ["acled:ZZZ1"]
    assert [form["grant_type"] for form in server.logins] == [
        "password",
        "refresh_token",
        "password",
    ]


def test_a_token_is_renewed_five_minutes_before_it_ends():
    server = Acled([{"data": rows(1), "next_cursor": "a"}, {"data": rows(2)}])
    server.token["expires_in"] = 1000
    times = iter([0.0, 0.0, 701.0, 701.0, 701.0])
    ask(server, clock=lambda: next(times))

    assert [form["grant_type"] for form in server.logins] == ["password", "refresh_token"]


def test_deleted_events_are_asked_for_with_changes():
    server = Acled([{"data": rows(1)}, {"data": [{"event_id_cnty": "ZZZ9"}, {"x": 1}]}])
    found = ask(server, Query(since=1760000000))

    assert found.withdrawn == ("acled:ZZZ9",)
    path, words = server.asked[1]
    assert path == "/api/deleted/read"
    assert words["deleted_timestamp"] == "1760000000"


@pytest.mark.parametrize(
    ("answer", "kind", "sentence"),
    [
        (lambda r: say_json(r, {"message": "Access denied"}, 403), AccessError,
         "status 403 “Access denied”.* access@acleddata.com"),
        (lambda r: say_json(r, {"messages": ["terms", "profile"]}, 403), AccessError,
         "“terms; profile”"),
        (lambda r: r.say(429, b"slow down", Retry_After="1"), FetchError, "fewer requests"),
        (page_of_html, FetchError, "under maintenance or too busy .status 502."),
        (lambda r: say_json(r, {"message": "quota"}, 500), FetchError, "status 500"),
        (lambda r: say_json(r, {"success": False, "error": [{"message": "no such field"}]}),
         FetchError, "refused the query “no such field”"),
        (lambda r: say_json(r, {"status": 400, "data": []}), FetchError, "refused the query"),
        (lambda r: say_json(r, {"success": True}), FetchError, "without a reason"),
        (lambda r: say_json(r, [1]), FetchError, "a JSON list"),
        (lambda r: page_of_html(r, 200), FetchError, "answered with text/html"),
        (lambda r: say_json(r, {"message": "bad field"}, 400), FetchError, "“bad field”"),
        (lambda r: r.say(200, b'{"data": [', Content_Length="99"), FetchError, "be reached"),
        (lambda r: r.say(200, b"\x1f\x8b\x08", Content_Encoding="gzip"), FetchError, "gzip"),
    ],
)  # fmt: skip
def test_every_refusal_is_a_sentence(answer, kind, sentence):
    server = Acled(refuse=dict.fromkeys(range(9), answer))
    with pytest.raises(kind, match=sentence):
        ask(server)


@pytest.mark.parametrize("token", [{"access_token": None}, {"access_token": "a\nb"}, {}])
def test_a_login_that_gives_no_token_is_told(token):
    with pytest.raises(FetchError, match="gave no token"):
        ask(lambda r: say_json(r, token))


def test_a_login_without_an_expiry_holds_until_it_is_refused():
    server = Acled([{"data": rows(1), "next_cursor": "a"}, {"data": rows(2)}])
    server.token = {"token_type": "Bearer"}

    assert len(ids(ask(server))) == 2
    assert len(server.logins) == 1


@pytest.mark.parametrize(
    "speak",
    [
        Acled(),
        lambda r: say_json(r, {"error": f"bad {USER} {PASSWORD} in {r.form}"}, 401),
        lambda r: r.say(403, f"no {PASSWORD}".encode()),
        lambda r: r.say(302, Location="http://user:pw@127.0.0.1/"),
    ],
)
def test_no_secret_is_in_an_error(speak):
    account = Account(USER, PASSWORD if not isinstance(speak, Acled) else "wr0ng-word")
    with pytest.raises(AtlasError) as caught:
        ask(speak, account=account)

    shown = "".join(map(repr, (caught.value, account, caught.value.__cause__)))
    for secret in (USER, PASSWORD, "wr0ng-word", "token1"):
        assert secret not in shown


def test_the_login_goes_to_no_private_address_and_waits_for_no_drip():
    def drip(request):
        request.send_response(200)
        request.send_header("Content-Length", "1000")
        request.end_headers()
        with contextlib.suppress(OSError):
            for _ in range(30):
                request.wfile.write(b" ")
                time.sleep(0.05)

    with serving(lambda r: r.say(302, Location="http://127.0.0.2:1/")) as served:
        with Door(permit=lambda a: a == "127.0.0.1", sleep=lambda _: None) as way:
            with pytest.raises(ForbiddenAddressError, match=r"127\.0\.0\.2"):
                fetch(way, Query(), ACCOUNT, base=served.url)
    with serving(drip) as served, door(tries=1, seconds=0.3) as way:
        with pytest.raises(FetchError):
            fetch(way, Query(), ACCOUNT, base=served.url)


def test_whoever_raises_in_the_step_cancels():
    class CancelledError(Exception):
        pass

    def cancel(*_):
        raise CancelledError

    with pytest.raises(CancelledError):
        ask(Acled(), step=cancel)


def test_the_rows_are_not_in_what_is_shown():
    assert "ZZZ1" not in repr(ask(Acled()))
    assert json.loads(ask(Acled()).data)["data"][0]["event_id_cnty"] == "ZZZ1"
