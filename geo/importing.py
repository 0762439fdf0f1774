"""What would this file change in a layer, and what was wrong with it?

One door for every source: read, check, count, write; the report says where each row went.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

from geo import shares
from geo.errors import GeoJSONError, InputError, LayerNotFoundError, Problem, TableError
from geo.geojson import UPLOAD
from geo.incident import Incident
from geo.layerfile import LayerMeta, Written
from geo.merge import Plan
from geo.scope import Scope
from geo.sources import acled, feeds, gdelt, geojson, table, ucdp, vector_incidents
from geo.sources.rows import Parsed, Rejected
from geo.store import LayerStore
from geo.tally import Tally

_Reader = Callable[..., Parsed]
_Rows = Iterable[Incident | Written]
SOURCES: Mapping[str, _Reader] = {
    "acled": acled.read,
    "feed": feeds.read,
    "gdelt": gdelt.read,
    "geojson": geojson.read,
    "table": table.read,
    "ucdp": ucdp.read,
    "vector": vector_incidents.read,
}
_FIXED = ("feed", "gdelt", "ucdp")
_FEATURE = re.compile(r"(?:\$\.)?features\[([0-9]+)\]")
# what comes through the browser is bounded before it is unpacked or held; a GeoJSON is held whole
MOST_UPLOADED = 200_000_000
_MOST_UNPACKED = {"most": 1_000_000_000}
_UPLOADED: Mapping[str, Mapping[str, Any]] = {
    "acled": _MOST_UNPACKED,
    "feed": _MOST_UNPACKED,
    "gdelt": _MOST_UNPACKED,
    "geojson": {"limits": UPLOAD},
    "ucdp": _MOST_UNPACKED,
    # a copy of it lies on the disk
    "vector": {"most": 2 * MOST_UPLOADED},
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
    open_conflicts: int
    not_held: int
    plan: Plan
    scope: Scope | None
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
            "open_conflicts": self.open_conflicts,
            "not_held": self.not_held,
            "plan": {
                what: [{"id": s.id, "title": s.title, "fields": list(s.fields)} for s in steps]
                for what in ("new", "revised", "withdrawn", "conflicts")
                for steps in [getattr(self.plan, what)]
            },
            "scope": self.scope.as_json() if self.scope else None,
            "precision": dict(self.precision),
            "period": [day.isoformat() for day in self.period] if self.period else None,
            "licence": self.licence,
        }


def run(  # noqa: PLR0913 every one is a choice of whoever imports
    source: str,
    path: Path | bytes | None,
    *,
    layer: str,
    store: LayerStore,
    now: datetime,
    by: str = "",
    dry_run: bool = False,
    complete: bool | Scope = False,
    withdraw: Collection[str] = (),
    columns: Mapping[str, str] | None = None,
    upload: bool = False,
    through: Callable[[_Rows], _Rows] = iter,
) -> Report:
    """Bring a file into a layer, which is made if it is missing.

    Parameters
    ----------
    source
        One of `SOURCES`.
    path
        The file, or what was fetched from a source; None where the source only takes back.
    layer, store
        Where the incidents go.
    now
        Time of record.
    by
        Under whose name the journal keeps the change.
    dry_run
        Report, but write nothing.
    complete
        The file is all that the source has, within a scope: what is missing there was
        withdrawn. True takes the sources, days and countries that the file itself covers.
    withdraw
        Ids that the source took back.
    columns
        Headers by field, for tables and foreign GeoJSON; `date_order` for ACLED too.
    upload
        The file came through the browser: the narrower limits hold.
    through
        What incidents pass on their way to the store, unchanged: whoever watches, or gives up by
        raising.

    Raises
    ------
    InputError
        Where the file as a whole cannot be read.
    LayerError
        Where the layer cannot be written.
    """
    seen = Tally()
    reader = SOURCES[source]
    if columns and source in _FIXED:
        msg = f"columns {', '.join(columns)} are given: {source} has columns of its own"
        raise TableError(msg)
    if columns:
        reader = partial(reader, columns=columns)
    if upload and path is not None:
        size = len(path) if isinstance(path, bytes) else path.stat().st_size
        most = UPLOAD.bytes if source == "geojson" else MOST_UPLOADED
        if size > most:
            msg = f"the file has {size:,} bytes: at most {most:,} are taken in the browser"
            raise InputError(msg)
        reader = partial(reader, **_UPLOADED.get(source, {}))
    incidents: _Rows
    if path is None:
        incidents = ()
    elif isinstance(path, Path) and (count := shares.processes(source, path)) > 1:
        task = shares.Task(source=source, path=path, now=now)
        if upload:
            task = replace(task, **_UPLOADED[source])
        incidents = shares.read(task, seen, shares=count)
    else:
        incidents = seen.watch(reader(path, now=now, notes=seen.notes))
    update = store.upsert(
        layer,
        through(incidents),
        by=by.strip() or _UNNAMED,
        now=now,
        meta=_meta(store, layer),
        complete=complete,
        withdraw=withdraw,
        dry_run=dry_run,
    )
    if update.duplicates:
        seen.notes.flagged["same_id_twice"] += update.duplicates
    return Report(
        source=source,
        layer=layer,
        version=update.version,
        read=seen.read,
        accepted=seen.accepted,
        rejected=tuple(seen.rejected),
        repaired=dict(seen.notes.repaired),
        flagged=dict(seen.notes.flagged),
        new=update.new,
        revised=update.revised,
        unchanged=update.unchanged,
        withdrawn=update.withdrawn,
        conflicts=update.conflicts,
        open_conflicts=update.open,
        not_held=update.not_held,
        plan=update.plan,
        scope=update.scope,
        precision=dict(seen.precision.most_common()),
        period=seen.period,
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
        open_conflicts=0,
        not_held=0,
        plan=Plan(),
        scope=None,
        precision={},
        period=None,
        licence="",
    )


def _problem(problem: Problem) -> Rejected:
    # Features are numbered from 1, as in every other rejection; 0 is the file itself
    found = _FEATURE.match(problem.path)
    number = int(found[1]) + 1 if found else 0
    return Rejected(number, problem.path, problem.value, problem.rule)


def _meta(store: LayerStore, layer: str) -> LayerMeta | None:
    """Describe a layer that an import makes; None where it exists."""
    try:
        store.version(layer)
    except LayerNotFoundError:
        return LayerMeta(title=layer.replace("-", " ").capitalize())
    return None
