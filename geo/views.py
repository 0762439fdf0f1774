"""Which views did people name, and what does each ask of the data as they are now?

A view is a layer, those beside it, a filter, a frame and a rule for its period. All stand in one
JSON file with the layers. A rule is relative to the newest incident of the data, never to today.
What in the file cannot be understood is told in a sentence, the other views still open, and a
save keeps it.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Literal, get_args

from geo import params
from geo.area import BBox
from geo.durable import Replacement, locked
from geo.errors import AtlasError, FilterError, LayerBusyError, LayerError, ViewError
from geo.filters import Filter
from geo.incident import Incident
from geo.layername import check_name
from geo.lens import FORMS, Lens, read_days, write_lens
from geo.periods import last_day
from geo.strictjson import Limits, parse_json

FILE = "views.json"
SCHEMA = "incident-atlas/views/1"
Rule = Literal["", "last-full-week", "last-full-month", "newest-7-days"]
RULES: Mapping[Rule, str] = {
    "": "the dates of the filter",
    "last-full-week": "last full week of the data",
    "last-full-month": "last full month of the data",
    "newest-7-days": "newest 7 days of the data",
}
LONGEST_NAME = 80
MOST_VIEWS = 500
_LIMITS = Limits(bytes=2_000_000, features=0, containers=100_000)
_KEYS = frozenset(("name", "layer", "beside", "filter", "frame", "period", "days", "as"))
_LOCK_SECONDS = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A named question to a layer, or to several: those `beside` it.

    `frame` is where the map looks, and the frame of a picture; `lens` is of the map alone. With a
    rule, neither filter nor lens has dates of its own.
    """

    name: str
    layer: str
    query: Filter = Filter()  # noqa: RUF009 frozen
    frame: BBox | None = None
    lens: Lens = Lens()  # noqa: RUF009 frozen
    rule: Rule = ""
    beside: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        name = " ".join(self.name.split())
        object.__setattr__(self, "name", name)
        odd = any(unicodedata.category(c) in ("Cc", "Cs", "Co", "Cn") for c in name)
        if not name or len(name) > LONGEST_NAME or odd:
            msg = f"view name is {name[:60]!r}: 1 to {LONGEST_NAME} printable characters"
            raise ViewError(msg)
        for layer in self.layers:
            check_name(layer)
        if len(set(self.layers)) < len(self.layers):
            msg = f"view {name!r} has a layer twice: {', '.join(self.layers)}"
            raise ViewError(msg)
        if self.rule not in RULES:
            msg = f"view {name!r}: period is {str(self.rule)[:40]!r}: use one of {_rule_names()}"
            raise ViewError(msg)
        if self.rule and (self.query.start or self.query.end or self.lens.days):
            msg = f"view {name!r} has dates and the rule {self.rule!r}: one of the two"
            raise ViewError(msg)

    @property
    def layers(self) -> tuple[str, ...]:
        """Every layer it asks, the first one first."""
        return (self.layer, *self.beside)

    def asked(self, incidents: Iterable[Incident]) -> Filter:
        """Fill in the dates that the rule means for these data; unchanged where there are none."""
        if not self.rule:
            return self.query
        day = newest(incidents, self.query)
        if day is None:
            return self.query
        start, end = period(self.rule, day)
        return replace(self.query, start=start, end=end)


@dataclass(frozen=True, slots=True)
class Views:
    """The views of a folder by name, and what of its file was not understood, as sentences."""

    views: tuple[View, ...]
    problems: tuple[str, ...] = ()

    def named(self, name: str) -> View:
        """Find a view.

        Raises
        ------
        ViewError
            When there is none of this name.
        """
        wanted = " ".join(name.split())
        for view in self.views:
            if view.name == wanted:
                return view
        known = ", ".join(repr(view.name) for view in self.views[:20]) or "none"
        msg = f"view {wanted[:60]!r} is unknown: there is {known}"
        raise ViewError(msg)


def newest(incidents: Iterable[Incident], query: Filter) -> date | None:
    """Newest day of the incidents whose status is asked for.

    A coarse date counts with its first day: that something happened in 2025 does not say that
    the data reach to the 31st of December.
    """
    days = (
        i.end if i.date_precision == "day" else i.start
        for i in incidents
        if not query.status or i.status in query.status
    )
    return max(days, default=None)


def period(rule: Rule, day: date) -> tuple[date, date]:
    """First and last day that a rule means where the newest data are of `day`."""
    if rule == "newest-7-days":
        return day - timedelta(days=6), day
    if rule == "last-full-week":
        # a week is full once the data reach its Sunday
        sunday = day - timedelta(days=(day.weekday() + 1) % 7)
        return sunday - timedelta(days=6), sunday
    if rule == "last-full-month":
        full = day == last_day(day)
        end = day if full else day.replace(day=1) - timedelta(days=1)
        return end.replace(day=1), end
    msg = f"period is {rule!r}: use one of {_rule_names()}"
    raise ViewError(msg)


def read(folder: Path) -> Views:
    """Read the views beside the layers; garbage becomes sentences."""
    path = folder / FILE
    try:
        rows = _rows(path)
    except ViewError as error:
        return Views((), (str(error),))
    views: dict[str, View] = {}
    problems = []
    for number, row in enumerate(rows, start=1):
        try:
            view = read_row(row)
        except AtlasError as error:
            problems.append(f"view {number} of {FILE} was not understood: {error}")
            continue
        if view.name in views:
            problems.append(f"view {number} of {FILE}: the name {view.name!r} stands twice")
        else:
            views[view.name] = view
    return Views(tuple(views[name] for name in sorted(views)), tuple(problems))


def save(folder: Path, view: View, *, replacing: bool = False) -> None:
    """Add a view, or replace the one of its name.

    Raises
    ------
    ViewError
        When the name is taken and `replacing` is not said, or the file cannot be written.
    """

    def change(rows: list[Any]) -> list[Any]:
        taken = any(_name_of(row) == view.name for row in rows)
        if taken and not replacing:
            msg = f"view {view.name!r} exists already: replace it, or choose another name"
            raise ViewError(msg)
        kept = [row for row in rows if _name_of(row) != view.name]
        return [*kept, write_row(view)]

    _change(folder, change)


def remove(folder: Path, name: str) -> None:
    """Take a view out; the layer and its incidents are not touched."""

    def change(rows: list[Any]) -> list[Any]:
        kept = [row for row in rows if _name_of(row) != name]
        if len(kept) == len(rows):
            read(folder).named(name)
        return kept

    _change(folder, change)


def point_to(folder: Path, old: str, new: str) -> None:
    """Let the views of a renamed layer follow it."""
    if not (folder / FILE).exists():
        return

    def moved(row: Any) -> Any:
        if not isinstance(row, dict):
            return row
        followed = dict(row)
        if row.get("layer") == old:
            followed["layer"] = new
        if isinstance(row.get("beside"), list):
            followed["beside"] = [new if name == old else name for name in row["beside"]]
        return followed

    _change(folder, lambda rows: [moved(row) for row in rows])


def write_row(view: View) -> dict[str, Any]:
    """Write a view as JSON."""
    edges = ("west", "south", "east", "north")
    return {
        "name": view.name,
        "layer": view.layer,
        # a view of one layer stays a row that older programs read
        **({"beside": list(view.beside)} if view.beside else {}),
        "filter": params.write(view.query),
        "frame": [getattr(view.frame, edge) for edge in edges] if view.frame else None,
        "period": view.rule or None,
        **write_lens(view.lens),
    }


def read_row(row: Any) -> View:
    """Read a view from JSON.

    Raises
    ------
    ViewError
        Naming what is wrong with it.
    """
    if not isinstance(row, dict):
        msg = f"it is {str(row)[:40]!r}: must be an object"
        raise ViewError(msg)
    unknown = row.keys() - _KEYS
    if unknown:
        msg = f"{min(unknown)[:40]!r} is no part of a view: {' '.join(sorted(_KEYS))}"
        raise ViewError(msg)
    for part in ("name", "layer"):
        if not isinstance(row.get(part), str):
            msg = f"{part} is {str(row.get(part))[:40]!r}: must be text"
            raise ViewError(msg)
    beside = row.get("beside") or []
    if not isinstance(beside, list) or not all(isinstance(name, str) for name in beside):
        msg = f"beside is {str(beside)[:40]!r}: must be names of layers"
        raise ViewError(msg)
    rule = row.get("period") or ""
    try:
        return View(
            name=row["name"],
            layer=row["layer"],
            query=params.read(_texts(row.get("filter") or {})),
            frame=_frame(row.get("frame")),
            lens=_lens(row.get("days"), row.get("as")),
            rule=rule if isinstance(rule, str) else str(rule),  # type: ignore[arg-type]
            beside=tuple(beside),
        )
    except (FilterError, LayerError) as error:
        raise ViewError(str(error)) from error


def write_file(rows: Sequence[Any]) -> bytes:
    """Write the file: one view a line, in order of name, what was not understood last."""
    known = [row for row in rows if _name_of(row) is not None]
    rest = [row for row in rows if _name_of(row) is None]
    lines = [
        json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        for row in (*sorted(known, key=lambda row: str(_name_of(row))), *rest)
    ]
    body = ",\n".join(lines)
    return f'{{"schema":"{SCHEMA}","views":[\n{body}\n]}}\n'.encode()


def read_file(data: bytes) -> list[Any]:
    """Read the rows of a file of views, each still to be understood.

    Raises
    ------
    ViewError
        When it is none.
    """
    try:
        held = parse_json(data, limits=_LIMITS)
    except AtlasError as error:
        msg = f"{FILE} cannot be read: {error}"
        raise ViewError(msg) from error
    if not isinstance(held, dict) or held.get("schema") != SCHEMA:
        msg = f"{FILE} cannot be read: its schema must be {SCHEMA!r}"
        raise ViewError(msg)
    rows = held.get("views")
    if not isinstance(rows, list) or len(rows) > MOST_VIEWS:
        msg = f"{FILE} cannot be read: views must be a list of at most {MOST_VIEWS}"
        raise ViewError(msg)
    return rows


def _rows(path: Path) -> list[Any]:
    try:
        with path.open("rb") as file:
            data = file.read(_LIMITS.bytes + 1)
    except FileNotFoundError:
        return []
    except OSError as error:
        msg = f"{FILE} cannot be read: {error.strerror or error}"
        raise ViewError(msg) from error
    return read_file(data)


def _change(folder: Path, change: Callable[[list[Any]], list[Any]]) -> None:
    path = folder / FILE
    with _writing(path):
        rows = change(_rows(path))
        if len(rows) > MOST_VIEWS:
            msg = f"there are {MOST_VIEWS} views already: remove one first"
            raise ViewError(msg)
        with Replacement(path) as draft:
            draft.write(write_file(rows))
            draft.seal()
            draft.publish()


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with locked(path, timeout=_LOCK_SECONDS):
            yield
    except LayerBusyError:
        msg = "the views are being written by someone else: try again"
        raise ViewError(msg) from None
    except OSError as error:
        msg = f"{FILE} cannot be written: {error.strerror or error}; it is as it was"
        raise ViewError(msg) from error


def _texts(given: Any) -> dict[str, list[str]]:
    if not isinstance(given, dict) or not all(
        isinstance(values, list) and all(isinstance(value, str) for value in values)
        for values in given.values()
    ):
        msg = f"filter is {str(given)[:40]!r}: must be lists of text by name"
        raise ViewError(msg)
    return given


def _frame(edges: Any) -> BBox | None:
    if edges is None:
        return None
    if (
        not isinstance(edges, list)
        or len(edges) != 4
        or not all(type(edge) in (int, float) for edge in edges)
    ):
        msg = f"frame is {str(edges)[:40]!r}: must be west, south, east, north"
        raise ViewError(msg)
    return BBox(*(float(edge) for edge in edges))


def _lens(days: Any, form: Any) -> Lens:
    for part, text in (("days", days), ("as", form)):
        if not isinstance(text, str | None):
            msg = f"{part} is {str(text)[:40]!r}: must be text"
            raise ViewError(msg)
    if form is not None and form not in FORMS:
        msg = f"as is {form[:40]!r}: must be one of {' '.join(FORMS)}"
        raise ViewError(msg)
    return Lens(None if days is None else read_days(days), form == "hexagons")


def _name_of(row: Any) -> str | None:
    try:
        return read_row(row).name
    except AtlasError:
        return None


def _rule_names() -> str:
    return " ".join(name for name in get_args(Rule) if name)
