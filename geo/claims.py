"""What may be said about a figure when claims disagree?

Claims are compared only when they count the same people of the same incident. A figure with a
wider scope is never used; claims that count different people are never summed.
"""

from __future__ import annotations

from collections.abc import Iterable

from geo.incident import Claim, Incident, Toll


def toll_from_claims(claims: Iterable[Claim], field: str) -> Toll:
    """Derive low, best, high from claims that can be compared, else all unknown.

    `best` is given only where every claim states the same figure, whatever range it adds.
    """
    usable = [c for c in claims if c.field == field and not c.scope and _range(c) is not None]
    usable = _of_the_whole(usable)
    if not usable or len({c.whom for c in usable}) > 1:
        return Toll()
    ranges = [r for c in usable if (r := _range(c)) is not None]
    low, high = min(r[0] for r in ranges), max(r[1] for r in ranges)
    figures = {c.value if isinstance(c.value, int) else None for c in usable}
    agreed = figures.pop() if len(figures) == 1 else None
    return Toll(low, low if low == high else agreed, high)


def _of_the_whole(claims: list[Claim]) -> list[Claim]:
    """Take the claims about all, else those that name no kind of people, if they hold the rest."""
    whole = [c for c in claims if c.whom == "all"]
    unnamed = [c for c in claims if not c.whom]
    if whole or not unnamed:
        return whole or claims
    greatest = max((_range(c) or (0, 0))[1] for c in unnamed)
    return unnamed if all((_range(c) or (0, 0))[1] <= greatest for c in claims) else claims


def contested(incident: Incident, field: str) -> bool:
    """Whether claims about a field give different values for this incident."""
    stated = {
        (c.value, c.low, c.high, c.whom)
        for c in incident.claims
        if c.field == field and not c.scope
    }
    return len(stated) > 1


def toll_in_words(incident: Incident, field: str) -> str:
    """Say a toll as one may print it: a number, a range, "claims differ" or "unknown"."""
    toll: Toll = incident.deaths if field == "deaths" else incident.injured
    if contested(incident, field):
        ends = [n for n in (toll.low, toll.high) if n is not None]
        if len(ends) == 2 and ends[0] != ends[1]:
            return f"{ends[0]:,}–{ends[1]:,}, claims differ"
        return "claims differ"
    known = sorted({n for n in (toll.low, toll.best, toll.high) if n is not None})
    if not known:
        return "unknown"
    if len(known) == 1:
        return _bound(toll) + f"{known[0]:,}"
    spread = f"{known[0]:,}–{known[-1]:,}"
    return spread if toll.best is None else f"{toll.best:,} ({spread})"


def _bound(toll: Toll) -> str:
    """Say that the only figure is a bound, where it is."""
    if toll.best is not None or (toll.low is not None and toll.high is not None):
        return ""
    return "at most " if toll.low is None else "at least "


def _range(claim: Claim) -> tuple[int, int] | None:
    if isinstance(claim.value, int):
        stated = [n for n in (claim.low, claim.value, claim.high) if n is not None]
        return min(stated), max(stated)
    if claim.low is not None and claim.high is not None:
        return min(claim.low, claim.high), max(claim.low, claim.high)
    return None
