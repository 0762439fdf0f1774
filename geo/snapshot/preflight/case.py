"""What does a check of a drawn page look at?"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from functools import cached_property
from typing import Any, Protocol

from geo.boundaries import Note, disclaimer
from geo.manifest import Manifest
from geo.snapshot.brief import Brief
from geo.snapshot.content import Content
from geo.snapshot.finding import Finding, Level
from geo.snapshot.language import Language
from geo.snapshot.sheet.fonts import clean
from geo.snapshot.sheet.overlay import Overlay
from geo.snapshot.sheet.page import Page
from geo.snapshot.sheet.projection import Plane
from geo.snapshot.sheet.scene import Scene


class Drawn(Protocol):
    """A drawn page, as far as it is checked."""

    @property
    def page(self) -> Page:
        """Every text with its box and style."""

    @property
    def plane(self) -> Plane:
        """Where the map stands, and what it shows."""

    @property
    def scene(self) -> Scene:
        """What was to be drawn."""

    @property
    def overlay(self) -> Overlay:
        """What was drawn."""

    @property
    def legend(self) -> Any:
        """What is explained."""

    @property
    def content(self) -> Content:
        """What the briefing says."""

    @property
    def manifest(self) -> Manifest:
        """What the file will state."""


class Case:
    """A drawn page and its brief, with the texts as one can search them."""

    def __init__(self, drawn: Drawn, brief: Brief) -> None:
        self.drawn = drawn
        self.brief = brief
        self.spoken: Language = drawn.content.language

    @cached_property
    def printed(self) -> str:
        """All texts of the page, in the order they were written, without spaces."""
        return tight(" ".join(written.text for written in self.drawn.page.written))

    @cached_property
    def beside(self) -> str:
        """All texts outside map and legend, likewise."""
        west, south, east, north = self.drawn.plane.rect.box
        return tight(
            " ".join(
                w.text
                for w in self.drawn.page.written
                if not (west <= w.box[0] and w.box[2] <= east and south <= w.box[1] <= north)
                and not self.explains(w.text)
            )
        )

    @cached_property
    def legend_texts(self) -> tuple[str, ...]:
        """Texts of the legend, each without spaces."""
        return tuple(tight(text) for text in _texts(self.drawn.legend))

    def prints(self, text: str) -> bool:
        """Whether a text stands on the page whole, however it is broken into lines."""
        return tight(text) in self.printed

    def explains(self, text: str) -> bool:
        """Whether a text of the legend holds a text."""
        wanted = tight(text)
        return any(wanted in held for held in self.legend_texts)

    def found(self, rule: str, level: Level, key: str = "", /, **values: object) -> Finding:
        """Say what a rule found; `key` names the case where the rule has several."""
        name = f"preflight.{rule}.{key}" if key else f"preflight.{rule}"
        say = self.spoken.say
        return Finding(rule, level, say(f"{name}.text", **values), say(f"{name}.remedy", **values))

    def note(self, note: Note) -> Note:
        """Say a note of the boundary policy in the language of the page."""
        said = self._boundaries("notes").get(note.id)
        return Note(note.id, said["name"], said["text"]) if said else note

    def disclaimer(self) -> str:
        """Say the sentence under every map in the language of the page."""
        return str(self._boundaries("").get("disclaimer") or disclaimer())

    def _boundaries(self, part: str) -> Any:
        held = self.spoken.words.get("boundaries", {})
        return held.get(part, {}) if part else held


def tight(text: str) -> str:
    """Leave out what the setting of a text may change: spaces and unprintable signs."""
    return "".join(clean(text).split())


def numbers_in(text: str, group: str) -> list[int]:
    """Whole numbers that a text states, whatever its digits, in their order."""
    found: list[int] = []
    held = ""
    for i, sign in enumerate(text):
        value = unicodedata.decimal(sign, None)
        if value is not None:
            held += str(value)
            continue
        inside = held and sign == group and text[i + 1 : i + 4].isdecimal()
        if not inside and held:
            found.append(int(held))
            held = ""
    return [*found, int(held)] if held else found


def _texts(value: Any) -> Iterator[str]:
    """Find the texts within records and rows, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, (tuple, list)):
        lines = [part for part in value if isinstance(part, str)]
        # lines of one row are one text
        if lines:
            yield " ".join(lines)
        for part in value:
            if not isinstance(part, str):
                yield from _texts(part)
    elif is_dataclass(value) and not isinstance(value, type):
        for part in fields(value):
            yield from _texts(getattr(value, part.name))
