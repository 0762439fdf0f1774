"""How does text from outside become HTML, Markdown or a CSV cell that cannot act?

The one place for it. Folium compiles what it is given as Jinja2 a second time and puts it into
JavaScript template literals, so `to_html` encodes their signs as well as those of HTML.
"""

from __future__ import annotations

import json
import re
import string
from typing import Any

_HTML = {ord(c): f"&#{ord(c)};" for c in "&<>\"'`$\\{}%\u2028\u2029"}
_SCRIPT = {ord(c): f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"}
_CONTROLS = dict.fromkeys((*range(0x20), 0x7F), " ")
_MARKDOWN = {ord(c): f"\\{c}" for c in string.punctuation}
# full-width forms count too: some spreadsheets fold them before they look for a formula
_FORMULA = tuple("=+-@\t\r\n\0＝＋－＠")
_SPACE = re.compile(r"\s+")
# what XML 1.0 cannot hold at all
XML_FORBIDDEN = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# what Streamlit looks for after the backslashes are gone: addresses, :names: and lone arrows;
# an invisible joiner inside keeps them text
_JOINER = "\u2060"
_SIGNS = re.compile(
    r"(?<=:)(?=//)|(?<=www)(?=\.)|(?<=@)(?=[-\w])|(?<=:)(?=[a-z+-][-\w+/]*:)"
    r"|(?<=(?<!\S)[-<>~])(?=(?:->|[->=])(?!\S))",
    re.IGNORECASE,
)


def to_html(text: str) -> str:
    """Encode text so that it stays text in HTML, Jinja2 and JavaScript literals."""
    return text.translate(_CONTROLS).translate(_HTML)


def to_script_json(value: Any) -> str:
    """Write JSON that stands within a script element of HTML and cannot end it."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return json_in_script(text)


def json_in_script(text: str) -> str:
    """Encode JSON text for a script element; it stays JSON of the same value."""
    return text.translate(_SCRIPT)


def to_markdown(text: str) -> str:
    """Encode text so that Streamlit's Markdown shows it as it is, on one line."""
    line = _SPACE.sub(" ", text.translate(_CONTROLS))
    return _SIGNS.sub(_JOINER, line).translate(_MARKDOWN)


def to_bold(text: str) -> str:
    """Encode text as bold Markdown, which ends where a space stands before its asterisks."""
    line = to_markdown(text).strip()
    return f"**{line}**" if line else ""


def isolated(text: str) -> str:
    """Keep the direction of a text to itself, so that dates beside an Arabic name stay in order."""
    return f"\u2068{text}\u2069"


def to_csv_cell(value: object) -> object:
    """Put a quote mark before text that a spreadsheet would take for a formula."""
    if isinstance(value, str) and value.startswith((*_FORMULA, "'")):
        return f"'{value}"
    return value


def from_csv_cell(text: str) -> str:
    """Undo exactly the quote mark of `to_csv_cell`."""
    return text[1:] if text.startswith("'") and text[1:].startswith((*_FORMULA, "'")) else text
