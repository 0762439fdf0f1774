"""How are the words, dates and numbers of a picture said in its language?

`data/languages/` holds one catalogue a language, all with the same keys; event types, countries
and boundary notes have their English in the reference data. What comes from an incident (its
title, names of places and publishers) stays as it is.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

from geo import countries
from geo.boundaries import LineClass, Note, disclaimer
from geo.errors import ReferenceDataError, SnapshotError
from geo.settings import DATA
from geo.snapshot.plural import plural
from geo.taxonomy import EventType, Group

_FOLDER = DATA / "languages"
_PLAIN = "0123456789"
# an invisible letter from left to right, to which brackets and full stops beside it cling
_LTR = "\u200e"


@dataclass(frozen=True, slots=True)
class Language:
    """One catalogue of words; `rtl` says that the page runs from right to left."""

    code: str
    rtl: bool
    words: Mapping[str, Any] = field(compare=False, repr=False)

    def say(self, key: str, /, **values: object) -> str:
        """Say what a key such as "figures.incidents" stands for; whole numbers are written out.

        Where the catalogue has several plural forms, the number `n` chooses among them.

        Raises
        ------
        ReferenceDataError
            When the catalogue lacks the key.
        """
        text = self._held(key)
        if isinstance(text, Mapping):
            text = self._form(key, text, values.get("n"))
        if not isinstance(text, str):
            msg = f"{self.code}.json: {key} must be text"
            raise ReferenceDataError(msg)
        shown = {name: self._shown(value) for name, value in values.items()}
        return text.format(**shown) if shown else text

    def number(self, value: float) -> str:
        """Write a number with this language's digits, grouping and decimal mark."""
        return self.numeral(f"{value:,}" if isinstance(value, int) else f"{value:,g}")

    def numeral(self, text: str) -> str:
        """Write a number that is text already, such as "1,234.5", as this language does."""
        marks = {",": self._held("numbers.group"), ".": self._held("numbers.point")}
        return self._digits("".join(marks.get(sign, sign) for sign in text))

    def day(self, day: date, *, short: bool = False) -> str:
        """Write a day; `short` leaves out the year."""
        return self.say("dates.short_day" if short else "dates.day", **self._parts(day))

    def month(self, day: date) -> str:
        """Write the month of a day, with its year."""
        return self.say("dates.month", **self._parts(day))

    def coarse(self, day: date, precision: str) -> str:
        """Write the week, month or year that begins with a day."""
        return self.say(
            f"dates.coarse.{precision}", day=self.day(day, short=True), **self._coarse(day)
        )

    def period(self, start: date, end: date) -> str:
        """Write two days as one would, what they share only once."""
        if start == end:
            return self.day(end)
        if start.year != end.year:
            return self.say("dates.from_day_to_day", first=self.day(start), last=self.day(end))
        key = "days_of_a_month" if start.month == end.month else "days_of_a_year"
        first, last = self._parts(start), self._parts(end)
        shared = {name: last[name] for name in ("month", "year")}
        return self.say(
            f"dates.{key}",
            first_day=first["day"],
            first_month=first["month"],
            last_day=last["day"],
            **shared,
        )

    def short_period(self, start: date, end: date) -> str:
        """Write two days without their year."""
        first, last = self.day(start, short=True), self.day(end, short=True)
        if start == end:
            return first
        if (start.year, start.month) != (end.year, end.month):
            return self.say("dates.days", first=first, last=last)
        days = {"first_day": self._parts(start)["day"], "last_day": self._parts(end)["day"]}
        month = self._parts(end)["short_month"]
        return self.say("dates.days_of_a_short_month", short_month=month, **days)

    def moment(self, when: datetime) -> str:
        """Write a time of record, to the minute, in UTC."""
        utc = when.astimezone(UTC)
        return self.say("dates.moment", day=self.day(utc), clock=self._digits(f"{utc:%H:%M}"))

    def listed(self, names: Iterable[str]) -> str:
        """Put names in a row, as a list has them."""
        return str(self._held("words.separator")).join(names)

    def kind(self, kind: EventType) -> str:
        """Name an event type."""
        return self._named("types", kind.id, kind.label)

    def group(self, group: Group) -> str:
        """Name a group of event types."""
        return self._named("groups", group.id, group.label)

    def country(self, code: str) -> str:
        """Name a country by its ISO 3166-1 alpha-3 code."""
        return self._named("countries", code, countries.name(code))

    def disclaimer(self) -> str:
        """Give the sentence that stands under every map."""
        return str(self._boundaries().get("disclaimer") or disclaimer())

    def line_class(self, kind: LineClass) -> str:
        """Name a class of boundary lines."""
        return str(self._boundaries("classes").get(kind.id, kind.label))

    def line_name(self, name: str) -> str:
        """Name a line that the boundary policy names."""
        return str(self._boundaries("lines").get(name, name))

    def note(self, note: Note) -> Note:
        """Say a note of the boundary policy."""
        said = self._boundaries("notes").get(note.id)
        return Note(note.id, said["name"], said["text"]) if said else note

    def _shown(self, value: object) -> object:
        """Write numbers out; keep what is Latin together in a sentence from right to left."""
        if type(value) is int:
            return self.number(value)
        if not self.rtl or not isinstance(value, str):
            return value
        kinds = {unicodedata.bidirectional(sign) for sign in value}
        return f"{_LTR}{value}{_LTR}" if "L" in kinds and not kinds & {"R", "AL"} else value

    def _form(self, key: str, forms: Mapping[str, Any], n: object) -> Any:
        if type(n) is not int:
            msg = f"{key} was asked without a number n: its plural form depends on it"
            raise ReferenceDataError(msg)
        return forms.get(plural(self.code, n), forms.get("other"))

    def _named(self, section: str, name: str, english: str) -> str:
        return str(self.words.get(section, {}).get(name) or english)

    def _boundaries(self, part: str = "") -> Mapping[str, Any]:
        held: Mapping[str, Any] = self.words.get("boundaries", {})
        return held.get(part, {}) if part else held

    def _parts(self, day: date) -> dict[str, str]:
        months = ("months", "months_alone", "short_months")
        named = [str(self._held(f"dates.{name}")[day.month - 1]) for name in months]
        return {
            "day": self._digits(str(day.day)),
            "month": named[0],
            "month_alone": named[1],
            "short_month": named[2],
            "year": self._digits(str(day.year)),
        }

    def _coarse(self, day: date) -> dict[str, str]:
        return {name: v for name, v in self._parts(day).items() if name != "day"}

    def _digits(self, text: str) -> str:
        return text.translate(str.maketrans(_PLAIN, self._held("numbers.digits")))

    def _held(self, key: str) -> Any:
        found: Any = self.words
        for part in key.split("."):
            found = found.get(part) if isinstance(found, Mapping) else None
        if found is None:
            msg = f"{self.code}.json: {key} is missing"
            raise ReferenceDataError(msg)
        return found


def codes() -> tuple[str, ...]:
    """Codes of all languages there are, English first."""
    found = sorted(path.stem for path in _FOLDER.glob("*.json"))
    return ("en", *(code for code in found if code != "en"))


@lru_cache(maxsize=16)
def language(code: str) -> Language:
    """Open a language by its code.

    Raises
    ------
    SnapshotError
        When there is no such language.
    """
    if code not in codes():
        msg = f"language is {code[:20]!r}: must be one of {' '.join(codes())}"
        raise SnapshotError(msg)
    words = json.loads((_FOLDER / f"{code}.json").read_text(encoding="utf-8"))
    return Language(code, words["language"]["direction"] == "rtl", words)
