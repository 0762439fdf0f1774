"""What are the parts of an Office file called by someone who reads it?

Bytes are cut where shapes and headings begin, never parsed; every byte belongs to one part.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from geo.snapshot.files.ooxml import Piece

_SLIDE = re.compile(r"ppt/slides/(?:_rels/)?slide(\d{1,4})\.xml(\.rels)?\Z")
_NOTES = re.compile(r"ppt/notesSlides/(?:_rels/)?notesSlide(\d{1,4})\.xml(?:\.rels)?\Z")
_SHAPES = re.compile(rb"<p:(sp|pic|graphicFrame|grpSp)>.*?</p:\1>", re.DOTALL)
_TARGET = re.compile(rb'Target="\.\./(media/[\w.-]{1,80})"')
_KINDS = (
    (b"<p:graphicFrame>", "table"),
    (b"<p:pic>", "map"),
    (b'<p:ph type="title"/>', "title"),
    (b'name="Legend', "legend"),
    (b'name="Key figure"', "key figures"),
    (b'name="Marking"', "marking"),
    (b'name="Ledger"', "ledger"),
)
_HEADING = re.compile(rb'<w:p><w:pPr><w:pStyle w:val="Heading([12])"/>')


def of_deck(members: Mapping[str, bytes]) -> Iterator[Piece]:
    """Cut a deck into the parts that a reader of it has names for."""
    shown: dict[str, str] = {}
    for name, data in members.items():
        found = _SLIDE.match(name)
        if found and found[2]:
            shown |= {
                f"ppt/{target.decode()}": f"picture on slide {found[1]}"
                for target in _TARGET.findall(data)
            }
    for name, data in members.items():
        slide, notes = _SLIDE.match(name), _NOTES.match(name)
        if slide and not slide[2]:
            yield from _shapes(f"slide {slide[1]}", data)
            continue
        if slide:
            label = f"slide {slide[1]}, layout and pictures"
        elif notes:
            label = f"speaker notes of slide {notes[1]}"
        elif name in shown:
            label = shown[name]
        elif name.startswith("docProps/"):
            label = "document properties"
        else:
            label = "slide design"
        yield label, name.encode("utf-8", "backslashreplace")
        yield label, data


def _shapes(label: str, data: bytes) -> Iterator[Piece]:
    rest, end = [], 0
    for shape in _SHAPES.finditer(data):
        rest.append(data[end : shape.start()])
        end = shape.end()
        head = shape[0][:1_000]
        kind = next((kind for mark, kind in _KINDS if mark in head), "text")
        yield f"{label}, {kind}", shape[0]
    rest.append(data[end:])
    yield f"{label}, text", b"".join(rest)


def of_annex(members: Mapping[str, bytes]) -> Iterator[Piece]:
    """Cut a document into the parts that a reader of it has names for."""
    for name, data in members.items():
        if name == "word/document.xml":
            yield from _incidents(data)
            continue
        if name.startswith("word/media/"):
            label = "picture"
        elif re.match(r"word/(header|footer)\d", name):
            label = "head and foot of the page"
        elif name.startswith("docProps/"):
            label = "document properties"
        else:
            label = "document design"
        yield label, name.encode("utf-8", "backslashreplace")
        yield label, data


def _incidents(data: bytes) -> Iterator[Piece]:
    starts = [(found.start(), found[1]) for found in _HEADING.finditer(data)]
    yield "page text", data[: starts[0][0] if starts else len(data)]
    number = parts = 0
    ends = [at for at, _ in starts[1:]] + [len(data)]
    for (start, level), end in zip(starts, ends, strict=True):
        number += level == b"2"
        parts += level == b"1"
        label = f"incident {number}" if level == b"2" else ""
        label = label or ("list of incidents" if parts == 1 else "further incidents")
        yield label, data[start:end]
