"""Where does each sentence of a text begin and end?

Linear in the length of the text: one pass over its paragraphs, one over possible ends. A line
break inside a paragraph is a space; a blank line, a bullet or a heading ends a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Kind = Literal["sentence", "heading", "bullet"]

_PARAGRAPH = re.compile(r"\n[ \t\r\f\v\u00a0]*\n")
_BULLET = re.compile(r"[ \t]*(?:[•‣◦▪●*–—-]|\d{1,3}[.)])[ \t]+")
_END = re.compile(r"[.!?…]+[\"'”’»)\]]*(?=\s|\Z)")
# what stands before a full stop that ends no sentence
_SHORT = frozenset(
    (
        *("mr", "mrs", "ms", "dr", "prof", "gen", "lt", "col", "maj", "capt", "sgt", "cpl", "brig"),
        *("adm", "cmdr", "rev", "hon", "st", "sen", "rep", "gov", "pres", "no", "nos", "jan"),
        *("feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec", "vs"),
        *("etc", "inc", "ltd", "co", "corp", "dept", "approx", "est", "fig", "al", "mt", "ft"),
        *("u.s", "u.n", "u.k", "e.u", "a.m", "p.m", "i.e", "e.g", "d.c", "ph.d"),
    )
)
# short forms that may well end one, when the next word begins like a sentence
_MAY_END = frozenset(("u.s", "u.n", "u.k", "e.u", "a.m", "p.m", "d.c", "etc", "inc", "ltd", "co"))
_LAST_WORD = re.compile(r"[^\s(\[\"'“‘]+\Z")
_STARTER = re.compile(
    r"[\"'“‘(\[]*(?:The|A|An|In|On|At|It|He|She|They|But|And|This|That|These|Those|However|"
    r"Meanwhile|Officials|Police)\b"
)
_CLOSED = re.compile(r"[.!?…:;,][\"'”’»)\]]*\s*\Z")
_WORD = re.compile(r"\w[\w'’.-]*")
_MINOR = frozenset(
    (
        *("a", "an", "the", "of", "in", "on", "at", "to", "for", "by", "and", "or", "but", "as"),
        *("from", "with", "over", "after"),
    )
)
# a heading is short; a longer line without a full stop is a sentence cut short
_HEADING_WORDS = 18
_LOOK_BACK, _LOOK_AHEAD = 40, 24
# no sentence is longer: what goes on without a full stop is cut at a space, so that every later
# stage has bounded work
_LONGEST = 2_000


@dataclass(frozen=True, slots=True)
class Sentence:
    """A stretch of the text: `text` is exactly what stands from `start` to `end`."""

    start: int
    end: int
    text: str
    kind: Kind = "sentence"
    paragraph: int = 0


def split(text: str) -> tuple[Sentence, ...]:
    """Split a text; together the sentences hold all of it but white space."""
    found = []
    for number, (start, end) in enumerate(_paragraphs(text)):
        for first, last, kind in _blocks(text, start, end):
            for a, b in _sentences(text, first, last):
                begin, stop = _trimmed(text, a, b)
                if begin < stop:
                    found.append(Sentence(begin, stop, text[begin:stop], kind, number))
    return tuple(found)


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    at = 0
    for gap in _PARAGRAPH.finditer(text):
        yield at, gap.start()
        at = gap.end()
    yield at, len(text)


def _blocks(text: str, start: int, end: int) -> Iterator[tuple[int, int, Kind]]:
    """Set bullets and headings apart from running lines."""
    begun, kind = start, "sentence"
    at = start
    while at < end:
        stop = text.find("\n", at, end)
        stop = end if stop < 0 else stop
        line = text[at:stop]
        if _BULLET.match(line):
            yield begun, at, _kind(text[begun:at], kind, alone=begun == start)
            begun, kind = at, "bullet"
        elif at == begun and stop < end and _is_heading(line):
            yield begun, stop, "heading"
            begun, kind = stop, "sentence"
        at = stop + 1
        if begun == stop:
            begun = min(at, end)
    yield begun, end, _kind(text[begun:end], kind, alone=begun == start)


def _kind(block: str, kind: str, *, alone: bool) -> Kind:
    if kind == "bullet":
        return "bullet"
    is_short = len(block) < 200 and 0 < len(_WORD.findall(block)) <= _HEADING_WORDS
    return "heading" if alone and is_short and not _CLOSED.search(block) else "sentence"


def _is_heading(line: str) -> bool:
    """Whether a line right before others is a heading: its words begin with capitals."""
    if len(line) >= 200 or _CLOSED.search(line):
        return False
    words = _WORD.findall(line)
    if not words or len(words) > _HEADING_WORDS:
        return False
    major = [w for w in words if w.casefold() not in _MINOR]
    return len(words) >= 3 and all(w[0].isupper() or w[0].isdigit() for w in major)


def _sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    at = read = start
    worded = False
    for stop in _END.finditer(text, start, end):
        # marks without a word between them end nothing
        worded = worded or bool(_WORD.search(text, read, stop.start()))
        read = stop.end()
        if worded and _ends(text, at, stop, end):
            yield from _cut(text, at, stop.end())
            at, worded = stop.end(), False
    yield from _cut(text, at, end)


def _cut(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while end - start > _LONGEST:
        space = text.rfind(" ", start + _LONGEST // 2, start + _LONGEST)
        stop = space if space > 0 else start + _LONGEST
        yield start, stop
        start = stop
    yield start, end


def _ends(text: str, start: int, stop: re.Match[str], end: int) -> bool:
    signs = stop[0]
    following = text[stop.end() : min(end, stop.end() + _LOOK_AHEAD)].lstrip()
    if following[:1].islower():
        return False
    if signs[0] != "." or signs.startswith(".."):
        return True
    found = _LAST_WORD.search(text[max(start, stop.start() - _LOOK_BACK) : stop.start()])
    word = found[0].casefold() if found else ""
    if word in _MAY_END:
        return bool(_STARTER.match(following)) or not following
    # an initial: "J. Smith", "U.S. forces"
    if len(word) == 1 and word.isalpha() and word != "i":
        return not following
    return word not in _SHORT and not (word == "no" and following[:1].isdigit())


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
