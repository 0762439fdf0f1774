"""Incidents and briefs that tests write with what they leave open."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Any

import pytest

from geo.area import BBox
from geo.filters import Filter, select
from geo.incident import Incident, Point, Recorded, Toll
from geo.snapshot import Brief, frame_for

AS_OF = datetime(2025, 11, 25, 12, tzinfo=UTC)


@pytest.fixture
def make() -> Callable[..., Incident]:
    """Write an incident with what a test leaves open."""

    def build(number: str = "1", **given: Any) -> Incident:
        day = given.pop("day", date(2025, 10, 12))
        lonlat = given.pop("at", (71.069264, 34.190457))
        fields: dict[str, Any] = {
            "id": f"t:{number}",
            "event_type": "border_closure",
            "title": f"Incident {number}",
            "start": day,
            "end": day,
            "precision": "exact",
            "point": Point(*lonlat) if lonlat else None,
            "place_name": "Torkham",
            "countries": ("PAK",),
            "deaths": Toll(0, 0, 0),
            "recorded": Recorded(first_seen=AS_OF, updated=AS_OF),
        }
        return Incident(**(fields | given))

    return build


@pytest.fixture
def brief() -> Callable[..., Brief]:
    """Write a brief as the command line does."""

    def build(incidents: Sequence[Incident], **given: Any) -> Brief:
        query = given.pop("query", Filter())
        frame: BBox = given.pop("frame", None) or frame_for(select(incidents, query).matches)
        fields: dict[str, Any] = {
            "title": "Title",
            "query": query,
            "selection": select(incidents, query, frame=frame),
            "layers": (("demo", "v1"),),
            "as_of": AS_OF,
            "frame": frame,
        }
        return Brief(**(fields | given))

    return build
