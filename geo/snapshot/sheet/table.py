"""How is "what happened where" set: as many lines as its room holds, and the rest counted?"""

from __future__ import annotations

from dataclasses import dataclass

from geo.snapshot.content import Content, Row
from geo.snapshot.sheet.density import Mode
from geo.snapshot.sheet.fonts import Style, clean, shorten, width
from geo.snapshot.sheet.page import Page, Size
from geo.snapshot.sheet.paragraph import INK, MUTED
from geo.snapshot.sheet.projection import Rect
from geo.snapshot.sheet.rows import Line, lines_of
from geo.snapshot.sheet.scene import Item
from geo.snapshot.sheet.symbols import symbol

_HAIR = "#e2e6ea"
_ONE, _AIRY, _TWO, _HEAD = 1.3, 1.66, 2.56, 1.9
_PAD = 6.0
# shares of the width that columns take at most
_MOST_DAY, _MOST_VALUE, _MOST_SOURCE, _MOST_NUMBER = 0.2, 0.25, 0.2, 0.16
_MOST_NAME = 0.5
# letters of a title that make it worth a start
_LEAST_TITLE = 6


@dataclass(frozen=True, slots=True)
class Columns:
    """Widths of the columns; what is left is for the text."""

    number: float
    sign: float
    day: float
    value: float
    source: float
    bar: float = 0.0


@dataclass(frozen=True, slots=True)
class Table:
    """A table set into a room: the lines it holds, in one row of text each or in two."""

    mode: Mode
    lines: tuple[Line, ...]
    rest: str
    two: bool
    columns: Columns
    heads: tuple[str, str, str]
    step: float
    height: float


def table_of(content: Content, mode: Mode, size: Size, across: float, height: float) -> Table:
    """Set the table as loosely as a height allows."""
    lines = lines_of(content, mode)
    body, head = size.body, size.body * _HEAD
    two = mode == "numbers" and head + len(lines) * body * _TWO <= height
    step = body * (_TWO if two else _ONE)
    fitting = max(int((height - head + 0.01) / step), 0)
    if len(lines) > fitting:
        # the last line says what is left out
        fitting = max(int((height - head - body * _ONE + 0.01) / step), 0)
    elif lines and not two:
        # air where there is room for it
        step = min(max((height - head) / len(lines), step), body * _AIRY)
    shown, left = lines[:fitting], lines[fitting:]
    spoken = content.language
    rest = ""
    if left and mode == "numbers":
        rest = spoken.say("table.more", n=len(left))
    elif left:
        key = "table.more_places" if mode == "groups" else "table.more_units"
        rest = spoken.say(key, n=len(left))
    heads = tuple(spoken.say(f"table.{mode}.{name}") for name in ("title", "value", "source"))
    used = head + len(shown) * step + (body * _ONE if rest or not lines else 0)
    columns = _columns(shown, heads, size, across, mode, two=two)
    return Table(mode, shown, rest, two, columns, (heads[0], heads[1], heads[2]), step, used)


def natural_height(content: Content, mode: Mode, size: Size) -> float:
    """Height at which every line stands in one row of text."""
    lines = lines_of(content, mode)
    return size.body * (_HEAD + max(len(lines), 1) * _ONE)


def draw_table(page: Page, table: Table, content: Content, rect: Rect) -> None:
    """Draw a table from the top of a rectangle."""
    body = page.size.body
    strong, small = Style(body + 1, 700, colour=INK), Style(body, colour=MUTED)
    middle = rect.top - body * _HEAD / 2 + 1
    y = rect.top - body * _HEAD
    title, value, source = table.heads
    columns = table.columns
    value_right = rect.right - (columns.source + _PAD if columns.source and not table.two else 0)
    room = rect.width
    if table.lines:
        page.text(value, value_right, middle, small, ha="right")
        room = value_right - width(value, small) - rect.x - 2 * _PAD
        if columns.source and not table.two:
            page.text(
                shorten(source, small, columns.source), rect.right - columns.source, middle, small
            )
    page.text(shorten(title, strong, room), rect.x, middle, strong)
    page.line([(rect.x, y + 1.5), (rect.right, y + 1.5)], line=INK, lw=0.8)
    for line in table.lines:
        _draw_line(page, table, line, Rect(rect.x, y - table.step, rect.width, table.step))
        y -= table.step
        page.line([(rect.x, y), (rect.right, y)], line=_HAIR, lw=0.5)
    last = table.rest if table.lines or table.rest else content.language.say("table.none")
    if last:
        note = Style(body, italic=True, colour=MUTED)
        page.text(shorten(last, note, rect.width), rect.x, y - body * _ONE / 2, note)


def _columns(
    lines: tuple[Line, ...],
    heads: tuple[str, ...],
    size: Size,
    across: float,
    mode: Mode,
    *,
    two: bool,
) -> Columns:
    body = size.body
    plain, strong = Style(body), Style(body, 600)

    def widest(texts: list[str], style: Style, most: float) -> float:
        return min(max((width(clean(t), style) for t in texts), default=0.0), across * most)

    number = widest([line.number for line in lines], strong, _MOST_NUMBER)
    day = widest([line.day for line in lines], plain, _MOST_DAY)
    source_share = 0.3 if two else _MOST_SOURCE
    source = widest([heads[2], *(line.source for line in lines)], plain, source_share)
    value = widest([heads[1], *(_value(line, size, across) for line in lines)], strong, _MOST_VALUE)
    sign = body * 1.5
    if mode != "hexagons":
        return Columns(number, sign, day, value, source)
    # bars begin beside the longest name
    names = widest([line.place for line in lines], strong, _MOST_NAME)
    bar = across - number - names - value - source - 5 * _PAD
    return Columns(number, 0.0, 0.0, value, source, bar)


def _value(line: Line, size: Size, across: float) -> str:
    """Say a toll, or "claims differ" where its range finds no room."""
    room = across * _MOST_VALUE
    return line.value if width(line.value, Style(size.body, 600)) <= room else line.short


def _draw_line(page: Page, table: Table, line: Line, rect: Rect) -> None:
    body, columns = page.size.body, table.columns
    first = rect.top - (body * 0.68 if table.two else table.step / 2)
    second = first - body * 1.16
    strong, plain = Style(body, 600, colour=INK), Style(body, colour=INK)
    muted = Style(body, colour=MUTED)
    x = rect.x + columns.number
    page.text(shorten(line.number, strong, columns.number), x, first, strong, ha="right")
    x += _PAD
    if columns.sign:
        if line.row is not None:
            _draw_sign(
                page,
                line.row,
                x + columns.sign / 2 - 1,
                first,
                body * _ONE / 2 - 0.9,
                solid=table.mode != "numbers",
            )
        x += columns.sign + 2
    if columns.day:
        page.text(shorten(line.day, muted, columns.day), x, first, muted)
        x += columns.day + _PAD
    right = rect.right
    if columns.source:
        if table.two:
            source = shorten(line.source, muted, columns.source)
            page.text(source, right, second, muted, ha="right")
        elif table.mode == "hexagons":
            page.text(line.source, right, first, muted, ha="right")
            right -= columns.source + _PAD
        else:
            page.text(
                shorten(line.source, muted, columns.source), right - columns.source, first, muted
            )
            right -= columns.source + _PAD
    page.text(_value(line, page.size, rect.width), right, first, strong, ha="right")
    low_right = rect.right - width(shorten(line.source, muted, columns.source), muted) - _PAD
    right -= columns.value + _PAD
    if columns.bar:
        _draw_bar(
            page,
            table,
            line,
            Rect(right - columns.bar, first - body * 0.32, columns.bar, body * 0.64),
        )
        right -= columns.bar + _PAD
    right -= _draw_mark(page, line.mark, right, first)
    if table.two:
        page.text(shorten(clean(line.place), strong, right - x), x, first, strong)
        page.text(shorten(clean(line.title), plain, low_right - x), x, second, plain)
        return
    _draw_text(page, line, x, right - x, first)


def _draw_mark(page: Page, mark: str, right: float, y: float) -> float:
    """Say that an incident is claimed or disputed; answers with the room taken."""
    if not mark:
        return 0.0
    style = Style(page.size.body, italic=True, colour=MUTED)
    page.text(mark, right, y, style, ha="right")
    return width(mark, style) + _PAD


def _draw_text(page: Page, line: Line, x: float, room: float, y: float) -> None:
    """Place and title on one row; the title takes what the place leaves."""
    body = page.size.body
    strong, plain = Style(body, 600, colour=INK), Style(body, colour=MUTED)
    place, title = clean(line.place), clean(line.title)
    whole = width(place, strong)
    if whole > room * 0.6 and title and width(title, plain) + whole + _PAD > room:
        whole = min(whole, max(room * 0.6, room - width(title, plain) - _PAD))
    if room - whole - _PAD < _LEAST_TITLE * body:
        whole = room
    shown = shorten(place, strong, min(whole, room) + 0.01)
    left = room - width(shown, strong) - _PAD
    if left < _LEAST_TITLE * body or not title:
        shown = shorten(place, strong, room)
        page.text(shown, x, y, strong)
        return
    page.text(shown, x, y, strong)
    page.text(shorten(title, plain, left), x + width(shown, strong) + _PAD, y, plain)


def _draw_bar(page: Page, table: Table, line: Line, rect: Rect) -> None:
    """Draw a bar by group, on the scale of the longest."""
    most = max(sum(n for _, n in each.shares) for each in table.lines)
    x = rect.x
    for group, n in line.shares:
        across = rect.width * n / most
        page.box(x, rect.y, across, rect.height, fill=group.colour, z=20)
        x += across


def _draw_sign(page: Page, row: Row, x: float, y: float, r: float, *, solid: bool) -> None:
    """Draw the symbol as on the map; how many died stands beside it in words."""
    incident = row.incident
    item = Item(
        id=incident.id,
        title="",
        place="",
        kind=row.kind,
        group=row.group,
        deaths=0,
        assessment=incident.assessment,
        uncertain=row.when == "uncertain",
        precision=incident.precision,
        countries=(),
        spots=(),
    )
    hollow = incident.precision != "exact" and not solid
    symbol(page, item, x, y, r=r, hollow=hollow, plain=True)
