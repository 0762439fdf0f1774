"""What does a house file say: who makes the picture, and what stays the same in its series?

A TOML text with a part [house] and perhaps a part [series]; logo and template are files beside
it. Everything is checked here, once, so that a picture never fails on it later.
"""

from __future__ import annotations

import io
import math
import re
import tomllib
import warnings
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from geo.area import BBox
from geo.errors import ZIP_ERRORS, InputError, SnapshotError
from geo.snapshot.brief import Series
from geo.snapshot.house import House
from geo.taxonomy import groups

_MOST_TEXT = 100_000
_MOST_LOGO = 2_000_000
_MOST_PIXELS = 4_000_000
_MOST_TEMPLATE = 20_000_000
_MOST_INFLATED = 200_000_000
_MOST_BREAKS = 8
# how long a text may be; a disclaimer is the longest that a footer holds
_TEXTS = {"producer": 120, "contact": 200, "map_number": 60, "disclaimer": 600}
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
# the last chunk of every PNG
_END = b"IEND\xaeB`\x82"
_PRESENTATION = ("[Content_Types].xml", "ppt/presentation.xml")


@dataclass(frozen=True, slots=True)
class HouseFile:
    """A house and, where the file has one, its series."""

    house: House
    series: Series | None = None


def read_house_file(path: Path) -> HouseFile:
    """Read a house file.

    Raises
    ------
    SnapshotError
        Naming the part, its value and the rule it breaks.
    """
    data = _bytes(path, _MOST_TEXT, "house file")
    try:
        held = tomllib.loads(data.decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        msg = f"house file {path.name!r} is no TOML text: {error}"
        raise SnapshotError(msg) from error
    _only(held, {"house", "series"}, path.name)
    house = _table(held, "house")
    series = _table(held, "series")
    return HouseFile(_house(house, path), _series(series) if "series" in held else None)


def read_house(path: Path) -> House:
    """Read the house alone; refusals as of `read_house_file`."""
    return read_house_file(path).house


def read_series(path: Path) -> Series | None:
    """Read the series alone, if the file has one; refusals as of `read_house_file`."""
    return read_house_file(path).series


def _house(given: Mapping[str, Any], path: Path) -> House:
    _only(given, {*_TEXTS, "palette", "logo", "template"}, "house")
    texts = {name: _text(given.get(name, ""), f"house.{name}", n) for name, n in _TEXTS.items()}
    return House(
        **texts,
        palette=_palette(given.get("palette", [])),
        logo=_logo(given, path),
        template=_template(given, path),
    )


def _series(given: Mapping[str, Any]) -> Series:
    _only(given, {"name", "frame", "breaks"}, "series")
    name = _text(given.get("name", ""), "series.name", 80)
    if not name:
        msg = "series.name is missing: a series has a name"
        raise SnapshotError(msg)
    edges = given.get("frame")
    if not isinstance(edges, list) or len(edges) != 4 or not all(map(_is_number, edges)):
        msg = f"series.frame is {_shown(edges)}: must be [west, south, east, north] in degrees"
        raise SnapshotError(msg)
    try:
        frame = BBox(*(float(edge) for edge in edges))
    except InputError as error:
        msg = f"series.frame is {_shown(edges)}: {error}"
        raise SnapshotError(msg) from error
    breaks = given.get("breaks", [])
    rising = (
        isinstance(breaks, list)
        and all(type(n) is int and n > 0 for n in breaks)
        and all(a < b for a, b in pairwise(breaks))
    )
    if not rising or len(breaks) > _MOST_BREAKS:
        rule = f"must be up to {_MOST_BREAKS} whole numbers above 0, each above the one before"
        msg = f"series.breaks is {_shown(breaks)}: {rule}"
        raise SnapshotError(msg)
    return Series(name=name, frame=frame, breaks=tuple(breaks))


def _palette(given: Any) -> tuple[str, ...]:
    known = [group.id for group in groups()]
    named = isinstance(given, list) and all(isinstance(name, str) for name in given)
    if not named or len(set(given)) != len(given) or not set(given) <= set(known):
        msg = f"house.palette is {_shown(given)}: must name each once, of {' '.join(known)}"
        raise SnapshotError(msg)
    return tuple(given)


def _logo(given: Mapping[str, Any], path: Path) -> bytes:
    data = _beside(given, "logo", path, _MOST_LOGO)
    broken = _png_problem(data) if data else ""
    if broken:
        msg = f"house.logo is {_shown(given['logo'])}: {broken}"
        raise SnapshotError(msg)
    return data


def _png_problem(data: bytes) -> str:
    from PIL import Image  # noqa: PLC0415 only a logo needs it

    if _END not in data:
        return "must be a whole PNG picture"
    try:
        with warnings.catch_warnings():
            # a picture that would fill the memory is refused by its size below
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=("PNG",)) as picture:
                if picture.width * picture.height > _MOST_PIXELS:
                    return f"must have at most {_MOST_PIXELS:,} pixels"
                picture.load()
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return "must be a whole PNG picture"
    return ""


def _template(given: Mapping[str, Any], path: Path) -> bytes:
    data = _beside(given, "template", path, _MOST_TEMPLATE)
    broken = _pptx_problem(data) if data else ""
    if broken:
        msg = f"house.template is {_shown(given['template'])}: {broken}"
        raise SnapshotError(msg)
    return data


def _pptx_problem(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            names = packed.namelist()
            if sum(part.file_size for part in packed.infolist()) > _MOST_INFLATED:
                return f"must unpack to at most {_MOST_INFLATED:,} bytes"
            if not all(name in names for name in _PRESENTATION) or packed.testzip():
                return "must be a whole PPTX file"
            if any(name.endswith("vbaProject.bin") for name in names):
                return "must have no macros"
    except (*ZIP_ERRORS, OSError, ValueError, RuntimeError):
        # OSError: damaged bzip2, ValueError: a part before the file, RuntimeError: a password
        return "must be a whole PPTX file"
    return ""


def _beside(given: Mapping[str, Any], name: str, path: Path, most: int) -> bytes:
    """Read a file that the house file names; it lies in the same folder or below."""
    said = _text(given.get(name, ""), f"house.{name}", 200)
    if not said:
        return b""
    folder = path.parent.resolve()
    inside = (folder / said).resolve()
    if not inside.is_relative_to(folder):
        msg = f"house.{name} is {said!r}: must lie in the folder of the house file or below"
        raise SnapshotError(msg)
    return _bytes(inside, most, f"house.{name}", said)


def _bytes(path: Path, most: int, what: str, name: str = "") -> bytes:
    said = name or path.name
    try:
        with path.open("rb") as file:
            data = file.read(most + 1)
    except OSError as error:
        msg = f"{what} {said!r} cannot be read: {error.strerror or error}"
        raise SnapshotError(msg) from error
    if len(data) > most:
        msg = f"{what} {said!r} is too large: at most {most:,} bytes are read"
        raise SnapshotError(msg)
    if not data:
        msg = f"{what} {said!r} is empty: leave it out or fill it"
        raise SnapshotError(msg)
    return data


def _table(held: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    given = held.get(name, {})
    if not isinstance(given, dict):
        msg = f"{name} is {_shown(given)}: must be a part that begins with [{name}]"
        raise SnapshotError(msg)
    return given


def _only(given: Mapping[str, Any], known: set[str], where: str) -> None:
    unknown = sorted(set(given) - known)
    if unknown:
        msg = f"{where} has {unknown[0][:40]!r}: must be one of {' '.join(sorted(known))}"
        raise SnapshotError(msg)


def _text(value: Any, name: str, most: int) -> str:
    if not isinstance(value, str):
        msg = f"{name} is {_shown(value)}: must be text"
        raise SnapshotError(msg)
    text = value.strip()
    if len(text) > most:
        msg = f"{name} is {len(text)} characters long: at most {most} fit on a picture"
        raise SnapshotError(msg)
    if _CONTROL.search(text):
        msg = f"{name} is {_shown(text)}: must be one line of plain text"
        raise SnapshotError(msg)
    return text


def _is_number(value: Any) -> bool:
    return type(value) in (int, float) and math.isfinite(value)


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:59]}…"
