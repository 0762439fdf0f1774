"""What does an article say, and where did it come from?

Bytes of plain text, HTML, PDF or DOCX become one text, which is kept as it is: all offsets count
its characters. What the bytes are is told by themselves, never by their name.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date

from charset_normalizer import from_bytes

from geo.errors import ArticleError
from geo.extract.formats import Content, docx, html, pdf
from geo.extract.language import must_be_english
from geo.extract.unseen import seen
from geo.incident import MAX_TITLE, is_web_link

MAX_BYTES = 20_000_000
MAX_CHARACTERS = 200_000
_MARKUP = (b"<!doctype html", b"<html", b"<head", b"<body", b"<?xml", b"<!--", b"<article", b"<div")
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """The text that all offsets count, and what is known of its origin.

    `sha256` is that of the bytes as they came in.
    """

    text: str
    sha256: str
    title: str = ""
    publisher: str = ""
    url: str = ""
    archived_url: str = ""
    published: date | None = None
    retrieved: date | None = None
    language: str = "en"


def read(data: bytes, *, name: str, url: str = "", retrieved: date | None = None) -> Article:
    """Read an article from the bytes of a file or page.

    Parameters
    ----------
    data
        Plain text, HTML, PDF or DOCX.
    name
        What the file is called in messages.
    url, retrieved
        Where and when the bytes were fetched, if they were.

    Raises
    ------
    ArticleError
        When it is none of these, too large, empty, or not in English.
    """
    if len(data) > MAX_BYTES:
        msg = f"{name} has {len(data):,} bytes: at most {MAX_BYTES:,} are read as an article"
        raise ArticleError(msg)
    content = _content(data, name)
    text = content.text
    if not text.strip():
        msg = f"{name} holds no text: an article needs words"
        raise ArticleError(msg)
    if len(text) > MAX_CHARACTERS:
        msg = f"{name} has {len(text):,} characters: at most {MAX_CHARACTERS:,} are one article"
        raise ArticleError(msg)
    must_be_english(seen(text).text, name=name)
    stated = content.url if is_web_link(content.url) else ""
    return Article(
        text=text,
        sha256=hashlib.sha256(data).hexdigest(),
        title=" ".join(content.title.split())[:MAX_TITLE],
        publisher=" ".join(content.publisher.split())[:MAX_TITLE],
        url=url or stated,
        published=content.published,
        retrieved=retrieved,
    )


def _content(data: bytes, name: str) -> Content:
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(b"%pdf-"):
        return pdf(data, name)
    if data.startswith(b"PK\x03\x04"):
        return docx(data, name)
    if start.startswith(_MARKUP):
        return html(data, name)
    return Content(_plain(data, name))


def _plain(data: bytes, name: str) -> str:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            text = data.decode(encoding, errors="replace")
            break
    else:
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError:
            # a guess needs no more than a beginning
            best = from_bytes(data[:200_000]).best()
            if best is None or b"\0" in data[:4096]:
                msg = f"{name} is no text, HTML, PDF or DOCX: nothing else is read as an article"
                raise ArticleError(msg) from None
            text = data.decode(best.encoding, errors="replace")
    if "\0" in text:
        msg = f"{name} is no text, HTML, PDF or DOCX: nothing else is read as an article"
        raise ArticleError(msg)
    return text.replace("\r\n", "\n").replace("\r", "\n")
