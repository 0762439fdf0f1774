"""Can this page be defended in a briefing? Rules that block it or warn, each with a remedy."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from geo.snapshot.brief import Brief
from geo.snapshot.finding import Finding, Level
from geo.snapshot.preflight import evidence, marks, setting, words
from geo.snapshot.preflight.case import Case, Drawn

__all__ = ["RULES", "Finding", "Level", "is_draft", "preflight"]

RULES: tuple[Callable[[Case], Iterator[Finding]], ...] = (
    words.title,
    words.empty,
    words.period,
    words.as_of,
    words.sources,
    words.ledger,
    words.alt,
    words.terms,
    words.boundary_notes,
    words.marking,
    marks.legend,
    marks.unsettled,
    marks.colours,
    evidence.coarse,
    evidence.claims,
    evidence.repeated,
    evidence.harm,
    setting.smallest,
    setting.overlaps,
)


def preflight(drawn: Drawn, brief: Brief) -> tuple[Finding, ...]:
    """Check a drawn page; what blocks comes first, then what warns, in the order of the rules.

    Parameters
    ----------
    drawn
        The page, as `geo.snapshot.picture.compose` answers.
    brief
        What it was drawn from.
    """
    case = Case(drawn, brief)
    found = [finding for rule in RULES for finding in rule(case)]
    return tuple(sorted(found, key=lambda finding: finding.level != "block"))


def is_draft(findings: Iterable[Finding]) -> bool:
    """Whether a page must be marked as a draft."""
    return any(finding.level == "block" for finding in findings)
