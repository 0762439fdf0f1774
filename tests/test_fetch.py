"""Does the door reach what it may, and nothing else, within its bounds?"""

from __future__ import annotations

import gzip
import socket
import time

import pytest

from geo.errors import AnswerError, FetchError, ForbiddenAddressError, TooLargeError, TooSlowError
from geo.fetch import Door, Limits
from tests.servers import serving


def door(**given):
    """A door that reaches this machine's servers and does not wait."""
    given.setdefault("sleep", lambda _: None)
    limits = Limits(**given.pop("limits", {}))
    return Door(limits=limits, permit=lambda _: True, **given)


def test_an_answer_has_its_body_status_and_headers():
    with serving(lambda r: r.say(body=b"incidents", X_Kind="list")) as server, door() as open_door:
        answer = open_door.get(server.url, params={"q": "a b"})
    assert (answer.status, answer.body, answer.headers["x-kind"]) == (200, b"incidents", "list")
    assert server.seen[0][1] == "/?q=a+b"


def test_gzip_is_unpacked_and_nothing_else_is_asked_for():
    body = gzip.compress(b"hello" * 1000)
    with serving(lambda r: r.say(body=body, Content_Encoding="gzip")) as server, door() as d:
        assert d.get(server.url).body == b"hello" * 1000
    assert server.seen[0][2]["Accept-Encoding"] == "gzip, identity"


@pytest.mark.parametrize(
    "url",
    [
        *("http://127.0.0.1/", "http://127.1/", "http://2130706433/", "http://0x7f000001/"),
        *("http://localhost/", "http://[::1]/", "http://[::ffff:127.0.0.1]/", "http://0/"),
        *("http://169.254.169.254/latest/meta-data/", "http://10.0.0.1/", "http://[fe80::1]/"),
        *("http://[64:ff9b::7f00:1]/", "http://[2002:7f00:1::]/", "http://224.0.0.1/"),
    ],
)
def test_private_addresses_are_not_asked(url):
    with pytest.raises(FetchError), Door(limits=Limits(tries=1, seconds=3)) as closed:
        closed.get(url)


@pytest.mark.parametrize(
    "url",
    [
        *("file:///etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1/", "data:text/plain,x"),
        *("//example.com/", "http:///x", "", "javascript:alert(1)", "http://[x", "jar:http://a!/"),
        *("http://user:pw@example.com/", "http://example.com:0/", "http://example.com:99999/"),
    ],
)
def test_what_is_no_plain_web_address_is_refused_with_its_rule(url):
    with pytest.raises(FetchError) as caught, door() as open_door:
        open_door.get(url)
    assert "pw@" not in str(caught.value)


def resolved(monkeypatch, port, *addresses):
    """Let news.test resolve to one address after another; connections end at the server."""
    left = list(addresses)
    asked = []

    def fake(_host, _port, *_, **__):
        address = left.pop(0) if len(left) > 1 else left[0]
        asked.append(address)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    connect = socket.socket.connect

    def local(self, address):
        return connect(self, ("127.0.0.1", port) if address[0] == "93.184.216.34" else address)

    monkeypatch.setattr(socket, "getaddrinfo", fake)
    monkeypatch.setattr(socket.socket, "connect", local)
    return asked


def test_a_public_name_is_resolved_once(monkeypatch):
    with serving(lambda r: r.say(body=b"ok")) as server:
        port = server.server_address[1]
        asked = resolved(monkeypatch, port, "93.184.216.34")
        with Door() as closed:
            assert closed.get(f"http://news.test:{port}/").body == b"ok"
    assert len(asked) == 1


def test_a_redirect_to_a_private_address_reaches_nothing(monkeypatch):
    hits = []
    with serving(lambda r: hits.append(r.path) or r.say()) as private:

        def leads(request):
            request.say(302, Location=f"{private.url}/latest/meta-data/")

        with serving(leads) as server:
            port = server.server_address[1]
            fake = socket.getaddrinfo
            resolved(monkeypatch, port, "93.184.216.34")
            named = socket.getaddrinfo

            def either(host, *given, **more):
                return (named if host == "news.test" else fake)(host, *given, **more)

            monkeypatch.setattr(socket, "getaddrinfo", either)
            with Door(limits=Limits(tries=1)) as closed, pytest.raises(ForbiddenAddressError):
                closed.get(f"http://news.test:{port}/")
    assert hits == []


def test_a_name_that_changes_its_mind_is_refused(monkeypatch):
    with serving(lambda r: r.say(302, Location="/again")) as server:
        port = server.server_address[1]
        resolved(monkeypatch, port, "93.184.216.34", "127.0.0.1")
        with Door(limits=Limits(tries=1)) as closed, pytest.raises(FetchError):
            closed.get(f"http://news.test:{port}/")
    # the first answer may be kept alive; nothing was asked at the private address
    assert all(path in ("/", "/again") for _, path, _ in server.seen)


def test_a_redirect_to_a_file_is_refused():
    with serving(lambda r: r.say(302, Location="file:///etc/passwd")) as server, door() as d:
        with pytest.raises(FetchError, match="http"):
            d.get(server.url)


def test_redirects_end():
    with serving(lambda r: r.say(302, Location="/round")) as server, door() as d:
        with pytest.raises(FetchError, match="at most 5"):
            d.get(server.url)
    assert len(server.seen) == 6


def test_secrets_stay_with_the_host_they_are_for():
    with serving(lambda r: r.say(body=b"other")) as other:
        away = other.url.replace("127.0.0.1", "localhost")
        with serving(lambda r: r.say(302, Location=away)) as server, door() as d:
            d.get(server.url, headers={"x-token": "secret"}, params={"key": "secret"})
    assert server.seen[0][2]["x-token"] == "secret"
    assert "x-token" not in {name.lower() for name in other.seen[0][2]}
    assert "secret" not in str(other.seen)


def test_a_refusal_keeps_what_the_server_said_and_no_secret():
    body = b'{"message": "Access denied"}'
    with serving(lambda r: r.say(403, body)) as server, door() as d:
        with pytest.raises(AnswerError, match="status 403") as caught:
            d.get(f"{server.url}/read?token=hidden", params={"key": "hidden"})
    assert (caught.value.status, caught.value.body) == (403, body)
    assert "hidden" not in str(caught.value)


def test_a_busy_server_is_asked_again_as_late_as_it_wishes():
    waits = []

    def speak(request):
        if len(waits) < 2:
            request.say(429, b"slow down", Retry_After="7")
        else:
            request.say(body=b"now")

    with serving(speak) as server, door(sleep=waits.append) as d:
        assert d.get(server.url).body == b"now"
    assert waits == [7.0, 7.0]


def test_a_server_that_stays_broken_is_given_up():
    html = b"<html><body>502 Bad Gateway</body></html>"
    waits = []
    with serving(lambda r: r.say(502, html)) as server, door(sleep=waits.append) as d:
        with pytest.raises(AnswerError, match="502"):
            d.get(server.url)
    assert waits == [1.0, 2.0, 4.0]
    assert len(server.seen) == 4


def test_a_body_cut_short_is_asked_for_again():
    whole = b"x" * 1000

    def speak(request):
        if len(request.server.seen) == 1:
            request.send_response(200)
            request.send_header("Content-Length", "1000")
            request.end_headers()
            request.wfile.write(whole[:300])
            request.close_connection = True
        else:
            request.say(body=whole)

    with serving(speak) as server, door() as d:
        assert d.get(server.url).body == whole
    assert len(server.seen) == 2


def test_truncated_gzip_is_an_error_not_half_an_answer():
    body = gzip.compress(bytes(range(256)) * 400)[:-200]
    with serving(lambda r: r.say(body=body, Content_Encoding="gzip")) as server:
        with door(limits={"tries": 1}) as d, pytest.raises(FetchError):
            d.get(server.url)


def test_a_bomb_is_left_after_the_bound():
    bomb = gzip.compress(b"\0" * 50_000_000)
    with serving(lambda r: r.say(body=bomb, Content_Encoding="gzip")) as server:
        with door(limits={"most_bytes": 1_000_000}) as d, pytest.raises(TooLargeError):
            d.get(server.url)


def test_a_dripping_body_is_left_in_time():
    def drip(request):
        request.send_response(200)
        request.end_headers()
        for _ in range(100):
            try:
                request.wfile.write(b"x")
                request.wfile.flush()
            except OSError:
                return
            time.sleep(0.05)

    with serving(drip) as server, door(limits={"seconds": 0.5}) as d:
        with pytest.raises(TooSlowError, match="0\\.5 seconds"):
            d.get(server.url)


def test_progress_is_told_with_the_whole_where_it_is_known():
    told = []
    with serving(lambda r: r.say(body=b"x" * 200_000)) as server, door() as d:
        d.get(server.url, progress=lambda done, of: told.append((done, of)))
    assert told[-1] == (200_000, 200_000)


def test_two_requests_to_one_host_leave_the_pause():
    now = [0.0]
    waits = []

    def wait(seconds):
        waits.append(seconds)
        now[0] += seconds

    with serving(lambda r: r.say()) as server:
        with door(limits={"pause": 5.0}, clock=lambda: now[0], sleep=wait) as d:
            d.get(server.url)
            d.get(server.url)
    assert waits == [5.0]


def test_a_form_is_sent_and_appears_in_no_error():
    forms = []

    def speak(request):
        forms.append(request.form)
        request.say(400, b'{"error":"invalid_grant"}')

    with serving(speak) as server, door() as d, pytest.raises(AnswerError) as caught:
        d.post(server.url, form={"username": "a@b", "password": "hidden"})
    assert forms == ["username=a%40b&password=hidden"]
    assert "hidden" not in repr(caught.value)


def test_proxies_of_the_environment_are_not_used(monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with serving(lambda r: r.say(body=b"direct")) as server, door() as d:
        assert d.get(server.url).body == b"direct"
