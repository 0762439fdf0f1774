"""What does ACLED show to this account?

The account is the user's own; its password travels in the form of the login and nowhere else. An
account that may not see a period gets no rows and no error from ACLED: here that is an outcome of
its own, never "no events".
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from geo import countries
from geo.errors import AccessError, AnswerError, FetchError, FilterError
from geo.fetch import Door
from geo.remote.answers import Fetched, Step, as_day, busy, read_object, reason, silent

BASE = "https://acleddata.com"
PAGE = 5000
_MOST_PAGES = 2_000
# a token is renewed before it ends
_EARLY = 300.0
_SECONDS_AT_MOST = 31_536_000


@dataclass(frozen=True, slots=True)
class Account:
    """Name and password of a myACLED account; neither is ever shown."""

    user: str = field(repr=False)
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """Which events: countries (alpha-3), days, event types, changed since (Unix seconds)."""

    countries: tuple[str, ...] = ()
    start: date | None = None
    end: date | None = None
    event_types: tuple[str, ...] = ()
    since: int | None = None

    def params(self) -> dict[str, str]:
        """Write the query as ACLED reads it.

        Raises
        ------
        FilterError
            Where it has no word for what is asked.
        """
        asked = {"_format": "json", "export_type": "dyadic", "inter_num": "0", "limit": f"{PAGE}"}
        if self.countries:
            numbers = [_number(code) for code in self.countries]
            asked["iso"] = ":OR:iso=".join(str(number) for number in numbers)
        if self.start and self.end:
            asked |= {"event_date": f"{self.start}|{self.end}", "event_date_where": "BETWEEN"}
        elif self.start or self.end:
            asked["event_date"] = str(self.start or self.end)
            asked["event_date_where"] = ">=" if self.start else "<="
        if self.event_types:
            asked["event_type"] = "|".join(self.event_types)
        if self.since is not None:
            asked |= {"timestamp": str(self.since), "timestamp_where": ">="}
        return asked


def fetch(
    door: Door,
    query: Query,
    account: Account,
    *,
    base: str = BASE,
    step: Step = silent,
    clock: Callable[[], float] = time.monotonic,
) -> Fetched:
    """Ask for events, page after page; with `since` for deleted ones too.

    Raises
    ------
    AccessError
        When the account may not have them; the sentence says what to ask for.
    FetchError
        When ACLED cannot be reached or refuses the query.
    """
    client = _Client(door, account, base, clock)
    rows: dict[str, Mapping[str, Any]] = {}
    ends: date | None = None
    for page in client.pages("/api/acled/read", query.params()):
        ends = _access_ends(page) or ends
        _gather(rows, page["data"])
        step("events of ACLED", len(rows), None)
    hidden = ends is not None and (query.end is None or query.end > ends)
    if hidden and not rows:
        msg = (
            f"your ACLED access ends at {ends}: no event of the time that was asked for is shown "
            "to this account; ask access@acleddata.com for newer events"
        )
        raise AccessError(msg)
    said = (f"your ACLED access ends at {ends}: newer events are not among these",)
    withdrawn: tuple[str, ...] = ()
    if query.since is not None:
        withdrawn = _deleted(client, query.since, step)
    body = json.dumps({"data": list(rows.values())}, ensure_ascii=False)
    return Fetched(
        source="acled",
        data=body.encode("utf-8", "replace"),
        said=said if hidden else (),
        withdrawn=withdrawn,
    )


def _deleted(client: _Client, since: int, step: Step) -> tuple[str, ...]:
    asked = {"_format": "json", "limit": f"{PAGE}"}
    asked |= {"deleted_timestamp": str(since), "deleted_timestamp_where": ">="}
    found: dict[str, Mapping[str, Any]] = {}
    for page in client.pages("/api/deleted/read", asked):
        _gather(found, page["data"])
        step("deleted events of ACLED", len(found), None)
    return tuple(f"acled:{key}" for key in sorted(found) if key[0] != "?")


def _gather(rows: dict[str, Mapping[str, Any]], page: list[Any]) -> None:
    """Keep each event once, in its latest state; one without an id is the reader's to refuse."""
    for number, row in enumerate(page):
        if not isinstance(row, dict):
            continue
        key = str(row.get("event_id_cnty") or f"?{len(rows)}.{number}")
        held = rows.get(key)
        if held is None or _stamp(row) > _stamp(held):
            rows[key] = row


def _stamp(row: Mapping[str, Any]) -> int:
    text = str(row.get("timestamp") or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 15 else 0


def _access_ends(page: Mapping[str, Any]) -> date | None:
    limits = page.get("data_query_restrictions")
    recency = limits.get("date_recency") if isinstance(limits, dict) else None
    return as_day(recency.get("date")) if isinstance(recency, dict) else None


def _number(code: str) -> int:
    number = countries.to_numeric(code)
    if number is None:
        msg = f"country is {code[:20]!r}: ACLED is asked by ISO numbers, and it has none"
        raise FilterError(msg)
    return number


class _Client:
    """A login that renews itself, and the pages behind it."""

    def __init__(self, door: Door, account: Account, base: str, clock: Callable[[], float]) -> None:
        self._door, self._account, self._base, self._clock = door, account, base, clock
        self._access = self._refresh_with = ""
        self._until = float("-inf")

    def pages(self, path: str, params: Mapping[str, str]) -> Iterator[dict[str, Any]]:
        """Go through the pages of a query, by cursor where ACLED gives one."""
        seen: set[str] = set()
        asked, before = dict(params), None
        for number in range(2, _MOST_PAGES + 2):
            page = self._ask(path, asked)
            rows = page["data"]
            if rows and rows == before:
                # the server does not know how to turn the page
                return
            yield page
            cursor = page.get("next_cursor")
            if cursor not in (None, "", 0, "0"):
                if str(cursor) in seen:
                    return
                seen.add(str(cursor))
                asked = {**params, "cursor": str(cursor)}
            elif seen or len(rows) < PAGE:
                return
            else:
                asked = {**params, "page": str(number)}
            before = rows
        msg = f"ACLED gave more than {_MOST_PAGES:,} pages: ask for a shorter period"
        raise FetchError(msg)

    def _ask(self, path: str, params: Mapping[str, str]) -> dict[str, Any]:
        if self._clock() >= self._until:
            self._renew()
        for renew in (self._renew, self._log_in):
            try:
                return self._read(path, params)
            except AnswerError as error:
                if error.status != 401:
                    raise self._refusal(error) from None
            renew()
        try:
            return self._read(path, params)
        except AnswerError as error:
            raise self._refusal(error) from None

    def _read(self, path: str, params: Mapping[str, str]) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self._access}"}
        answer = self._door.get(self._base + path, params=params, headers=headers)
        return self._checked(read_object(answer, name="ACLED"))

    def _checked(self, page: dict[str, Any]) -> dict[str, Any]:
        status = page.get("status")
        refused = isinstance(status, int) and status >= 400
        if page.get("success") is False or refused or not isinstance(page.get("data"), list):
            said = reason(json.dumps(page).encode(), secrets=self._secrets())
            msg = f"ACLED refused the query{said or ' without a reason'}"
            raise FetchError(msg)
        return page

    def _renew(self) -> None:
        """Get a new token by the refresh token, else by the password."""
        if not self._refresh_with:
            self._log_in()
            return
        form = {"refresh_token": self._refresh_with, "grant_type": "refresh_token"}
        # it serves once, so that a second refusal asks for the password
        self._refresh_with = ""
        try:
            self._take({**form, "client_id": "acled"})
        except AnswerError:
            self._log_in()

    def _log_in(self) -> None:
        form = {
            "username": self._account.user,
            "password": self._account.password,
            "grant_type": "password",
            "client_id": "acled",
        }
        try:
            try:
                self._take({**form, "scope": "authenticated"})
            except AnswerError as error:
                if error.status != 400 or b"invalid_scope" not in error.body:
                    raise
                self._take(form)
        except AnswerError as error:
            if error.status in (400, 401):
                said = reason(error.body, secrets=self._secrets())
                msg = (
                    f"ACLED did not accept the name and password{said}: "
                    "they are those of myACLED on acleddata.com"
                )
                raise AccessError(msg) from None
            raise self._refusal(error) from None

    def _take(self, form: Mapping[str, str]) -> None:
        answer = self._door.post(f"{self._base}/oauth/token", form=form)
        token = read_object(answer, name="the login of ACLED")
        access, again, seconds = (
            token.get(name) for name in ("access_token", "refresh_token", "expires_in")
        )
        if not isinstance(access, str) or not access.isascii() or not access.isprintable():
            msg = "the login of ACLED gave no token: try again later"
            raise FetchError(msg)
        self._access = access
        self._refresh_with = again if isinstance(again, str) else self._refresh_with
        self._until = float("inf")
        if isinstance(seconds, (int, float)) and 0 < seconds < _SECONDS_AT_MOST:
            # one that ends within those minutes is still used once
            self._until = self._clock() + max(seconds - _EARLY, 1.0)

    def _refusal(self, error: AnswerError) -> FetchError:
        if error.status in (401, 403):
            said = reason(error.body, secrets=self._secrets())
            msg = (
                f"ACLED knows this account but shows it no data (status {error.status}{said}): "
                "accept the terms and complete the profile on acleddata.com, "
                "then ask access@acleddata.com for access to the API"
            )
            return AccessError(msg)
        return busy(error, name="ACLED")

    def _secrets(self) -> tuple[str, ...]:
        account = self._account
        return (account.password, account.user, self._access, self._refresh_with)
