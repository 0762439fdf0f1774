"""What does an address ask for, and what in it means nothing?

It holds layers, filter, map view, lens, shading, day and incident, so that a view can be mailed.
Each value that means nothing becomes a sentence that names it, and hides nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from geo.area import BBox
from geo.errors import AtlasError, FilterError
from geo.feature import read_day
from geo.filters import Filter
from geo.lens import FORMS, Lens, read_days, write_lens
from geo.params import NAMES, read, read_bbox, write
from geo.webmap import MEASURES

Params = Mapping[str, list[str]]
SHADES = ("signs", *MEASURES)
BASELINES = ("before", "year")
# what an address holds beside the filter
_BESIDE = ("layer", "sel", "view", "as", "days", "map", "against", "as-known")
_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class Address:
    """All that an address asks for; what it leaves out is as on a first visit."""

    layers: tuple[str, ...] = ("",)
    filter: Filter = field(default_factory=Filter)
    selected: str = ""
    view: BBox | None = None
    lens: Lens = field(default_factory=Lens)
    shade: str = SHADES[0]
    baseline: str = BASELINES[0]
    as_known: date | None = None


def read_address(params: Params) -> tuple[Address, list[str]]:
    """Read an address, with a sentence for each value that means nothing."""
    problems: list[str] = []

    def one(name: str, reader: Callable[[str, str], _Value], otherwise: _Value) -> _Value:
        text = next(iter(params.get(name, ())), "")
        try:
            return reader(name, text) if text else otherwise
        except FilterError as error:
            problems.append(f"The address was not understood: {error}.")
            return otherwise

    view = one("view", _view, None)
    form = one("as", _among(FORMS), FORMS[0])
    days = one("days", lambda _, text: read_days(text), None)
    address = Address(
        layers=tuple(params.get("layer", ())) or ("",),
        selected=one("sel", lambda _, text: text, ""),
        view=view,
        lens=Lens(days, form == "hexagons"),
        shade=one("map", _among(SHADES), SHADES[0]),
        baseline=one("against", _among(BASELINES), BASELINES[0]),
        as_known=one("as-known", _day, None),
        filter=_filter(params, problems),
    )
    problems += [
        f"The address asks for {name[:40]!r}, which is not a filter."
        for name in params
        if name not in NAMES and name not in _BESIDE
    ]
    return address, problems


def write_address(address: Address) -> dict[str, list[str]]:
    """Write what differs from a first visit; `read_address` reads it back."""
    beside = {}
    if address.selected:
        beside["sel"] = address.selected
    if box := address.view:
        edges = (box.west, box.south, box.east, box.north)
        beside["view"] = ",".join(f"{edge:.4f}".rstrip("0").rstrip(".") for edge in edges)
    beside |= write_lens(address.lens)
    if address.shade != SHADES[0]:
        beside["map"] = address.shade
    if address.shade == "change":
        beside["against"] = address.baseline
    if address.as_known:
        beside["as-known"] = address.as_known.isoformat()
    told = {name: [text] for name, text in beside.items()}
    return {"layer": list(address.layers), **write(address.filter), **told}


def _filter(params: Params, problems: list[str]) -> Filter:
    """Read the filter, leaving out what means nothing."""
    good: dict[str, list[str]] = {}
    for name in (name for name in params if name in NAMES):
        try:
            read({**good, name: params[name]})
        except FilterError as error:
            problems.append(f"The address was not understood: {error}.")
        else:
            good[name] = params[name]
    return read(good)


def _among(known: tuple[str, ...]) -> Callable[[str, str], str]:
    def reader(name: str, text: str) -> str:
        if text not in known:
            msg = f"{name} is {text[:40]!r}: must be one of {' '.join(known)}"
            raise FilterError(msg)
        return text

    return reader


def _view(name: str, text: str) -> BBox:
    try:
        return read_bbox(text)
    except (AtlasError, ValueError):
        msg = f"{name} is {text[:60]!r}: must be W,S,E,N"
        raise FilterError(msg) from None


def _day(name: str, text: str) -> date:
    try:
        return read_day(text)
    except (ValueError, TypeError):
        msg = f"{name} is {text[:40]!r}: must be YYYY-MM-DD"
        raise FilterError(msg) from None
