"""What stands in the table of a slide, row by row, and how high is each?"""

from __future__ import annotations

from geo.snapshot.content import Row
from geo.snapshot.files.slate import INK, MUTED, SAFE, Cell, Line
from geo.snapshot.language import Language
from geo.snapshot.sheet.fonts import Style, clean, width, wrap

# name, width in points, lines at most
_COLUMNS = (
    ("number", 34.0, 1),
    ("type", 118.0, 2),
    ("day", 92.0, 2),
    ("place", 318.0, 2),
    ("deaths", 96.0, 2),
    ("assessment", 92.0, 1),
    ("sources", 154.0, 2),
)
WIDTHS = tuple(across for _, across, _ in _COLUMNS)
_SIZE, _LEADING = 10.5, 1.22
_PLAIN, _STRONG = Style(_SIZE, colour=INK), Style(_SIZE, 700, colour=INK)
_FAINT = Style(_SIZE, colour=MUTED)
_MARGINS = 8.0


def heading(spoken: Language) -> list[Cell]:
    """Write the first row: what each column holds."""
    return [
        Cell((Line(((spoken.say(f"office.columns.{name}"), _STRONG),)),)) for name, _, _ in _COLUMNS
    ]


def cells_of(row: Row, spoken: Language) -> tuple[list[Cell], float]:
    """Cells of an incident and the height they need; the type is named, not only coloured."""
    texts = {
        "number": spoken.number(row.number),
        "type": spoken.kind(row.kind),
        "day": row.day,
        "deaths": row.deaths,
        "assessment": row.assessment,
        "sources": row.sources,
    }
    cells, most = [], 2
    for name, across, lines in _COLUMNS:
        room = (across - _MARGINS) * SAFE
        if name == "place":
            cells.append(Cell(_place(row, room, spoken)))
            continue
        fill = row.group.colour if name == "type" else ""
        weight = 700 if name in ("number", "type") else 400
        style = Style(_SIZE, weight, colour=_on(fill) if fill else INK)  # type: ignore[arg-type] # literals
        wrapped = wrap(clean(texts[name]), style, room, lines=lines)
        most = max(most, len(wrapped))
        cells.append(Cell((Line(((" ".join(wrapped), style),)),), fill))
    return cells, most * _SIZE * _LEADING + 7


def _place(row: Row, room: float, spoken: Language) -> tuple[Line, ...]:
    """Where, how exactly known, whether on the map; below it what, and the callout."""
    hints = [row.precision]
    if row.shown != "on_map":
        hints.append(spoken.say(f"office.shown.{row.shown}"))
    hint = " · " + " · ".join(hints)
    # the hints are said whole, however long the place's name
    place = wrap(clean(row.place), _STRONG, room - width(hint, _FAINT), lines=1)[0]
    title = clean(" – ".join(part for part in (row.incident.title, row.callout) if part))
    line = wrap(title, _PLAIN, room, lines=1)[0]
    return Line(((place, _STRONG), (hint, _FAINT))), Line(((line, _PLAIN),))


def _on(colour: str) -> str:
    """Black or white, whichever is read better on a colour."""
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    light = sum(w * p for w, p in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
    return "#ffffff" if 1.05 / (light + 0.05) >= (light + 0.05) / 0.064 else INK
