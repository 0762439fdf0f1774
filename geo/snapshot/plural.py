"""Which plural form goes with a number? The rules of Unicode CLDR for our languages.

Whole numbers only, and only languages we have: a form is the first whose rule the number keeps.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class _Rule:
    """A form for numbers whose remainder by `modulo` lies in a range.

    Those whose remainder by 100 is one of `but` are left out; without `modulo` it is the number
    itself that counts.
    """

    form: str
    least: int
    most: int
    modulo: int = 0
    but: tuple[int, ...] = ()

    def holds(self, n: int) -> bool:
        part = n % self.modulo if self.modulo else n
        return self.least <= part <= self.most and n % 100 not in self.but


_TEENS = (11, 12, 13, 14)
_SLAVIC = (
    _Rule("one", 1, 1, 10, _TEENS),
    _Rule("few", 2, 4, 10, _TEENS),
    _Rule("many", 0, 9, 10),
)
_ONE = (_Rule("one", 1, 1),)
_RULES: Mapping[str, tuple[_Rule, ...]] = MappingProxyType(
    {
        "ar": (
            _Rule("zero", 0, 0),
            _Rule("one", 1, 1),
            _Rule("two", 2, 2),
            _Rule("few", 3, 10, 100),
            _Rule("many", 11, 99, 100),
        ),
        "prs": (_Rule("one", 0, 1),),
        "ru": _SLAVIC,
        "uk": _SLAVIC,
    }
)


def plural(code: str, n: int) -> str:
    """Name the plural form of a number in a language: zero, one, two, few, many or other."""
    return next((rule.form for rule in _RULES.get(code, _ONE) if rule.holds(abs(n))), "other")


def forms(code: str) -> tuple[str, ...]:
    """Name all forms a language has, "other" last."""
    named = [rule.form for rule in _RULES.get(code, _ONE)]
    # every whole number of Russian and Ukrainian is one, few or many
    return tuple(named) if code in ("ru", "uk") else (*named, "other")
