"""Which sentences stand around the map and the incidents of an Office file?"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from geo import __version__
from geo.basemap import CREDIT
from geo.boundaries import TOLERANCE_KM, disclaimer, notes
from geo.incident import Incident, Source, is_web_link
from geo.snapshot.brief import Brief
from geo.snapshot.content import Content
from geo.snapshot.language import Language
from geo.snapshot.sheet.fonts import clean
from geo.snapshot.sheet.projection import Plane

_MOST_PUBLISHERS = 7
_MOST_NOTES = 3
_LOCAL_KM = 1500.0
# FIRST's Traffic Light Protocol 2.0: colour of the letters on black
TLP = {
    "clear": "#FFFFFF",
    "green": "#33FF00",
    "amber": "#FFC000",
    "amber+strict": "#FFC000",
    "red": "#FF2B2B",
}


@dataclass(frozen=True, slots=True)
class Said:
    """Sentences that every file says: what is counted, from when and whom, which lines."""

    ledger: str
    data: str
    sources: str
    lines: str
    projection: str
    house: str
    ident: str


def said(brief: Brief, content: Content, plane: Plane) -> Said:
    """Say what stands around the map."""
    spoken, house = content.language, brief.house
    number = house.map_number.strip()
    named = (
        house.producer,
        spoken.say("office.map_number", number=number) if number else "",
        house.contact,
        house.disclaimer,
    )
    return Said(
        ledger=content.ledger,
        data=_data(brief, spoken),
        sources=_sources(brief, spoken),
        lines=_lines(plane, spoken),
        projection=spoken.say("office.projection", name=spoken.say(f"map.kinds.{plane.kind}")),
        house=" · ".join(clean(part) for part in named if part.strip()),
        ident=spoken.say("office.id", id=content.id),
    )


def marking_of(brief: Brief) -> str:
    """Words of the marking, the same in every language; empty where there is none."""
    return f"TLP:{brief.marking.upper()}" if brief.marking else ""


def sources_of(incident: Incident, spoken: Language) -> list[str]:
    """One line a source: who, what, where to read it and when it was; addresses are text."""
    made = [_source(source, spoken) for source in incident.sources]
    return [line for line in dict.fromkeys(made) if line] or [spoken.say("office.no_source")]


def _source(source: Source, spoken: Language) -> str:
    dates = [
        spoken.say(f"office.{key}", day=spoken.day(day))
        for key, day in (("published", source.published), ("retrieved", source.retrieved))
        if day
    ]
    archived = source.archived_url if is_web_link(source.archived_url) else ""
    parts = (
        source.publisher,
        source.title,
        source.url if is_web_link(source.url) else "",
        *dates,
        spoken.say("office.archived", url=archived) if archived else "",
    )
    return " · ".join(clean(part) for part in parts if part.strip())


def _data(brief: Brief, spoken: Language) -> str:
    layers = [
        spoken.say("office.layer", name=clean(name), version=version[:8])
        for name, version in brief.layers
    ]
    return spoken.say(
        "office.as_of_several" if len(layers) > 1 else "office.as_of",
        n=len(layers),
        day=spoken.day(brief.as_of.date()),
        time=f"{brief.as_of:%H:%M}",
        layers=spoken.listed(layers) or "–",
        program=f"Incident Atlas {__version__}",
    )


def _sources(brief: Brief, spoken: Language) -> str:
    counted: Counter[str] = Counter()
    for incident in brief.selection.incidents:
        counted.update({clean(s.publisher) for s in incident.sources if s.publisher.strip()})
    order = sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))
    names = ", ".join(name for name, _ in order[:_MOST_PUBLISHERS])
    rest = len(order) - _MOST_PUBLISHERS
    parts = []
    if names:
        key = "office.sources_more" if rest > 0 else "office.sources"
        parts.append(spoken.say(key, names=names, n=max(rest, 0)))
    licences = sorted({clean(i.licence) for i in brief.selection.incidents if i.licence.strip()})
    if licences:
        parts.append(spoken.say("office.licence", names="; ".join(licences)))
    parts.append(spoken.say("office.base_map", credit=CREDIT))
    return " ".join(parts)


def _lines(plane: Plane, spoken: Language) -> str:
    parts = [disclaimer()]
    if plane.km_wide <= _LOCAL_KM:
        parts.append(spoken.say("office.tolerance", km=f"{TOLERANCE_KM:g}"))
    found = notes(plane.extent)
    if len(found) > _MOST_NOTES:
        names = "; ".join(note.name for note in found)
        parts.append(spoken.say("office.unsettled", names=names))
    else:
        parts += [note.text for note in found]
    return " ".join(parts)
