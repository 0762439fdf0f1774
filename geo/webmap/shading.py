"""How are first-order units shaded by what was counted there? Classes, and numbers for the map.

Nothing but numbers goes to the map: the row of a unit, its count, its class. Names and outlines
come from the base map, by a route of their own. Colours of event groups are not used, and no
symbol stands on a shaded map, so that colour keeps one meaning.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

import numpy as np
import shapely

from geo import countries
from geo.basemap import load
from geo.ratio import Ratio
from geo.regions import Region, Regions
from geo.webmap.marks import dump, rings

Measure = Literal["incidents", "deaths", "rate", "change"]
MEASURES: tuple[Measure, ...] = ("incidents", "deaths", "rate", "change")
# one hue from light to dark, and two for less and more; all parted by lightness too
COUNTED = ("#dceaf0", "#aecfdc", "#73a9bf", "#37789a", "#123f5c")
CHANGED = ("#01665e", "#80cdc1", "#e9e9e6", "#dfc27d", "#8c510a")
CHANGES = ("half or less", "fewer", "cannot be told apart", "more", "twice or more")
# too few to compare
FEW = -1
_PER_DAYS = 30
_STEPS = (1, 2, 5)
_SHARES = (0.4, 0.65, 0.85, 0.95)
_TOLERANCE = {False: 0.04, True: 0.005}


@dataclass(frozen=True, slots=True)
class Shading:
    """What the map is told: units with value and class, and where each class begins."""

    measure: Measure
    units: tuple[tuple[int, float, int, int], ...]
    breaks: tuple[float, ...]
    beside: int

    @property
    def message(self) -> dict[str, Any]:
        """Write it as plain numbers and words of this program."""
        change = self.measure == "change"
        return {
            "measure": self.measure,
            "colours": CHANGED if change else COUNTED,
            "words": CHANGES if change else (),
            "breaks": self.breaks,
            "units": self.units,
            "beside": self.beside,
        }


def shade(regions: Regions, measure: Measure, *, breaks: Sequence[float] = ()) -> Shading:
    """Give each unit its class.

    Parameters
    ----------
    breaks
        Least value of each class, rising, four at most after the first; chosen from the counts
        where none is given. A change has its own classes.

    Returns
    -------
    Shading
        `units` are (row of the base map's `admin1`, value, class, incidents before); the class is
        `FEW` where too few incidents lie in both periods to compare them.
    """
    values = {unit.row: value(unit, regions.days, measure) for unit in regions.units}
    if measure == "change":
        classes = {unit.row: changed(unit.ratio) for unit in regions.units}
        chosen: tuple[float, ...] = ()
    else:
        chosen = tuple(breaks) or nice_breaks([v for v in values.values() if v > 0])
        classes = {row: bisect_right(chosen, v) - 1 for row, v in values.items()}
    # what lies below the first class is not shaded
    units = tuple(
        (unit.row, round(values[unit.row], 2), classes[unit.row], unit.before or 0)
        for unit in regions.units
        if measure == "change" or classes[unit.row] >= 0
    )
    return Shading(measure, units, chosen, regions.beside)


def value(unit: Region, days: int, measure: Measure) -> float:
    """Say what is measured of one unit."""
    if measure == "deaths":
        return unit.deaths
    return unit.incidents * _PER_DAYS / max(days, 1) if measure == "rate" else unit.incidents


def changed(ratio: Ratio | None) -> int:
    """Class of a change: from half or less (0) to twice or more (4), 2 where it cannot be told."""
    if ratio is None:
        return FEW
    if not ratio.differs:
        return 2
    times = math.inf if ratio.value is None else ratio.value
    if times < 1:
        return 0 if times <= 0.5 else 1
    return 4 if times >= 2 else 3


def nice_breaks(values: Sequence[float]) -> tuple[float, ...]:
    """Choose where classes begin: few units in the highest, and figures one can read."""
    if not values:
        return ()
    cuts = [min(values), *np.quantile(values, _SHARES).tolist()]
    return tuple(sorted({_rounded(cut) for cut in cuts}))


def _rounded(number: float) -> float:
    """Round down to 1, 2 or 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(number))
    step = max(s for s in _STEPS if s * power <= number * (1 + 1e-9))
    found = round(step * power, 6)
    return int(found) if found >= 1 else found


def outlines(rows: Sequence[int], *, fine: bool) -> bytes:
    """Write names and outlines of units: flat lists of degrees, by row."""
    frame = load("admin1")
    return dump(
        {
            row: {
                "name": f"{frame['name'].iloc[row]}, {countries.name(frame['country'].iloc[row])}",
                "rings": _rings(row, fine=fine),
            }
            for row in rows
        }
    )


@lru_cache(maxsize=8192)
def _rings(row: int, *, fine: bool) -> list[list[float]]:
    shape = load("admin1").geometry.iloc[row]
    simple = shapely.simplify(shape, _TOLERANCE[fine])
    return rings(simple, digits=3 if fine else 2)
