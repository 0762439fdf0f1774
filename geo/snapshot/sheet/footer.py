"""What must be said under a map: what is counted, from where, how well, and whose lines?

Ledger, time of the data, layers, sources, licences; share of coarse places, disclaimer, notes
on boundaries, projection; house, ID and marking in the corner where one looks for them.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC

from geo import __version__
from geo.basemap import CREDIT
from geo.boundaries import TOLERANCE_KM, notes
from geo.filters import Selection
from geo.snapshot.brief import Brief
from geo.snapshot.content import Content
from geo.snapshot.language import Language
from geo.snapshot.sheet.fonts import Style, width, wrap
from geo.snapshot.sheet.marking import HEIGHT, draw_marking, marking_width
from geo.snapshot.sheet.page import Page, Size
from geo.snapshot.sheet.paragraph import (
    INK,
    MUTED,
    RULE,
    Paragraph,
    draw_paragraph,
    paragraph,
    stack_height,
)
from geo.snapshot.sheet.projection import Plane

_MOST_SOURCES = 7
_MOST_NOTE_LINES = 5
_LOCAL_KM = 1500.0
_GUTTER, _GAP = 20.0, 1.5


@dataclass(frozen=True, slots=True)
class Footer:
    """Columns of text of one width, and the corner on the right."""

    columns: tuple[tuple[Paragraph, ...], ...]
    each: float
    corner: tuple[Paragraph, ...]
    height: float


@dataclass(frozen=True, slots=True)
class Said:
    """What a foot says wherever the map lies: counted once, for every draft of a page."""

    house: str
    ledger: str
    data: str
    coarse: str
    notes: str
    disclaimer: str


def said_of(brief: Brief, content: Content) -> Said:
    """Say what does not depend on the map."""
    spoken, house = content.language, brief.house
    named = [
        house.producer,
        house.contact,
        spoken.say("sheet.map_number", number=house.map_number) if house.map_number.strip() else "",
    ]
    return Said(
        " · ".join(part for part in named if part.strip()),
        content.ledger,
        f"{_data(brief, spoken)} {_sources(brief.selection, spoken)}",
        _coarse(brief.selection, spoken),
        " ".join(brief.notes),
        house.disclaimer.strip(),
    )


def footer_of(said: Said, brief: Brief, content: Content, size: Size, plane: Plane) -> Footer:
    """Set the foot of a page."""
    spoken = content.language
    strong = Style(size.note, 600, colour=INK)
    corner = (
        Paragraph((spoken.say("sheet.id", id=content.id),), Style(size.body + 1, 700, colour=INK)),
    )
    kept = max(marking_width(brief.marking), *(width(c.lines[0], c.style) for c in corner))
    inner = size.width - 2 * size.margin
    count = 2
    each = (inner - kept - count * _GUTTER) / count
    plain = Style(size.note, colour=MUTED)
    policy = _notes(plane, spoken, plain, each)
    lines = " ".join((spoken.disclaimer(), _tolerance(plane, spoken), policy))
    texts = [
        (said.house, strong, 2),
        (said.ledger, strong, 6),
        (said.data, plain, 7),
        (f"{said.coarse} {_projection(plane, size, spoken)}", plain, 3),
        (said.notes, strong, 6),
        (said.disclaimer, plain, 4),
        (lines, plain, 16),
    ]
    set_ = [paragraph(text, style, each, lines=most) for text, style, most in texts]
    columns = _balanced([one for one in set_ if one.lines], count)
    foot = stack_height(corner, 3) + (HEIGHT if brief.marking else 0)
    tall = max(foot, *(stack_height(column, _GAP) for column in columns))
    return Footer(columns, each, corner, tall + 6)


def draw_footer(page: Page, footer: Footer, brief: Brief) -> None:
    """Draw the foot of a page on its lower margin."""
    inner = page.inner
    top = inner.y + footer.height
    page.line([(inner.x, top), (inner.right, top)], line=RULE, lw=0.6)
    for i, column in enumerate(footer.columns):
        y = top - 5
        for each in column:
            if each.lines:
                y = draw_paragraph(page, each, inner.x + i * (footer.each + _GUTTER), y) - _GAP
    y = inner.y + (HEIGHT + 3 if brief.marking else 0)
    for each in reversed(footer.corner):
        draw_paragraph(page, each, inner.right, y + each.height, ha="right")
        y += each.height
    draw_marking(page, brief.marking, inner.right, inner.y + HEIGHT)


def _balanced(paragraphs: list[Paragraph], count: int) -> tuple[tuple[Paragraph, ...], ...]:
    """Break a text into one column, or two of nearly the same height."""
    if count == 1:
        return (tuple(paragraphs),)
    cuts = [(paragraphs[:n], paragraphs[n:]) for n in range(1, len(paragraphs))]
    first, second = min(cuts, key=lambda cut: max(stack_height(part, _GAP) for part in cut))
    return tuple(first), tuple(second)


def _data(brief: Brief, spoken: Language) -> str:
    # of a layer made fit for the public no version is told
    layers = spoken.listed(
        spoken.say("sheet.layer", name=name, version=version[:8]) if version else name
        for name, version in brief.layers
    )
    as_of = brief.as_of.astimezone(UTC)
    time = spoken.numeral(f"{as_of:%H:%M}")
    said = spoken.say("sheet.data", day=spoken.day(as_of.date()), time=time, version=__version__)
    if not layers:
        return said
    several = len(brief.layers) > 1
    key = "sheet.several_layers" if several else "sheet.layers"
    return f"{said} {spoken.say(key, n=len(brief.layers), layers=layers)}"


def _sources(selection: Selection, spoken: Language) -> str:
    counted: Counter[str] = Counter()
    for incident in selection.incidents:
        counted.update({s.publisher for s in incident.sources if s.publisher})
    ranked = sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))
    named = ", ".join(name for name, _ in ranked[:_MOST_SOURCES])
    more = len(ranked) - _MOST_SOURCES
    licences = sorted({i.licence for i in selection.incidents if i.licence})
    parts = []
    if named:
        key = "sheet.sources_more" if more > 0 else "sheet.sources"
        parts.append(spoken.say(key, names=named, n=max(more, 0)))
    if licences:
        parts.append(spoken.say("sheet.licence", names="; ".join(licences)))
    parts.append(spoken.say("sheet.base_map", credit=CREDIT))
    return " ".join(parts)


def _coarse(selection: Selection, spoken: Language) -> str:
    """Say how many places are known to an area only: what a dot cannot show."""
    total = len(selection.incidents)
    coarse = sum(i.precision != "exact" for i in selection.incidents)
    if not total:
        return ""
    return spoken.say("sheet.coarse", n=coarse, total=total, share=round(100 * coarse / total))


def _notes(plane: Plane, spoken: Language, style: Style, room: float) -> str:
    """Say the sentences of the boundary policy whole, or where they are too many, their names."""
    found = [spoken.note(note) for note in notes(plane.extent)]
    said = " ".join(note.text for note in found)
    if not found or len(wrap(said, style, room)) <= _MOST_NOTE_LINES:
        return said
    return spoken.say("sheet.unsettled", names="; ".join(note.name for note in found))


def _tolerance(plane: Plane, spoken: Language) -> str:
    if plane.km_wide > _LOCAL_KM:
        return ""
    return spoken.say("sheet.tolerance", km=f"{TOLERANCE_KM:g}")


def _projection(plane: Plane, size: Size, spoken: Language) -> str:
    name = spoken.say(f"map.kinds.{plane.kind}")
    if not size.name.startswith("a4"):
        return spoken.say("sheet.projection", name=name)
    number = int(round(plane.ratio, 1 - len(str(int(plane.ratio)))))
    return spoken.say(
        "sheet.projection_scale", name=spoken.say(f"map.kinds.{plane.kind}"), n=number
    )
