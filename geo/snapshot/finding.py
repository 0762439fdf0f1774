"""What does a check of a drawn page find?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Level = Literal["block", "warn"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule found: whether it keeps the page a draft, in words, and what to do."""

    rule: str
    level: Level
    text: str
    remedy: str
