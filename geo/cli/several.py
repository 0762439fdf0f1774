"""How are several layers asked at once from a terminal?"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from geo.cli import keeping
from geo.cli.answers import accounted, as_feature, print_match, told_shared
from geo.cli.engines import told_rest
from geo.cli.shared import now, print_json
from geo.errors import FilterError
from geo.filters import Filter, Selection
from geo.incident import Incident
from geo.indexed import IndexedLayer, index_layer, open_indexed
from geo.params import read_as_of
from geo.settings import layers_folder
from geo.store import LayerStore
from geo.union import Union, union


def query_several(options: argparse.Namespace) -> int:
    """Print what matches in several layers, with the ledger of each and their sum."""
    if options.engine:
        msg = f"engine is {options.engine!r} with several layers: name one, or none for all"
        raise FilterError(msg)
    names = keeping.layer_names(options)
    both = union([_indexed(name, options.known_on) for name in names])
    asked, _ = keeping.asked(options, _read(both))
    selection = both.selection(asked, both.index.answer(asked))
    selection = replace(selection, matches=selection.matches[: options.limit])
    moment = read_as_of(options.as_of) if options.as_of else both.meta.as_of or now()
    if options.json:
        return print_json(_json(both, asked, selection, moment))
    for name, ledger in [*both.ledgers(asked), ("together", selection.ledger)]:
        print(f"{name}: {ledger.matched:,} of {ledger.total:,} match")
        gone = {reason: n for reason, n in ledger.excluded.items() if n}
        if gone:
            print("  excluded: " + ", ".join(f"{reason} {n:,}" for reason, n in gone.items()))
    told_shared(both.shared)
    for match in selection.matches:
        print_match(match)
    told_rest(selection.ledger.matched, options.limit)
    return 0


def _indexed(name: str, day: str | None) -> IndexedLayer:
    if day is not None:
        return index_layer(keeping.layer_called(name, day))
    return open_indexed(LayerStore(layers_folder()), keeping.present_name(name))


def _read(both: Union) -> Iterator[Incident]:
    """Read all incidents, should anybody ask."""
    return (part.incident(row) for part in both.parts for row in range(part.index.size))


def _json(both: Union, asked: Filter, selection: Selection, moment: datetime) -> dict[str, Any]:
    features = []
    for match in selection.matches:
        feature = as_feature(match)
        feature["layer"] = match.incident.id.rpartition("@")[2]
        features.append(feature)
    named = [(part.name, part.version) for part in both.parts]
    return {
        "type": "FeatureCollection",
        "features": features,
        **accounted(selection.ledger, asked, layers=named, as_of=moment),
        "ledgers": {name: asdict(ledger) for name, ledger in both.ledgers(asked)},
        "shared": both.shared,
    }
