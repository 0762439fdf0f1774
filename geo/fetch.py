"""What is at this address? The one door to the network.

A name is resolved once, every answer is checked, and the connection goes to the address that
was checked: neither a redirect nor a name that changes its mind reaches this machine's own
network. Bodies are bounded after unpacking, and so is the time of the whole exchange. Secrets
travel in headers to the host they are for and appear in no message.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import urljoin, urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError

from geo import __version__
from geo.addresses import is_public
from geo.errors import AnswerError, FetchError, ForbiddenAddressError, TooLargeError, TooSlowError
from geo.inflate import gunzip

Permit = Callable[[str], bool]
# bytes so far, and of how many where the server says
Progress = Callable[[int, int | None], None]
_CHUNK = 65_536
_REDIRECTS = (301, 302, 303, 307, 308)
_BUSY = (429, 500, 502, 503, 504)
_LONGEST_WAIT = 120.0
_AGENT = f"IncidentAtlas/{__version__}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bounds of one exchange: unpacked bytes, seconds in all, hops, tries, pause between."""

    most_bytes: int = 64_000_000
    seconds: float = 60.0
    redirects: int = 5
    tries: int = 4
    pause: float = 0.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the final address, the status, headers in lower case, the body."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)


class Door:
    """A session of requests under one set of limits; polite to each host.

    Parameters
    ----------
    limits
        Bounds of each exchange.
    permit
        Which addresses may be reached; tests let their own servers through.
    proxy
        A proxy that somebody chose; those of the environment are never used.
    clock, sleep
        Time, so that tests need not wait.
    """

    def __init__(
        self,
        *,
        limits: Limits | None = None,
        permit: Permit = is_public,
        proxy: str = "",
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._limits = limits or Limits()
        self._clock, self._sleep = clock, sleep
        self._last: dict[str, float] = {}
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.proxies = {"http": proxy, "https": proxy} if proxy else {}
        # http and https alone: file:, ftp: and data: have no adapter
        self._session.adapters.clear()
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, _guarded(permit))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._session.close()

    def get(
        self,
        url: str,
        *,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        progress: Progress | None = None,
    ) -> Answer:
        """Ask for an address; a busy server is asked again, as late as it wishes.

        Raises
        ------
        FetchError
            When the answer may not be had, is refused, too large or too slow.
        """
        return self._patiently("GET", url, progress, params=params, headers=headers)

    def post(
        self, url: str, *, form: Mapping[str, str], headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Send a form; what it holds appears in no message.

        Raises
        ------
        FetchError
            As for `get`.
        """
        return self._patiently("POST", url, None, data=form, headers=headers)

    def _patiently(self, method: str, url: str, progress: Progress | None, **sent: Any) -> Answer:
        for attempt in range(1, self._limits.tries + 1):
            last = attempt == self._limits.tries
            try:
                return self._exchange(method, url, progress, **sent)
            except AnswerError as error:
                if last or error.status not in _BUSY:
                    raise
                wait = 2.0 ** (attempt - 1) if error.retry_after is None else error.retry_after
            except _BrokenError as error:
                if last:
                    msg = f"{_named(url)} could not be reached: {error}"
                    raise FetchError(msg) from error
                wait = 2.0 ** (attempt - 1)
            self._sleep(min(wait, _LONGEST_WAIT))
        msg = f"{_named(url)} was not asked: tries must be 1 or more"
        raise FetchError(msg)

    def _exchange(self, method: str, url: str, progress: Progress | None, **sent: Any) -> Answer:
        """Go through all redirects to one answer, within one bound of time."""
        deadline = self._clock() + self._limits.seconds
        for _ in range(self._limits.redirects + 1):
            _check(url)
            self._wait_for(urlsplit(url).hostname or "")
            with self._ask(method, url, deadline, sent) as response:
                target = response.headers.get("Location", "")
                if response.status_code not in _REDIRECTS or not target:
                    return self._received(response, deadline, progress)
            following = urljoin(url, target)
            if _origin(following) != _origin(url):
                # what was meant for one host is not told to another
                sent = {"params": None, "headers": None}
                if url.startswith("https:") and following.startswith("http:"):
                    msg = f"{_named(url)} leads to {_named(following)}: from https to http"
                    raise FetchError(msg)
            if response.status_code in (301, 302, 303):
                method, sent = "GET", {**sent, "data": None}
            url, sent = following, {**sent, "params": None}
        msg = (
            f"{_named(url)} was reached by redirects: at most {self._limits.redirects} are followed"
        )
        raise FetchError(msg)

    def _ask(
        self, method: str, url: str, deadline: float, sent: Mapping[str, Any]
    ) -> requests.Response:
        left = max(deadline - self._clock(), 0.1)
        # never brotli or zstd: their unpacking is not bounded step by step
        headers = {"User-Agent": _AGENT, "Accept-Encoding": "gzip, identity"}
        try:
            return self._session.request(
                method,
                url,
                params=sent.get("params"),
                data=sent.get("data"),
                headers={**headers, **(sent.get("headers") or {})},
                stream=True,
                allow_redirects=False,
                timeout=(min(10.0, left), min(20.0, left)),
            )
        except (requests.RequestException, HTTPError, UnicodeError, OSError) as error:
            if isinstance(found := _cause(error), ForbiddenAddressError):
                raise found from None
            raise _BrokenError(_reason(error)) from None

    def _received(
        self, response: requests.Response, deadline: float, progress: Progress | None
    ) -> Answer:
        name = _named(response.url)
        headers = {key.lower(): value for key, value in response.headers.items()}
        whole = headers.get("content-length", "")
        total = int(whole) if whole.isdigit() and "content-encoding" not in headers else None
        body = bytearray()
        packed = headers.get("content-encoding", "").lower() == "gzip"
        try:
            for part in gunzip(_parts(response)) if packed else _parts(response):
                body += part
                if len(body) > self._limits.most_bytes:
                    msg = f"{name} is larger than {self._limits.most_bytes:,} bytes"
                    raise TooLargeError(msg)
                if self._clock() > deadline:
                    msg = f"{name} took longer than {self._limits.seconds:g} seconds"
                    raise TooSlowError(msg)
                if progress:
                    progress(len(body), total)
        except (HTTPError, OSError, ValueError) as error:
            raise _BrokenError(_reason(error)) from None
        if total is not None and len(body) < total:
            short = f"the body ended after {len(body):,} of {total:,} bytes"
            raise _BrokenError(short)
        if response.status_code >= 400:
            raise AnswerError(name, response.status_code, bytes(body), _retry_after(headers))
        return Answer(response.url, response.status_code, headers, bytes(body))

    def _wait_for(self, host: str) -> None:
        """Leave the pause between two requests to one host."""
        ready = self._last.get(host, float("-inf")) + self._limits.pause
        if (left := ready - self._clock()) > 0:
            self._sleep(left)
        self._last[host] = self._clock()


class _BrokenError(Exception):
    """The exchange broke off; it may be tried again."""


def _guarded(permit: Permit) -> HTTPAdapter:
    """Make an adapter whose connections reach permitted addresses alone."""

    class Http(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return _connect(self._dns_host, int(self.port or 80), self.timeout, permit)

    class Https(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return _connect(self._dns_host, int(self.port or 443), self.timeout, permit)

    class HttpPool(HTTPConnectionPool):
        ConnectionCls = Http

    class HttpsPool(HTTPSConnectionPool):
        ConnectionCls = Https

    adapter = HTTPAdapter()
    adapter.poolmanager.pool_classes_by_scheme = {"http": HttpPool, "https": HttpsPool}
    return adapter


def _connect(host: str, port: int, timeout: Any, permit: Permit) -> socket.socket:
    """Resolve once, check every answer, connect to one that was checked."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    for *_, address in found:
        if not permit(str(address[0])):
            msg = f"{host} is at {address[0]}: only addresses of the public internet are asked"
            raise ForbiddenAddressError(msg)
    last = OSError("the name has no address")
    for family, kind, protocol, _, address in found:
        made = socket.socket(family, kind, protocol)
        try:
            made.settimeout(timeout if isinstance(timeout, (int, float)) else 10.0)
            made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            made.connect(address)
        except OSError as error:
            made.close()
            last = error
        else:
            return made
    raise last


def _parts(response: requests.Response) -> Iterator[bytes]:
    """Read what is there: iter_content waits for a whole chunk, so a drip outlives any bound."""
    while part := response.raw.read1(_CHUNK, decode_content=False):
        yield part


def _check(url: str) -> None:
    """Refuse what is no plain address of the web."""
    try:
        parts = urlsplit(url)
        fine = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        fine = False
    if not fine:
        msg = f"address is {_named(url)!r}: it must begin with http:// or https:// and name a host"
        raise FetchError(msg)
    if parts.username is not None:
        msg = f"address of {parts.hostname} holds a name or password: give secrets apart"
        raise FetchError(msg)


def _named(url: str) -> str:
    """Address without what may be secret: name, password, query and fragment."""
    scheme, found, rest = url[:300].partition("://")
    if not found:
        return url[:60]
    place = rest.partition("?")[0].partition("#")[0]
    host, slash, path = place.partition("/")
    return f"{scheme}://{host.rpartition('@')[2]}{slash}{path}"[:120]


def _origin(url: str) -> tuple[str, str, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname or "", parts.port


def _cause(error: BaseException | None) -> BaseException | None:
    """First refusal of ours among what led to an error."""
    seen: list[BaseException] = []
    queue: list[Any] = [error]
    while queue:
        here = queue.pop(0)
        if not isinstance(here, BaseException) or here in seen:
            continue
        if isinstance(here, ForbiddenAddressError):
            return here
        seen.append(here)
        queue += [here.__cause__, here.__context__, getattr(here, "reason", None), *here.args]
    return None


def _reason(error: BaseException) -> str:
    """Say why a connection broke, without the address, which may hold a secret."""
    if isinstance(error, requests.exceptions.SSLError):
        return "its certificate was not accepted"
    if isinstance(error, requests.Timeout):
        return "no answer in time"
    if isinstance(error, requests.ConnectionError):
        return "no connection"
    return str(error) if type(error) is ValueError else type(error).__name__


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds that a server asks to wait; a date is treated as no number."""
    text = headers.get("retry-after", "")
    return float(text) if text.isascii() and text.isdigit() and len(text) < 6 else None
