"""How are drafts written: as a FeatureCollection, and as incidents that a layer keeps?

The evidence travels in the properties of each Feature, so that a review has it wherever the
draft goes. The most doubtful draft comes first.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, replace
from typing import Any

from geo.extract.drafts import Draft, Evidence
from geo.extract.pipeline import Extraction
from geo.feature import to_feature
from geo.gazetteer import Candidate
from geo.incident import Incident

_CANDIDATE = (
    "name",
    "id",
    "kind",
    "lat",
    "lon",
    "country",
    "admin1",
    "admin2",
    "precision",
    "radius_km",
    "score",
    "source",
    "licence",
)
_MOST_CANDIDATES = 8


def collection(extractions: Iterable[Extraction]) -> dict[str, Any]:
    """Write extractions as one FeatureCollection, most doubtful draft first."""
    found = list(extractions)
    drafts = [d for e in found for d in e.drafts]
    drafts.sort(key=lambda d: (d.evidence.score, d.incident.id))
    return {
        "type": "FeatureCollection",
        "features": [to_feature(with_evidence(d)) for d in drafts],
        "skipped": [
            {"article": e.article.sha256[:8], **asdict(s)} for e in found for s in e.skipped
        ],
    }


def with_evidence(draft: Draft) -> Incident:
    """Give an incident its evidence, as a property that a layer keeps."""
    return replace(draft.incident, extra={"evidence": evidence_json(draft.evidence)})


def evidence_json(evidence: Evidence) -> dict[str, Any]:
    """Write evidence as JSON."""
    return {
        "sentences": [{"start": s.start, "end": s.end, "text": s.text} for s in evidence.sentences],
        "spans": [asdict(mark) for mark in evidence.spans],
        "candidates": [_candidate(c) for c in evidence.candidates[:_MOST_CANDIDATES]],
        "score": evidence.score,
        "reasons": list(evidence.reasons),
    }


def _candidate(candidate: Candidate) -> dict[str, Any]:
    return {name: getattr(candidate, name) for name in _CANDIDATE}
