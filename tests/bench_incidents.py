"""How well do articles become draft incidents? Measured on the gold set of `tests/gold`.

The development half is for tuning. The set-aside half is opened with `--set-aside` by whoever
has finished tuning, and its errors are never listed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

from tests.gold_set import DEVELOPMENT, SET_ASIDE, GoldText, read
from tests.score_incidents import Score, Tally, draft, score

# from a text of the gold set to the FeatureCollection of `python -m geo extract`
Extract = Callable[[GoldText], dict[str, Any]]


def report(extract: Extract, *, set_aside: bool = False, misses: int = 0) -> Score:
    """Print how the drafts agree with one half of the gold set."""
    texts = read(SET_ASIDE if set_aside else DEVELOPMENT)
    begun = time.perf_counter()
    drafts = [[draft(f) for f in extract(text)["features"]] for text in texts]
    seconds = time.perf_counter() - begun
    result = score(zip(texts, drafts, strict=True))
    half = "set-aside" if set_aside else "development"
    print(f"incidents, {half} half: {len(texts)} texts, {seconds / len(texts):.3f} s a text")
    print("\n".join(lines(result)))
    if misses and not set_aside:
        print("\n".join(errors(result, misses)))
    return result


def lines(result: Score) -> Sequence[str]:
    """Say a score in lines of text."""
    kinds = ", ".join(f"{reason} {n}" for reason, n in result.false_by.most_common())
    return (
        f"  strict   {_prf(result.strict)}",
        f"  lenient  {_prf(result.lenient)}",
        f"  type     {_prf(result.types)}",
        f"  group    {_prf(result.groups)}",
        f"  day-exact dates {_share(result.day_exact)}; place {_share(result.places)}; "
        f"finer than gold {_share(result.finer_than_gold)}",
        f"  deaths {_share(result.deaths)}; injured {_share(result.injured)}",
        f"  false drafts: {kinds or 'none'}",
    )


def errors(result: Score, most: int) -> Sequence[str]:
    """List missed incidents and false drafts of the development half."""
    missed = [f"  missed {name}: {i.types[0]} {i.start} {_at(i)}" for name, i in result.missed]
    false = [
        f"  false {name}: {d.event_type} {d.start} {d.precision} ({reason})"
        for name, d, reason in result.false
    ]
    return (*missed[:most], *false[:most])


def _at(incident: Any) -> str:
    return incident.places[0].name if incident.places else "nowhere"


def _prf(tally: Tally) -> str:
    return f"P {tally.precision:.3f} R {tally.recall:.3f} F1 {tally.f1:.3f} ({tally.wanted} gold)"


def _share(tally: Tally) -> str:
    return f"{tally.precision:.3f} of {tally.given}"
