"""How many events of whole articles are found, and told rightly?

On `gold/articles.jsonl`, and on `gold/many_places.jsonl`, which name more places than events.

Drafts are paired one to one with events whose first telling stands in one of their sentences. A
type is right if it is one of those named; a place if its words and those of the draft hold one
another (nobody placed these on a map); a day if draft and event have one in common.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from geo.placenames import fold
from tests.gold_set import FOLDER, overlap
from tests.score_incidents import Tally

PARTS = ("articles", "many_places")

Drafted = Callable[[str, date], Mapping[str, Any]]
Row = Mapping[str, Any]


@dataclass
class Score:
    """Counts over articles; attributes are counted among the events that were found."""

    found: Tally = field(default_factory=Tally)
    right: Tally = field(default_factory=Tally)
    types: Tally = field(default_factory=Tally)
    places: Tally = field(default_factory=Tally)
    days: Tally = field(default_factory=Tally)
    days_exact: Tally = field(default_factory=Tally)


def report(drafted: Drafted) -> None:
    """Print how much of the articles is found and right."""
    for part in PARTS:
        score = Score()
        for line in (FOLDER / f"{part}.jsonl").read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            told = drafted(row["text"], date.fromisoformat(row["published"]))
            _count(score, row, [feature["properties"] for feature in told["features"]])
        _print(part, score)


def _print(part: str, score: Score) -> None:
    for name, tally in (("events found", score.found), ("type, place, day right", score.right)):
        print(
            f"{part}: {name} precision {tally.precision:.3f} recall {tally.recall:.3f} "
            f"F1 {tally.f1:.3f} ({tally.given} drafts, {tally.wanted} events)"
        )
    parts = {
        "type": score.types,
        "place": score.places,
        "day": score.days,
        "exact days": score.days_exact,
    }
    told_parts = ", ".join(f"{name} {tally.precision:.3f}" for name, tally in parts.items())
    print(f"{part}, of the events found: {told_parts}")


def _count(score: Score, row: Row, drafts: Sequence[Row]) -> None:
    text, events = row["text"], row["events"]
    for tally in (score.found, score.right):
        tally.given += len(drafts)
        tally.wanted += len(events)
    worth = {
        (i, j): sum(_agreement(given, event)) + 2 * _words_shared(given, event, text)
        for i, given in enumerate(drafts)
        for j, event in enumerate(events)
        if _sentence_shared(given, event, text)
    }
    drafts_left, events_left = set(range(len(drafts))), set(range(len(events)))
    for i, j in sorted(worth, key=lambda pair: (-worth[pair], pair)):
        if i in drafts_left and j in events_left:
            drafts_left.remove(i)
            events_left.remove(j)
            agreed = _agreement(drafts[i], events[j])
            score.found.right += 1
            score.right.right += all(agreed)
            exact = [drafts[i]["start"], drafts[i]["end"]] == events[j]["day"]
            tallies = (score.types, score.places, score.days, score.days_exact)
            for tally, is_right in zip(tallies, (*agreed, exact), strict=True):
                tally.given += 1
                tally.right += is_right


def _agreement(given: Row, event: Row) -> tuple[bool, bool, bool]:
    kinds = {*event["types"], *event["also"]}
    first, last = event["day"]
    common = given["start"] <= last and first <= given["end"]
    return given["event_type"] in kinds, _place_is_right(given, event), common


def _place_is_right(given: Row, event: Row) -> bool:
    if not event["place"]:
        return given["precision"] in ("none", "country", "area")
    asked = fold(event["place"])
    said = [given["place_name"] or "", *(s["text"] for s in given["evidence"]["spans"])]
    return any(name and (name in asked or asked in name) for name in map(fold, said))


def _sentence_shared(given: Row, event: Row, text: str) -> bool:
    spans = [(s["start"], s["end"]) for s in given["evidence"]["sentences"]]
    return any(overlap(span, _first(event, text)) for span in spans)


def _words_shared(given: Row, event: Row, text: str) -> bool:
    spans = [(s["start"], s["end"]) for s in given["evidence"]["spans"]]
    return any(overlap(span, _first(event, text)) for span in spans)


def _first(event: Row, text: str) -> tuple[int, int]:
    start = text.index(event["first"])
    return start, start + len(event["first"])
