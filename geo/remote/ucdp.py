"""Which events does UCDP give, from its files or from its API?

Files need no account. The API wants a token, and its pages are followed by the address it names,
because whether they begin at 0 or 1 is not the same everywhere.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from geo.countries import countries
from geo.errors import AccessError, AnswerError, FetchError, FilterError
from geo.fetch import Answer, Door
from geo.remote.answers import Fetched, Step, busy, read_object, reason, silent

API = "https://ucdpapi.pcr.uu.se"
FILES = "https://ucdp.uu.se/downloads"
PAGE = 1000
_MOST_PAGES = 5_000
_WAITS = (5.0, 15.0)
_VERSION = re.compile(r"[0-9]{2}(?:\.[0-9]{1,2}){1,3}\Z", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """Which events: a version, countries (alpha-3), days, types of violence 1 to 3."""

    version: str
    countries: tuple[str, ...] = ()
    start: date | None = None
    end: date | None = None
    types: tuple[int, ...] = ()

    def params(self) -> dict[str, str]:
        """Write the query as UCDP reads it; without a page, so that the API begins where it will.

        Raises
        ------
        FilterError
            Where it has no word for what is asked.
        """
        asked = {"pagesize": str(PAGE)}
        if self.countries:
            asked["Country"] = ",".join(str(_number(code)) for code in self.countries)
        if self.start:
            asked["StartDate"] = self.start.isoformat()
        if self.end:
            asked["EndDate"] = self.end.isoformat()
        if self.types:
            asked["TypeOfViolence"] = ",".join(map(str, self.types))
        return asked


def fetch(
    door: Door,
    query: Query,
    token: str,
    *,
    base: str = API,
    step: Step = silent,
    sleep: Callable[[float], None] = time.sleep,
) -> Fetched:
    """Ask the API, page after page, until it has given as many events as it announced.

    Raises
    ------
    AccessError
        Without a token that it accepts.
    FetchError
        When it cannot be reached, or gives fewer events than it announced.
    """
    _check(query.version)
    url = f"{base}/api/gedevents/{query.version}"
    rows: dict[str, Any] = {}
    asked: Mapping[str, str] = query.params()
    seen = {tuple(sorted(asked.items()))}
    announced: int | None = None
    for _ in range(_MOST_PAGES):
        page = read_object(_patiently(door, url, asked, token, sleep), name="UCDP")
        result = page.get("Result")
        if not isinstance(result, list):
            msg = f"UCDP gave no events{_quoted(page, token)}"
            raise FetchError(msg)
        for number, row in enumerate(result):
            key = row.get("id") if isinstance(row, dict) else None
            rows[f"?{len(rows)}.{number}" if key is None else str(key)] = row
        if announced is None and isinstance(page.get("TotalCount"), int):
            announced = page["TotalCount"]
        step("events of UCDP", len(rows), announced)
        following = page.get("NextPageUrl")
        # only what is asked is taken from it: the token goes to no other host
        asked = dict(parse_qsl(urlsplit(following).query)) if isinstance(following, str) else {}
        turned = tuple(sorted(asked.items()))
        if not asked or turned in seen:
            break
        seen.add(turned)
    if announced is not None and len(rows) != announced:
        msg = f"UCDP announced {announced:,} events and gave {len(rows):,}: try again later"
        raise FetchError(msg)
    body = json.dumps({"Result": list(rows.values())}, ensure_ascii=False)
    return Fetched(source="ucdp", data=body.encode("utf-8", "replace"))


def fetch_file(door: Door, version: str, *, base: str = FILES, step: Step = silent) -> Fetched:
    """Get the published file of a version, a yearly zip or a candidate CSV.

    Raises
    ------
    FetchError
        When there is none, or something else lies there.
    """
    url = file_url(version, base=base)
    try:
        answer = door.get(url, progress=lambda n, of: step(f"bytes of UCDP {version}", n, of))
    except AnswerError as error:
        if error.status == 404:
            msg = f"UCDP has no file of version {version!r}: see https://ucdp.uu.se/downloads/"
            raise FetchError(msg) from None
        raise busy(error, name="UCDP") from None
    if answer.body[:200].lstrip()[:1] == b"<":
        msg = f"UCDP answered with a page instead of the file of version {version!r}"
        raise FetchError(msg)
    return Fetched(source="ucdp", data=answer.body)


def file_url(version: str, *, base: str = FILES) -> str:
    """Address of a version: 25.1 is a yearly zip, 25.0.10 a month, 26.01.26.06 several months.

    Raises
    ------
    FilterError
        When it is no version.
    """
    _check(version)
    parts = version.split(".")
    if len(parts) == 2:
        return f"{base}/ged/ged{''.join(parts)}-csv.zip"
    return f"{base}/candidateged/GEDEvent_v{'_'.join(parts)}.csv"


def _check(version: str) -> None:
    if not _VERSION.match(version):
        msg = f"version is {version[:20]!r}: must be like 25.1, 25.0.10 or 26.01.26.06"
        raise FilterError(msg)


def _patiently(
    door: Door,
    url: str,
    asked: Mapping[str, str],
    token: str,
    sleep: Callable[[float], None],
) -> Answer:
    """Ask again where UCDP says 400: that is also how it asks for fewer requests."""
    headers = {"x-ucdp-access-token": token}
    for wait in _WAITS:
        try:
            return door.get(url, params=asked, headers=headers)
        except AnswerError as error:
            if error.status != 400:
                raise _refusal(error, token) from None
        sleep(wait)
    try:
        return door.get(url, params=asked, headers=headers)
    except AnswerError as error:
        raise _refusal(error, token) from None


def _refusal(error: AnswerError, token: str) -> FetchError:
    said = reason(error.body, secrets=(token,))
    if error.status in (401, 403):
        msg = (
            f"UCDP did not accept the token (status {error.status}{said}): ask for one on "
            "https://ucdp.uu.se/apidocs/, or take the file of a version, which needs none"
        )
        return AccessError(msg)
    if error.status == 404:
        return FetchError("UCDP has no such version: final ones are like 25.1, monthly 25.0.10")
    if error.status == 400:
        return FetchError(f"UCDP refused the query, or asks for fewer requests (status 400{said})")
    return busy(error, name="UCDP")


def _quoted(page: Mapping[str, Any], token: str) -> str:
    return reason(json.dumps(page).encode(), secrets=(token,))


def _number(code: str) -> int:
    found = countries().get(code)
    if found is None or not found.gw:
        msg = f"country is {code[:20]!r}: UCDP is asked by Gleditsch-Ward numbers, it has none"
        raise FilterError(msg)
    return found.gw[0]
