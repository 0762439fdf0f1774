"""How is the picture's legend set anew in other room, with every sign it has?"""

from __future__ import annotations

from collections.abc import Sequence

from geo.snapshot.sheet.columns import Legend, set_legend
from geo.snapshot.sheet.legend import FITS, Fit, Row, Section


def relaid(
    sections: Sequence[Section], *, size: float, across: float, columns: int, height: float
) -> Legend:
    """Lay out sections again; higher than `height` only if nothing fits."""

    def make(_: Fit) -> Sequence[Section]:
        return sections

    return set_legend(make, size=size, across=across, columns=columns, height=height, fits=FITS)


def sections_in(legend: Legend) -> list[Section]:
    """Sections of a legend already laid out in columns."""
    made: list[tuple[str, list[Row]]] = []
    for block in (block for column in legend.columns for block in column):
        heading = " ".join(block.lines)
        if block.row is None and (heading or not made):
            made.append((heading, []))
        elif block.row is not None:
            # a section broken over two columns goes on without a heading
            made[-1][1].append(block.row)
    return [Section(heading, tuple(rows)) for heading, rows in made]
