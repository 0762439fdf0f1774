"""How are layers landed for engines, and engines asked, from a terminal?

`python -m geo land [SOURCE FILE …] --layer NAME --out FOLDER` writes Parquet;
`python -m geo query --engine duckdb:PATH|spark:URL [FILTERS]` answers as it does for a layer.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import Progress

from geo import params
from geo.cli.answers import accounted, print_ledger, print_match, print_stream
from geo.cli.shared import json_option, now, print_json, refuse
from geo.context import NEAR, resolve
from geo.engines.land import land, land_layer
from geo.engines.open import ENGINES, opened
from geo.errors import EngineError, FilterError
from geo.importing import SOURCES
from geo.layerfile import encode
from geo.settings import layers_folder
from geo.store import LayerStore
from geo.tally import Tally

_Command = Callable[[argparse.Namespace], int]
# of these, files are larger than a layer should be; everything else is imported first
_DIRECT = ("acled", "gdelt", "ucdp")
_SHOWN, _REJECTIONS = 1_000, 20


def commands(add: Callable[[str, _Command], argparse.ArgumentParser]) -> None:
    """Add the command `land`."""
    made = add("land", land_)
    made.add_argument("source", nargs="?", choices=_DIRECT, help="what the files are; else a layer")
    made.add_argument("input", nargs="*", help="files that are landed without the store")
    made.add_argument("--layer", required=True, help="the layer, or how the rows are called")
    made.add_argument("--out", required=True, metavar="FOLDER", help="where all landed layers lie")
    json_option(made)


def engine_options(parser: argparse.ArgumentParser) -> None:
    """Let a query go to an engine, and bound what it prints."""
    parser.add_argument(
        "--engine",
        type=_engine,
        metavar="duckdb:PATH|spark:URL",
        help="ask landed rows (see `land`), of --layer or of all",
    )
    parser.add_argument(
        "--limit",
        type=_count,
        metavar="N",
        help=f"incidents to print; the ledger is always whole (default: all; engines {_SHOWN:,})",
    )


def query(options: argparse.Namespace) -> int:
    """Print the first matched incidents of an engine, and its whole ledger."""
    if options.view or options.known_on:
        msg = "an engine knows rows as they were landed: --view and --known-on do not go with it"
        raise FilterError(msg)
    given = {n: values for n in (*params.NAMES, NEAR) if (values := getattr(options, n, None))}
    asked = params.read(resolve(given, layers_folder()))
    moment = params.read_as_of(options.as_of) if options.as_of is not None else None
    limit = _SHOWN if options.limit is None else options.limit
    with opened(options.engine) as rows:
        # the packages it needs are there, or the engine would not have opened
        from geo.engines.ledger import Asked  # noqa: PLC0415

        # several were refused
        name = next(iter(options.layer), "")
        held = rows.filter(rows.layer == name) if name else rows
        engine = Asked(held, asked)
        account = engine.account()
        if name and not account.ledger.total:
            msg = f"engine {options.engine}: no rows of layer {name!r}"
            raise EngineError(msg)
        matches = engine.matches(limit)
        if options.json:
            rest = accounted(
                account.ledger,
                asked,
                layers=account.layers,
                as_of=moment or account.as_of or now(),
            )
            print_stream(matches, rest)
        else:
            print_ledger(account.ledger)
            for match in matches:
                print_match(match)
    told_rest(account.ledger.matched, limit)
    return 0


def told_rest(matched: int, limit: int | None) -> None:
    """Say beside the answer where more matched than it shows."""
    if limit and matched > limit:
        refuse(f"the first {limit:,} of {matched:,} matches are shown; --limit N shows more")


def land_(options: argparse.Namespace) -> int:
    """Write a layer, or files of a source, as Parquet for engines."""
    folder, console = Path(options.out), Console(stderr=True)
    if options.source and not options.input:
        return refuse(f"land {options.source}: name at least one file", code=2)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(f"Landing {options.layer}", total=None)

        def tell(rows: int) -> None:
            progress.update(task, description=f"Landing {options.layer}: {rows:,} rows")

        files: list[dict[str, Any]] = []
        version, rows = None, 0
        if not options.source:
            store = LayerStore(layers_folder())
            version, rows = land_layer(store, options.layer, folder, tell=tell)
        for name in options.input:
            files.append(_landed(options, Path(name), folder, tell))
            rows += files[-1]["landed"]
    refused = sum(len(told["rejected"]) for told in files)
    if options.json:
        print_json({"layer": options.layer, "version": version, "rows": rows, "files": files})
    else:
        _print_landed(files)
        print(f"{folder / options.layer}: {rows:,} rows, {refused:,} rejected")
    return 0 if rows or not refused else 1


def _print_landed(files: list[dict[str, Any]]) -> None:
    for told in files:
        for row in told["rejected"][:_REJECTIONS]:
            rule = f"{row['field']} is {row['value']}: {row['rule']}"
            print(f"{told['file']} line {row['line']}: {rule}")
        if len(told["rejected"]) > _REJECTIONS:
            more = len(told["rejected"]) - _REJECTIONS
            print(f"{told['file']}: and {more:,} more; --json lists all")


def _landed(
    options: argparse.Namespace, path: Path, folder: Path, tell: Callable[[int], None]
) -> dict[str, Any]:
    """Land one file; it replaces what a file of its name left before."""
    seen = Tally()
    incidents = seen.watch(SOURCES[options.source](path, now=now(), notes=seen.notes))
    lines = (encode(incident) for incident in incidents)
    count = land(lines, folder, layer=options.layer, name=path.stem, tell=tell)
    rejected = [
        {"line": r.line, "field": r.field, "value": r.value, "rule": r.rule} for r in seen.rejected
    ]
    return {"file": path.name, "read": seen.read, "landed": count, "rejected": rejected}


def _engine(text: str) -> str:
    kind, _, where = text.partition(":")
    if kind not in ENGINES or not where:
        msg = f"{text[:80]!r}: must be duckdb:PATH or spark:URL"
        raise argparse.ArgumentTypeError(msg)
    return text


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 12):
        msg = f"{text!r}: must be a whole number, 0 or more"
        raise argparse.ArgumentTypeError(msg)
    return int(text)
