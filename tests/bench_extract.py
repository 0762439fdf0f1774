"""How well and how fast is an article read? `python3 run.py bench extract [--misses N]`.

Names of places on public corpora, incidents on the gold set, types on single sentences, events on
whole articles.
`--validation` and `--set-aside` score parts that nobody who tunes has read, the latter once only,
and list none of their errors.
"""

from __future__ import annotations

import argparse
import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any

from geo.extract import model, reader
from geo.extract.article import Article
from geo.extract.dates import dates
from geo.extract.model import Model
from geo.extract.pipeline import extract
from geo.extract.reader import Reader
from geo.extract.written import collection
from tests import bench_articles, bench_incidents, bench_places, bench_sentences
from tests.gold_set import (
    DEVELOPMENT,
    SET_ASIDE,
    TUNING,
    VALIDATION,
    GoldIncident,
    GoldText,
    Span,
    overlap,
)
from tests.score_incidents import Score, agreement


def incidents(loaded: Model | None, taught: Reader | None) -> bench_incidents.Incidents:
    """Give what drafts the incidents of a text, with or without the models."""

    def drafted(text: str, report: date) -> dict[str, Any]:
        article = Article(text=text, sha256=hashlib.sha256(text.encode()).hexdigest())
        now = datetime(2000, 1, 1, tzinfo=UTC)
        made = extract(article, report_date=report, now=now, model=loaded, reader=taught)
        return collection([made])

    return drafted


def days(text: str, report: date) -> Iterable[tuple[Span, date, date]]:
    """Spans of a text that say when, with the first and last day."""
    return (((w.start, w.end), w.first, w.last) for w in dates(text, report))


def causes(
    texts: Sequence[GoldText], result: Score, drafted: bench_incidents.Incidents
) -> Counter[str]:
    """Count why incidents were missed: a part of their draft is wrong, or the words were passed."""
    skipped = {t.id: drafted(t.text, t.published)["skipped"] for t in texts}
    return Counter(
        _cause(incident, [given for name, given, _ in result.false if name == text], skipped[text])
        for text, incident in result.missed
    )


def _cause(incident: GoldIncident, false: Sequence[Any], skipped: Sequence[dict[str, Any]]) -> str:
    near = [d for d in false if any(overlap(a, b) for a in d.spans for b in incident.evidence)]
    wrong = [_wrong(d, incident) for d in near]
    if wrong:
        return min(wrong, key=lambda parts: parts.count(" and "))
    for sentence in skipped:
        span = (sentence["start"], sentence["end"])
        if any(overlap(span, e) for e in incident.evidence):
            return "skipped: " + sentence["reason"].split("' ")[-1].split(":")[0]
    return "its words went to another draft"


def _wrong(given: Any, incident: GoldIncident) -> str:
    parts = zip(("type", "place", "date"), agreement(given, incident), strict=True)
    return "wrong " + " and ".join(name for name, right in parts if not right)


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--misses", type=int, default=0, help="list so many misses of each cause")
    asked.add_argument("--without-model", action="store_true")
    asked.add_argument("--without-reader", action="store_true", help="types by the lexicon alone")
    unread = asked.add_mutually_exclusive_group()
    unread.add_argument("--validation", action="store_true", help="score texts nobody tuned on")
    unread.add_argument("--set-aside", action="store_true", help="score the set-aside part, once")
    given = asked.parse_args()
    loaded = None if given.without_model else model.load()
    taught = None if given.without_reader else reader.load()
    unread_part = VALIDATION if given.validation else SET_ASIDE if given.set_aside else None
    misses = 0 if unread_part else given.misses
    for part in (unread_part,) if unread_part else (DEVELOPMENT, TUNING):
        texts = bench_incidents.part(part)
        bench_incidents.report_names(texts, loaded)
        bench_incidents.report_days(texts, days)
        found = bench_incidents.report_incidents(texts, incidents(loaded, taught), misses=misses)
    if not unread_part:
        for cause, n in causes(texts, found, incidents(loaded, taught)).most_common():
            print(f"  missed {n:3d}: {cause}")
        bench_places.report(loaded, misses=given.misses)
        bench_sentences.report(loaded, taught)
        bench_articles.report(incidents(loaded, taught))
