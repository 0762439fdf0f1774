"""How is what an article gave written: as drafts of a layer, and as GeoJSON for other programs?"""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

from geo.extract.drafts import Draft
from geo.extract.pipeline import Extraction
from geo.feature import to_feature
from geo.incident import Incident

_CANDIDATE = (
    *("name", "id", "kind", "lat", "lon", "country", "admin1", "admin2"),
    *("precision", "radius_km", "score", "source", "licence"),
)


def incidents(extraction: Extraction) -> tuple[Incident, ...]:
    """Drafts for a layer, each with its evidence in the member `evidence`.

    `sentences` and `spans` have `start`, `end` (characters of the article's text) and `text`,
    spans also `what`; `candidates` are as `locate` gives them; `score`, 0 to 1, orders by doubt.
    """
    return tuple(_with_evidence(draft) for draft in extraction.drafts)


def features(extraction: Extraction) -> dict[str, Any]:
    """Write a FeatureCollection of the drafts, and beside it every sentence that gave none.

    `skipped` has `start`, `end`, `text` and `reason`.
    """
    return {
        "type": "FeatureCollection",
        "features": [to_feature(incident) for incident in incidents(extraction)],
        "skipped": [asdict(sentence) for sentence in extraction.skipped],
        "report_date": extraction.report_date.isoformat(),
        "sha256": extraction.article.sha256,
    }


def _with_evidence(draft: Draft) -> Incident:
    evidence = draft.evidence
    written = {
        "sentences": [{"start": s.start, "end": s.end, "text": s.text} for s in evidence.sentences],
        "spans": [asdict(span) for span in evidence.spans],
        "candidates": [
            {name: getattr(candidate, name) for name in _CANDIDATE}
            for candidate in evidence.candidates
        ],
        "score": evidence.score,
        "reasons": list(evidence.reasons),
    }
    return replace(draft.incident, extra={**draft.incident.extra, "evidence": written})
