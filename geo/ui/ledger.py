"""Where did every incident go, and what would bring some back?"""

from __future__ import annotations

import streamlit as st

from geo.filters import Filter, Ledger, widened
from geo.ui import state

REASON_WORDS = {
    "status": "not accepted",
    "dates": "outside the dates",
    "event_type": "other types",
    "country": "other countries",
    "area": "outside the area or without a place",
    "actor": "other actors",
    "text": "without these words",
    "precision": "other location precision",
    "deaths": "fewer deaths",
    "deaths_unknown": "deaths unknown",
    "assessment": "other assessment",
    "changed_since": "not changed since",
    "source": "other sources",
}
FILTER_WORDS = {
    "status": "status",
    "dates": "dates",
    "event_type": "event type",
    "country": "country",
    "area": "area",
    "actor": "actor",
    "text": "text",
    "precision": "precision",
    "deaths": "deaths",
    "assessment": "assessment",
    "changed_since": "changed since",
    "source": "source",
}


def line(ledger: Ledger) -> str:
    """Say the ledger as one sentence that adds up, in Markdown of our own words."""
    parts = [f"**{ledger.matched:,} of {ledger.total:,}** incidents match"]
    if ledger.ongoing or ledger.uncertain:
        certainty = [f"{ledger.within:,} within the dates"]
        if ledger.ongoing:
            certainty.append(f"{ledger.ongoing:,} ongoing across an edge")
        if ledger.uncertain:
            certainty.append(f"{ledger.uncertain:,} of uncertain date")
        parts.append(", ".join(certainty))
    if ledger.matched != ledger.on_map:
        where = [f"{ledger.on_map:,} on the map"]
        if ledger.off_frame:
            where.append(f"{ledger.off_frame:,} outside the frame")
        if ledger.not_mappable:
            where.append(f"{ledger.not_mappable:,} without a place")
        if ledger.set_aside:
            where.append(f"{ledger.set_aside:,} set aside")
        parts.append(", ".join(where))
    gone = [f"{n:,} {REASON_WORDS[reason]}" for reason, n in ledger.excluded.items() if n]
    if gone:
        parts.append("left out: " + ", ".join(gone))
    return " · ".join(parts)


def suggestions(ledger: Ledger, asked: Filter) -> None:
    """Offer, for each filter that alone holds incidents back, to drop it."""
    offers = {name: n for name, n in ledger.would_return.items() if n and name != "status"}
    if not offers:
        return
    with st.container(horizontal=True, gap="small"):
        for name, count in offers.items():
            st.button(
                f"+{count:,} without {FILTER_WORDS[name]}",
                key=f"widen_{name}",
                on_click=state.show,
                args=(widened(asked, name),),
                help=f"{count:,} more incidents match if only the {FILTER_WORDS[name]} filter goes",
            )
