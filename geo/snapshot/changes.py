"""What changed since the last briefing: what is new, revised, moved, withdrawn?

The manifest of that briefing names every incident it showed and how it was, as a hash. Where
the layer's journal reaches back to it, the change itself can be told too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Literal

from geo.area import distance_km
from geo.claims import toll_in_words
from geo.errors import LayerCorruptError, LayerNotFoundError, SnapshotError
from geo.filters import Filter, select
from geo.incident import Incident, Point
from geo.manifest import hashes
from geo.params import read
from geo.snapshot.content import days_in_words
from geo.snapshot.language import Language
from geo.store import Layer, LayerStore
from geo.taxonomy import event_type
from geo.threeway import GROUPS
from geo.words import place_in_words

Kind = Literal["added", "revised", "moved", "withdrawn"]
Why = Literal["", "gone", "draft", "rejected", "retracted", "unmatched"]
KINDS: tuple[Kind, ...] = ("added", "revised", "moved", "withdrawn")


@dataclass(frozen=True, slots=True)
class Difference:
    """One field as it was and as it is, in words; both empty where words would not help."""

    field: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Move:
    """A point that went elsewhere, for an arrow on a map."""

    id: str
    start: Point
    end: Point
    km: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What became of one incident.

    `fields` names what differs, where the earlier version is known. `why` says why a withdrawn
    one is no longer shown: gone from the layer, its status, or no longer matched; `last` is where
    that one was.
    """

    kind: Kind
    id: str
    title: str
    fields: tuple[str, ...] = ()
    move: Move | None = None
    why: Why = ""
    last: Point | None = None


@dataclass(frozen=True, slots=True)
class Changes:
    """Every incident that was shown then or is matched now, once.

    `pairs` holds both versions of what was revised or moved, where the earlier one is known.
    """

    changed: tuple[Change, ...]
    unchanged: int
    pairs: Mapping[str, tuple[Incident, Incident]]

    def of(self, kind: Kind) -> tuple[Change, ...]:
        """List the changes of one kind, by id."""
        return tuple(change for change in self.changed if change.kind == kind)

    @property
    def moves(self) -> tuple[Move, ...]:
        """Arrows for the map."""
        return tuple(change.move for change in self.changed if change.move)

    @property
    def gone(self) -> tuple[Point, ...]:
        """Crosses for the map: where the withdrawn ones were."""
        return tuple(change.last for change in self.changed if change.last)


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One line of a table of changes, in words."""

    kind: Kind
    id: str
    label: str
    title: str
    text: str


def changes(
    content: Mapping[str, Any],
    incidents: Sequence[Incident],
    *,
    query: Filter | None = None,
    earlier: Sequence[Incident] | None = None,
) -> Changes:
    """Compare what a briefing showed with what its filter finds now.

    Parameters
    ----------
    content
        The manifest of that briefing.
    incidents
        All incidents of the layer today, made fit for the profile as they were then.
    query
        The filter of today, where it is another than then.
    earlier
        All incidents of the layer as it was then, made fit likewise, if known.

    Raises
    ------
    SnapshotError
        When neither the manifest nor `earlier` tells what was shown.
    """
    then_query = read(content["filter"])
    old = select(earlier, then_query).incidents if earlier is not None else ()
    # how an incident was is known for sure where its hash is that of the briefing
    found = hashes(old)
    then: Mapping[str, Sequence[str]] = content["incidents"] or found
    if not then and earlier is None and content["ledger"]["matched"]:
        msg = (
            f"briefing {content['id']!r} keeps no hashes, as it was made for the public: what "
            "changed can be told only where the layer's history reaches back to it"
        )
        raise SnapshotError(msg)
    known = {i.id: i for i in old if list(then.get(i.id, ())) == found[i.id]}
    today = {i.id: i for i in incidents}
    shown = {i.id: i for i in select(incidents, query or then_query).incidents}
    now = hashes(shown.values())
    changed = []
    pairs = {}
    for key in sorted(set(then) | set(shown)):
        if key not in then:
            changed.append(Change(kind="added", id=key, title=shown[key].title))
        elif key not in shown:
            changed.append(_withdrawn(key, today.get(key), known.get(key)))
        elif list(then[key]) != now[key]:
            moved = then[key][1] != now[key][1]
            changed.append(_changed(known.get(key), shown[key], moved=moved))
            if key in known:
                pairs[key] = (known[key], shown[key])
    both = sum(key in then for key in shown)
    altered = sum(change.kind in ("revised", "moved") for change in changed)
    return Changes(tuple(changed), both - altered, pairs)


def earlier(store: LayerStore, content: Mapping[str, Any]) -> list[Layer] | None:
    """Read the layers of a briefing as they were; None where the journal does not reach back."""
    try:
        return [store.read_version(layer["name"], layer["version"]) for layer in content["layers"]]
    except (LayerNotFoundError, LayerCorruptError):
        return None


def summary(made: Changes, spoken: Language) -> str:
    """Say in one sentence what changed."""
    if not made.changed:
        return spoken.say("changes.none", n=made.unchanged)
    counted = {str(kind): len(made.of(kind)) for kind in KINDS}
    return spoken.say("changes.summary", unchanged=made.unchanged, **counted)


def differences(before: Incident, after: Incident, spoken: Language) -> tuple[Difference, ...]:
    """Say field by field how an incident was and how it is."""
    said = []
    for name in _fields(before, after):
        words = [_in_words(name, incident, spoken) for incident in (before, after)]
        same = words[0] == words[1]
        said.append(Difference(name) if same else Difference(name, *words))
    return tuple(said)


def rows(made: Changes, spoken: Language) -> tuple[ChangeRow, ...]:
    """Lines for a table: kind by kind, then by id."""
    ordered = sorted(made.changed, key=lambda change: (KINDS.index(change.kind), change.id))
    return tuple(
        ChangeRow(
            change.kind,
            change.id,
            spoken.say(f"changes.{change.kind}"),
            change.title,
            _text(change, made, spoken),
        )
        for change in ordered
    )


def _changed(before: Incident | None, after: Incident, *, moved: bool) -> Change:
    return Change(
        kind="moved" if moved else "revised",
        id=after.id,
        title=after.title,
        fields=_fields(before, after) if before else (),
        move=_move(before, after) if before and moved else None,
    )


def _withdrawn(key: str, today: Incident | None, before: Incident | None) -> Change:
    why: Why = "gone"
    if today is not None:
        why = "unmatched" if today.status == "accepted" else today.status
    last = today or before
    if last is None:
        return Change(kind="withdrawn", id=key, title="", why=why)
    return Change(kind="withdrawn", id=key, title=last.title, why=why, last=last.point)


def _fields(before: Incident, after: Incident) -> tuple[str, ...]:
    """Name the parts that differ, each by its leading field; last of all the record's time."""
    names = [
        group[0]
        for group in GROUPS
        if any(attrgetter(name)(before) != attrgetter(name)(after) for name in group)
    ]
    return tuple(names) or ("recorded",)


def _move(before: Incident, after: Incident) -> Move | None:
    if before.point is None or after.point is None or before.point == after.point:
        return None
    km = distance_km(before.point, after.point)
    return Move(after.id, before.point, after.point, km)


def _text(change: Change, made: Changes, spoken: Language) -> str:
    if change.kind == "withdrawn":
        return spoken.say(f"changes.why.{change.why}")
    if change.id not in made.pairs:
        return ""
    said = [] if change.move is None else [_distance(change.move, made, spoken)]
    for one in differences(*made.pairs[change.id], spoken):
        name = spoken.say(f"changes.field.{one.field}")
        if one.before or one.after:
            empty = spoken.say("changes.empty")
            said.append(
                spoken.say(
                    "changes.from_to",
                    field=name,
                    before=one.before or empty,
                    after=one.after or empty,
                )
            )
        elif one.field != "place_name" or change.move is None:
            # how far a place moved is said already
            said.append(name)
    return spoken.say("changes.joint").join(said)


def _distance(move: Move, made: Changes, spoken: Language) -> str:
    if move.km < 1:
        return spoken.say("changes.moved_little")
    exact = all(incident.precision == "exact" for incident in made.pairs[move.id])
    return spoken.say("changes.moved_km" if exact else "changes.moved_about", km=round(move.km))


def _in_words(name: str, incident: Incident, spoken: Language) -> str:
    """Say one part of an incident; nothing where it is a list or codes."""
    if name == "event_type":
        return spoken.kind(event_type(incident.event_type))
    if name == "start":
        return days_in_words(incident, spoken)
    if name == "place_name":
        known_to = spoken.say(f"precision.{incident.precision}")
        return spoken.say("changes.place", place=place_in_words(incident), precision=known_to)
    if name in ("deaths", "injured"):
        return toll_in_words(incident, name)
    if name == "assessment":
        return spoken.say(f"assessment.{incident.assessment}")
    return incident.title if name == "title" else ""
