"""How is the answer to a filter written for a terminal, and for a program that reads it?"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from geo.feature import to_feature, write_time
from geo.filters import Filter, Ledger, Match
from geo.params import write


def as_feature(match: Match) -> dict[str, Any]:
    """Write a match as a Feature that says how it matches."""
    feature = to_feature(match.incident)
    feature["match"] = {"when": match.when, "where": match.where}
    return feature


def accounted(
    ledger: Ledger,
    query: Filter,
    *,
    layers: Sequence[tuple[str, str | None]],
    as_of: datetime,
) -> dict[str, Any]:
    """Write all of an answer but its Features."""
    return {
        "ledger": {name: getattr(ledger, name) for name in Ledger.__dataclass_fields__},
        "filter": write(query),
        "layers": [{"name": name, "version": version} for name, version in layers],
        "as_of": write_time(as_of),
    }


def print_stream(matches: Iterable[Match], rest: Mapping[str, Any]) -> None:
    """Print a FeatureCollection one Feature a line, while they come."""
    print('{"type": "FeatureCollection", "features": [', end="")
    separator = "\n"
    for match in matches:
        print(separator, _json(as_feature(match)), sep="", end="")
        separator = ",\n"
    print("],", _json(rest)[1:])


def print_match(match: Match) -> None:
    """Print a match in one line."""
    i = match.incident
    mark = "" if match.when == "within" else f" [{match.when}]"
    print(f"{i.start} {i.event_type:<20} {i.precision:<8} {i.id}  {i.title}{mark}")


def print_ledger(ledger: Ledger) -> None:
    """Print the ledger in words."""
    print(
        f"{ledger.matched:,} of {ledger.total:,} match: {ledger.within:,} within, "
        f"{ledger.ongoing:,} ongoing, {ledger.uncertain:,} uncertain; {ledger.on_map:,} on the "
        f"map, {ledger.not_mappable:,} without a place"
    )
    gone = {reason: n for reason, n in ledger.excluded.items() if n}
    if gone:
        print("  excluded: " + ", ".join(f"{reason} {n:,}" for reason, n in gone.items()))


def told_shared(shared: int) -> None:
    """Say how many ids several layers share, where they do."""
    if shared:
        ids = "id stands" if shared == 1 else "ids stand"
        print(f"  {shared:,} {ids} in more than one layer: each counts once in each")


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)
