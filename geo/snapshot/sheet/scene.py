"""What does a picture show for each matched incident: a spot, a disc, a province, a country?

Nothing is placed more exactly than it is known, and every incident ends up somewhere: on the
map, or in one of the lists beside it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from geo.area import reach_km
from geo.boundaries import Unit
from geo.claims import contested
from geo.incident import ASSUMED_RADIUS_KM, Incident, Point, Precision
from geo.sight import unit_of
from geo.snapshot.content import Row
from geo.taxonomy import EventType, Group

Toll = Literal["known", "none", "unknown", "not_applicable"]
# a talk or a closed gate kills nobody: where no toll is given for one, none is missing
_BLOODLESS = frozenset(
    (
        *("talks", "mediation", "ceasefire", "agreement", "visit", "statement", "threat"),
        *("border_closure", "force_posture"),
    )
)


@dataclass(frozen=True, slots=True)
class Item:
    """One incident as it is drawn; `deaths` is None where unknown or where claims differ.

    `number` is that of its row in the table, 0 where there is no table.
    """

    id: str
    title: str
    place: str
    kind: EventType
    group: Group
    deaths: int | None
    assessment: str
    uncertain: bool
    precision: Precision
    countries: tuple[str, ...]
    spots: tuple[Point, ...]
    toll: Toll = "unknown"
    number: int = 0


@dataclass(frozen=True, slots=True)
class Mark:
    """A position of an incident with the radius within which it lies, in km."""

    item: Item
    point: Point
    radius_km: float
    precision: Precision
    name: str

    @property
    def exact(self) -> bool:
        """Whether this position is a place and not the middle of a larger one."""
        return self.precision == "exact"

    @property
    def sized(self) -> int | None:
        """Deaths that may show as a size: none at the middle of a province or a country."""
        return None if self.precision in ("province", "country") else self.item.deaths


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything to draw and to list; `drawn` has each item on the map once."""

    marks: tuple[Mark, ...]
    units: tuple[tuple[Unit, tuple[Item, ...]], ...]
    nations: tuple[tuple[str, tuple[Item, ...]], ...]
    off_frame: tuple[Item, ...]
    unplaced: tuple[Item, ...]
    drawn: tuple[Item, ...]


def scene_of(rows: Iterable[Row]) -> Scene:
    """Sort the rows of a content into what is drawn and what is listed."""
    marks: list[Mark] = []
    units: dict[str, tuple[Unit, list[Item]]] = {}
    nations: dict[str, list[Item]] = {}
    off_frame: list[Item] = []
    unplaced: list[Item] = []
    drawn: list[Item] = []
    for row in rows:
        incident = row.incident
        if row.shown == "set_aside":
            continue
        item = _item(row)
        if row.shown == "not_mappable":
            unplaced.append(item)
        elif row.shown == "off_frame":
            off_frame.append(item)
        else:
            drawn.append(item)
            unit = unit_of(incident)
            marks += _sites(incident, item)
            if unit is not None:
                units.setdefault(unit.code, (unit, []))[1].append(item)
            elif incident.point is not None:
                name = incident.place_name
                reach = reach_km(incident)
                marks.append(Mark(item, incident.point, reach, incident.precision, name))
            elif not any(site.point for site in incident.sites):
                for code in incident.countries:
                    nations.setdefault(code, []).append(item)
    return Scene(
        tuple(marks),
        tuple((unit, tuple(items)) for unit, items in units.values()),
        tuple((code, tuple(items)) for code, items in sorted(nations.items())),
        tuple(off_frame),
        tuple(unplaced),
        tuple(drawn),
    )


def _item(row: Row) -> Item:
    incident = row.incident
    differ = contested(incident, "deaths")
    deaths = None if differ else incident.deaths.figure
    return Item(
        id=incident.id,
        title=incident.title,
        place=incident.place_name or incident.admin2 or incident.admin1,
        kind=row.kind,
        group=row.group,
        deaths=deaths,
        assessment=incident.assessment,
        uncertain=row.when == "uncertain",
        precision=incident.precision,
        countries=incident.countries,
        spots=tuple(
            point for point in (incident.point, *(s.point for s in incident.sites)) if point
        ),
        toll=_toll(incident, deaths, differ=differ),
        number=row.number,
    )


def _toll(incident: Incident, deaths: int | None, *, differ: bool) -> Toll:
    if deaths is not None:
        return "known" if deaths else "none"
    stated = differ or incident.deaths.known
    return "not_applicable" if incident.event_type in _BLOODLESS and not stated else "unknown"


def _sites(incident: Incident, item: Item) -> list[Mark]:
    return [
        Mark(
            item,
            site.point,
            site.radius_km or ASSUMED_RADIUS_KM.get(site.precision, 0.0),
            site.precision,
            site.name,
        )
        for site in incident.sites
        if site.point is not None and site.point != incident.point
    ]
