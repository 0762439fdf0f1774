"""What does a data file state about itself, and which of its rows are not as they were written?

Beside the manifest every file states a short hash of each row, in order, and one of all the
rest. So a changed cell is named by the incident it belongs to.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from geo import __version__
from geo.feature import dump, write_time
from geo.filters import Filter, Selection
from geo.manifest import Manifest, Origin, make, written_ledger
from geo.params import write
from geo.text import XML_FORBIDDEN

_ROW_HASH = 8
_NAMED_ROWS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportMeta:
    """Where an export comes from; `as_of` is the only time that enters it.

    `profile` is what the incidents were made fit for before they were selected; `notes` says in
    words what that changed, and `withheld` how many incidents it kept back, by reason.
    """

    title: str
    layers: tuple[tuple[str, str], ...]
    query: Filter
    as_of: datetime
    licence: str = ""
    profile: str = "internal"
    notes: tuple[str, ...] = ()
    withheld: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a file, as it is compared: the incident's id and the row's text."""

    id: str
    text: str


def manifest_of(selection: Selection, meta: ExportMeta) -> Manifest:
    """State what an export holds."""
    return make(
        "export",
        Origin(title=meta.title, query=meta.query, layers=meta.layers, as_of=meta.as_of),
        selection,
        profile=meta.profile,
        withheld=dict(meta.withheld),
        page={"licence": meta.licence, "notes": list(meta.notes)},
    )


def in_short(selection: Selection, meta: ExportMeta, manifest: Manifest) -> dict[str, Any]:
    """Say for a reader without our program: filter, ledger, versions, notes."""
    return {
        "title": meta.title,
        "as_of": write_time(meta.as_of),
        "layers": manifest.content["layers"],
        "filter": write(meta.query),
        "ledger": written_ledger(selection.ledger),
        "profile": meta.profile,
        "notes": list(meta.notes),
        "withheld": dict(meta.withheld),
        "licence": meta.licence,
        "licences": manifest.content["licences"],
        "id": manifest.id,
        "made_with": f"Incident Atlas {__version__}",
    }


def about(
    selection: Selection, meta: ExportMeta, manifest: Manifest
) -> list[tuple[str, str | int]]:
    """Write `in_short` as pairs of a name and a value, for sheets and tables."""
    held = in_short(selection, meta, manifest)
    rows: list[tuple[str, str | int]] = [
        ("title", meta.title),
        ("data as of", held["as_of"]),
        ("ID", manifest.id),
        ("profile", meta.profile),
        *((f"note {n}", note) for n, note in enumerate(meta.notes, 1)),
        *((f"withheld: {reason}", n) for reason, n in meta.withheld),
        ("licence", meta.licence),
        *((f"licence {n}", text) for n, text in enumerate(held["licences"], 1)),
    ]
    rows += [(f"layer {layer['name']}", layer["version"]) for layer in held["layers"]]
    rows += [(f"filter {name}", " ".join(values)) for name, values in held["filter"].items()]
    for name, value in held["ledger"].items():
        if isinstance(value, dict):
            rows += [(f"{name}: {key}", n) for key, n in value.items()]
        else:
            rows.append((name, value))
    return [*rows, ("made with", held["made_with"])]


def seal(fmt: str, rows: Iterable[Row], rest: str) -> dict[str, Any]:
    """State of a file what is known once it is written."""
    return {"format": fmt, "rows": "".join(map(_short, rows)), "rest": _whole(rest)}


def differing(
    fmt: str, rows: Sequence[Row], rest: str, written: Mapping[str, Any]
) -> tuple[str, ...]:
    """Name what is not as it was written: rows by their incident, or the rest of the file."""
    stated = written.get("rows")
    if written.get("format") != fmt or not isinstance(stated, str):
        return ("manifest",)
    then = [stated[at : at + _ROW_HASH] for at in range(0, len(stated), _ROW_HASH)]
    now = [_short(row) for row in rows]
    parts = []
    if now != then:
        left = Counter(then)
        left.subtract(now)
        strange = [row.id for row, short in zip(rows, now, strict=True) if left[short] < 0]
        parts = [f"row {id_}" for id_ in dict.fromkeys(strange[:_NAMED_ROWS])]
        gone = len(then) - len(now)
        if gone > 0:
            parts.append(f"{gone} missing")
        parts = parts or ["order of rows"]
    if written.get("rest") != _whole(rest):
        parts.append("document")
    return tuple(parts)


def xml_text(text: str) -> str:
    """Text without what XML 1.0 cannot hold."""
    return XML_FORBIDDEN.sub("\ufffd", text)


def for_xml(stated: bytes) -> str:
    """Write JSON text so that XML holds it whole, what it forbids as JSON escapes."""
    return XML_FORBIDDEN.sub(lambda sign: f"\\u{ord(sign[0]):04x}", stated.decode())


def cells(values: Iterable[object]) -> str:
    """Text of cells by which a row is compared; 3 and 3.0 are one number to most programs."""
    return dump(
        [int(v) if isinstance(v, float) and v.is_integer() else v for v in values],
    )


def _short(row: Row) -> str:
    return _whole(dump([row.id, row.text]))[:_ROW_HASH]


def _whole(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()
