"""What does a list of layers say of each, without reading its incidents?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from geo.facets import facets
from geo.indexed import IndexedLayer


@dataclass(frozen=True, slots=True)
class LayerInfo:
    """What a list of layers says of each."""

    name: str
    title: str
    incidents: int
    period: tuple[date, date] | None
    event_types: Mapping[str, int]
    version: str
    as_of: datetime | None
    licence: str


def describe(layer: IndexedLayer, *, version: str) -> LayerInfo:
    """Describe a layer, called by the version its store calls it."""
    found = facets(layer.index)
    return LayerInfo(
        name=layer.name,
        title=layer.meta.title,
        incidents=layer.index.size,
        period=found.period,
        event_types=found.event_types,
        version=version,
        as_of=layer.meta.as_of,
        licence=layer.meta.licence,
    )
