"""How are an incident's actors, claims and sources edited as small tables?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import date, datetime
from typing import Any, TypeVar

import pandas as pd
import streamlit as st

from geo.incident import WHOM, Actor, Claim, Source

_Record = TypeVar("_Record", Actor, Claim, Source)
_CLAIM_FIELDS = ("deaths", "injured", "event_type", "actor", "date", "place")


def actors(before: Sequence[Actor], *, key: str) -> tuple[Actor, ...]:
    """Edit who took part."""
    columns = {
        "name": st.column_config.TextColumn("Actor", width="medium"),
        "role": st.column_config.TextColumn("Role", help="such as initiator, target, mediator"),
    }
    return _edit(Actor, before, columns, key=key)


def claims(before: Sequence[Claim], *, key: str) -> tuple[Claim, ...]:
    """Edit who says what; claims that disagree are all kept."""
    # a source may speak of more than we know to ask for
    about = list(dict.fromkeys((*_CLAIM_FIELDS, *(claim.field for claim in before))))
    columns = {
        "field": st.column_config.SelectboxColumn("About", options=about),
        "value": st.column_config.TextColumn("Says", help="a number, or words"),
        "low": st.column_config.NumberColumn("Low", min_value=0, step=1, width="small"),
        "high": st.column_config.NumberColumn("High", min_value=0, step=1, width="small"),
        "whom": st.column_config.SelectboxColumn("Whom", options=list(WHOM)),
        "claimant": st.column_config.TextColumn("Claimant"),
        "scope": st.column_config.TextColumn(
            "Covers more than this",
            help="what the figure covers, where that is more than this incident; "
            "such a figure is never added up",
        ),
        "source": st.column_config.TextColumn("Source", help="publisher or link"),
    }
    return _edit(Claim, before, columns, key=key)


def sources(before: Sequence[Source], *, key: str) -> tuple[Source, ...]:
    """Edit where statements were read."""
    columns = {
        "publisher": st.column_config.TextColumn("Publisher"),
        "title": st.column_config.TextColumn("Title"),
        "url": st.column_config.TextColumn("Link", help="http or https"),
        "published": st.column_config.DateColumn("Published", format="YYYY-MM-DD"),
        "archived_url": st.column_config.TextColumn("Archived copy"),
        "quote": st.column_config.TextColumn("Quote", help="a short one, where it decides"),
    }
    return _edit(Source, before, columns, key=key)


def _edit(
    kind: type[_Record], before: Sequence[_Record], columns: dict[str, Any], *, key: str
) -> tuple[_Record, ...]:
    numbers, days = ("low", "high"), ("published",)
    frame = pd.DataFrame(
        {
            name: pd.Series(
                [_shown(getattr(record, name), name) for record in before],
                dtype="Int64" if name in numbers else "object" if name in days else "string",
            )
            for name in columns
        }
    )
    edited = st.data_editor(
        frame, key=key, column_config=columns, num_rows="dynamic", hide_index=True, width="stretch"
    )
    made = []
    for index, row in zip(edited.index, edited.to_dict("records"), strict=True):
        read = {str(name): _value(str(name), value) for name, value in row.items()}
        # zero is a value; only empty cells are left out
        values = {name: value for name, value in read.items() if value not in (None, "")}
        if not values:
            continue
        # what the table does not show, such as a checksum, stays with its row
        kept = before[index] if isinstance(index, int) and index < len(before) else None
        hidden = {
            item.name: getattr(kept, item.name)
            for item in fields(kind)
            if kept is not None and item.name not in columns
        }
        if kind is Claim:
            values = {"field": "", "value": "", **values}
        if kind is Actor:
            values = {"name": "", **values}
        made.append(kind(**hidden, **values))
    return tuple(made)


def _shown(value: Any, name: str) -> Any:
    if name == "published":
        return value
    return str(value) if name == "value" else value


def _value(name: str, value: Any) -> Any:
    """Read a cell; None is an empty one."""
    if value is None or value is pd.NA or value is pd.NaT or value != value:  # noqa: PLR0124 NaN
        return None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if name in ("low", "high"):
        return int(value)
    text = str(value).strip()
    if name == "value" and text.replace(",", "").isdecimal() and text.isascii():
        return int(text.replace(",", ""))
    return text
