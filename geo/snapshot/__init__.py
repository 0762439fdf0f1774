"""Which picture can be defended in a briefing? Static maps as files that can be checked.

What draws them is in `geo.snapshot.make`: whoever only asks for a picture imports no matplotlib.
"""

from __future__ import annotations

from geo.snapshot.brief import (
    DENSITIES,
    FORMATS,
    MARKINGS,
    SIZES,
    Brief,
    Series,
    Since,
    manifest_of,
)
from geo.snapshot.content import Content, content_of
from geo.snapshot.frame import frame_for
from geo.snapshot.house import House

__all__ = [
    "DENSITIES",
    "FORMATS",
    "MARKINGS",
    "SIZES",
    "Brief",
    "Content",
    "House",
    "Series",
    "Since",
    "content_of",
    "frame_for",
    "manifest_of",
]
