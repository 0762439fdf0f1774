"""Which picture can be defended in a briefing? Static maps as files that can be checked."""

from __future__ import annotations

from geo.snapshot.brief import Brief
from geo.snapshot.check import Verdict, verify
from geo.snapshot.files import FORMATS
from geo.snapshot.frame import frame_for
from geo.snapshot.manifest import Manifest, manifest_of
from geo.snapshot.page import SIZE
from geo.snapshot.picture import draw

SIZES = tuple(SIZE)

__all__ = [
    "FORMATS",
    "SIZES",
    "Brief",
    "Manifest",
    "Verdict",
    "draw",
    "frame_for",
    "manifest_of",
    "verify",
]
