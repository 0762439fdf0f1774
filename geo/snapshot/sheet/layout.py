"""Which words stand around the map, and where is room for what?

Title and subtitle above, the ledger, times, sources, notes and the ID below; what is left is for
map and legend. Long texts wrap, then shorten; nothing overlaps.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from geo import __version__
from geo.basemap import CREDIT
from geo.boundaries import TOLERANCE_KM, notes
from geo.feature import write_time
from geo.filters import Selection
from geo.snapshot.brief import Brief
from geo.snapshot.language import Language, language
from geo.snapshot.sheet.fonts import Style, clean, wrap
from geo.snapshot.sheet.page import Page, Size
from geo.snapshot.sheet.projection import Plane, Rect
from geo.snapshot.words import filter_in_words, ledger_in_words

MUTED, INK = "#4a5661", "#1f2933"
_LEADING = 1.22
_TITLE_SHRINK = (1.0, 0.88, 0.76)
# two lines hold far less; the manifest has all of it
_MOST_OF_A_TITLE = 400
_MOST_SOURCES = 7
_MOST_NOTE_LINES = 7
_LOCAL_KM = 1500.0
_COLUMN_GAP = 26.0


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines of one style."""

    lines: tuple[str, ...]
    style: Style

    @property
    def height(self) -> float:
        """Room it takes from top to top of the next."""
        return len(self.lines) * self.style.size * _LEADING


def header(brief: Brief, size: Size) -> list[Paragraph]:
    """Title and subtitle, set to the page's width."""
    room = size.width - 2 * size.margin
    spoken = language(brief.language)
    title = clean(brief.title)[:_MOST_OF_A_TITLE] or "Incidents"
    for shrink in _TITLE_SHRINK:
        style = Style(size.title * shrink, 700, colour=INK)
        if len(wrap(title, style, room)) <= (2 if shrink < 1 else 1):
            break
    said = filter_in_words(brief.query, brief.selection.matches, spoken)
    subtitle = Style(size.body + 1, colour=MUTED)
    return [
        Paragraph(tuple(wrap(title, style, room, lines=2)), style),
        Paragraph(tuple(wrap(clean(said), subtitle, room, lines=3)), subtitle),
    ]


def footer(brief: Brief, size: Size, plane: Plane, manifest_id: str) -> list[list[Paragraph]]:
    """Columns of what must be said: what is counted and from where; which lines are drawn."""
    columns = 2 if size.legend_beside else 1
    room = (size.width - 2 * size.margin - (columns - 1) * _COLUMN_GAP) / columns
    plain, strong = Style(size.note, colour=MUTED), Style(size.note, 600, colour=INK)
    ident = Style(size.body + 1, 700, colour=INK)

    spoken = language(brief.language)

    def set_(text: str, style: Style, lines: int) -> Paragraph:
        return Paragraph(tuple(wrap(clean(text), style, room, lines=lines)), style)

    counted = [
        set_(ledger_in_words(brief.selection.ledger, spoken), strong, 6),
        *(set_(note, strong, 4) for note in brief.notes),
        set_(_data(brief), plain, 3),
        set_(_sources(brief.selection), plain, 3),
    ]
    said = _notes(plane, plain, room, spoken)
    ground = [
        set_(f"{spoken.disclaimer()} {_tolerance(plane)} {_map(plane, size)}", plain, 5),
        *([set_(said, plain, 12)] if said else []),
    ]
    # the ID closes the last column, where one looks for it
    name = f" · {brief.house.producer}" if brief.house.producer.strip() else ""
    last = set_(f"ID {manifest_id}{name}", ident, 1)
    return [counted, [*ground, last]] if columns == 2 else [[*counted, *ground, last]]


def draw_header(page: Page, paragraphs: Sequence[Paragraph]) -> float:
    """Draw title and subtitle; answers with the height left below them."""
    y = page.inner.top
    for paragraph in paragraphs:
        y = _draw(page, paragraph, page.inner.x, y) - 3
    return y - 6


def draw_footer(page: Page, columns: Sequence[Sequence[Paragraph]]) -> None:
    """Draw the columns of the footer on the lower margin."""
    inner = page.inner
    each = (inner.width - (len(columns) - 1) * _COLUMN_GAP) / len(columns)
    top = inner.y + footer_height(columns)
    page.line([(inner.x, top + 4), (inner.right, top + 4)], line="#c5ccd2", lw=0.6)
    for i, column in enumerate(columns):
        y = top
        for paragraph in column:
            y = _draw(page, paragraph, inner.x + i * (each + _COLUMN_GAP), y) - 2.5


def footer_height(columns: Sequence[Sequence[Paragraph]]) -> float:
    """Height of the footer."""
    return max(sum(p.height + 2.5 for p in column) for column in columns)


def map_rect(size: Size, top: float, bottom: float, legend: float) -> Rect:
    """Room for the map between header and footer, `legend` wide or high left for the legend."""
    # the labels of the graticule stand left of the map and below it
    x, y = size.margin + 10, bottom + 14
    right = size.width - size.margin
    if size.legend_beside:
        return Rect(x, y, right - x - legend - 16, top - y)
    return Rect(x, y + legend + 12, right - x, top - y - legend - 12)


def _draw(page: Page, paragraph: Paragraph, x: float, top: float) -> float:
    style = paragraph.style
    step = style.size * _LEADING
    for i, line in enumerate(paragraph.lines):
        page.text(line, x, top - step * (i + 0.5), style)
    return top - paragraph.height


def _data(brief: Brief) -> str:
    layers = ", ".join(
        f"{name} (version {version[:8]})" if version else name for name, version in brief.layers
    )
    as_of = write_time(brief.as_of)[:16].replace("T", " ")
    return f"Data as of {as_of} UTC. Layer: {layers or 'none'}. Incident Atlas {__version__}."


def _sources(selection: Selection) -> str:
    counted: Counter[str] = Counter()
    for incident in selection.incidents:
        counted.update({s.publisher for s in incident.sources if s.publisher})
    shown = counted.most_common(_MOST_SOURCES)
    named = ", ".join(name for name, _ in sorted(shown, key=lambda pair: (-pair[1], pair[0])))
    if len(counted) > len(shown):
        named += f" and {len(counted) - len(shown):,} more"
    licences = sorted({i.licence for i in selection.incidents if i.licence})
    parts = [f"Sources: {named}." if named else ""]
    parts.append(f"Licence: {'; '.join(licences)}." if licences else "")
    parts.append(f"Base map: {CREDIT}.")
    return " ".join(part for part in parts if part)


def _notes(plane: Plane, style: Style, room: float, spoken: Language) -> str:
    """Say the sentences of the boundary policy whole, or where they are too many, their names."""
    found = [spoken.note(note) for note in notes(plane.extent)]
    said = " ".join(note.text for note in found)
    if len(wrap(said, style, room)) <= _MOST_NOTE_LINES:
        return said
    names = "; ".join(note.name for note in found)
    return f"Status or boundaries are not settled or not agreed by all for: {names}."


def _tolerance(plane: Plane) -> str:
    if plane.km_wide > _LOCAL_KM:
        return ""
    return (
        f"Boundaries are generalised and may be {TOLERANCE_KM:g} km off: the picture does not "
        "show on which side of a line a place lies."
    )


def _map(plane: Plane, size: Size) -> str:
    if not size.name.startswith("a4"):
        return f"Projection: {plane.name}."
    number = f"{round(plane.ratio, 1 - len(str(int(plane.ratio)))):,.0f}"
    return f"Projection: {plane.name}. Scale about 1:{number} as printed."
