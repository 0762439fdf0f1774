"""Is this untrusted text really JSON (RFC 8259), and small enough to be looked at?

Stricter than Python's reader: UTF-8 only, no NaN, no member twice in one object, no number or
nesting without bound, no half surrogate pairs.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from dataclasses import dataclass
from typing import Any, NoReturn

import orjson

from geo.errors import GeoJSONError, Problem

_SURROGATE = re.compile(r"[\ud800-\udfff]")
_STRING = re.compile(r'"(?:[^"\\]++|\\.)*+"', re.DOTALL)
_MAX_DIGITS = 40
_FEW = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much is accepted.

    Bytes, Features, and lists and objects in all; positions a geometry; and of a Feature's
    properties how many there are, how many values they hold in all, how long a text is and how
    deep they nest.
    """

    bytes: int
    features: int
    containers: int = 500_000
    vertices: int = 10_000
    properties: int = 100
    values: int = 100_000
    text: int = 10_000
    depth: int = 20


UPLOAD = Limits(bytes=10_000_000, features=50_000)
# our own layers: what the program itself adds to a Feature comes on top
FILE = Limits(
    bytes=4_000_000_000,
    features=20_000_000,
    containers=2_000_000_000,
    properties=1_000,
    values=1_000_000,
)


def parse_json(raw: bytes, *, limits: Limits = UPLOAD) -> Any:
    """Read strict JSON: UTF-8, no NaN, no duplicate keys, bounded numbers and depth.

    Raises
    ------
    GeoJSONError
        Naming the first place that is not JSON.
    """
    if len(raw) > limits.bytes:
        refuse("$", f"{len(raw):,} bytes", f"at most {limits.bytes:,} are read", plain=True)
    if not raw.strip():
        refuse("$", "empty", "there is nothing to read", plain=True)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        rule = f"GeoJSON is UTF-8 text; byte {error.start:,} is not"
        refuse("$", raw[:12], rule)
    if "\0" in text:
        refuse("$", "a NUL character", "text has no NUL characters", plain=True)
    if _brackets(text) > limits.containers and _brackets(_STRING.sub("", text)) > limits.containers:
        # told before any is made; brackets in strings are looked at only where there are many
        rule = f"at most {limits.containers:,} are read"
        refuse("$", "too many lists and objects", rule, plain=True)
    try:
        # the library refuses a second mark of byte order in words of its own
        value = json.loads(text) if text.startswith("\ufeff") else _STRICT.decode(text)
    except RecursionError:
        refuse("$", "nested too deeply", "brackets nest at most a few hundred deep", plain=True)
    except GeoJSONError:
        raise
    except ValueError as error:
        refuse("$", text[:40], f"is not JSON: {error}")
    if "\\u" in text:
        _no_surrogates(value)
    return value


def parse_canonical(line: bytes) -> Any:
    """Read JSON that stands in canonical form to the byte; None where that is not sure.

    What gives the same bytes when it is written again has no member twice, no number that was
    cut and no text that is none. All else is for `parse_json` to read, or to refuse in words.
    """
    try:
        value = orjson.loads(line)
        again = orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    except (ValueError, TypeError):
        return None
    return value if again == line else None


def _brackets(text: str) -> int:
    return text.count("[") + text.count("{")


def _no_constant(token: str) -> NoReturn:
    msg = f"{token} is no JSON number"
    raise ValueError(msg)


def _finite(token: str) -> float:
    number = float(token)
    if not math.isfinite(number):
        msg = f"{token[:20]} is too large a number"
        raise ValueError(msg)
    return number


def _bounded(token: str) -> int:
    if len(token) > _MAX_DIGITS:
        msg = f"{token[:20]}… has {len(token):,} digits"
        raise ValueError(msg)
    return int(token)


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        twice = next(k for k, n in Counter(k for k, _ in pairs).items() if n > 1)
        msg = f"the member {twice[:40]!r} stands twice in one object"
        raise ValueError(msg)
    return found


# made once: a new reader for every line costs a tenth of the line
_STRICT = json.JSONDecoder(
    parse_constant=_no_constant,
    parse_float=_finite,
    parse_int=_bounded,
    object_pairs_hook=_no_duplicates,
)


def _no_surrogates(top: Any) -> None:
    waiting = [top]
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            if _SURROGATE.search(value):
                refuse("$", ascii(value[:20]), "half a surrogate pair is no text", plain=True)
        elif isinstance(value, dict):
            waiting += [*value, *value.values()]
        elif isinstance(value, list):
            waiting += value


def refuse(path: str, value: object, rule: str, *, plain: bool = False) -> NoReturn:
    """Raise the one problem that ends the reading."""
    text = str(value) if plain else shown(value)
    raise GeoJSONError((Problem(path, text, rule),))


def shown(value: object) -> str:
    """Show a value in a sentence, cut short: the outermost layer only.

    A hostile value may nest so deep that even its `repr` fails.
    """
    if isinstance(value, dict):
        return f"an object with {len(value)} members"
    if isinstance(value, list) and (
        len(value) > _FEW or any(isinstance(part, (dict, list)) for part in value)
    ):
        return f"a list of {len(value)}"
    text = ascii(value) if isinstance(value, str) and _SURROGATE.search(value) else repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
