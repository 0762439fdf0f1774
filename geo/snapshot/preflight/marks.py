"""Is every drawn mark explained and no other, and can the marks be told apart?"""

from __future__ import annotations

from collections.abc import Iterator

from geo.snapshot.colour import VISIONS, closest
from geo.snapshot.finding import Finding
from geo.snapshot.preflight.case import Case, tight
from geo.snapshot.sheet.scene import Item
from geo.taxonomy import event_types, groups

_OUTLINED = ("claimed", "corroborated", "disputed")
# CIEDE2000: below the first two colours are one; below the second one has to look twice
_ALIKE, _CLOSE = 5.0, 10.0
_SHORT = 40


def legend(case: Case) -> Iterator[Finding]:
    """Check that the legend has what is drawn as a symbol, and nothing that is not drawn."""
    single = _single(case)
    kinds = {item.kind for item in single}
    for kind in (kind for kind in event_types() if kind in kinds):
        if not case.explains(case.spoken.kind(kind)):
            yield case.found("legend", "block", "missing", mark=case.spoken.kind(kind))
    shown = {row.kind for row in case.drawn.content.rows}
    for kind in event_types():
        name = case.spoken.kind(kind)
        if kind not in shown and _is_a_row(case, name):
            yield case.found("legend", "block", "undrawn", mark=name)
    for name in _OUTLINED:
        word = case.spoken.say(f"assessment.{name}")
        explained = _outlined(case, name, word)
        if any(item.assessment == name for item in single) and not explained:
            yield case.found("legend", "block", "missing", mark=word)
        if explained and not _assessed(case, name):
            yield case.found("legend", "block", "undrawn", mark=word)


def unsettled(case: Case) -> Iterator[Finding]:
    """Check that what is claimed or disputed is drawn so."""
    said = {i.id: i.assessment for i in case.brief.selection.incidents}
    drawn = case.drawn.scene.drawn
    unmarked = [item for item in drawn if item.assessment != said.get(item.id, item.assessment)]
    if unmarked:
        title = unmarked[0].title[:80]
        yield case.found("unsettled", "block", "unmarked", n=len(unmarked), title=title)
    alone = {item.id for item in _single(case)}
    hidden = {
        mark.item.id
        for one in case.drawn.overlay.placed
        if one.count > 1
        for mark in one.members
        if mark.item.assessment in ("claimed", "disputed")
    } - alone
    if hidden:
        yield case.found("unsettled", "warn", "hidden", n=len(hidden))


def colours(case: Case) -> Iterator[Finding]:
    """Check that the groups drawn can be told apart by colour, in grey and by all eyes."""
    used = {item.group.id: item.group for item in case.drawn.scene.drawn}
    # colours as they are drawn, not as they ought to be
    named = {case.spoken.group(g): used[g.id].colour for g in groups() if g.id in used}
    for vision in VISIONS:
        pair = closest(named, vision)
        if pair is None or pair.difference >= _CLOSE:
            continue
        block = vision == "all" and pair.difference < _ALIKE
        yield case.found(
            "colours",
            "block" if block else "warn",
            vision,
            one=pair.one,
            other=pair.other,
            difference=round(pair.difference),
        )


def _single(case: Case) -> list[Item]:
    """Items with a symbol of their own."""
    placed = case.drawn.overlay.placed
    return [one.members[0].item for one in placed if one.count == 1]


def _assessed(case: Case, name: str) -> bool:
    return any(row.incident.assessment == name for row in case.drawn.content.rows)


def _outlined(case: Case, name: str, word: str) -> bool:
    """Whether a row of the legend explains an outline, and is no title that it lists."""
    row = case.spoken.words.get("legend", {}).get(name)
    if isinstance(row, str):
        return _is_a_row(case, row)
    titles = [tight(row.incident.title) for row in case.drawn.content.rows]
    return any(
        tight(word) in text and not any(title.startswith(text.rstrip("…")) for title in titles)
        for text in case.legend_texts
        if len(text) <= _SHORT
    )


def _is_a_row(case: Case, name: str) -> bool:
    return tight(name) in case.legend_texts
