"""What would come in: on a map, and in a report one can read out loud?"""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from geo.filters import Filter, Match, select
from geo.incident import STATUSES
from geo.incoming.job import Job
from geo.incoming.worker import SHOWN
from geo.licences import permission
from geo.text import to_markdown
from geo.ui import map_panel

_FEW = 5
_CHANGES = {
    "new": "new",
    "revised": "revised",
    "conflicts": "in conflict with a correction by hand",
    "withdrawn": "withdrawn by the source",
}
_NAMED = 500


def head(report: dict[str, Any], *, layer: str) -> None:
    """Say in a sentence or two what would come in."""
    parts = [
        f"{report['new']:,} new",
        f"{report['revised']:,} revised",
        f"{report['unchanged']:,} unchanged",
        f"{report['conflicts']:,} in conflict with a correction by hand",
    ]
    if report["withdrawn"]:
        parts.append(f"{report['withdrawn']:,} withdrawn by the source")
    refused = f" · {report['refused']:,} rejected" if report["refused"] else ""
    where = f"Compared with {to_markdown(layer)}: {', '.join(parts)}." if layer else ""
    st.markdown(
        f"**{report['accepted']:,} of {report['read']:,}** incidents can come in{refused}  \n"
        f"{where or 'No layer is chosen yet: all of them count as new.'}"
    )


def drawn(job: Job, report: dict[str, Any], *, height: int) -> None:
    """Draw the incidents on a map, and say how many of them it shows."""
    matches = _matches(job)
    if not matches:
        return
    map_panel.preview(matches, name=job.results.folder.name, height=height)
    placed = sum(match.incident.mappable for match in matches)
    accepted = report["accepted"]
    if accepted > len(matches):
        st.caption(
            f"The map shows {len(matches):,} of {accepted:,}, chosen by chance over the whole "
            f"file; all of them come in."
        )
    elif placed < len(matches):
        count = len(matches) - placed
        st.caption(f"Without a place, and so not on the map: {count:,}.")
    drafts = sum(match.incident.status == "draft" for match in matches)
    if drafts:
        st.caption(f"Drafts, which Explore shows when asked: {drafts:,} of these.")


def details(job: Job, report: dict[str, Any]) -> None:
    """List period, precision, repairs, duplicates, licence, what changes and what was rejected."""
    flagged = dict(report["flagged"])
    twice = flagged.pop("same_id_twice", 0)
    period = " to ".join(report["period"] or ())
    again = f"{twice:,} rows have the id of another row; the last one counts" if twice else ""
    facts = [
        ("Period", period),
        ("Location precision", _counts(report["precision"])),
        ("Repaired, by rule", _counts(report["repaired"])),
        ("Flagged, kept as they are", _counts(flagged)),
        ("Duplicates", again),
        *(("Licence", said) for said in _licences(job, report)),
    ]
    with st.container(border=True):
        st.markdown("  \n".join(f"**{name}**  {to_markdown(s)}" for name, s in facts if s))
    _changes(report)
    rejected(job, report)


def rejected(job: Job, report: dict[str, Any]) -> None:
    """List rejected rows by reason, with their lines, and offer all of them as a file."""
    count = report["refused"]
    if not count:
        return
    rows = pd.DataFrame(report["rejected"])
    st.markdown(f"**Rejected** {count:,}")
    reasons = rows.groupby(["rule", "field"], sort=False)["line"]
    table = pd.DataFrame(
        {
            "Rule": [rule for (rule, _), _ in reasons],
            "Field": [field for (_, field), _ in reasons],
            "Rows": [len(lines) for _, lines in reasons],
            "Lines": [_lines(list(lines)) for _, lines in reasons],
        }
    )
    if len(table) < len(rows):
        st.dataframe(table, hide_index=True, height="content" if len(table) <= _FEW else 220)
    beyond = count > len(rows)
    if beyond:
        st.caption(f"Of these the first {SHOWN:,} are shown; the file has all.")
    st.dataframe(rows, hide_index=True, height="content" if len(rows) <= _FEW else 220)
    if job.results.rejected.exists():
        st.download_button(
            f"Download the {count:,} rejected rows (CSV)",
            data=job.results.rejected.read_bytes,
            file_name="rejected.csv",
            mime="text/csv",
            key="bring_rejected",
            on_click="ignore",
            icon=":material/download:",
        )


def _matches(job: Job) -> tuple[Match, ...]:
    held = st.session_state.get("bring_matches")
    if held is None or held[0] != job.results.folder:
        matches = select(job.sample, Filter(status=STATUSES)).matches
        held = (job.results.folder, matches)
        st.session_state.bring_matches = held
    found: tuple[Match, ...] = held[1]
    return found


def _licences(job: Job, report: dict[str, Any]) -> list[str]:
    """Say what the licences allow; those of the map stand for all."""
    if not report["licence"]:
        return ["not stated: ask before you pass the rows on"]
    found = {match.incident.licence for match in _matches(job) if match.incident.licence}
    return [f"{licence} — {permission(licence).sentence}" for licence in sorted(found)[:_FEW]]


def _changes(report: dict[str, Any]) -> None:
    """Name the incidents that would change what a layer holds, and in which fields."""
    steps = [
        (words, step)
        for kind, words in _CHANGES.items()
        if kind != "new"
        for step in report["plan"][kind]
    ]
    if not steps:
        return
    count = sum(report[kind] for kind in _CHANGES if kind != "new")
    st.markdown(f"**Changes in the layer** {count:,}")
    table = {
        "Change": [words for words, _ in steps[:_NAMED]],
        "Incident": [step["title"] for _, step in steps[:_NAMED]],
        "Fields": [", ".join(step["fields"]) for _, step in steps[:_NAMED]],
        "Id": [step["id"] for _, step in steps[:_NAMED]],
    }
    few = len(steps) <= _FEW
    st.dataframe(pd.DataFrame(table), hide_index=True, height="content" if few else 220)
    if count > _NAMED:
        st.caption(f"The first {_NAMED:,} of them.")
    if report["conflicts"]:
        st.caption("In a conflict yours is kept, and theirs waits beside it until you decide.")


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{rule.replace('_', ' ')} {n:,}" for rule, n in counts.items())


def _lines(lines: list[int]) -> str:
    shown = ", ".join(f"{line:,}" for line in lines[:8])
    return shown + (f" and {len(lines) - 8:,} more" if len(lines) > 8 else "")
