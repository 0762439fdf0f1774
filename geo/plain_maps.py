"""What do the plain pictures beside a table show, and what is said of them?

They are drawn by `geo.pair_map` and `geo.difference_map`; whoever only shows them needs neither.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from geo.area import BBox
from geo.versions import Kind

SIGNS: Mapping[Kind, str] = MappingProxyType(
    {"added": "+", "revised": "≠", "moved": "→", "withdrawn": "−"}
)
MOST_TAGS = 80


@dataclass(frozen=True, slots=True)
class PairMap:
    """A picture as PNG, its frame, and the distance in km where both have a point."""

    png: bytes
    frame: BBox
    km: float | None


@dataclass(frozen=True, slots=True)
class DifferenceMap:
    """A picture as PNG, its frame, and how many changed incidents it does not show.

    A few far from all others stay outside, so that they do not shrink the rest to a dot.
    """

    png: bytes
    frame: BBox
    shown: int
    outside: int
    without_point: int


def distance_in_words(km: float) -> str:
    """Say a distance as exactly as it helps."""
    return f"{km:,.0f} km" if km >= 10 else f"{km:.1f} km" if km >= 0.1 else f"{km * 1000:.0f} m"
