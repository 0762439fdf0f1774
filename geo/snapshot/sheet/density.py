"""How are the incidents of a map shown: one by one, in groups, or as hexagons?

Few are numbered one by one, more are grouped, and of many only hexagons can be read. The rule
can be overruled, but never so that thousands of single symbols are drawn.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from geo.snapshot.brief import Density
from geo.snapshot.language import Language
from geo.snapshot.sheet.page import Size

Mode = Literal["numbers", "groups", "hexagons"]
# up to so many are numbered, up to so many grouped
NUMBERED, GROUPED = 25, 300
# asked for by hand, so many can still be numbered
_MOST_NUMBERED = 60
_LONGEST_TAB = 9
_LEAST = {"slide": 10.0, "a4": 8.0, "a4-landscape": 8.0, "phone": 8.0}


def mode_of(density: Density, count: int) -> Mode:
    """Say how so many incidents are shown."""
    if density == "numbers":
        return "numbers" if count <= _MOST_NUMBERED else "groups"
    if density != "auto":
        return density
    if count <= NUMBERED:
        return "numbers"
    return "groups" if count <= GROUPED else "hexagons"


def least(size: Size) -> float:
    """Smallest type on the map of a page."""
    return _LEAST[size.name]


def rows_in_words(numbers: Iterable[int], spoken: Language) -> str:
    """Name rows of the table as briefly as can be, "4–15"; nothing where that gets long."""
    runs: list[list[int]] = []
    for n in sorted({n for n in numbers if n > 0}):
        if runs and n == runs[-1][1] + 1:
            runs[-1][1] = n
        else:
            runs.append([n, n])
    said = [
        spoken.number(first)
        if first == last
        else spoken.say("density.rows", first=first, last=last)
        for first, last in runs
    ]
    text = spoken.say("density.separator").join(said) if said else ""
    return text if len(text) <= _LONGEST_TAB else ""
