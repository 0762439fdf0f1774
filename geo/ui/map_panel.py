"""How does the map stand in a page, and what does the page learn from it?"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import streamlit as st
from streamlit_folium import st_folium

from geo import bits
from geo.area import BBox
from geo.filters import Filter, Match
from geo.incident import Point
from geo.index import Answer
from geo.indexed import IndexedLayer, index_incidents
from geo.snapshot import frame_for
from geo.text import to_markdown
from geo.ui import shades, state
from geo.webmap import LINES, Next, Told, atlas_map, line_of, push, read_message, register
from geo.webmap.tiles import chosen

_KEY = "explore_map"
_PICK_KEY = "pick_map"
# seconds that a page holds itself back for a map that hears of the next view ahead of it: what
# the browser lays out meanwhile holds up the map, and all of it is there no sooner
_HEAD_START = 0.02
# incidents that are read to choose a frame
_FRAMED = 1_000
_PREVIEW_KEY = "preview_map"


def say_what_tiles_reveal() -> None:
    """Say it in every visit, where whoever started the app chose online tiles."""
    tiles = chosen(os.environ)
    if tiles:
        st.caption(to_markdown(tiles.warning))


@contextmanager
def first(layer: IndexedLayer, asked: Filter) -> Iterator[None]:
    """Let the map show what a filter leaves before the page does, which is made meanwhile.

    Only where nothing but the filter changed: all else comes to the map with its page.
    """
    begun = time.monotonic()
    heard = _announce(layer, asked)
    yield
    if heard:
        time.sleep(max(begun + _HEAD_START - time.monotonic(), 0))


def _announce(layer: IndexedLayer, asked: Filter) -> bool:
    """Tell the map which view comes next, and say whether it hears of it."""
    session = st.session_state
    if session.get(f"{_KEY}_asked") == (layer.version, asked):
        return False
    session[f"{_KEY}_asked"] = layer.version, asked
    session[f"{_KEY}_turn"] = turn = session.get(f"{_KEY}_turn", 0) + 1
    # shaded provinces are told by the page alone
    if session.shade != shades.SIGNS or session.get(f"{_KEY}_around") != _around(layer):
        return False
    token = register(layer, asked, visitor=state.visitor())
    return LINES.tell(line_of(state.visitor()), Next(turn, token, _selected(layer)))


def _around(layer: IndexedLayer) -> tuple[object, ...]:
    """Tell apart what a map shows beside its view, for which it needs its page."""
    session = st.session_state
    return layer.name, session.shade, session.get("look", 0), session.opening.at


def _selected(layer: IndexedLayer) -> int:
    """Row of the chosen incident, -1 for none."""
    chosen: str = st.session_state.selected
    row = layer.row_of(chosen) if chosen else None
    return -1 if row is None else row


@st.fragment
def draw(layer: IndexedLayer, answer: Answer, *, height: int) -> None:
    """Draw the matched incidents; a choice on the map becomes the page's choice."""
    session = st.session_state
    # another layer opens where it lies; a filter never moves the map
    start, legend = _start(
        f"{_KEY}_start_{layer.name}", session.view, lambda: _frame(layer, answer)
    )
    asked = state.query()
    shades.choose()
    token = register(layer, asked, visitor=state.visitor())
    st_folium(
        atlas_map(
            start,
            prefix=state.base_path(),
            filters=True,
            beside_legend=legend,
            tiles=chosen(os.environ),
        ),
        key=_KEY,
        height=height,
        use_container_width=True,
        returned_objects=[],
        feature_group_to_add=push(
            token,
            selected=_selected(layer),
            look=session.get("look", 0),
            area=asked.area,
            shading=shades.shading(layer, asked, answer),
            opening=session.opening,
            told=Told(line_of(state.visitor()), session.get(f"{_KEY}_turn", 0)),
        ),
        on_change=_take,
    )
    session[f"{_KEY}_around"] = _around(layer)
    state.publish(asked)


def _frame(layer: IndexedLayer, answer: Answer) -> BBox:
    """Frame that shows what matches, else all; of very many, some evenly chosen ones tell it."""
    rows = bits.rows_of(answer.rows)
    if not len(rows):
        rows = bits.rows_of(state.answer(layer, Filter()).rows)
    some = rows[:: max(len(rows) // _FRAMED, 1)]
    return frame_for([Match(i, "within", None) for i in layer.incidents(some.tolist())])


def look_at(name: str, box: BBox) -> None:
    """Open the map of a layer anew, on a box."""
    st.session_state[f"{_KEY}_start_{name}"] = (box, False)


def pick(*, height: int, start: BBox, mark: Point | None) -> None:
    """Draw a map on which a click chooses a position, kept as `map_picked` in the session."""
    box, _ = _start(f"{_PICK_KEY}_start", start, lambda: start)
    st_folium(
        atlas_map(box, prefix=state.base_path(), pick=True, tiles=chosen(os.environ)),
        key=_PICK_KEY,
        height=height,
        use_container_width=True,
        returned_objects=[],
        feature_group_to_add=push("", mark=mark),
        on_change=_take_pick,
    )


def preview(matches: tuple[Match, ...], *, name: str, height: int) -> None:
    """Draw incidents that are in no layer yet; `name` is that of the look at them."""
    session = st.session_state
    if session.get(f"{_PREVIEW_KEY}_of") != name:
        session[f"{_PREVIEW_KEY}_of"] = name
        session[f"{_PREVIEW_KEY}_layer"] = index_incidents(match.incident for match in matches)
    token = register(session[f"{_PREVIEW_KEY}_layer"], Filter(status=()), visitor=state.visitor())
    st_folium(
        atlas_map(
            frame_for(matches),
            prefix=state.base_path(),
            beside_legend=True,
            tiles=chosen(os.environ),
        ),
        key=_PREVIEW_KEY,
        height=height,
        use_container_width=True,
        returned_objects=[],
        feature_group_to_add=push(token),
    )


def _take_pick() -> None:
    picked = read_message(st.session_state.get(_PICK_KEY)).picked
    if picked is not None and picked != st.session_state.get("map_picked_before"):
        st.session_state.map_picked_before = picked
        st.session_state.map_picked = picked


def _start(key: str, view: BBox | None, frame: Callable[[], BBox]) -> tuple[BBox, bool]:
    """Frame the map opens with, the same for the whole visit; whether we chose it."""
    if key not in st.session_state:
        st.session_state[key] = (view or frame(), view is None)
    start: tuple[BBox, bool] = st.session_state[key]
    return start


def _take() -> None:
    """Take over what the visitor did on the map."""
    message = read_message(st.session_state.get(_KEY))
    chose = False
    if message.view is not None:
        st.session_state.view = message.view
    told = message.opening
    # a map that has not heard of the newest opening tells of an older one
    if told is not None and told.at == st.session_state.opening.at:
        st.session_state.lens = told.lens
    wish = message.wanted
    if wish is not None and wish.at != st.session_state.get("map_wished"):
        st.session_state.map_wished = wish.at
        if wish.problem:
            st.session_state.problems.append(wish.problem)
        if wish.dates:
            st.session_state.f_from, st.session_state.f_to = wish.dates
        if wish.area or wish.without_area:
            state.set_area(wish.area)
        chose = True
    last = st.session_state.get("map_said")
    if message.selected is not None and message.selected != last:
        st.session_state.selected = message.selected
        chose = True
    st.session_state.map_said = message.selected
    if chose:
        # of the whole page, not of the map alone
        st.rerun()
