"""Where does the copy of a page that was fetched stay?

A link is followed only when somebody gives it, through the one door to the network. What came
back is kept as it is, named by its hash, in `.articles` beside the layers: a page may change or
vanish, and the drafts rest on what it said.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date
from pathlib import Path

from geo.durable import Replacement
from geo.extract.article import Article, read
from geo.fetch import Door

FOLDER = ".articles"


def fetched(url: str, *, door: Door, layers: Path, today: date) -> Article:
    """Fetch a page, keep its bytes, and read the article from them.

    Raises
    ------
    FetchError
        When the page may not be had.
    ArticleError
        When it holds no article.
    """
    answer = door.get(url)
    keep(answer.body, layers)
    article = read(answer.body, name=url[:120], url=url, retrieved=today)
    return replace(article, url=url)


def keep(data: bytes, layers: Path) -> Path:
    """Keep bytes under their hash, once, and answer with the file."""
    folder = layers / FOLDER
    path = folder / hashlib.sha256(data).hexdigest()
    if path.exists():
        return path
    folder.mkdir(parents=True, exist_ok=True)
    # the name is the content: two writers write the same
    with Replacement(path) as copy:
        copy.write(data)
        copy.seal()
        copy.publish()
    return path
