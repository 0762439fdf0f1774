"""Which picture can be defended in a briefing? Static maps as files that can be checked."""

from __future__ import annotations

from geo.snapshot.brief import (
    DENSITIES,
    MARKINGS,
    SIZES,
    Brief,
    Series,
    manifest_of,
)
from geo.snapshot.content import Content, content_of
from geo.snapshot.frame import frame_for
from geo.snapshot.house import House
from geo.snapshot.make import FORMATS, Made, draw, make, write

__all__ = [
    "DENSITIES",
    "FORMATS",
    "MARKINGS",
    "SIZES",
    "Brief",
    "Content",
    "House",
    "Made",
    "Series",
    "content_of",
    "draw",
    "frame_for",
    "make",
    "manifest_of",
    "write",
]
