"""What is a picture of? Everything that decides how it looks, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, get_args

from geo.area import BBox
from geo.errors import SnapshotError
from geo.filters import Filter, Selection
from geo.incident import Point
from geo.manifest import Manifest, Origin, make
from geo.profile import PROFILES, Profile
from geo.snapshot.house import House

Marking = Literal["", "clear", "green", "amber", "amber+strict", "red"]
Density = Literal["auto", "numbers", "groups", "hexagons"]
SIZES = ("slide", "a4", "a4-landscape", "phone")
MARKINGS: tuple[Marking, ...] = get_args(Marking)
DENSITIES: tuple[Density, ...] = get_args(Density)
# what `geo.snapshot.make` writes
FORMATS = ("png", "pdf", "svg", "pptx", "docx", "html")


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """What stays the same from picture to picture, so that weeks compare.

    `frame` replaces the brief's own choice of frame, `breaks` the classes of hexagons.
    """

    name: str
    frame: BBox
    breaks: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Since:
    """What became of places since an earlier briefing: from where to where, and what is gone."""

    briefing: str
    moves: tuple[tuple[Point, Point], ...] = ()
    gone: tuple[Point, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """A picture asked for.

    `selection` was made with `frame` (and `set_aside`) from incidents already made fit for
    `profile`, so that its ledger counts what the frame shows and nothing later can give away
    more. `as_of` is the time of the data, the only time that enters a picture. `order` names
    incidents that the table puts first; `callouts` gives some a few words on the map. `notes`
    and `withheld` say what the profile changed and kept back; `since` adds to the map what moved
    and what is gone; `repeated` names what counts once in each of several layers.
    """

    title: str
    query: Filter
    selection: Selection
    layers: tuple[tuple[str, str], ...]
    as_of: datetime
    frame: BBox
    size: str = "slide"
    house: House = field(default_factory=House)
    marking: Marking = ""
    language: str = "en"
    density: Density = "auto"
    profile: Profile = "internal"
    series: Series | None = None
    order: tuple[str, ...] = ()
    callouts: tuple[tuple[str, str], ...] = ()
    set_aside: frozenset[str] = frozenset()
    notes: tuple[str, ...] = ()
    withheld: tuple[tuple[str, int], ...] = ()
    since: Since | None = None
    repeated: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        choices: tuple[tuple[str, str, tuple[str, ...]], ...] = (
            ("size", self.size, SIZES),
            ("marking", self.marking, MARKINGS),
            ("density", self.density, DENSITIES),
            ("profile", self.profile, PROFILES),
        )
        for name, value, allowed in choices:
            if value not in allowed:
                listed = " ".join(choice for choice in allowed if choice)
                msg = f"{name} is {value[:40]!r}: must be one of {listed}"
                raise SnapshotError(msg)
        if self.as_of.utcoffset() is None:
            msg = f"as-of is {self.as_of}: a time of the data carries its zone"
            raise SnapshotError(msg)


def manifest_of(brief: Brief) -> Manifest:
    """State what a brief's picture holds."""
    origin = Origin(title=brief.title, query=brief.query, layers=brief.layers, as_of=brief.as_of)
    return make(
        "snapshot",
        origin,
        brief.selection,
        frame=brief.frame,
        set_aside=brief.set_aside,
        profile=brief.profile,
        page={
            "size": brief.size,
            "house": brief.house.as_json(),
            "marking": brief.marking,
            "language": brief.language,
            "density": brief.density,
            "series": brief.series.name if brief.series else "",
            "breaks": list(brief.series.breaks) if brief.series else [],
            "order": list(brief.order),
            "callouts": [list(pair) for pair in brief.callouts],
            "notes": list(brief.notes),
            "since": brief.since.briefing if brief.since else "",
        },
        withheld=dict(brief.withheld),
    )
