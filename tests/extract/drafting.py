"""What does the pipeline make of a few sentences? On a fixed day, without a model unless given."""

from __future__ import annotations

from datetime import UTC, date, datetime

from geo.extract.article import Article
from geo.extract.model import Model
from geo.extract.pipeline import Extraction, extract
from geo.extract.reader import Reader
from geo.incident import Incident

REPORT = date(2025, 10, 27)  # a Monday


def extracted(
    text: str,
    report: date = REPORT,
    *,
    model: Model | None = None,
    reader: Reader | None = None,
) -> Extraction:
    article = Article(text=text, sha256="0" * 64)
    now = datetime(2025, 10, 28, tzinfo=UTC)
    return extract(article, report_date=report, now=now, model=model, reader=reader)


def drafted(text: str, report: date = REPORT) -> list[Incident]:
    return [draft.incident for draft in extracted(text, report).drafts]


def types(text: str, report: date = REPORT) -> list[str]:
    return [incident.event_type for incident in drafted(text, report)]


def where(text: str) -> list[tuple[str, str]]:
    return [(incident.place_name, incident.precision) for incident in drafted(text)]


def days(text: str, report: date = REPORT) -> list[tuple[date, date]]:
    return [(incident.start, incident.end) for incident in drafted(text, report)]
