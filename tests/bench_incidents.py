"""How well do articles become draft incidents? Measured on the gold set of `tests/gold`.

The development part is for tuning, the validation part tells how far that carries. The set-aside
part is opened by whoever has finished tuning.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from geo.extract.model import Model
from geo.extract.names import names
from geo.extract.resolve import resolve
from tests.gold_set import GoldIncident, GoldText, Span, read
from tests.score_incidents import Score, Tally, draft, score, score_dates, score_names

# from a text and the day of its report
Incidents = Callable[[str, date], Mapping[str, Any]]  # to what `python -m geo extract` prints
Days = Callable[[str, date], Iterable[tuple[Span, date, date]]]  # to spans, first and last days


def part(path: Path) -> tuple[GoldText, ...]:
    """Read one part of the gold set, and say which."""
    texts = read(path)
    print(f"gold set, {path.stem} part: {len(texts)} texts")
    return texts


def report_names(texts: Sequence[GoldText], model: Model | None) -> None:
    """Print how names of places are found and located."""
    found = []
    for text in texts:
        entities = model.read(text.text).entities if model else None
        named = [n for n in names(text.text, entities) if n.kind == "place"]
        located = resolve(text.text, named)
        spans = [((p.name.start, p.name.end), p.best and p.best.point) for p in located]
        found.append((text, spans))
    recognised, resolved = score_names(found)
    print(f"  names    {_prf(recognised)}; located {resolved.recall:.3f} of {resolved.wanted}")


def report_days(texts: Sequence[GoldText], days: Days) -> None:
    """Print how words that say when are found and understood."""
    print(f"  days     {_prf(score_dates((t, list(days(t.text, t.published))) for t in texts))}")


def report_incidents(texts: Sequence[GoldText], extract: Incidents, *, misses: int = 0) -> Score:
    """Print how drafts agree with the gold; `misses` lists so many errors of each kind."""
    begun = time.perf_counter()
    drafts = [[draft(f) for f in extract(t.text, t.published)["features"]] for t in texts]
    seconds = time.perf_counter() - begun
    result = score(zip(texts, drafts, strict=True))
    print("\n".join((*lines(result), f"  {seconds / len(texts):.3f} s a text")))
    for line in errors(result, misses):
        print(line)
    return result


def lines(result: Score) -> Sequence[str]:
    """Say a score in lines of text."""
    kinds = ", ".join(f"{reason} {n}" for reason, n in result.false_by.most_common())
    return (
        f"  strict   {_prf(result.strict)}",
        f"  lenient  {_prf(result.lenient)}",
        f"  type     {_prf(result.types)}",
        f"  group    {_prf(result.groups)}",
        f"  day-exact dates {_share(result.day_exact)}; place {_share(result.places)}",
        f"  finer than gold {_share(result.finer_than_gold)}",
        f"  deaths {_share(result.deaths)}; injured {_share(result.injured)}",
        f"  false drafts: {kinds or 'none'}",
    )


def errors(result: Score, most: int) -> Sequence[str]:
    """List missed incidents and false drafts of the development part."""
    missed = [f"  missed {name}: {i.types[0]} {i.start} {_at(i)}" for name, i in result.missed]
    false = [
        f"  false {name}: {d.event_type} {d.start} {d.precision} ({reason})"
        for name, d, reason in result.false
    ]
    return (*missed[:most], *false[:most])


def _at(incident: GoldIncident) -> str:
    return incident.places[0].name if incident.places else "nowhere"


def _prf(tally: Tally) -> str:
    return f"P {tally.precision:.3f} R {tally.recall:.3f} F1 {tally.f1:.3f} ({tally.wanted} gold)"


def _share(tally: Tally) -> str:
    return f"{tally.precision:.3f} of {tally.given}"
