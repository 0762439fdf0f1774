"""What stands in the flat row of an incident, the same in every tabular format?"""

from __future__ import annotations

from geo.feature import write_time
from geo.filters import Match
from geo.incident import Claim

COLUMNS = (
    *("id", "event_type", "title", "summary", "start", "end", "date_precision", "time"),
    *("place_name", "admin2", "admin1", "countries", "lon", "lat", "precision", "radius_km"),
    *("deaths_low", "deaths_best", "deaths_high", "injured_low", "injured_best", "injured_high"),
    *("actors", "claims", "sources", "source_url", "status", "assessment"),
    *("first_seen", "updated", "licence", "match"),
)
NUMBERS = frozenset(
    (
        *("lon", "lat", "radius_km", "deaths_low", "deaths_best", "deaths_high"),
        *("injured_low", "injured_best", "injured_high"),
    )
)
COUNTS = frozenset(name for name in NUMBERS if name.startswith(("deaths", "injured")))


def row(match: Match) -> list[object]:
    """Values of an incident in the order of `COLUMNS`; None is unknown."""
    i = match.incident
    known: dict[str, object] = {
        "start": i.start.isoformat(),
        "end": i.end.isoformat(),
        "countries": ";".join(i.countries),
        "lon": i.point.lon if i.point else None,
        "lat": i.point.lat if i.point else None,
        "actors": "; ".join(f"{a.name} ({a.role})" if a.role else a.name for a in i.actors),
        "claims": "; ".join(_claim(c) for c in i.claims),
        "sources": "; ".join(s.publisher or s.title or s.url for s in i.sources),
        "source_url": next((s.url for s in i.sources if s.url), ""),
        "first_seen": write_time(i.recorded.first_seen),
        "updated": write_time(i.recorded.updated),
        "match": match.when,
    }
    for name in ("deaths", "injured"):
        toll = getattr(i, name)
        known |= {f"{name}_{part}": getattr(toll, part) for part in ("low", "best", "high")}
    return [known[name] if name in known else getattr(i, name) for name in COLUMNS]


def _claim(claim: Claim) -> str:
    """Say one claim with whom it counts, what it covers and whose it is."""
    said = f"{claim.field}: {claim.value}"
    if claim.low is not None or claim.high is not None:
        said += f" ({claim.low}–{claim.high})"
    notes = [
        claim.whom,
        f"covers {claim.scope}" if claim.scope else "",
        claim.claimant,
        claim.source,
    ]
    kept = ", ".join(note for note in notes if note)
    return f"{said} [{kept}]" if kept else said
