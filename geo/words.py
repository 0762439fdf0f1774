"""How are a period and a place said in words, no more exactly than they are known?"""

from __future__ import annotations

from geo import countries
from geo.incident import Incident


def when_in_words(incident: Incident) -> str:
    """Say a period as one may print it, coarse dates as coarse."""
    start, end = incident.start, incident.end
    if incident.date_precision == "year":
        return str(start.year) if start.year == end.year else f"{start.year} to {end.year}"
    if incident.date_precision == "month" and (start.year, start.month) == (end.year, end.month):
        return f"{start:%b %Y}"
    text = f"{start:%Y-%m-%d}" if start == end else f"{start:%Y-%m-%d} to {end:%Y-%m-%d}"
    return text if incident.date_precision == "day" else f"{text} ({incident.date_precision})"


def place_in_words(incident: Incident) -> str:
    """Say a place with its unit and countries."""
    named = [incident.place_name, incident.admin2, incident.admin1]
    named.append(" / ".join(countries.name(code) for code in incident.countries))
    return ", ".join(dict.fromkeys(part for part in named if part))
