"""What stands in the flat row of a matched incident, the same in every tabular format?"""

from __future__ import annotations

from collections.abc import Sequence

from geo.filters import Match
from geo.flat import COLUMNS as _FLAT
from geo.flat import carried, flat, in_order

# `match` says how the filter met the incident: it is of the export, not of the layer
COLUMNS = (*_FLAT, "match")


def row(match: Match) -> list[object]:
    """Values of an incident in the order of `COLUMNS`; None is unknown."""
    return [*flat(match.incident).values(), match.when]


def table(matches: Sequence[Match]) -> tuple[tuple[str, ...], list[list[object]]]:
    """Names and rows of a table that can be imported again without loss.

    To the columns that people read come those of `geo.flat.CARRIED`, as many as are needed.
    """
    beside = [carried(match.incident) for match in matches]
    more = in_order(name for cells in beside for name in cells)
    rows = [
        [*row(match), *(cells.get(name, "") for name in more)]
        for match, cells in zip(matches, beside, strict=True)
    ]
    return (*COLUMNS, *more), rows
