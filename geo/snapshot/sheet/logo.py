"""How does a house's logo come onto the page, at its own proportions?"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image, UnidentifiedImageError

from geo.errors import SnapshotError

_MOST_PIXELS = 4_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Logo:
    """Pixels with their size on the page."""

    pixels: Any
    across: float
    up: float


def logo_of(data: bytes, *, most: tuple[float, float]) -> Logo | None:
    """Open a PNG and fit it into a width and a height; None where there is none.

    Raises
    ------
    SnapshotError
        When it is no PNG, or a larger one than a logo needs.
    """
    if not data:
        return None
    try:
        with Image.open(io.BytesIO(data), formats=("PNG",)) as image:
            wide, high = image.size
            if wide * high > _MOST_PIXELS:
                msg = f"logo is {wide} by {high} pixels: at most {_MOST_PIXELS:,} are drawn"
                raise SnapshotError(msg)
            pixels = np.asarray(image.convert("RGBA"))
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        msg = f"logo of {len(data):,} bytes is no PNG that can be opened"
        raise SnapshotError(msg) from error
    scale = min(most[0] / wide, most[1] / high)
    return Logo(pixels, wide * scale, high * scale)
