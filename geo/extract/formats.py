"""Which text does an HTML page, a PDF or a DOCX hold?

Every reader is bounded before it starts: by the number of elements, pages, or unpacked bytes.
Paragraphs are parted by a blank line, so that headings stand alone.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from datetime import date

from geo.errors import ZIP_ERRORS, ArticleError

MAX_ELEMENTS = 30_000
MAX_PAGES = 200
MAX_UNPACKED = 60_000_000
MAX_CHARACTERS = 2_000_000


@dataclass(frozen=True, slots=True)
class Content:
    """A text, and what the file says of its origin."""

    text: str
    title: str = ""
    publisher: str = ""
    published: date | None = None
    url: str = ""


def html(data: bytes, name: str) -> Content:
    """Take the article out of a page, without menus and comments; no link of it is followed."""
    # costs half a second, and only pages need it
    from lxml import etree  # noqa: PLC0415
    from lxml.html import HTMLParser, document_fromstring  # noqa: PLC0415
    from trafilatura import bare_extraction  # noqa: PLC0415

    try:
        tree = document_fromstring(data, parser=HTMLParser(no_network=True, huge_tree=False))
    except (etree.LxmlError, ValueError) as error:
        msg = f"{name} cannot be read as HTML: {error}"
        raise ArticleError(msg) from None
    elements = sum(1 for _ in tree.iter())
    if elements > MAX_ELEMENTS:
        msg = f"{name} has {elements:,} elements: at most {MAX_ELEMENTS:,} of a page are read"
        raise ArticleError(msg)
    found = bare_extraction(
        tree, with_metadata=True, include_comments=False, include_tables=False, fast=True
    )
    if found is None or isinstance(found, dict) or not found.text:
        msg = f"{name} holds no article: no running text stands out on the page"
        raise ArticleError(msg)
    blocks = [line.strip() for line in found.text.splitlines() if line.strip()]
    return Content(
        "\n\n".join(blocks),
        found.title or "",
        found.sitename or "",
        _day(found.date or ""),
        found.url or "",
    )


def pdf(data: bytes, name: str) -> Content:
    """Take the text of a PDF that holds text; a scanned picture of one holds none."""
    from pypdf import PdfReader  # noqa: PLC0415 only PDFs need it
    from pypdf.errors import PyPdfError  # noqa: PLC0415

    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            msg = f"{name} is locked with a password: save it without one"
            raise ArticleError(msg)
        if len(reader.pages) > MAX_PAGES:
            msg = f"{name} has {len(reader.pages):,} pages: at most {MAX_PAGES} are one article"
            raise ArticleError(msg)
        pages: list[str] = []
        for page in reader.pages:
            pages.append(page.extract_text())
            if sum(map(len, pages)) > MAX_CHARACTERS:
                break
        title = (reader.metadata.title if reader.metadata else None) or ""
    except (
        PyPdfError,
        ValueError,
        KeyError,
        TypeError,
        IndexError,
        RecursionError,
        AttributeError,
        OSError,
        NotImplementedError,
        OverflowError,
    ) as error:
        if isinstance(error, ArticleError):
            raise
        msg = f"{name} cannot be read as PDF: {type(error).__name__}"
        raise ArticleError(msg) from None
    text = "\n\n".join(page.strip() for page in pages if page.strip())
    if not text:
        msg = (
            f"{name} is a PDF without text, such as a scan: it has to be typed or recognised first"
        )
        raise ArticleError(msg)
    return Content(text, title)


def docx(data: bytes, name: str) -> Content:
    """Take the paragraphs of a Word document."""
    from docx import Document  # noqa: PLC0415 only documents need it
    from lxml.etree import LxmlError  # noqa: PLC0415

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(part.file_size for part in archive.infolist())
        if unpacked > MAX_UNPACKED:
            msg = f"{name} unpacks to {unpacked:,} bytes: at most {MAX_UNPACKED:,} are read"
            raise ArticleError(msg)
        document = Document(io.BytesIO(data))
    except (*ZIP_ERRORS, LxmlError, KeyError, ValueError, OSError) as error:
        if isinstance(error, ArticleError):
            raise
        msg = f"{name} is a zip archive, but cannot be read as DOCX"
        raise ArticleError(msg) from None
    paragraphs = [p.text.strip() for p in document.paragraphs if p.text.strip()]
    return Content("\n\n".join(paragraphs), document.core_properties.title or "")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None
