"""What do the signs in this picture mean? Lists what is drawn, with counts, and nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from geo.filters import fold
from geo.snapshot.house import House
from geo.snapshot.language import Language
from geo.snapshot.sheet import signs
from geo.snapshot.sheet.base import Ground
from geo.snapshot.sheet.changed import Changed
from geo.snapshot.sheet.hexagons import Hexagons
from geo.snapshot.sheet.overlay import Overlay
from geo.snapshot.sheet.scene import Item, Scene
from geo.snapshot.sheet.signs import Draw
from geo.snapshot.sheet.symbols import radius
from geo.taxonomy import event_type, event_types

_SCALE = (1, 10, 50, 160)
_DISCS = ("exact", "near", "district", "area", "province")
_ASSESSMENTS = ("claimed", "corroborated", "disputed")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a legend: a sign, its meaning, how many; `height` where a sign is large.

    `key` names the kind of mark that the sign explains, such as "type:riot".
    """

    text: str
    sign: Draw | None = None
    count: int | None = None
    height: float = 0.0
    key: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """Rows under one heading."""

    heading: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Fit:
    """How tightly a legend is set: line height, names a list may give, types listed."""

    leading: float
    names: int
    types: int


FITS = (Fit(1.5, 6, 30), Fit(1.36, 4, 30), Fit(1.3, 2, 30), Fit(1.22, 1, 30), Fit(1.2, 1, 30))
# types are left out last of all: a sign without its meaning is worse than a small map
CUT_FITS = (Fit(1.2, 1, 22), Fit(1.2, 1, 16), Fit(1.2, 1, 12), Fit(1.2, 1, 9), Fit(1.2, 1, 6))


def sections_of(
    scene: Scene, ground: Ground, overlay: Overlay, fit: Fit, spoken: Language, *, house: House
) -> list[Section]:
    """Everything the picture needs explained, types in the house's order."""
    gone = {item.id for item in overlay.elsewhere}
    items = [item for item in scene.drawn if item.id not in gone] if gone else scene.drawn
    if overlay.hexagons is not None:
        made = [
            _classes(overlay.hexagons, spoken),
            _beside(overlay.hexagons, overlay, spoken),
            _counted_types(items, fit, spoken),
        ]
    else:
        made = [
            _types(items, overlay, fit, spoken, house),
            _places(items, scene, overlay, spoken),
            _deaths(overlay, spoken),
            _looks(overlay, spoken),
        ]
    made.append(_boundaries(ground, spoken))
    return [section for section in made if section.heading]


def _section(key: str, rows: Sequence[Row], spoken: Language, **values: object) -> Section:
    return Section(spoken.say(f"legend.{key}", **values) if rows else "", tuple(rows))


def _types(
    items: Sequence[Item], overlay: Overlay, fit: Fit, spoken: Language, house: House
) -> Section:
    """Types by their symbol, or where only counts hold them, by their colour."""
    counted = Counter(item.kind.id for item in items)
    kinds = [kind for kind in event_types() if kind.id in counted]
    if len(kinds) > fit.types:
        kinds = sorted(kinds, key=lambda kind: -counted[kind.id])[: fit.types]
    kinds.sort(key=lambda kind: house.rank(kind.group))
    first = {item.kind.id: item for item in reversed(items)}
    shown = {one.members[0].item.kind for one in overlay.signs if one.count == 1}
    shown |= {t.items[0].kind for t in overlay.tags if len({i.kind for i in t.items}) == 1}
    rows = []
    for kind in kinds:
        sign = signs.event(first[kind.id]) if kind in shown else signs.colour(first[kind.id])
        key = f"{'type' if kind in shown else 'colour'}:{kind.id}"
        rows.append(Row(spoken.kind(kind), sign, counted[kind.id], key=key))
    if len(counted) > len(kinds):
        rest = len(items) - sum(counted[kind.id] for kind in kinds)
        rows.append(Row(spoken.say("legend.more_types", n=len(counted) - len(kinds)), None, rest))
    return _section("types", rows, spoken)


def _counted_types(items: Sequence[Item], fit: Fit, spoken: Language) -> Section:
    """In hexagons types show in no sign: the most frequent are named alone."""
    counted = Counter(item.kind.id for item in items).most_common()
    most = min(fit.types, fit.names + 2)
    rows = [Row(spoken.kind(event_type(name)), None, n) for name, n in counted[:most]]
    if len(counted) > most:
        rest = sum(n for _, n in counted[most:])
        rows.append(Row(spoken.say("legend.more_types", n=len(counted) - most), None, rest))
    return _section("types", rows, spoken)


def _places(items: Sequence[Item], scene: Scene, overlay: Overlay, spoken: Language) -> Section:
    shown = {item.id for item in items}
    held: dict[str, set[str]] = {}
    for one in overlay.signs:
        for mark in one.members:
            held.setdefault(mark.precision, set()).add(mark.item.id)
    rows = [
        Row(
            spoken.say(f"legend.place.{name}"), signs.place(name), len(held[name]), key=f"at:{name}"
        )
        for name in _DISCS
        if name in held
    ]
    for key, groups in (("unit", scene.units), ("country", scene.nations)):
        known = {item.id for _, of in groups for item in of} & shown
        if known:
            text = spoken.say(f"legend.place.{key}")
            rows.append(Row(text, signs.place(key), len(known), key=f"at:{key}"))
    return _section("places", rows, spoken)


def _deaths(overlay: Overlay, spoken: Language) -> Section:
    """Sizes and notes of the symbols that stand for one incident."""
    single = [one for one in overlay.signs if one.count == 1]
    most = max((one.members[0].sized or 0 for one in single), default=0)
    rows = []
    if most:
        shown = [n for n in _SCALE if n <= most]
        shown += [n for n in _SCALE if n > most][:1]
        texts = [
            spoken.say("legend.or_more", n=n) if n == _SCALE[-1] else spoken.number(n)
            for n in shown
        ]
        sign = signs.scale(tuple(zip(shown, texts, strict=True)))
        rows.append(Row("", sign, None, 2 * radius(shown[-1]) + 3, key="size"))
    for note, key in (("0", "none"), ("?", "unknown")):
        held = {one.members[0].item.id for one in single if one.note == note}
        if held:
            text = spoken.say(f"legend.deaths_{key}")
            rows.append(Row(text, signs.noted(note), len(held), key=f"deaths:{key}"))
    apart = {
        one.members[0].item.id for one in single if one.members[0].item.toll == "not_applicable"
    }
    if apart:
        rows.append(Row(spoken.say("legend.deaths_not_applicable"), None, len(apart)))
    return _section("deaths_scale" if most else "deaths", rows, spoken)


def _looks(overlay: Overlay, spoken: Language) -> Section:
    single = [one for one in overlay.signs if one.count == 1]
    rows = []
    for name in _ASSESSMENTS:
        chosen = {
            one.members[0].item.id for one in single if one.members[0].item.assessment == name
        }
        if chosen:
            text = spoken.say(f"legend.{name}")
            rows.append(Row(text, signs.assessed(name), len(chosen), key=f"assessment:{name}"))
    faint = {one.members[0].item.id for one in single if one.members[0].item.uncertain}
    if faint:
        rows.append(Row(spoken.say("legend.faint"), signs.faint, len(faint), key="faint"))
    counted = [mark for one in overlay.signs if one.count > 1 for mark in one.members]
    for exact, lw, key in ((True, 3.2, "thick"), (False, 1.4, "thin")):
        if any(mark.exact == exact for mark in counted):
            rows.append(Row(spoken.say(f"legend.count_{key}"), signs.count(lw), key=f"count:{key}"))
    if any(one.tab for one in overlay.signs) or any(made.tab for made in overlay.tags):
        rows.append(Row(spoken.say("legend.tab"), signs.tab, key="tab"))
    if any(one.moved for one in overlay.signs):
        rows.append(Row(spoken.say("legend.leader"), signs.leader, key="leader"))
    if overlay.insets:
        rows.append(Row(spoken.say("legend.inset"), signs.window, key="inset"))
    return _section("marks", rows, spoken)


def _classes(made: Hexagons, spoken: Language) -> Section:
    """Classes of the hexagons that occur, from few to many, with how many hexagons each has."""
    held = Counter(made.class_of(cell.count) for cell in made.cells)
    rows = []
    for number in sorted(held):
        low = made.breaks[number]
        last = number == len(made.breaks) - 1
        high = None if last else made.breaks[number + 1] - 1
        if high is None:
            text = spoken.say("legend.or_more", n=low)
        elif high == low:
            text = spoken.number(low)
        else:
            text = spoken.say("density.rows", first=low, last=high)
        sign = signs.hexagon(made.colour(number))
        rows.append(Row(text, sign, held[number], key=f"hexagon:{number}"))
    if made.hot:
        rows.append(Row(spoken.say("legend.hot"), signs.hot, key="hot"))
    if rows and any(not cell.at_sea for cell in made.cells):
        rows.append(Row(spoken.say("legend.coast")))
    return _section("hexagons", rows, spoken, area=_area(made.area_km2))


def _area(km2: float) -> int | str:
    return int(km2) if km2 == int(km2) else f"{km2:g}"


def _beside(made: Hexagons, overlay: Overlay, spoken: Language) -> Section:
    """How many are known too coarsely for a hexagon, by what is known."""
    rows = [
        Row(spoken.say(f"legend.coarse.{name}"), None, n, key=f"beside:{name}")
        for name, n in made.beside
    ]
    for dark, key in ((False, "unit_tag"), (True, "country_tag")):
        if any(made_tag.dark == dark for made_tag in overlay.tags):
            rows.append(Row(spoken.say(f"legend.{key}"), signs.square(dark=dark), key=key))
    return _section("beside", rows, spoken)


def _boundaries(ground: Ground, spoken: Language) -> Section:
    rows = []
    for kind in ground.classes:
        label = spoken.line_class(kind)
        # a name that the label says already is not said twice
        lines = [spoken.line_name(name) for name, of in ground.names if of == kind.id]
        names = [name for name in lines if fold(name) not in fold(label)]
        if names:
            joined = spoken.say("density.separator").join(names)
            label = spoken.say("legend.line_named", label=label, names=joined)
        rows.append(Row(label, signs.line(kind.dash, kind.width), key=f"line:{kind.id}"))
    return _section("boundaries", rows, spoken)


def changed_section(changed: Changed, spoken: Language) -> list[Section]:
    """Explain arrows and crosses, where there are any."""
    rows = []
    if changed.arrows:
        text = spoken.say("legend.went")
        rows.append(Row(text, signs.arrow, changed.arrows, key="went"))
    if changed.crosses:
        text = spoken.say("legend.gone")
        rows.append(Row(text, signs.cross, changed.crosses, key="gone"))
    return [_section("changed", rows, spoken)] if rows else []
