"""Where is the article that a draft came from, to be read beside it?

Beside the layers, one file an article, named by the SHA-256 of the bytes that came in: its text,
where it came from, and the sentences from which no draft was made. It never leaves this machine
with a layer; whoever deletes the file loses the text, not the drafts.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from geo.durable import Replacement
from geo.errors import ArticleError, AtlasError
from geo.extract.article import Article
from geo.extract.pipeline import Extraction, Skipped
from geo.feature import dump
from geo.strictjson import Limits, parse_json

FOLDER = ".articles"
_LIMITS = Limits(bytes=40_000_000, features=1, text=20_000_000)
_NAME = re.compile(r"[0-9a-f]{64}\Z")
_DAYS = ("published", "retrieved")


@dataclass(frozen=True, slots=True)
class Kept:
    """An article as it was read, the day it was taken to be reported, and what was skipped."""

    article: Article
    report_date: date
    skipped: tuple[Skipped, ...]


def keep(layers: Path, extraction: Extraction) -> Path:
    """Keep an article beside the layers; the same article again replaces the file."""
    path = _path(layers, extraction.article.sha256)
    path.parent.mkdir(parents=True, exist_ok=True)
    article = asdict(extraction.article)
    written = {
        "article": {n: v.isoformat() if isinstance(v, date) else v for n, v in article.items()},
        "report_date": extraction.report_date.isoformat(),
        "skipped": [asdict(sentence) for sentence in extraction.skipped],
    }
    with Replacement(path) as new:
        new.write(dump(written).encode())
        new.seal()
        new.publish()
    return path


def kept(layers: Path, sha256: str) -> Kept | None:
    """Read an article that was kept; None where there is none of this hash.

    Raises
    ------
    ArticleError
        When the file is damaged.
    """
    if not _NAME.match(sha256):
        return None
    path = _path(layers, sha256)
    try:
        found = parse_json(path.read_bytes(), limits=_LIMITS)
        return _read(found)
    except FileNotFoundError:
        return None
    except (AtlasError, KeyError, TypeError, ValueError, AttributeError) as error:
        msg = f"article {sha256[:12]}: its file {path.name} is damaged ({error})"
        raise ArticleError(msg) from error


def _path(layers: Path, sha256: str) -> Path:
    if not _NAME.match(sha256):
        msg = f"article hash is {sha256[:80]!r}: must be a SHA-256 in hexadecimal digits"
        raise ArticleError(msg)
    return layers / FOLDER / f"{sha256}.json"


def _read(found: Any) -> Kept:
    about = dict(found["article"])
    days = {n: date.fromisoformat(about[n]) if about.get(n) else None for n in _DAYS}
    return Kept(
        Article(**{**about, **days}),
        date.fromisoformat(found["report_date"]),
        tuple(Skipped(**sentence) for sentence in found["skipped"]),
    )
