"""What did a remote source hand over, and what did it say where it refused?

A body is taken for JSON only when it is; a page of HTML is never read as an answer. What a
server says is shown on one line, without the secrets it may have echoed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from geo.errors import AnswerError, FetchError, InputError
from geo.fetch import Answer
from geo.strictjson import Limits, parse_json

# what is done, how much of it, of how much where that is known; whoever raises in it, cancels
Step = Callable[[str, int, int | None], None]
_JSON = Limits(
    bytes=1_000_000_000,
    features=20_000_000,
    containers=200_000_000,
    properties=1_000,
    values=1_000_000,
)
_NAMES = ("message", "messages", "error_description", "error", "Message", "detail", "title")
_SPACE = re.compile(r"[\x00-\x20\x7f]+")
_SHOWN = 160


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """Bytes that a reader of `geo.sources` understands, and what there is to say about them.

    `withdrawn` are ids of incidents that the source deleted.
    """

    source: str
    data: bytes = field(repr=False)
    said: tuple[str, ...] = ()
    withdrawn: tuple[str, ...] = ()


def silent(_what: str, _done: int, _of: int | None) -> None:
    """Show no progress."""


def read_object(answer: Answer, *, name: str) -> dict[str, Any]:
    """Read an answer that is to be a JSON object.

    Raises
    ------
    FetchError
        When it is anything else, such as a page of HTML.
    """
    try:
        value = parse_json(answer.body, limits=_JSON)
    except InputError:
        kind = answer.headers.get("content-type", "something").partition(";")[0][:40]
        msg = f"{name} answered with {kind}, which is no JSON: it may be under maintenance"
        raise FetchError(msg) from None
    if not isinstance(value, dict):
        msg = f"{name} answered with a JSON {type(value).__name__}: an object is its form"
        raise FetchError(msg)
    return value


def reason(body: bytes, *, secrets: Iterable[str] = ()) -> str:
    """Say what a refusing server wrote, in quotes, or nothing where it wrote a page."""
    text = ""
    try:
        value = parse_json(body)
    except InputError:
        plain = body[:2_000].decode("utf-8", "replace")
        text = "" if "<" in plain else plain
    else:
        text = _said(value)
    for secret in sorted(filter(None, secrets), key=len, reverse=True):
        text = text.replace(secret, "…")
    line = _SPACE.sub(" ", text).strip()[:_SHOWN]
    return f" “{line}”" if line else ""


def busy(error: AnswerError, *, name: str) -> FetchError:
    """Make the sentence for a server that was asked often enough."""
    if error.status == 429:
        return FetchError(f"{name} asks for fewer requests (status 429): try again later")
    if error.status >= 500:
        msg = f"{name} is under maintenance or too busy (status {error.status}): try again later"
        return FetchError(msg)
    return FetchError(f"{name} refused the query with status {error.status}{reason(error.body)}")


def as_day(value: object) -> date | None:
    """Read a day as YYYY-MM-DD; None for anything else."""
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None


def _said(value: Any) -> str:
    """Find the words in an error that is JSON, however deep they lie."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return "; ".join(filter(None, map(_said, value[:3])))
    if isinstance(value, dict):
        found = (_said(value[name]) for name in _NAMES if name in value)
        return next(filter(None, found), "")
    return ""
