"""How are the words, dates and numbers of a picture said in its language?

`data/languages/` holds one catalogue a language, all with the same keys. What comes from the
data (titles, names of places and publishers) stays as it is.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from geo import countries
from geo.errors import ReferenceDataError, SnapshotError
from geo.settings import DATA
from geo.taxonomy import EventType, Group

_FOLDER = DATA / "languages"
_PLAIN = "0123456789"


@dataclass(frozen=True, slots=True)
class Language:
    """One catalogue of words; `rtl` says that the page runs from right to left."""

    code: str
    rtl: bool
    words: Mapping[str, Any] = field(compare=False, repr=False)

    def say(self, key: str, /, **values: object) -> str:
        """Say what a key such as "figures.incidents" stands for; whole numbers are written out.

        Raises
        ------
        ReferenceDataError
            When the catalogue lacks the key.
        """
        text = self._held(key)
        if not isinstance(text, str):
            msg = f"{self.code}.json: {key} must be text"
            raise ReferenceDataError(msg)
        shown = {name: self.number(v) if type(v) is int else v for name, v in values.items()}
        return text.format(**shown) if shown else text

    def number(self, value: int) -> str:
        """Write a whole number with this language's digits and grouping."""
        plain = f"{value:,}".replace(",", self._held("numbers.group"))
        return self._digits(plain)

    def day(self, day: date, *, short: bool = False) -> str:
        """Write a day; `short` leaves out the year."""
        return self.say(
            "dates.short_day" if short else "dates.day",
            day=self._digits(str(day.day)),
            month=self._held("dates.months")[day.month - 1],
            short_month=self._held("dates.short_months")[day.month - 1],
            year=self._digits(str(day.year)),
        )

    def kind(self, kind: EventType) -> str:
        """Name an event type."""
        return str(self.words.get("types", {}).get(kind.id, kind.label))

    def group(self, group: Group) -> str:
        """Name a group of event types."""
        return str(self.words.get("groups", {}).get(group.id, group.label))

    def country(self, code: str) -> str:
        """Name a country by its ISO 3166-1 alpha-3 code."""
        return str(self.words.get("countries", {}).get(code) or countries.name(code))

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
