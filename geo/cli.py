"""How are the same functions used from a terminal?

    python -m geo layers [--json]
    python -m geo import SOURCE INPUT --layer NAME [--dry-run] [--complete] [--json]
    python -m geo query --layer NAME [FILTERS] [--json]
    python -m geo snapshot --layer NAME [FILTERS] --title T --size slide --out FILE.png
    python -m geo export --layer NAME [FILTERS] --out FILE.geojson
    python -m geo verify FILE --layer NAME [--json]
    python -m geo locate NAME [--country AFG] [--json]

Exit codes: 0 done, 1 the input was refused or the check failed, 2 wrong usage.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn

from rich.console import Console
from rich.progress import Progress

from geo import __version__
from geo.errors import AtlasError, FilterError, GeoJSONError, LayerError
from geo.exports import FORMATS as EXPORT_FORMATS
from geo.exports import ExportMeta, csv_metadata, export
from geo.feature import to_feature, write_time
from geo.filters import Filter, Ledger, Selection, select
from geo.gazetteer import locate
from geo.importing import SOURCES, Report, refusal, run
from geo.params import NAMES, read, read_as_of, read_bbox, write
from geo.settings import layers_folder, user_name
from geo.snapshot import FORMATS, SIZES, Brief, House, draw, frame_for, manifest_of
from geo.store import Layer, LayerStore
from geo.verify import verify

_SHOWN_REJECTIONS = 20


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and answer with its exit code."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.command(options))
    except FilterError as error:
        return _refuse(str(error), code=2)
    except AtlasError as error:
        return _refuse(str(error))
    except BrokenPipeError:
        # the reader, such as head, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        return _refuse(f"{error.filename or 'file'}: {error.strerror or error}")


def layers(options: argparse.Namespace) -> int:
    """List the layers."""
    store = LayerStore(layers_folder())
    infos, code = [], 0
    for name in store.names():
        try:
            infos.append(store.info(name))
        except LayerError as error:
            # one damaged file does not hide the others
            code = _refuse(str(error))
    rows = [
        {
            "name": i.name,
            "title": i.title,
            "incidents": i.incidents,
            "period": [d.isoformat() for d in i.period] if i.period else None,
            "event_types": dict(i.event_types),
            "version": i.version,
            "as_of": write_time(i.as_of) if i.as_of else None,
            "licence": i.licence,
        }
        for i in infos
    ]
    if options.json:
        return _print_json(rows) or code
    for row in rows:
        period = " to ".join(row["period"] or ["no dates"])  # type: ignore[arg-type]
        print(f"{row['name']}: {row['incidents']:,} incidents, {period} — {row['title']}")
    if not rows and not code:
        print(f"No layer in {layers_folder()}: `python -m geo import` makes one.")
    return code


def import_(options: argparse.Namespace) -> int:
    """Bring a file into a layer, with a report."""
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        progress.add_task(f"Reading {Path(options.input).name}", total=None)
        try:
            report, refused = (
                run(
                    options.source,
                    Path(options.input),
                    layer=options.layer,
                    store=LayerStore(layers_folder()),
                    now=_now(),
                    by=user_name(),
                    dry_run=options.dry_run,
                    complete=options.complete,
                    columns=dict(options.column),
                ),
                "",
            )
        except GeoJSONError as error:
            report = refusal(error, source=options.source, layer=options.layer)
            refused = str(error)
    _print_report(report, options)
    if refused:
        return _refuse(refused)
    return 0 if report.accepted or not report.rejected else 1


def _print_report(report: Report, options: argparse.Namespace) -> None:
    written = report.as_json()
    if options.json:
        _print_json(written)
        return
    print(
        f"{options.layer}: {report.read:,} rows read, {report.accepted:,} accepted, "
        f"{len(report.rejected):,} rejected; {report.new:,} new, {report.revised:,} revised, "
        f"{report.unchanged:,} unchanged, {report.conflicts:,} conflicts"
        + (" (dry run: nothing was written)" if options.dry_run else "")
    )
    for name in ("repaired", "flagged", "precision"):
        if written[name]:
            print(f"  {name}: " + ", ".join(f"{k} {n:,}" for k, n in written[name].items()))
    for row in written["rejected"][:_SHOWN_REJECTIONS]:
        print(f"  line {row['line']}: {row['field']} is {row['value']}: {row['rule']}")
    if len(report.rejected) > _SHOWN_REJECTIONS:
        print(f"  and {len(report.rejected) - _SHOWN_REJECTIONS:,} more; --json lists all")


def query(options: argparse.Namespace) -> int:
    """Print the matched incidents and the ledger."""
    layer, asked = _layer(options), _filter(options)
    as_of = _as_of(options, layer)
    selection = select(layer.incidents, asked)
    if options.json:
        return _print_json(_query_json(layer, asked, selection, as_of))
    _print_ledger(selection.ledger)
    for match in selection.matches:
        i = match.incident
        mark = "" if match.when == "within" else f" [{match.when}]"
        print(f"{i.start} {i.event_type:<20} {i.precision:<8} {i.id}  {i.title}{mark}")
    return 0


def snapshot(options: argparse.Namespace) -> int:
    """Draw the matched incidents as a picture for a briefing."""
    out, fmt = options.out
    layer, asked = _layer(options), _filter(options)
    found = select(layer.incidents, asked)
    frame = read_bbox(options.frame) if options.frame else frame_for(found.matches)
    brief = Brief(
        title=options.title or layer.meta.title or layer.name,
        query=asked,
        selection=select(layer.incidents, asked, frame=frame),
        layers=((layer.name, layer.version),),
        as_of=_as_of(options, layer),
        frame=frame,
        size=options.size,
        house=House(producer=options.producer),
    )
    _write(out, draw(brief, fmt=fmt, dpi=options.dpi))
    print(f"{out}: {found.ledger.matched:,} incidents, ID {manifest_of(brief).id}")
    return 0


def export_(options: argparse.Namespace) -> int:
    """Write exactly the matched incidents to a file."""
    out, fmt = options.out
    layer, asked = _layer(options), _filter(options)
    selection = select(layer.incidents, asked)
    meta = ExportMeta(
        title=layer.meta.title or layer.name,
        layers=((layer.name, layer.version),),
        query=asked,
        as_of=_as_of(options, layer),
        licence=layer.meta.licence,
    )
    _write(out, export(selection, fmt, meta=meta))
    beside = ""
    if fmt == "csv":
        name = f"{out.name}-metadata.json"
        _write(out.with_name(name), csv_metadata(selection, meta=meta, name=out.name))
        beside = f"; filter and ledger in {name}"
    print(f"{out}: {selection.ledger.matched:,} incidents{beside}")
    return 0


def verify_(options: argparse.Namespace) -> int:
    """Say whether a picture still shows what the layer holds."""
    layer = _layer(options)
    verdict = verify(Path(options.file).read_bytes(), layer.incidents, version=layer.version)
    parts = ("added", "revised", "moved", "withdrawn", "parts")
    shown = {name: list(getattr(verdict, name)) for name in parts}
    if options.json:
        _print_json({"result": verdict.result, "id": verdict.id, **shown})
    else:
        print(f"{verdict.result.replace('_', ' ')} (ID {verdict.id or 'none'})")
        for name, ids in shown.items():
            if ids:
                print(f"  {name}: {', '.join(ids)}")
        print("  Proves sameness with the layer, not who made the picture.")
    return 0 if verdict.result == "same" else 1


def locate_(options: argparse.Namespace) -> int:
    """Find a place by name, offline."""
    found = locate(options.name, country=options.country)
    names = (
        *("name", "id", "kind", "lat", "lon", "country", "admin1", "admin2"),
        *("precision", "radius_km", "score", "source", "licence"),
    )
    rows = [{name: getattr(candidate, name) for name in names} for candidate in found]
    if options.json:
        _print_json({"query": options.name, "candidates": rows})
    else:
        for row in rows:
            where = ", ".join(p for p in (row["admin2"], row["admin1"], row["country"]) if p)
            at = "no position" if row["lat"] is None else f"{row['lat']:.5f}, {row['lon']:.5f}"
            print(
                f"{row['score']:.2f}  {at:<20}  {row['precision']:<8} "
                f"{row['name']} ({row['kind']}; {where})  {row['id']}"
            )
    if rows:
        return 0
    return _refuse(f"place {options.name[:60]!r} is unknown: no gazetteer entry has this name")


class _Parser(argparse.ArgumentParser):
    """A parser whose refusal is one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message} (see --help)\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m geo", description="Incident Atlas")
    parser.add_argument("--version", action="version", version=f"Incident Atlas {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, command: Callable[[argparse.Namespace], int]) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=(command.__doc__ or "").splitlines()[0])
        made.set_defaults(command=command)
        return made

    _json_option(add("layers", layers))
    made = add("import", import_)
    made.add_argument("source", choices=sorted(SOURCES))
    made.add_argument("input", help="the file to read")
    made.add_argument("--layer", required=True)
    made.add_argument("--dry-run", action="store_true", help="report, but write nothing")
    made.add_argument("--complete", action="store_true", help="what is missing was withdrawn")
    made.add_argument(
        "--column",
        action="append",
        default=[],
        type=_pair,
        metavar="FIELD=HEADER",
        help="for tables: which header holds which field",
    )
    _json_option(made)
    made = add("query", query)
    _filter_options(made)
    _json_option(made)
    made = add("snapshot", snapshot)
    _filter_options(made)
    made.add_argument("--title", default="", help="default: the layer's title")
    made.add_argument("--size", choices=SIZES, default="slide")
    made.add_argument("--frame", metavar="W,S,E,N", help="default: the matched incidents")
    made.add_argument("--dpi", type=int, choices=(150, 300), default=150)
    made.add_argument("--producer", default="")
    _out_option(made, FORMATS)
    made = add("export", export_)
    _filter_options(made)
    _out_option(made, EXPORT_FORMATS)
    made = add("verify", verify_)
    made.add_argument("file")
    made.add_argument("--layer", required=True)
    _json_option(made)
    made = add("locate", locate_)
    made.add_argument("name")
    made.add_argument("--country", metavar="ISO3")
    _json_option(made)
    return parser


def _json_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print JSON")


def _filter_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--layer", required=True)
    filters = parser.add_argument_group("filters", "repeat a filter to give several values")
    for name, text in NAMES.items():
        filters.add_argument(f"--{name}", action="append", default=[], dest=name, help=text)
    parser.add_argument("--as-of", metavar="TIME", help="overrides the data time")


def _filter(options: argparse.Namespace) -> Filter:
    return read({name: getattr(options, name) for name in NAMES if getattr(options, name)})


def _layer(options: argparse.Namespace) -> Layer:
    return LayerStore(layers_folder()).read(options.layer)


def _as_of(options: argparse.Namespace, layer: Layer) -> datetime:
    if options.as_of is not None:
        return read_as_of(options.as_of)
    return layer.meta.as_of or _now()


def _query_json(
    layer: Layer, asked: Filter, selection: Selection, as_of: datetime
) -> dict[str, Any]:
    ledger = selection.ledger
    features = []
    for match in selection.matches:
        feature = to_feature(match.incident)
        feature["match"] = {"when": match.when, "where": match.where}
        features.append(feature)
    return {
        "type": "FeatureCollection",
        "features": features,
        "ledger": {name: getattr(ledger, name) for name in Ledger.__dataclass_fields__},
        "filter": write(asked),
        "layers": [{"name": layer.name, "version": layer.version}],
        "as_of": write_time(as_of),
    }


def _print_ledger(ledger: Ledger) -> None:
    print(
        f"{ledger.matched:,} of {ledger.total:,} match: {ledger.within:,} within, "
        f"{ledger.ongoing:,} ongoing, {ledger.uncertain:,} uncertain; {ledger.on_map:,} on the "
        f"map, {ledger.not_mappable:,} without a place"
    )
    gone = {reason: n for reason, n in ledger.excluded.items() if n}
    if gone:
        print("  excluded: " + ", ".join(f"{reason} {n:,}" for reason, n in gone.items()))


def _out_option(parser: argparse.ArgumentParser, formats: Sequence[str]) -> None:
    def path_and_format(text: str) -> tuple[Path, str]:
        fmt = Path(text).suffix.removeprefix(".").lower()
        if fmt not in formats:
            msg = f"{text!r}: the name must end in .{', .'.join(formats)}"
            raise argparse.ArgumentTypeError(msg)
        return Path(text), fmt

    help_ = "FILE." + "|".join(formats)
    parser.add_argument("--out", required=True, type=path_and_format, metavar="FILE", help=help_)


def _write(out: Path, data: bytes) -> None:
    part = out.with_name(f".{out.name}.part")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(data)
        part.replace(out)
    except OSError as error:
        with suppress(OSError):
            part.unlink()
        # named after what was asked for, not after the file on the way there
        raise OSError(error.errno, error.strerror, str(out)) from error


def _pair(text: str) -> tuple[str, str]:
    field, equals, header = text.partition("=")
    if not equals:
        msg = f"{text!r}: must be FIELD=HEADER"
        raise argparse.ArgumentTypeError(msg)
    return field, header


def _print_json(value: Any) -> int:
    print(json.dumps(value, ensure_ascii=False, allow_nan=False, indent=1))
    return 0


def _refuse(sentence: str, *, code: int = 1) -> int:
    print(f"atlas: {sentence}", file=sys.stderr)
    return code


def _now() -> datetime:
    return datetime.now(tz=UTC).replace(microsecond=0)
