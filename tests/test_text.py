"""Is text from outside only ever text: in HTML, in Markdown, in a spreadsheet?"""

from __future__ import annotations

import csv
import html
import io
import re
import string
from html.parser import HTMLParser
from typing import Any

import jinja2
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from geo.text import from_csv_cell, to_bold, to_csv_cell, to_html, to_markdown
from tests.strategies import HOSTILE

_MANY = settings(max_examples=3_000)
_HOSTILE = st.sampled_from(HOSTILE)
_SIGNS = st.text("<>&\"'`$\\{}%#=+-@:/.[]()!*_~|^w \t\r\n\u2028", max_size=20)
_ANY = st.one_of(
    st.text(max_size=30),
    _SIGNS,
    st.tuples(_SIGNS, _HOSTILE, _SIGNS).map("".join),
    st.lists(_HOSTILE, max_size=3).map("".join),
)
_JOINER = "\u2060"


def _one_line(text: str) -> str:
    return "".join(" " if ord(c) < 32 or ord(c) == 127 else c for c in text)


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.seen: list[Any] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, attrs))

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        self.seen.append(data)


@_MANY
@given(_ANY)
def test_html_is_inert_and_intact(text: str) -> None:
    encoded = to_html(text)
    assert html.unescape(encoded) == _one_line(text)
    # no sign of markup, of a Jinja2 block, of an attribute's end or of a JavaScript literal
    assert not re.search(r"[<>\"'`$\\{}%\u2028\u2029]|&(?!#\d+;|amp;)", encoded)


@given(_ANY)
def test_a_browser_s_parser_finds_one_attribute_and_one_text(text: str) -> None:
    parser = _Tags()
    parser.feed(f'<p title="{to_html(text)}">{to_html(text)}</p>')
    parser.close()
    # the parser follows HTML: a null or a half pair never comes here, the model refuses both
    assert [tag for tag, _ in parser.seen] == ["p"]
    assert parser.seen[0][1] == [("title", _one_line(text))]
    assert parser.text == _one_line(text)


@given(_ANY)
def test_a_template_compiled_again_leaves_it_alone(text: str) -> None:
    # as folium does: what was rendered once is compiled as a template a second time
    once = jinja2.Template("{{ text }}").render(text=to_html(text))
    assert jinja2.Template(once).render() == once


# what Streamlit 1.67 replaces in text after Markdown is parsed, from its own bundle
_AFTER = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"https?://[-.\w]+",
        r"www(?=\.)[-.\w]+",
        r"[-.\w+]+@[-\w]+(?:\.[-\w]+)+",
        r":[a-z+-][\w+-]*:",
        r":material[/_]\w+:",
        r":streamlit:",
        r"(^|\s)(<->|->|<-|--|>=|<=|~=)(\s|$)",
    )
)
_COMMONMARK = MarkdownIt("commonmark").enable(["table", "strikethrough"])


@_MANY
@given(_ANY)
def test_markdown_is_inert(text: str) -> None:
    written = to_markdown(text)
    assert "\n" not in written
    # every sign is escaped: no link, image, html, $math$, :directive[] or heading can begin
    bare = re.sub(r"\\[!-/:-@\[-`{-~]", "", written)
    assert not set(bare) & set(string.punctuation)
    shown = re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", written)
    for pattern in _AFTER:
        assert not pattern.search(shown)


@given(_ANY)
def test_markdown_is_one_paragraph_of_the_same_text(text: str) -> None:
    tokens = _COMMONMARK.parse(to_markdown(text))
    assert [t.type for t in tokens] in (
        [],
        ["paragraph_open", "inline", "paragraph_close"],
    )
    shown = ""
    for token in tokens:
        for part in token.children or ():
            assert part.type in ("text", "text_special")
            shown += part.content
    # nulls and half pairs never come here, and spaces are one space
    expected = " ".join(_one_line(text).split())
    if not re.search("[\0\ud800-\udfff\ufffd]", text):
        assert " ".join(shown.replace(_JOINER, "").split()) == expected.replace(_JOINER, "")


@_MANY
@given(_ANY)
@example("a title that ends in a space ")
@example("\u3000wide")
def test_bold_is_bold_whatever_stands_at_its_ends(text: str) -> None:
    if re.search("[\0\ud800-\udfff\ufffd]", text):
        return
    parts = [part for t in _COMMONMARK.parse(to_bold(text)) for part in t.children or ()]
    kinds = [part.type for part in parts if part.content or part.nesting]
    if to_bold(text):
        assert (kinds[0], kinds[-1]) == ("strong_open", "strong_close")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Market fire, 3 shops", "Market fire\\, 3 shops"),
        ("at 10:30:45", "at 10\\:30\\:45"),
        ("a-b -1 --x x>=y", "a\\-b \\-1 \\-\\-x x\\>\\=y"),
        ("one\n two\t three", "one two three"),
        ("https://example.org", f"https\\:{_JOINER}\\/\\/example\\.org"),
        ("WWW.example.org", f"WWW{_JOINER}\\.example\\.org"),
        ("a@b.org", f"a\\@{_JOINER}b\\.org"),
        (":smile:", f"\\:{_JOINER}smile\\:"),
        ("a -> b", f"a \\-{_JOINER}\\> b"),
    ],
)
def test_a_joiner_stands_only_where_streamlit_would_act(text: str, written: str) -> None:
    assert to_markdown(text) == written


@_MANY
@given(_ANY)
def test_a_cell_is_never_a_formula_and_comes_back(text: str) -> None:
    cell = to_csv_cell(text)
    assert isinstance(cell, str)
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠"))
    assert from_csv_cell(cell) == text


@given(st.lists(_ANY.filter(lambda text: "\0" not in text), min_size=1, max_size=4))
def test_cells_survive_a_csv_file(row: list[str]) -> None:
    out = io.StringIO(newline="")
    csv.writer(out).writerow(map(to_csv_cell, row))
    out.seek(0)
    assert [from_csv_cell(cell) for cell in next(csv.reader(out))] == row


@pytest.mark.parametrize("value", [-5, 0, 2.5, None, True])
def test_numbers_stay_numbers(value: object) -> None:
    assert to_csv_cell(value) is value


@pytest.mark.parametrize(
    ("cell", "text"),
    [("'=1", "=1"), ("''=1", "'=1"), ("'quoted' word", "'quoted' word"), ("'", "'"), ("''", "'")],
)
def test_only_our_own_quote_mark_is_taken_away(cell: str, text: str) -> None:
    assert from_csv_cell(cell) == text
