"""Which events of a text are one, told in words for two types?"""

from __future__ import annotations

from collections.abc import Sequence

from geo.extract.grouping import Event
from geo.extract.reader import Reading

# what is told as one is seldom told beside it as the other
_TWINS = frozenset(
    map(
        frozenset,
        (
            *(("riot", "protest"), ("riot", "attack_on_civilians"), ("riot", "armed_clash")),
            *(("armed_clash", "attack_on_civilians"), ("explosion", "mine_ied")),
        ),
    )
)


def without_twins(events: Sequence[Event], reading: Reading) -> list[Event]:
    """Make one of two events that one sentence tells of one place and time in words for both.

    A riot in which people were attacked is told as a riot or as an attack: by the surer of them.
    """
    kept: list[Event] = []
    for event in events:
        twin = next((e for e in kept if _are_twins(e, event)), None)
        if twin is None:
            kept.append(event)
            continue
        if _told(event, reading) > _told(twin, reading):
            twin.event_type = event.event_type
        twin.mentions += event.mentions
        twin.sentences += [n for n in event.sentences if n not in twin.sentences]
    return kept


def _told(event: Event, reading: Reading) -> float:
    telling = reading.telling(event.sentences[0], event.event_type)
    return telling.first if telling is not None else 0.0


def _are_twins(one: Event, other: Event) -> bool:
    if frozenset((one.event_type, other.event_type)) not in _TWINS:
        return False
    if one.sentences[0] != other.sentences[0] or one.spot is None or other.spot is None:
        return False
    a, b = one.spot.places[0].best, other.spot.places[0].best
    if a is None or b is None or a.id != b.id or one.spot.unknown != other.spot.unknown:
        return False
    if one.when is None or other.when is None:
        return one.when is other.when
    return one.when.first <= other.when.last and other.when.first <= one.when.last
