"""How many incidents of which type, by admin-1 unit or by week?"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from geo import bits
from geo.bits import Rows
from geo.columns import column, day_of, numbers, read_countries
from geo.filters import Filter
from geo.index import Answer, Index
from geo.indexed import IndexedLayer
from geo.taxonomy import event_types
from geo.timeline import bin_start
from geo.ui import shades

_KINDS = [kind.label for kind in event_types()]
_CHOICES = {"admin1": "admin-1 × type", "week": "week × type", "place": "provinces by place"}


def draw(layer: IndexedLayer, asked: Filter, answer: Answer) -> None:
    """Draw the pivot of counts; every matched incident is in exactly one cell."""
    rows = st.segmented_control(
        "Counts by",
        list(_CHOICES),
        key="pivot",
        default="admin1",
        format_func=_CHOICES.__getitem__,
        label_visibility="collapsed",
        required=True,
        persist_state="session",
    )
    if not answer.ledger.matched:
        st.caption("No incident matches, so there is nothing to count.")
        return
    if rows == "place":
        shades.table(layer, asked, answer)
        return
    st.dataframe(pivot(layer.index, asked, answer, rows=rows or "admin1"), height=360)


def pivot(index: Index, asked: Filter, answer: Answer, *, rows: str) -> Any:
    """Count incidents in a table of rows by event type, with totals on both sides."""
    found = bits.rows_of(answer.rows)
    named, of = (_units if rows == "admin1" else _weeks)(index, asked, found)
    kinds = numbers(index.table, "event_type")[found].astype(np.int64)
    flat = np.bincount(of * len(_KINDS) + kinds, minlength=len(named) * len(_KINDS))
    table = pd.DataFrame(flat.reshape(len(named), len(_KINDS)), index=named, columns=_KINDS)
    # two codes of the same words stand in one row
    table = table.groupby(level=0).sum().loc[:, lambda t: t.any(axis=0)].sort_index(axis=1)
    table["Total"] = table.sum(axis=1)
    table = table[table["Total"] > 0]
    if rows == "admin1":
        table = table.sort_values("Total", ascending=False, kind="stable")
    table.loc["Total"] = table.sum(axis=0)
    table.index.name = "Admin-1 unit" if rows == "admin1" else "Week from"
    return table


def _units(index: Index, _: Filter, found: Rows) -> tuple[list[str], Rows]:
    """Name the unit of each row: the names, and which of them each row has."""
    admin1, sets = (column(index.table, name) for name in ("admin1", "countries"))
    key = admin1.indices.to_numpy()[found].astype(np.int64) * len(sets.dictionary)
    different, of = np.unique(key + sets.indices.to_numpy()[found], return_inverse=True)
    units, countries = admin1.dictionary.to_pylist(), sets.dictionary.to_pylist()
    named = []
    for one in different.tolist():
        unit, where = divmod(one, len(countries))
        nations = "/".join(read_countries(countries[where])) or "no country"
        named.append(f"{units[unit] or 'unit unknown'} ({nations})")
    return named, of


def _weeks(index: Index, asked: Filter, found: Rows) -> tuple[list[str], Rows]:
    """Name the week of each row: its first day inside the range counts."""
    days = numbers(index.table, "start")[found].astype(np.int64)
    if asked.start is not None:
        days = np.maximum(days, (asked.start - day_of(0)).days)
    different, of = np.unique(days, return_inverse=True)
    return [bin_start(day_of(day), "week").isoformat() for day in different.tolist()], of
