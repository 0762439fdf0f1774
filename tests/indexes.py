"""Indexes of a few incidents, for tests."""

from __future__ import annotations

from collections.abc import Sequence

from geo.filters import Filter
from geo.incident import Incident
from geo.indexed import index_incidents
from geo.webmap import register
from geo.webmap.crowd import Crowd


def crowd(incidents: Sequence[Incident], query: Filter | None = None) -> Crowd:
    layer = index_incidents(incidents)
    return Crowd.of(layer, layer.index.answer(query or Filter()))


def view(incidents: Sequence[Incident], query: Filter | None = None) -> str:
    """Register what matches, and answer with its token."""
    return register(index_incidents(incidents), query or Filter(), visitor="tester")
