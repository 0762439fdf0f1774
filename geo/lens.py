"""Through which days is what matches looked at, and in which form, beside any filter?

A lens changes what is painted, never what is counted, listed or exported. It travels in the
address and in named views, so that whoever gets one sees the same map.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from geo.errors import FilterError
from geo.feature import read_day

Days = tuple[date, date]
FORMS = ("signs", "hexagons")


@dataclass(frozen=True, slots=True)
class Lens:
    """First and last day that are painted, or all of them; exact places counted in hexagons."""

    days: Days | None = None
    hexagons: bool = False

    @property
    def form(self) -> str:
        """Word for what is painted."""
        return FORMS[self.hexagons]


def read_days(text: str) -> Days:
    """Read FROM,TO.

    Raises
    ------
    FilterError
        Naming the text.
    """
    try:
        first, last = map(read_day, text.split(","))
    except ValueError:
        first, last = date.max, date.min
    if first > last:
        msg = f"days is {text[:60]!r}: must be FROM,TO, two days YYYY-MM-DD, the first not later"
        raise FilterError(msg)
    return first, last


def write_lens(lens: Lens) -> dict[str, str]:
    """Write what differs from all days and from signs; `read_days` reads the days."""
    written = {"days": ",".join(map(str, lens.days))} if lens.days else {}
    return {**written, "as": lens.form} if lens.hexagons else written
