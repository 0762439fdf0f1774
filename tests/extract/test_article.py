"""What is read of bytes, and what is refused in a sentence."""

import io
import time
import zipfile
from datetime import date

import pytest
from docx import Document
from pypdf import PdfWriter

from geo.errors import ArticleError
from geo.extract.article import MAX_CHARACTERS, read

_TEXT = (
    "A bomb went off in the market of the town on Monday, and five people were killed. "
    "The police said that the road to the north was closed for the rest of the day.\n\n"
    "Shops in the centre were shut, and the hospital asked for blood."
)
_PAGE = f"""<!doctype html><html><head><title>Blast in the market</title>
<meta property="article:published_time" content="2025-10-20T08:00:00Z">
<meta property="og:site_name" content="The Example"></head>
<body><nav>Home News Sport</nav><article><h1>Blast in the market</h1>
<p>{_TEXT.replace(chr(10) * 2, "</p><p>")}</p></article><script>alert(1)</script></body></html>"""


def test_plain_text_is_kept_as_it_is() -> None:
    found = read(_TEXT.encode(), name="a.txt")
    assert found.text == _TEXT
    assert len(found.sha256) == 64


def test_a_page_gives_its_article_title_and_day() -> None:
    found = read(_PAGE.encode(), name="a.html")
    assert "five people were killed" in found.text
    assert "Sport" not in found.text
    assert "alert" not in found.text
    assert (found.title, found.published) == ("Blast in the market", date(2025, 10, 20))


def test_a_word_document_gives_its_paragraphs() -> None:
    document, held = Document(), io.BytesIO()
    for paragraph in _TEXT.split("\n\n"):
        document.add_paragraph(paragraph)
    document.save(held)
    assert read(held.getvalue(), name="a.docx").text == _TEXT


def test_a_pdf_without_text_is_refused() -> None:
    writer, held = PdfWriter(), io.BytesIO()
    writer.add_blank_page(width=100, height=100)
    writer.write(held)
    with pytest.raises(ArticleError, match="without text"):
        read(held.getvalue(), name="scan.pdf")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "no text"),
        (b"   \n ", "no text"),
        (b"%PDF-1.7 broken", "cannot be read as PDF"),
        (b"PK\x03\x04 broken", "cannot be read as DOCX"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "nothing else is read"),
        (b"x" * 20_000_001, "at most 20,000,000"),
        (b"the war " * 50_000, f"at most {MAX_CHARACTERS:,}"),
        (b"<html>" + b"<p>a" * 31_000, "elements"),
        (b"<html><body></body></html>", "no article"),
        (b"?" * 20_000, "no words"),
    ],
)
def test_what_is_no_article_is_refused_in_a_sentence(data: bytes, words: str) -> None:
    begun = time.process_time()
    with pytest.raises(ArticleError, match=words):
        read(data, name="file")
    assert time.process_time() - begun < 10


def test_a_bomb_of_a_document_is_refused_unopened() -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"a" * 70_000_000)
    with pytest.raises(ArticleError, match="unpacks to"):
        read(held.getvalue(), name="bomb.docx")


_FRENCH = (
    "Les forces de la région ont dit que les combats dans le nord du pays avaient fait des morts "
    "et que la route était fermée pour les habitants de la ville depuis lundi."
)
_SPANISH = (
    "La policía dijo que los ataques en el norte del país dejaron a más de cien personas sin casa "
    "y que el camino a la ciudad fue cerrado por las fuerzas del gobierno."
)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (_FRENCH, "French"),
        (_SPANISH, "Spanish"),
        ("Силы сообщили о боях на севере страны и о погибших.", "Cyrillic"),
        ("قالت القوات إن القتال في شمال البلاد أدى إلى سقوط قتلى", "Arabic"),
    ],
)
def test_what_is_not_english_is_refused_by_its_language(text: str, language: str) -> None:
    with pytest.raises(ArticleError, match=f"{language}.*only English"):
        read(text.encode(), name="file")
