"""Can these colours be told apart: as they are, in grey, and by colour-blind eyes?

Colour blindness as modelled by Machado, Oliveira and Fernandes (2009), complete severity;
difference as CIEDE2000 (CIE 142), in which about 2 is just seen side by side.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from types import MappingProxyType
from typing import Literal

import numpy as np

Vision = Literal["all", "protanopia", "deuteranopia", "tritanopia", "grey"]
Lab = tuple[float, float, float]
VISIONS: tuple[Vision, ...] = ("all", "protanopia", "deuteranopia", "tritanopia", "grey")

_MACHADO = MappingProxyType(
    {
        "protanopia": (
            (0.152286, 1.052583, -0.204868),
            (0.114503, 0.786281, 0.099216),
            (-0.003882, -0.048116, 1.051998),
        ),
        "deuteranopia": (
            (0.367322, 0.860646, -0.227968),
            (0.280085, 0.672501, 0.047413),
            (-0.011820, 0.042940, 0.968881),
        ),
        "tritanopia": (
            (1.255528, -0.076749, -0.178779),
            (-0.078411, 0.930809, 0.147602),
            (0.004733, 0.691367, 0.303900),
        ),
    }
)
_XYZ = np.array(
    (
        (0.4124564, 0.3575761, 0.1804375),
        (0.2126729, 0.7151522, 0.0721750),
        (0.0193339, 0.1191920, 0.9503041),
    )
)
_WHITE = np.array((0.95047, 1.0, 1.08883))
_LUMINANCE = np.array((0.2126, 0.7152, 0.0722))


@dataclass(frozen=True, slots=True)
class Pair:
    """Two named colours, how far apart they are, and for which eyes."""

    one: str
    other: str
    vision: Vision
    difference: float


def closest(colours: Mapping[str, str], vision: Vision) -> Pair | None:
    """Find the two of several named colours that are hardest to tell apart; None of one."""
    seen = {name: seen_as(colour, vision) for name, colour in sorted(colours.items())}
    pairs = [Pair(a, b, vision, ciede2000(seen[a], seen[b])) for a, b in combinations(seen, 2)]
    return min(pairs, key=lambda pair: pair.difference, default=None)


def seen_as(colour: str, vision: Vision) -> Lab:
    """Say how a colour such as "#A70016" is seen, in CIELAB."""
    encoded = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    linear = np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)
    if vision == "grey":
        linear = np.full(3, _LUMINANCE @ linear)
    elif vision != "all":
        linear = np.clip(np.array(_MACHADO[vision]) @ linear, 0.0, 1.0)
    ratio = _XYZ @ linear / _WHITE
    f = np.where(ratio > (6 / 29) ** 3, np.cbrt(ratio), ratio / (3 * (6 / 29) ** 2) + 4 / 29)
    return float(116 * f[1] - 16), float(500 * (f[0] - f[1])), float(200 * (f[1] - f[2]))


def ciede2000(one: Lab, other: Lab) -> float:
    """Difference of two colours in CIELAB."""
    (l1, a1, b1), (l2, a2, b2) = one, other
    c_mean = (math.hypot(a1, b1) + math.hypot(a2, b2)) / 2
    g = 0.5 * (1 - math.sqrt(c_mean**7 / (c_mean**7 + 25.0**7)))
    a1, a2 = a1 * (1 + g), a2 * (1 + g)
    c1, c2 = math.hypot(a1, b1), math.hypot(a2, b2)
    h1, h2 = (math.degrees(math.atan2(b, a)) % 360 for a, b in ((a1, b1), (a2, b2)))
    turn, h_mean = _hues(h1, h2, grey=c1 * c2 == 0)
    l_mean, c_mean = (l1 + l2) / 2, (c1 + c2) / 2
    hue = 2 * math.sqrt(c1 * c2) * math.sin(math.radians(turn) / 2)
    t = (
        1
        - 0.17 * math.cos(math.radians(h_mean - 30))
        + 0.24 * math.cos(math.radians(2 * h_mean))
        + 0.32 * math.cos(math.radians(3 * h_mean + 6))
        - 0.20 * math.cos(math.radians(4 * h_mean - 63))
    )
    s_l = 1 + 0.015 * (l_mean - 50) ** 2 / math.sqrt(20 + (l_mean - 50) ** 2)
    s_c, s_h = 1 + 0.045 * c_mean, 1 + 0.015 * c_mean * t
    bend = 30 * math.exp(-(((h_mean - 275) / 25) ** 2))
    r_c = 2 * math.sqrt(c_mean**7 / (c_mean**7 + 25.0**7))
    r_t = -r_c * math.sin(math.radians(2 * bend))
    dl, dc, dh = (l2 - l1) / s_l, (c2 - c1) / s_c, hue / s_h
    return math.sqrt(dl**2 + dc**2 + dh**2 + r_t * dc * dh)


def _hues(h1: float, h2: float, *, grey: bool) -> tuple[float, float]:
    """Turn from one hue to the other, and the hue between; a grey has none."""
    if grey:
        return 0.0, h1 + h2
    turn = (h2 - h1 + 180) % 360 - 180
    if abs(h1 - h2) <= 180:
        return turn, (h1 + h2) / 2
    return turn, ((h1 + h2 + 360) / 2 if h1 + h2 < 360 else (h1 + h2 - 360) / 2)
