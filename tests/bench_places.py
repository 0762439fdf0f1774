"""How well are names of places found and located in news?

Two public corpora with gold coordinates, development sets that lie beside the repository and
never in it. `python3 run.py bench extract` runs this; without the corpora it says so.
"""

from __future__ import annotations

import importlib.util
import statistics
import time
from collections import Counter
from dataclasses import dataclass, field

from geo.area import distance_km
from geo.extract.lookup import places
from geo.extract.model import Model
from geo.extract.names import Name, names
from geo.extract.resolve import resolve
from geo.gazetteer import Candidate
from geo.incident import Point
from geo.settings import ROOT

CORPORA = ROOT.parent / "shared" / "data" / "geoparsing"
# the distance within which a place counts as found, as in the literature: 100 miles
NEAR_KM = 161.0


@dataclass
class Score:
    """Counts over one corpus."""

    gold: int = 0
    found: int = 0
    exact: int = 0
    located: int = 0
    answered: int = 0
    near: int = 0
    reachable: int = 0
    end_to_end: int = 0
    found_places: int = 0
    exact_places: int = 0
    km: list[float] = field(default_factory=list)
    seconds: float = 0.0
    characters: int = 0
    misses: Counter[tuple[str, str]] = field(default_factory=Counter)


def corpus(name: str):
    """Read a corpus: (document, text, [(start, end, words, lat, lon, geonameid)])."""
    spec = importlib.util.spec_from_file_location("load", CORPORA / "load.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.load(name)


def score(name: str, *, model: Model | None) -> Score:
    """Score recognition, resolution of the gold spans, and both in a row."""
    total = Score()
    for _, text, gold in corpus(name):
        total.characters += len(text)
        begun = time.perf_counter()
        found = names(text, model.read(text).entities if model else None)
        resolved = resolve(text, found)
        total.seconds += time.perf_counter() - begun
        spans = {(g[0], g[1]) for g in gold}
        total.gold += len(spans)
        total.found += len(found)
        total.exact += sum((n.start, n.end) in spans for n in found)
        total.found_places += sum(n.kind == "place" for n in found)
        total.exact_places += sum(n.kind == "place" and (n.start, n.end) in spans for n in found)
        given = [g for g in gold if g[3] is not None]
        asked = [Name(g[0], g[1], text[g[0] : g[1]], "place") for g in given]
        for g, place in zip(given, resolve(text, asked), strict=True):
            _one(total, g, place.best, [p for p in resolved if _over(p.name, g)])
    return total


def _over(name: Name, gold) -> bool:
    return name.start < gold[1] and gold[0] < name.end


def _one(total: Score, gold, best: Candidate | None, found) -> None:
    total.located += 1
    point = Point(gold[4], gold[3])
    candidates = places(gold[2])
    reachable = any(_km(c, point) <= NEAR_KM for c in candidates)
    total.reachable += reachable
    km = _km(best, point)
    if best is not None:
        total.answered += 1
        total.km.append(km)
    total.near += km <= NEAR_KM
    hit = any(_km(p.best, point) <= NEAR_KM for p in found)
    total.end_to_end += hit
    if km > NEAR_KM:
        cause = "ranked wrongly" if reachable else "lies elsewhere" if candidates else "unknown"
        total.misses[cause, gold[2]] += 1
    elif not hit:
        total.misses["not recognised" if not found else "located wrongly", gold[2]] += 1


def _km(candidate: Candidate | None, point: Point) -> float:
    if candidate is None or candidate.lat is None or candidate.lon is None:
        return 20_038.0
    return distance_km(Point(candidate.lon, candidate.lat), point)


def report(model: Model | None, *, misses: int = 0) -> None:
    """Print a table of both corpora."""
    if not CORPORA.is_dir():
        print("places: the corpora are not here, nothing is scored")
        return
    print(f"places, model: {model.name if model else 'none'}")
    for name in ("TR-News", "GeoVirus"):
        s = score(name, model=model)
        print(
            f"{name:<9} recognition {_prf(s.exact, s.found, s.gold)}; "
            f"places alone {_prf(s.exact_places, s.found_places, s.gold)}\n"
            f"          gold spans acc@161 {s.near / s.located:.3f} of all, "
            f"{s.near / max(1, s.answered):.3f} of answered ({s.answered / s.located:.3f}), "
            f"median {statistics.median(s.km):.1f} km, oracle {s.reachable / s.located:.3f}\n"
            f"          end to end {s.end_to_end / s.located:.3f}; "
            f"{s.characters / s.seconds:,.0f} characters/s"
        )
        causes = Counter()
        for (cause, _), n in s.misses.items():
            causes[cause] += n
        print("          missed: " + ", ".join(f"{c} {n}" for c, n in causes.most_common()))
        for cause in causes if misses else ():
            rows = [(n, t) for (c, t), n in s.misses.items() if c == cause]
            rows.sort(reverse=True)
            print(f"            {cause}: " + ", ".join(f"{t} {n}" for n, t in rows[:misses]))


def _prf(right: int, found: int, gold: int) -> str:
    precision, recall = right / max(1, found), right / max(1, gold)
    f1 = 2 * precision * recall / max(1e-9, precision + recall)
    return f"P {precision:.3f} R {recall:.3f} F1 {f1:.3f}"
