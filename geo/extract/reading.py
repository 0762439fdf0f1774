"""How does a file, or a pasted text, become an article?

What the bytes are decides how they are read, never the name of the file. Nothing is fetched: of a
web page only what is in hand is read, and of its text only the article.
"""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import docx
import pypdf
import trafilatura
from charset_normalizer import from_bytes
from docx.opc.exceptions import PackageNotFoundError
from lxml.etree import LxmlError
from pypdf.errors import PyPdfError

from geo.errors import ZIP_ERRORS, ArticleError
from geo.extract.article import Article
from geo.extract.language import must_be_english

# bytes that come in; characters that are read; unpacked bytes of a document; pages
MOST_BYTES, MOST_CHARACTERS = 20_000_000, 1_000_000
_MOST_HTML, _MOST_UNPACKED, _MOST_PAGES = 5_000_000, 60_000_000, 400
_HTML = re.compile(rb"<(?:!doctype html|html|head|body|article|p|div)\b", re.IGNORECASE)
_LOOKED_AT = 4_000
_DEEPEST = 400
_TAG = re.compile(rb"<(/?)([a-zA-Z][a-zA-Z0-9]*)[^>]*?(/?)>")
_VOID = frozenset(
    b"area base br col embed hr img input link meta source track wbr p li td tr".split()
)


@dataclass(frozen=True, slots=True)
class _Found:
    text: str
    title: str = ""
    publisher: str = ""
    published: date | None = None


def read_article(
    data: bytes,
    *,
    title: str = "",
    publisher: str = "",
    url: str = "",
    archived_url: str = "",
    published: date | None = None,
    retrieved: date | None = None,
) -> Article:
    """Read plain text, HTML, PDF or DOCX; what is given by hand counts before what is found.

    Raises
    ------
    ArticleError
        When it is too large, damaged, without text, or not English.
    """
    if len(data) > MOST_BYTES:
        msg = f"article has {len(data):,} bytes: at most {MOST_BYTES:,} are read"
        raise ArticleError(msg)
    found = _reader(data)(data)
    if len(found.text) > MOST_CHARACTERS:
        msg = f"article has {len(found.text):,} characters: at most {MOST_CHARACTERS:,} are read"
        raise ArticleError(msg)
    must_be_english(found.text)
    return Article(
        text=found.text,
        sha256=hashlib.sha256(data).hexdigest(),
        title=title or found.title,
        publisher=publisher or found.publisher,
        url=url,
        archived_url=archived_url,
        published=published or found.published,
        retrieved=retrieved,
    )


def _reader(data: bytes) -> Callable[[bytes], _Found]:
    if data[:1_024].lstrip().startswith(b"%PDF-"):
        return _pdf
    if data.startswith(b"PK\x03\x04"):
        return _docx
    return _html if _HTML.search(data[:_LOOKED_AT]) else _plain


def _plain(data: bytes) -> _Found:
    if b"\0" in data[:_LOOKED_AT] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        msg = "article is no text, web page, PDF or DOCX: such a file cannot be read"
        raise ArticleError(msg)
    try:
        return _Found(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        best = from_bytes(data[:200_000]).best()
        return _Found(data.decode(best.encoding if best else "latin-1", errors="replace"))


def _html(data: bytes) -> _Found:
    if len(data) > _MOST_HTML:
        msg = f"web page has {len(data):,} bytes: at most {_MOST_HTML:,} are read"
        raise ArticleError(msg)
    if _depth(data) > _DEEPEST:
        msg = f"web page nests more than {_DEEPEST} deep: such a page is not read"
        raise ArticleError(msg)
    try:
        found: Any = trafilatura.bare_extraction(
            data, with_metadata=True, include_comments=False, include_tables=False
        )
    except (LxmlError, ValueError, RecursionError) as error:
        msg = f"web page cannot be read ({type(error).__name__})"
        raise ArticleError(msg) from error
    if found is None or not (found.text or "").strip():
        msg = "web page holds no article text: paste the text instead"
        raise ArticleError(msg)
    return _Found(
        found.text, found.title or "", found.sitename or found.hostname or "", _day(found.date)
    )


def _pdf(data: bytes) -> _Found:
    try:
        reader = pypdf.PdfReader(io.BytesIO(data), strict=False)
        if len(reader.pages) > _MOST_PAGES:
            msg = f"PDF has {len(reader.pages):,} pages: at most {_MOST_PAGES} are read"
            raise ArticleError(msg)
        text = "\n\n".join(page.extract_text() for page in reader.pages)
        about = reader.metadata
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        msg = f"PDF cannot be read ({type(error).__name__}): it is damaged or locked"
        raise ArticleError(msg) from error
    if not text.strip():
        msg = "PDF holds no text, perhaps only pictures of pages: paste the text instead"
        raise ArticleError(msg)
    # a hyphen at the end of a line is of the page, not of the word
    return _Found(re.sub(r"(?<=[a-z])-\n(?=[a-z])", "", text), str((about and about.title) or ""))


def _docx(data: bytes) -> _Found:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            size = sum(part.file_size for part in packed.infolist())
            if size > _MOST_UNPACKED:
                msg = f"DOCX unpacks to {size:,} bytes: at most {_MOST_UNPACKED:,} are read"
                raise ArticleError(msg)
        document = docx.Document(io.BytesIO(data))
        text = "\n\n".join(p.text for p in document.paragraphs if p.text.strip())
    except (*ZIP_ERRORS, PackageNotFoundError, LxmlError, KeyError, ValueError) as error:
        msg = f"file is a zip but no DOCX that can be read ({type(error).__name__})"
        raise ArticleError(msg) from error
    return _Found(text, document.core_properties.title or "")


def _depth(data: bytes) -> int:
    """How deep the elements of a page nest, roughly; what is never closed does not count."""
    depth = deepest = 0
    for closing, name, alone in _TAG.findall(data):
        if alone or name.lower() in _VOID:
            continue
        depth = max(depth - 1, 0) if closing else depth + 1
        deepest = max(deepest, depth)
    return deepest


def _day(text: object) -> date | None:
    try:
        return date.fromisoformat(str(text)[:10])
    except ValueError:
        return None
