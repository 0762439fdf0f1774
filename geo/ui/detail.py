"""What is known about the chosen incident, by whom, and how was it located?"""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from geo.boundaries import TOLERANCE_KM, distance_to_boundary_km
from geo.claims import toll_in_words
from geo.coordinates import to_decimal, to_dms, to_mgrs
from geo.feature import write_time
from geo.incident import Claim, Incident, Point, Source, is_web_link
from geo.taxonomy import event_type, group_of
from geo.text import to_bold, to_markdown
from geo.words import place_in_words, when_in_words

PRECISION_SENTENCES = {
    "exact": "The place itself is known.",
    "near": "Known only to lie near this place",
    "district": "Known only to the district",
    "province": "Known only to the province",
    "area": "Known only to an area or along a line",
    "country": "Known only to the country: no position is shown.",
    "none": "No place: not on the map.",
}
_FIELDS = ("deaths", "injured", "event_type", "actor", "date")


def draw(incident: Incident) -> None:
    """Draw everything known about an incident; its texts are shown, never interpreted."""
    kind, group = event_type(incident.event_type), group_of(incident.event_type)
    st.markdown(to_bold(incident.title))
    st.caption(f"{kind.label} · {group.label} · {incident.assessment}")
    if incident.status != "accepted":
        reason = f": {incident.status_reason}" if incident.status_reason else ""
        st.warning(to_markdown(f"Status: {incident.status}{reason}"), icon=":material/block:")
    facts = {
        "When": " · ".join(p for p in (when_in_words(incident), incident.time) if p),
        "Where": place_in_words(incident) or "unknown",
        "Deaths": toll_in_words(incident, "deaths"),
        "Injured": toll_in_words(incident, "injured"),
        "Actors": ", ".join(f"{a.name} ({a.role})" if a.role else a.name for a in incident.actors),
    }
    st.markdown("  \n".join(f"**{k}**  {to_markdown(v)}" for k, v in facts.items() if v))
    if incident.summary:
        st.markdown(to_markdown(incident.summary))
    _claims(incident.claims)
    _sources(incident.sources)
    _place(incident)
    _record(incident)


def _claims(claims: tuple[Claim, ...]) -> None:
    """Lay competing claims side by side, one table a field."""
    fields = [*_FIELDS, *(c.field for c in claims if c.field not in _FIELDS)]
    for field in dict.fromkeys(f for f in fields if any(c.field == f for c in claims)):
        stated = [c for c in claims if c.field == field]
        st.caption(to_markdown(f"Claims about {field.replace('_', ' ')}"))
        st.dataframe(_claims_frame(stated), hide_index=True, key=f"claims_{field}")


def _claims_frame(claims: list[Claim]) -> Any:
    columns: dict[str, list[str]] = {
        "Says": [_value(c) for c in claims],
        "Whom": [c.whom for c in claims],
        "Claimant": [c.claimant for c in claims],
        "Covers more than this": [c.scope for c in claims],
        "Source": [c.source for c in claims],
    }
    kept = {name: column for name, column in columns.items() if any(column)}
    return pd.DataFrame(kept)


def _value(claim: Claim) -> str:
    if claim.low is not None and claim.high is not None and claim.low != claim.high:
        return f"{claim.low:,}–{claim.high:,}"
    return f"{claim.value:,}" if isinstance(claim.value, int) else str(claim.value)


def _sources(sources: tuple[Source, ...]) -> None:
    if not sources:
        st.caption("No source is recorded.")
        return
    st.caption("Sources")
    lines = []
    for source in sources:
        label = to_markdown(source.publisher or source.title or source.url)
        link = source.url or source.archived_url
        when = f", {source.published}" if source.published else ""
        if link and is_web_link(link):
            # angle brackets and escapes keep the address one inert target
            target = link.translate(_LINK_ESCAPES)
            lines.append(f"- [{label}](<{target}>){when}")
        else:
            lines.append(f"- {label}{when}")
    st.markdown("\n".join(lines))


_LINK_ESCAPES = {ord(c): f"%{ord(c):02X}" for c in "<>\\`{}|^ \"'"}


def _place(incident: Incident) -> None:
    st.caption("How it was located")
    sentence = PRECISION_SENTENCES[incident.precision]
    if not sentence.endswith("."):
        assumed = incident.located is not None and incident.located.radius == "assumed"
        radius = f": within {incident.radius_km:g} km" if incident.radius_km else ""
        sentence += radius + (" (an assumed radius)." if assumed else ".")
    if incident.located and (incident.located.method or incident.located.id):
        by = " ".join(p for p in (incident.located.method, incident.located.id) if p)
        sentence += f" Located by {by}."
    if incident.located and incident.located.point == "representative":
        sentence += " The point stands for the area; it is not the place."
    st.markdown(to_markdown(sentence))
    if incident.point:
        _coordinates(incident.point)
    for site in incident.sites:
        where = f"{site.name} ({site.precision})"
        st.markdown("- " + to_markdown(where))


def _coordinates(point: Point) -> None:
    for text in (to_decimal(point), to_dms(point), to_mgrs(point)):
        st.code(text, language=None)
    km = distance_to_boundary_km(point.lon, point.lat)
    tolerance = TOLERANCE_KM
    if km < tolerance:
        st.caption(
            f"{km:.1f} km from a boundary as drawn here; the drawn line is right to about "
            f"{tolerance:g} km, so the side is not decided by the map."
        )


def _record(incident: Incident) -> None:
    recorded = incident.recorded
    by = f" by {recorded.by}" if recorded.by else ""
    known = f"First seen {write_time(recorded.first_seen)}, last changed "
    known += f"{write_time(recorded.updated)}{by}. Id {incident.id}."
    if incident.licence:
        known += f" Licence: {incident.licence}."
    st.caption(to_markdown(known))
    if incident.native:
        with st.expander("The source's own codes"):
            st.dataframe(
                pd.DataFrame(
                    {
                        "code": list(incident.native),
                        "value": [str(v) for v in incident.native.values()],
                    }
                ),
                hide_index=True,
            )
