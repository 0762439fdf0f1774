"""How are conflicts, duplicates and merges worked through from a terminal?

    python -m geo duplicates --layer NAME [--from DAY] [--to DAY] [--least 0.6] [--json]
    python -m geo merge ID ID … --layer NAME [--lead ID] [--json]
    python -m geo unmerge ID --layer NAME [--json]
    python -m geo apart ID ID … --layer NAME [--json]
    python -m geo conflicts --layer NAME [--decide ID (--ours | --theirs | --take FIELD)] [--json]

and what `import` asks of a complete file: --complete with its scope, --withdraw FILE.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from geo import decisions
from geo.cli.shared import json_option, now, print_json
from geo.countries import codes
from geo.duplicates import duplicates
from geo.errors import FilterError, TableError
from geo.feature import read_day
from geo.importing import Report
from geo.merge import MOST_NAMED
from geo.scope import Scope
from geo.settings import layers_folder, user_name
from geo.store import LayerStore
from geo.threeway import GROUPS

_Add = Callable[[str, Callable[[argparse.Namespace], int]], argparse.ArgumentParser]
_MOST_IDS = 1_000_000
_ID_HEADERS = ("id", "event_id_cnty", "globaleventid", "eventid")
_SHOWN = 10


def commands(add: _Add) -> None:
    """Offer the commands."""
    made = add("duplicates", _duplicates)
    made.add_argument("--layer", required=True)
    made.add_argument("--from", dest="first", metavar="DAY", help="first day of a period")
    made.add_argument("--to", dest="last", metavar="DAY", help="last day of a period")
    made.add_argument("--least", type=float, default=0.6, metavar="SCORE", help="default: 0.6")
    made.add_argument("--limit", type=int, default=50, metavar="N", help="how many, best first")
    made.add_argument("--within-source", action="store_true", help="also two ids of one source")
    json_option(made)
    made = _with_ids(add("merge", _merge))
    made.add_argument("--lead", default="", metavar="ID", help="whose title and type it takes")
    made = add("unmerge", _unmerge)
    made.add_argument("id", metavar="ID")
    made.add_argument("--layer", required=True)
    json_option(made)
    _with_ids(add("apart", _apart))
    made = add("conflicts", _conflicts)
    made.add_argument("--layer", required=True)
    made.add_argument("--decide", metavar="ID", help="settle the conflict of one incident")
    choice = made.add_mutually_exclusive_group()
    choice.add_argument("--ours", action="store_true", help="keep what a person corrected")
    choice.add_argument("--theirs", action="store_true", help="take what the source says now")
    fields = sorted(name for group in GROUPS for name in group)
    choice.add_argument(
        "--take",
        action="append",
        choices=fields,
        metavar="FIELD",
        help="take this field of the source, keep the others; repeatable",
    )
    json_option(made)


def import_options(made: argparse.ArgumentParser) -> None:
    """Offer what an import may say of completeness and withdrawal."""
    made.add_argument(
        "--complete",
        action="store_true",
        help="what is missing within the scope was withdrawn; the scope is that of the file, "
        "unless it is stated",
    )
    made.add_argument("--scope-from", metavar="DAY", help="first day of the scope")
    made.add_argument("--scope-to", metavar="DAY", help="last day of the scope")
    made.add_argument(
        "--scope-country", action="append", metavar="ISO3", help="country of the scope; repeatable"
    )
    made.add_argument(
        "--withdraw", metavar="FILE", help="ids that the source took back, one a line or in a CSV"
    )


def given(options: argparse.Namespace) -> Path | None:
    """Give the file to import; None where the source is asked, or only takes back.

    Raises
    ------
    FilterError
        Where there is none of them, or a file and a query.
    """
    if options.input is not None and options.query:
        msg = "INPUT and --query are given: give INPUT, a file, or --query, the source itself"
        raise FilterError(msg)
    if options.input is None and not options.query and not options.withdraw:
        msg = (
            "INPUT is missing: give INPUT, a file, or --query, the source itself; "
            "or ids to take back by --withdraw FILE"
        )
        raise FilterError(msg)
    return None if options.input is None else Path(options.input)


def scope(options: argparse.Namespace) -> bool | Scope:
    """Read where a file is complete; False where it does not claim to be.

    Raises
    ------
    FilterError
        Where a part of the scope means nothing, or is given without --complete.
    """
    stated = (options.scope_from, options.scope_to, options.scope_country)
    if not options.complete:
        if any(stated):
            msg = "a scope is given without --complete: only a complete file withdraws"
            raise FilterError(msg)
        return False
    for code in options.scope_country or ():
        if code not in codes():
            msg = f"--scope-country is {code!r}: must be an ISO 3166-1 alpha-3 code"
            raise FilterError(msg)
    return Scope(
        start=_day(options.scope_from, "--scope-from"),
        end=_day(options.scope_to, "--scope-to"),
        countries=frozenset(options.scope_country) if options.scope_country else None,
    )


def withdrawn(options: argparse.Namespace) -> frozenset[str]:
    """Read the ids that a source took back; an id without its source is given that of the import.

    Raises
    ------
    TableError
        Where the file is no list of ids.
    """
    if not options.withdraw:
        return frozenset()
    path = Path(options.withdraw)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = [row for row in csv.reader(file) if any(cell.strip() for cell in row)]
    except (UnicodeDecodeError, csv.Error) as error:
        msg = f"{path.name} cannot be read as a list of ids: {error}"
        raise TableError(msg) from error
    if len(rows) > _MOST_IDS:
        msg = f"{path.name} has {len(rows):,} lines: at most {_MOST_IDS:,} ids are read"
        raise TableError(msg)
    header = [cell.strip().casefold() for cell in rows[0]] if rows else []
    named = [n for n, cell in enumerate(header) if cell in _ID_HEADERS]
    if not named and any(len(row) > 1 for row in rows):
        msg = f"{path.name} has several columns: one must be called {', '.join(_ID_HEADERS)}"
        raise TableError(msg)
    at = named[0] if named else 0
    found = (row[at].strip() for row in rows[bool(named) :] if len(row) > at)
    return frozenset(key if ":" in key else f"{options.source}:{key}" for key in found if key)


def print_changes(report: Report) -> None:
    """Print what an import did beyond what is new."""
    if report.scope:
        kind = "stated" if report.scope.stated else "derived from the file"
        print(f"  complete for: {report.scope} ({kind}); {report.withdrawn:,} withdrawn")
    elif report.withdrawn:
        print(f"  withdrawn: {report.withdrawn:,}")
    if report.not_held:
        print(f"  withdrawn by the source but not in the layer: {report.not_held:,}")
    for what in ("revised", "withdrawn", "conflicts"):
        steps = getattr(report.plan, what)
        for step in steps[:_SHOWN]:
            fields = f" ({', '.join(step.fields)})" if step.fields else ""
            print(f"    {what} {step.id}{fields}  {step.title}")
        if len(steps) > _SHOWN:
            print(f"    and {getattr(report, what) - _SHOWN:,} more; --json names {MOST_NAMED:,}")
    waiting = report.conflicts + report.open_conflicts
    if waiting:
        print(f"  {waiting:,} conflicts wait: `python -m geo conflicts --layer {report.layer}`")


def _duplicates(options: argparse.Namespace) -> int:
    """List incidents that may be one event, best first."""
    layer = LayerStore(layers_folder()).read(options.layer)
    first = _day(options.first, "--from") or date.min
    last = _day(options.last, "--to") or date.max
    compared = [i for i in layer.incidents if i.end >= first and i.start <= last]
    found = duplicates(compared, least=options.least, within_source=options.within_source)
    shown = found[: max(0, options.limit)]
    if options.json:
        rows = [
            {"ids": list(c.ids), "score": c.score, "reasons": [asdict(r) for r in c.reasons]}
            for c in shown
        ]
        return print_json({"layer": layer.name, "found": len(found), "candidates": rows})
    titles = {i.id: i.title for i in layer.incidents}
    for candidate in shown:
        print(f"{candidate.score:.2f}  {' = '.join(candidate.ids)}")
        for key in candidate.ids:
            print(f"      {titles[key]}")
        print("      " + "; ".join(reason.text for reason in candidate.reasons))
    print(f"{len(found):,} pairs may be one event, {len(shown):,} shown")
    return 0


def _merge(options: argparse.Namespace) -> int:
    """Make one incident of several that report the same event; `unmerge` undoes it."""
    store = LayerStore(layers_folder())
    made = decisions.merge(
        store, options.layer, options.ids, by=_who(), now=now(), lead=options.lead
    )
    return _changed(store, options, made, f"merged {len(set(options.ids))} incidents")


def _unmerge(options: argparse.Namespace) -> int:
    """Undo a merge: its parts come back."""
    store = LayerStore(layers_folder())
    decisions.unmerge(store, options.layer, options.id, by=_who(), now=now())
    return _changed(store, options, options.id, "its parts are back")


def _apart(options: argparse.Namespace) -> int:
    """Keep that incidents are not the same event."""
    store = LayerStore(layers_folder())
    decisions.set_apart(store, options.layer, options.ids, by=_who(), now=now())
    return _changed(store, options, " and ".join(options.ids), "kept apart")


def _conflicts(options: argparse.Namespace) -> int:
    """List the conflicts between sources and corrections, or decide one."""
    store = LayerStore(layers_folder())
    chosen = options.ours or options.theirs or options.take
    if bool(options.decide) != bool(chosen):
        msg = "a decision needs --decide ID and one of --ours, --theirs, --take FIELD"
        raise FilterError(msg)
    if options.decide:
        theirs: bool | list[str] = options.take or bool(options.theirs)
        decisions.decide(
            *(store, options.layer, options.decide), theirs=theirs, by=_who(), now=now()
        )
        return _changed(store, options, options.decide, "decided")
    waiting = list(decisions.conflicts(store, options.layer))
    if options.json:
        rows = [
            {
                "id": w.incident.id,
                "title": w.incident.title,
                "by": w.incident.recorded.by,
                "fields": [d.as_json() for d in w.differences],
            }
            for w in waiting
        ]
        return print_json({"layer": options.layer, "conflicts": rows})
    for w in waiting:
        print(f"{w.incident.id}  {w.incident.title}")
        for d in w.differences:
            sides = d.as_json()
            mark = "both changed" if d.clashes else "the source alone"
            print(f"    {d.field} ({mark})")
            for side in ("base", "ours", "theirs"):
                print(f"      {side:<7} {_short(sides[side])}")
    print(f"{len(waiting):,} conflicts wait for a decision")
    return 0


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 200 else f"{text[:199]}…"


def _with_ids(made: argparse.ArgumentParser) -> argparse.ArgumentParser:
    made.add_argument("ids", nargs="+", metavar="ID")
    made.add_argument("--layer", required=True)
    json_option(made)
    return made


def _changed(store: LayerStore, options: argparse.Namespace, key: str, said: str) -> int:
    version = store.version(options.layer)
    if options.json:
        return print_json({"layer": options.layer, "id": key, "version": version})
    print(f"{key}: {said}; {options.layer} is now version {version[:12]}")
    return 0


def _who() -> str:
    name = user_name()
    if not name:
        msg = "GEO_USER is not set: a decision is kept under the name of who made it"
        raise FilterError(msg)
    return name


def _day(text: str | None, option: str) -> date | None:
    if text is None:
        return None
    try:
        return read_day(text)
    except ValueError as error:
        msg = f"{option} {error}"
        raise FilterError(msg) from None
