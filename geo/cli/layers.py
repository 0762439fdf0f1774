"""How are layers listed, filled, asked and taken out from a terminal?"""

from __future__ import annotations

import argparse

from rich.console import Console
from rich.progress import Progress

from geo.cli import engines, living, sources
from geo.cli.answers import accounted, as_feature, print_ledger, print_match, told_shared
from geo.cli.keeping import layer_names, opened
from geo.cli.several import query_several
from geo.cli.shared import (
    as_of,
    now,
    print_json,
    ready_gazetteer,
    refuse,
    write_file,
)
from geo.errors import GeoJSONError, LayerError
from geo.exports import ExportMeta, csv_metadata, export
from geo.feature import write_time
from geo.filters import select
from geo.gazetteer import locate
from geo.importing import Report, refusal, run
from geo.indexed import open_indexed
from geo.layerinfo import describe
from geo.settings import layers_folder, user_name
from geo.snapshot.language import language
from geo.store import LayerStore
from geo.together import together

_SHOWN_REJECTIONS = 20


def layers(options: argparse.Namespace) -> int:
    """List the layers."""
    store = LayerStore(layers_folder())
    infos, code = [], 0
    for name in store.names():
        try:
            infos.append(describe(open_indexed(store, name), version=store.version(name)))
        except LayerError as error:
            # one damaged file does not hide the others
            code = refuse(str(error))
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
        return print_json(rows) or code
    for row in rows:
        period = " to ".join(row["period"] or ["no dates"])  # type: ignore[arg-type]
        print(f"{row['name']}: {row['incidents']:,} incidents, {period} — {row['title']}")
    if not rows and not code:
        print(f"No layer in {layers_folder()}: `python -m geo import` makes one.")
    return code


def import_(options: argparse.Namespace) -> int:
    """Bring a file into a layer, with a report."""
    path, console = living.given(options), Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        named = path.name if path else options.withdraw or options.source
        task = progress.add_task(f"Reading {named}", total=None)
        answer = sources.asked(options, progress, task) if options.query else None
        try:
            report, refused = (
                run(
                    options.source,
                    answer.data if answer else path,
                    layer=options.layer,
                    store=LayerStore(layers_folder()),
                    now=now(),
                    by=user_name(),
                    dry_run=options.dry_run,
                    complete=living.scope(options),
                    withdraw={
                        *living.withdrawn(options),
                        *(answer.withdrawn if answer else ()),
                    },
                    columns=dict(options.column),
                ),
                "",
            )
        except GeoJSONError as error:
            report = refusal(error, source=options.source, layer=options.layer)
            refused = str(error)
    _print_report(report, options)
    if refused:
        return refuse(refused)
    return 0 if report.accepted or not report.rejected else 1


def _print_report(report: Report, options: argparse.Namespace) -> None:
    written = report.as_json()
    if options.json:
        print_json(written)
        return
    print(
        f"{options.layer}: {report.read:,} rows read, {report.accepted:,} accepted, "
        f"{len(report.rejected):,} rejected; {report.new:,} new, {report.revised:,} revised, "
        f"{report.unchanged:,} unchanged, {report.conflicts:,} conflicts"
        + (" (dry run: nothing was written)" if options.dry_run else "")
    )
    living.print_changes(report)
    for name in ("repaired", "flagged", "precision"):
        if written[name]:
            print(f"  {name}: " + ", ".join(f"{k} {n:,}" for k, n in written[name].items()))
    for row in written["rejected"][:_SHOWN_REJECTIONS]:
        print(f"  line {row['line']}: {row['field']} is {row['value']}: {row['rule']}")
    if len(report.rejected) > _SHOWN_REJECTIONS:
        print(f"  and {len(report.rejected) - _SHOWN_REJECTIONS:,} more; --json lists all")


def query(options: argparse.Namespace) -> int:
    """Print the matched incidents and the ledger."""
    # an engine holds all layers there are
    names = options.layer if options.engine else layer_names(options)
    if len(set(names)) > 1:
        return query_several(options)
    if options.engine:
        return engines.query(options)
    (layer,), asked, _ = opened(options)
    moment = as_of(options, layer.meta)
    selection = select(layer.incidents, asked)
    matches = selection.matches[: options.limit]
    if options.json:
        rest = accounted(
            selection.ledger, asked, layers=[(layer.name, layer.version)], as_of=moment
        )
        features = [as_feature(match) for match in matches]
        print_json({"type": "FeatureCollection", "features": features, **rest})
    else:
        print_ledger(selection.ledger)
        for match in matches:
            print_match(match)
    engines.told_rest(selection.ledger.matched, options.limit)
    return 0


def export_(options: argparse.Namespace) -> int:
    """Write exactly the matched incidents to a file."""
    out, fmt = options.out
    found, asked, _ = opened(options)
    whole = together(found, options.profile)
    selection = whole.select(asked)
    meta = ExportMeta(
        title=whole.title,
        layers=whole.versions,
        query=asked,
        as_of=as_of(options, whole.meta),
        licence=whole.meta.licence,
        profile=whole.taken.profile,
        notes=whole.notes(language("en").say),
        withheld=whole.taken.withheld,
    )
    write_file(out, export(selection, fmt, meta=meta))
    beside = ""
    if fmt == "csv":
        name = f"{out.name}-metadata.json"
        write_file(out.with_name(name), csv_metadata(selection, meta=meta, name=out.name))
        beside = f"; filter and ledger in {name}"
    print(f"{out}: {selection.ledger.matched:,} incidents{beside}")
    told_shared(whole.shared)
    return 0


def locate_(options: argparse.Namespace) -> int:
    """Find a place by name, offline."""
    ready_gazetteer()
    found = locate(options.name, country=options.country)
    names = (
        *("name", "id", "kind", "lat", "lon", "country", "admin1", "admin2"),
        *("precision", "radius_km", "score", "source", "licence"),
    )
    rows = [{name: getattr(candidate, name) for name in names} for candidate in found]
    if options.json:
        print_json({"query": options.name, "candidates": rows})
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
    return refuse(f"place {options.name[:60]!r} is unknown: no gazetteer entry has this name")
