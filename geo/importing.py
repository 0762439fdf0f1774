"""What would this file change in a layer, and what was wrong with it?

One door for every source: read, check, count, write; the report says where each row went.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

from geo.errors import GeoJSONError, InputError, LayerNotFoundError, Problem, TableError
from geo.geojson import UPLOAD
from geo.incident import Incident
from geo.layerfile import LayerMeta
from geo.sources import geojson, table, ucdp
from geo.sources.rows import Notes, Parsed, Rejected
from geo.store import LayerStore

_Reader = Callable[..., Parsed]
SOURCES: Mapping[str, _Reader] = {"geojson": geojson.read, "table": table.read, "ucdp": ucdp.read}
_FIXED = ("ucdp",)
_FEATURE = re.compile(r"(?:\$\.)?features\[([0-9]+)\]")
# what comes through the browser is bounded before it is unpacked or held
_UPLOADED: Mapping[str, Mapping[str, Any]] = {
    "geojson": {"limits": UPLOAD},
    "ucdp": {"most": 20 * UPLOAD.bytes},
}
# an import without a name is journalled under what did it
_UNNAMED = "import"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Where every row of a file went."""

    source: str
    layer: str
    version: str
    read: int
    accepted: int
    rejected: tuple[Rejected, ...]
    repaired: Mapping[str, int]
    flagged: Mapping[str, int]
    new: int
    revised: int
    unchanged: int
    withdrawn: int
    conflicts: int
    precision: Mapping[str, int]
    period: tuple[date, date] | None
    licence: str

    def as_json(self) -> dict[str, Any]:
        """Write the report as JSON values, every key present."""
        return {
            "source": self.source,
            "layer": self.layer,
            "version": self.version,
            "read": self.read,
            "accepted": self.accepted,
            "rejected": [
                {"line": r.line, "field": r.field, "value": r.value, "rule": r.rule}
                for r in self.rejected
            ],
            "repaired": dict(self.repaired),
            "flagged": dict(self.flagged),
            "new": self.new,
            "revised": self.revised,
            "unchanged": self.unchanged,
            "withdrawn": self.withdrawn,
            "conflicts": self.conflicts,
            "precision": dict(self.precision),
            "period": [day.isoformat() for day in self.period] if self.period else None,
            "licence": self.licence,
        }


def run(  # noqa: PLR0913 every one is a choice of whoever imports
    source: str,
    path: Path,
    *,
    layer: str,
    store: LayerStore,
    now: datetime,
    by: str = "",
    dry_run: bool = False,
    complete: bool = False,
    columns: Mapping[str, str] | None = None,
    upload: bool = False,
) -> Report:
    """Bring a file into a layer, which is made if it is missing.

    Parameters
    ----------
    source
        One of `SOURCES`.
    path
        The file.
    layer, store
        Where the incidents go.
    now
        Time of record.
    by
        Under whose name the journal keeps the change.
    dry_run
        Report, but write nothing.
    complete
        The file is the whole source: what is missing in it was withdrawn.
    columns
        Headers by field, for tables and foreign GeoJSON.
    upload
        The file came through the browser: the narrower limits hold.

    Raises
    ------
    InputError
        Where the file as a whole cannot be read.
    LayerError
        Where the layer cannot be written.
    """
    notes, seen = Notes(), _Seen()
    reader = SOURCES[source]
    if columns and source in _FIXED:
        msg = f"columns {', '.join(columns)} are given: {source} has columns of its own"
        raise TableError(msg)
    if columns:
        reader = partial(reader, columns=columns)
    if upload:
        size = path.stat().st_size
        if size > UPLOAD.bytes:
            msg = f"the file has {size:,} bytes: at most {UPLOAD.bytes:,} are taken in the browser"
            raise InputError(msg)
        reader = partial(reader, **_UPLOADED.get(source, {}))
    incidents = seen.watch(reader(path, now=now, notes=notes))
    update = store.upsert(
        layer,
        incidents,
        by=by.strip() or _UNNAMED,
        now=now,
        meta=_meta(store, layer),
        complete=complete,
        dry_run=dry_run,
    )
    if update.duplicates:
        notes.flagged["same_id_twice"] += update.duplicates
    return Report(
        source=source,
        layer=layer,
        version=update.version,
        read=seen.read,
        accepted=seen.accepted,
        rejected=tuple(seen.rejected),
        repaired=dict(notes.repaired),
        flagged=dict(notes.flagged),
        new=update.new,
        revised=update.revised,
        unchanged=update.unchanged,
        withdrawn=update.withdrawn,
        conflicts=update.conflicts,
        precision=dict(seen.precision.most_common()),
        period=(min(seen.days), max(seen.days)) if seen.days else None,
        licence="; ".join(sorted(seen.licences)[:5]),
    )


def refusal(error: GeoJSONError, *, source: str, layer: str) -> Report:
    """Report on a file that was refused whole: nothing read, every problem listed."""
    return Report(
        source=source,
        layer=layer,
        version="",
        read=0,
        accepted=0,
        rejected=tuple(_problem(p) for p in error.problems),
        repaired={},
        flagged={},
        new=0,
        revised=0,
        unchanged=0,
        withdrawn=0,
        conflicts=0,
        precision={},
        period=None,
        licence="",
    )


def _problem(problem: Problem) -> Rejected:
    # Features are numbered from 1, as in every other rejection; 0 is the file itself
    found = _FEATURE.match(problem.path)
    number = int(found[1]) + 1 if found else 0
    return Rejected(number, problem.path, problem.value, problem.rule)


class _Seen:
    """Counts a stream of parsed rows while it passes into the store."""

    def __init__(self) -> None:
        self.read = self.accepted = 0
        self.rejected: list[Rejected] = []
        self.precision: Counter[str] = Counter()
        self.licences: set[str] = set()
        self.days: tuple[date, ...] = ()

    def watch(self, rows: Parsed) -> Iterator[Incident]:
        for row in rows:
            self.read += 1
            if isinstance(row, Rejected):
                self.rejected.append(row)
                continue
            self.accepted += 1
            self.precision[row.precision] += 1
            if row.licence:
                self.licences.add(row.licence)
            days = (*self.days, row.start, row.end)
            self.days = (min(days), max(days))
            yield row


def _meta(store: LayerStore, layer: str) -> LayerMeta | None:
    """Describe a layer that an import makes; None where it exists."""
    try:
        store.version(layer)
    except LayerNotFoundError:
        return LayerMeta(title=layer.replace("-", " ").capitalize())
    return None
