"""In which encoding is this table written, and how sure is that?

UTF-8 is proved by reading the whole file. Anything else is a guess from letters: a good one is
said in the report, a poor one is asked.
"""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from charset_normalizer import CharsetMatch, from_bytes

from geo.errors import TableError
from geo.sources.columns import ENCODING
from geo.sources.rows import open_text

UTF8 = "utf-8-sig"
_STEP = 1 << 20
_SAMPLE = 65_536
# below this the letters of a few names decide, and charset-normalizer errs
_LETTERS = 60
_COHERENT = 0.4
_MARKS = ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
# what spreadsheets write; a file in any other encoding can still be named
_PLAUSIBLE = (
    *("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258"),
    *("cp932", "gb18030", "big5", "cp949"),
)
# languages that code page 1252 was made for
_WESTERN = frozenset(
    (
        *("English", "French", "German", "Spanish", "Italian", "Portuguese", "Dutch", "Swedish"),
        *("Danish", "Norwegian", "Finnish", "Icelandic", "Catalan", "Indonesian"),
    )
)


@dataclass(frozen=True, slots=True)
class Encoding:
    """Name of an encoding as Python knows it, and whether it was inferred from letters."""

    name: str
    inferred: bool


def find_encoding(source: Path | bytes, *, chosen: str = "") -> Encoding:
    """Find how a text is encoded.

    Raises
    ------
    TableError
        Where the letters leave it open; it names the likely ones and how each would read.
    """
    if chosen:
        return Encoding(_known(chosen), inferred=False)
    with _raw(source) as raw:
        head = raw.read(2)
        for mark, name in _MARKS:
            if head == mark:
                return Encoding(name, inferred=True)
        raw.seek(0)
        if _is_utf8(raw):
            return Encoding(UTF8, inferred=False)
        raw.seek(0)
        sample = b"".join(_foreign_lines(raw))
    return Encoding(_guess(sample), inferred=True)


def open_encoded(source: Path | bytes, encoding: Encoding) -> io.TextIOBase:
    """Open a table as text in a known encoding; packed files are refused as by `open_text`."""
    text = open_text(source)
    if encoding.name == UTF8:
        return text
    text.close()
    return io.TextIOWrapper(_raw(source), encoding=encoding.name, newline="")


def _raw(source: Path | bytes) -> BinaryIO:
    return io.BytesIO(source) if isinstance(source, bytes) else source.open("rb")


def _known(name: str) -> str:
    try:
        found = codecs.lookup(name)
    except (LookupError, ValueError):
        found = None
    # Python also calls bytes-to-bytes transforms codecs
    if found is None or not found._is_text_encoding:  # noqa: SLF001
        msg = f"{ENCODING} is {name[:30]!r}: must be one that Python knows, such as cp1251"
        raise TableError(msg) from None
    return UTF8 if found.name == "utf-8" else found.name


def _is_utf8(raw: BinaryIO) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while part := raw.read(_STEP):
            decoder.decode(part)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _foreign_lines(raw: BinaryIO) -> Iterator[bytes]:
    """Pick the lines that are not ASCII, where the letters are."""
    held = 0
    while held < _SAMPLE and (line := raw.readline(_SAMPLE)):
        if not line.isascii():
            yield line[:_SAMPLE]
            held += len(line)


def _guess(sample: bytes) -> str:
    letters = sum(byte >= 0x80 for byte in sample)
    _refuse_broken_utf8(sample, letters)
    found = sorted(from_bytes(sample, cp_isolation=list(_PLAUSIBLE)), key=_rank)
    if letters >= _LETTERS and found:
        best = max(found, key=lambda match: match.coherence)
        rivals = [m for m in found if best.coherence - m.coherence < 0.05]
        western = [m for m in rivals if m.language in _WESTERN and "cp1252" in _names(m)]
        if best.coherence >= _COHERENT and (len(rivals) == 1 or western):
            return "cp1252" if western else best.encoding
    shown = " or ".join(f"{m.encoding} ({_excerpt(sample, m.encoding)!r})" for m in found[:3])
    msg = (
        f"the file is not UTF-8 text{', and may be ' + shown if shown else ''}: "
        f"say which with {ENCODING}=NAME, or save it as CSV UTF-8"
    )
    raise TableError(msg)


def _rank(match: CharsetMatch) -> int:
    return _PLAUSIBLE.index(match.encoding) if match.encoding in _PLAUSIBLE else len(_PLAUSIBLE)


def _names(match: CharsetMatch) -> tuple[str, ...]:
    return (match.encoding, *match.could_be_from_charset)


def _refuse_broken_utf8(sample: bytes, letters: int) -> None:
    """Refuse a text that is UTF-8 but for a few bytes: any other reading would spoil it all."""
    broken = sample.decode("utf-8", errors="replace").count("\ufffd")
    if letters >= 10 and broken * 10 < letters:
        msg = f"the file is not UTF-8 text: {broken:,} of its bytes are damaged; save it again"
        raise TableError(msg)


def _excerpt(sample: bytes, encoding: str) -> str:
    """Show a few letters as an encoding would read them."""
    text = sample.decode(encoding, errors="replace")
    at = next((i for i, sign in enumerate(text) if ord(sign) >= 0x80), 0)
    return " ".join(text[max(0, at - 2) : at + 14].split())
