"""How are backups made, named views opened and the past asked for from a terminal?

`layer_commands` adds backup, restore and views to a parser; `past_options` adds --view and
--known-on to query, export and snapshot, and `opened` answers what they mean.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from geo import params, views
from geo.area import BBox
from geo.backup import STANDINGS, backup, restore
from geo.cli.shared import json_option, now, print_json
from geo.context import NEAR, resolve
from geo.durable import Replacement
from geo.errors import FilterError
from geo.feature import read_day
from geo.filters import Filter
from geo.incident import Incident
from geo.keeping import Keeper
from geo.settings import layers_folder, user_name
from geo.store import Layer
from geo.versions import known_on, last_moment
from geo.views import View

_Command = Callable[[argparse.Namespace], int]
_DATES = frozenset(("from", "to"))
_AREAS = frozenset(("bbox", "near", "near-context", "polygon", "around"))


def layer_commands(add: Callable[[str, _Command], argparse.ArgumentParser]) -> None:
    """Add the commands; `add` makes the parser of one."""
    made = add("backup", backup_)
    made.add_argument("file", help="FILE.zip to write")
    json_option(made)
    made = add("restore", restore_)
    made.add_argument("file", help="FILE.zip to read")
    made.add_argument(
        "--take",
        action="append",
        default=[],
        metavar="LAYER",
        help="take this layer although another one is here, which goes to the bin",
    )
    made.add_argument("--dry-run", action="store_true", help="report, but write nothing")
    json_option(made)
    made = add("views", views_)
    json_option(made)


def past_options(parser: argparse.ArgumentParser) -> None:
    """Add --view and --known-on to a command that asks a layer."""
    parser.add_argument(
        "--view", metavar="NAME", help="a named view fills layers, filters and frame; options win"
    )
    parser.add_argument(
        "--known-on", metavar="DATE", help="the layer as it was known at the end of that day, UTC"
    )


def opened(options: argparse.Namespace) -> tuple[list[Layer], Filter, BBox | None]:
    """Open the layers, filter and frame that the options mean.

    Raises
    ------
    ViewError
        When there is no such view.
    FilterError
        When neither a layer nor a view is named, or a value means nothing.
    LayerNotFoundError
        When the layer is unknown, or was not known on that day.
    """
    layers = [layer_called(name, options.known_on) for name in layer_names(options)]
    query, frame = asked(options, (i for layer in layers for i in layer.incidents))
    return layers, query, frame


def layer_names(options: argparse.Namespace) -> list[str]:
    """Name each layer that the options, or the view they name, mean.

    Raises
    ------
    ViewError
        When there is no such view.
    FilterError
        When neither a layer nor a view is named.
    """
    view = _view(options)
    names = list(dict.fromkeys(options.layer or (view.layers if view else ())))
    if not all(names) or not names:
        msg = "layer is '': give --layer NAME or --view NAME (see --help)"
        raise FilterError(msg)
    return names


def asked(options: argparse.Namespace, incidents: Iterable[Incident]) -> tuple[Filter, BBox | None]:
    """Read filter and frame; the incidents are looked at where a view's dates follow them."""
    view = _view(options)
    given = {n: values for n in (*params.NAMES, NEAR) if (values := getattr(options, n, None))}
    resolved = resolve(given, layers_folder())
    if view is None:
        return params.read(resolved), None
    return params.read(_filled(view, incidents, resolved)), view.frame


def backup_(options: argparse.Namespace) -> int:
    """Write layers, journals, views, records and articles into one zip."""
    path = Path(options.file)
    path.parent.mkdir(parents=True, exist_ok=True)
    with Replacement(path) as draft:
        made = backup(layers_folder(), _Draft(draft))  # type: ignore[arg-type]
        draft.seal()
        draft.publish()
    if options.json:
        return print_json({"file": str(path), **made.counts, "left_out": list(made.left_out)})
    said = ", ".join(f"{n:,} {kind}" for kind, n in made.counts.items())
    print(f"{path}: {said}")
    for sentence in made.left_out:
        print(f"atlas: left out: {sentence}", file=sys.stderr)
    return 1 if made.left_out else 0


def restore_(options: argparse.Namespace) -> int:
    """Bring back what a backup holds and is not here; tell the rest."""
    made = restore(
        Path(options.file),
        layers_folder(),
        by=user_name() or "restore",
        now=now(),
        take=options.take,
        dry_run=options.dry_run,
    )
    rows = [
        {"what": i.what, "name": i.name, "standing": i.standing, "here": i.here, "there": i.there}
        for i in made.items
    ]
    if options.json:
        return print_json({"items": rows, "problems": list(made.problems)})
    for item in made.items:
        print(f"{item.what} {item.name}: {STANDINGS[item.standing]}")
    if options.dry_run:
        print("Dry run: nothing was written.")
    for problem in made.problems:
        print(f"atlas: {problem}", file=sys.stderr)
    return 0


def views_(options: argparse.Namespace) -> int:
    """List the named views."""
    found = views.read(layers_folder())
    for problem in found.problems:
        print(f"atlas: {problem}", file=sys.stderr)
    if options.json:
        print_json([{**views.write_row(view), "beside": list(view.beside)} for view in found.views])
    else:
        for view in found.views:
            given = " ".join(
                f"{name}={' '.join(values)}" for name, values in params.write(view.query).items()
            )
            layers = " + ".join(view.layers)
            print(f"{view.name}: {layers}, {views.RULES[view.rule]}; {given or 'no filter'}")
    return 1 if found.problems else 0


class _Draft:
    """A place a zip can be written to that only moves on."""

    def __init__(self, draft: Replacement) -> None:
        self._draft = draft

    def write(self, part: bytes) -> int:
        """Add to the file."""
        self._draft.write(part)
        return len(part)

    def flush(self) -> None:
        """Leave it to the draft."""


def _view(options: argparse.Namespace) -> View | None:
    return views.read(layers_folder()).named(options.view) if options.view else None


def present_name(name: str) -> str:
    """Name a layer as it is called now."""
    keeper = Keeper(layers_folder())
    return name if name in keeper.names() else keeper.now_called(name) or name


def layer_called(name: str, day: str | None = None) -> Layer:
    """Open a layer by its name or one it had before, as it was known on a day if one is given."""
    keeper, name = Keeper(layers_folder()), present_name(name)
    if day is None:
        return keeper.read(name)
    try:
        moment = last_moment(read_day(day.strip()))
    except (ValueError, OverflowError):
        msg = f"known-on is {day[:40]!r}: must be YYYY-MM-DD"
        raise FilterError(msg) from None
    return known_on(keeper, name, moment)


def _filled(
    view: View, incidents: Iterable[Incident], given: Mapping[str, Sequence[str]]
) -> Mapping[str, Sequence[str]]:
    """Put what the options say over what the view asks."""
    ruled = params.write(view.asked(incidents))
    # one area at a time, and a range is given whole
    replaced = [names for names in (_AREAS, _DATES) if names & given.keys()]
    aside = frozenset[str]().union(*replaced)
    return {**{n: v for n, v in ruled.items() if n not in aside}, **given}
