"""Which event does each count of people belong to?"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from geo.extract.events import Mention
from geo.extract.grouping import Event
from geo.extract.sentences import Sentence
from geo.extract.tolls import Count, counts
from geo.taxonomy import group_of

_VIOLENT = frozenset(("combat", "explosive", "civilians", "unrest", "other"))
# so many sentences on, a count still belongs to the event told last
_TOLL_REACH = 2


def owned(
    sentences: Sequence[Sentence],
    events: Sequence[Event],
    spoken: Sequence[Mention],
    aged: Collection[int],
) -> dict[int, list[Count]]:
    """Give each count to the event it stands with, or to the one told just before.

    Parameters
    ----------
    sentences, events, spoken
        In the order of the text; an event that is given a count rests on its sentence too.
    aged
        Numbers of sentences that tell of what is long past.

    Returns
    -------
    dict
        The counts of each event, by its `id()`.
    """
    given: dict[int, list[Count]] = {}
    violent = [e for e in events if group_of(e.event_type).id in _VIOLENT]
    untold = {m.sentence for m in spoken if m.status != "actual"}
    for number, sentence in enumerate(sentences):
        if number in aged:
            continue
        found = counts(sentence.text, offset=sentence.start)
        for count in found:
            event = _owner(count, number, sentences, violent, told=number not in untold)
            if event is not None:
                given.setdefault(id(event), []).append(count)
                if number not in event.sentences:
                    event.sentences.append(number)
    return given


def _owner(
    count: Count,
    number: int,
    sentences: Sequence[Sentence],
    violent: Sequence[Event],
    *,
    told: bool,
) -> Event | None:
    here = [e for e in violent if any(m.sentence == number for m in e.mentions)]
    if here:
        return min(here, key=lambda e: _gap(count, e, number))
    if count.scope or not told:
        return None
    paragraph = sentences[number].paragraph
    last = {id(e): max((n for n in e.sentences if n < number), default=-1) for e in violent}
    before = [
        e
        for e in violent
        if (n := last[id(e)]) >= 0
        and (sentences[n].paragraph == paragraph or number - n <= _TOLL_REACH)
    ]
    return max(before, key=lambda e: last[id(e)], default=None)


def _gap(count: Count, event: Event, number: int) -> int:
    return min(
        max(m.start - count.end, count.start - m.end, 0)
        for m in event.mentions
        if m.sentence == number
    )
