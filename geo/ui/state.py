"""What does this visitor look at: which layer, filter, map view, lens and incident?

The address bar holds all five (`geo.ui.address`). It is read once, at the first run of a session,
and written after every change.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from typing import Any

import streamlit as st

from geo.area import Area
from geo.facets import Facets
from geo.facets import facets as count_facets
from geo.filters import Filter, Selection, select
from geo.incident import ASSESSMENTS, PRECISIONS, STATUSES, Incident
from geo.index import Answer
from geo.indexed import IndexedLayer, index_layer, open_indexed
from geo.keeping import Keeper
from geo.lens import Lens
from geo.params import read, write
from geo.settings import layers_folder
from geo.store import Layer
from geo.taxonomy import event_types
from geo.text import to_markdown
from geo.ui.address import Address, read_address, write_address
from geo.ui.reading import must_be_read
from geo.versions import caught_up, known_on, last_moment
from geo.webmap import Opening

_AREAS = ("bbox", "near", "polygon", "around")
_TOLD = 6


def store() -> Keeper:
    """Open the layer store of this instance."""
    return Keeper(layers_folder())


def begin() -> None:
    """Seed a new session from the address bar."""
    state = st.session_state
    if "seeded" in state:
        return
    state.seeded = True
    asked, state.problems = read_address(_address_bar())
    state.layer, *state.beside = asked.layers
    state.selected, state.view = asked.selected, asked.view
    look_through(asked.lens)
    state.shade, state.baseline, state.as_known = asked.shade, asked.baseline, asked.as_known
    state.filter = asked.filter
    show(state.filter)


def enter(page: str) -> None:
    """Set the filter widgets anew on another page: Streamlit forgets those nobody touched."""
    state = st.session_state
    if state.get("page", page) != page:
        show(state.filter)
        # the browser made another map
        look_through(state.lens)
    state.page = page
    if state.pop("chosen_alone", False):
        state.layer, state.beside = state.layer, state.beside


def show(query: Filter) -> None:
    """Set every filter widget to a filter."""
    state = st.session_state
    state.f_from, state.f_to, state.f_certain = query.start, query.end, not query.uncertain
    state.f_types = list(query.event_types)
    state.f_countries, state.f_actors = list(query.countries), list(query.actors)
    state.f_text, state.f_sources = query.text, list(query.sources)
    state.f_precision, state.f_assessment = list(query.precision), list(query.assessment)
    # an empty choice means accepted alone in the widget, and any status in a filter
    state.f_status, state.f_deaths = list(query.status or STATUSES), query.deaths_min
    state.f_since = query.changed_since.date() if query.changed_since else None
    set_area(query.area)


def set_area(area: Area | None) -> None:
    """Set the area of the filter, or take it away."""
    written = write(Filter(area=area))
    st.session_state.f_area = next(((n, written[n][0]) for n in _AREAS if n in written), None)


def query() -> Filter:
    """Read the filter from the widgets.

    Raises
    ------
    FilterError
        Where two of them contradict each other, such as a range that runs backward.
    """
    state = st.session_state
    area = read({state.f_area[0]: [state.f_area[1]]}).area if state.f_area else None
    since: date | None = state.f_since
    return Filter(
        start=state.f_from,
        end=state.f_to,
        uncertain=not state.f_certain,
        event_types=_ordered(state.f_types, [t.id for t in event_types()]),
        countries=tuple(state.f_countries),
        area=area,
        actors=tuple(state.f_actors),
        text=state.f_text or "",
        precision=_ordered(state.f_precision, PRECISIONS),
        deaths_min=None if state.f_deaths is None else int(state.f_deaths),
        assessment=_ordered(state.f_assessment, ASSESSMENTS),
        status=_ordered(state.f_status, STATUSES) or ("accepted",),
        changed_since=_moment(since),
        sources=tuple(state.f_sources),
    )


def _moment(since: date | None) -> datetime | None:
    """Take the day of the widget, with the time of day that the address gave it."""
    given: datetime | None = st.session_state.filter.changed_since
    if since is None or (given is not None and given.date() == since):
        return given if since else None
    return datetime.combine(since, time.min, tzinfo=UTC)


def publish(asked: Filter) -> None:
    """Keep the filter, and write it with layer, view and selection into the address bar."""
    state = st.session_state
    state.filter = asked
    wanted = write_address(
        Address(
            layers=(state.layer, *state.beside),
            filter=asked,
            selected=state.selected,
            view=state.view,
            lens=state.lens,
            shade=state.shade,
            baseline=state.baseline,
            as_known=state.as_known,
        )
    )
    if wanted != _address_bar():
        st.query_params.from_dict(wanted)


def _address_bar() -> dict[str, list[str]]:
    return {name: st.query_params.get_all(name) for name in st.query_params}


def current_layer() -> Layer | None:
    """Open the layer this visitor chose, else the first; None where there is none.

    Where the visitor asked for a day, it is opened as it was known on it.

    Raises
    ------
    LayerNotFoundError
        When the layer was not known on that day.
    """
    wanted = _wanted()
    return None if wanted is None else _read(*wanted)


def indexed_layer() -> IndexedLayer | None:
    """Open the same layer for questions about all of it, without reading each incident.

    Raises
    ------
    LayerNotFoundError
        When the layer was not known on the day asked for.
    """
    wanted = _wanted()
    return None if wanted is None else _index(str(layers_folder()), *wanted)


def whole(name: str) -> Layer:
    """Read another layer whole, as known on the same day."""
    return _read(name, version(name), st.session_state.as_known)


def indexed(name: str) -> IndexedLayer:
    """Open another layer in the same way, as known on the same day."""
    day = st.session_state.as_known
    return _index(str(layers_folder()), name, version(name), day)


def as_it_is(name: str) -> IndexedLayer:
    """Open a layer as it is now, whatever day the visitor looks at."""
    return _index(str(layers_folder()), name, version(name), None)


def version(name: str) -> str:
    """Name the content of a layer, once it can be opened."""
    here = store()
    must_be_read(here, name)
    return here.version(name)


def _read(name: str, version: str, day: date | None) -> Layer:
    if day is not None:
        return _load_known(str(layers_folder()), name, version, day)
    return _load(str(layers_folder()), name, version)


def _wanted() -> tuple[str, str, date | None] | None:
    """Name of the layer to show, its version, and the day as known on which it is shown."""
    names = store().names()
    if not names:
        return None
    _follow(names)
    if st.session_state.layer not in names:
        if st.session_state.layer:
            st.session_state.problems.append(
                f"There is no layer {st.session_state.layer[:60]!r}; {names[0]!r} is shown."
            )
        st.session_state.layer = names[0]
    name = st.session_state.layer
    return name, version(name), st.session_state.as_known


def _follow(names: list[str]) -> None:
    """Go on to the name that a renamed layer has now, and say so."""
    asked = st.session_state.layer
    now = "" if not asked or asked in names else store().now_called(asked)
    if now:
        st.session_state.problems.append(f"The layer {asked[:60]!r} is now called {now!r}.")
        st.session_state.layer = now


@st.cache_resource(max_entries=4, show_spinner="Reading the layer …")
def _load(folder: str, name: str, version: str) -> Layer:  # noqa: ARG001 the cache key
    # after a correction or a decision only what it changed is read
    held = _newest(folder, name)
    before = held.get("layer")
    layer = (caught_up(store(), before) if before else None) or store().read(name)
    held["layer"] = layer
    return layer


@st.cache_resource(max_entries=4, show_spinner=False)
def _newest(folder: str, name: str) -> dict[str, Layer]:  # noqa: ARG001 both are the cache key
    return {}


@st.cache_resource(max_entries=4, show_spinner="Reading the layer as it was …")
def _load_known(folder: str, name: str, version: str, day: date) -> Layer:  # noqa: ARG001 cache key
    return known_on(store(), name, last_moment(day))


@st.cache_resource(max_entries=8, show_spinner="Reading the layer …")
def _index(folder: str, name: str, version: str, day: date | None) -> IndexedLayer:
    if day is not None:
        return index_layer(_load_known(folder, name, version, day))
    return open_indexed(store(), name)


def leave_layer() -> None:
    """Forget what belongs to the layer shown so far: the incident, the map's view and lens."""
    st.session_state.selected = ""
    st.session_state.view = None
    look_through(Lens())


def look_through(lens: Lens) -> None:
    """Tell the map its lens; from then on it tells its own, which the page never sends back."""
    state = st.session_state
    state.lens = lens
    before = state.get("opening")
    state.opening = Opening(before.at + 1 if before else 0, lens)


def selection(layer: Layer, asked: Filter) -> Selection:
    """Apply a filter to a layer, remembered between reruns."""
    return _select(layer.name, layer.version, asked, _incidents=layer.incidents)


@st.cache_resource(max_entries=32, show_spinner=False, hash_funcs={Filter: repr})
def _select(
    name: str,  # noqa: ARG001 part of the cache key
    version: str,  # noqa: ARG001 part of the cache key
    asked: Filter,
    *,
    _incidents: tuple[Incident, ...],
) -> Selection:
    return select(_incidents, asked)


def answer(layer: IndexedLayer, asked: Filter) -> Answer:
    """Apply a filter to a layer, remembered between reruns."""
    return _answer(layer.version, asked, _layer=layer)


@st.cache_resource(max_entries=32, show_spinner=False, hash_funcs={Filter: repr})
def _answer(version: str, asked: Filter, *, _layer: IndexedLayer) -> Answer:  # noqa: ARG001 cache key
    return _layer.index.answer(asked)


def facets(layer: IndexedLayer) -> Facets:
    """Count the values that occur in a layer, for the choices the filters offer."""
    return _facets(layer.version, _layer=layer)


@st.cache_resource(max_entries=8, show_spinner=False)
def _facets(version: str, *, _layer: IndexedLayer) -> Facets:  # noqa: ARG001 cache key
    return count_facets(_layer.index)


def tell_problems() -> None:
    """Say once what in the address bar was not understood."""
    problems: list[str] = st.session_state.problems
    st.session_state.problems = []
    if len(problems) > _TOLD:
        problems = [*problems[:_TOLD], f"And {len(problems) - _TOLD:,} more of the kind."]
    if problems:
        st.warning("  \n".join(map(to_markdown, problems)), icon=":material/link_off:")


def _ordered(chosen: Iterable[str], order: Iterable[str]) -> tuple[Any, ...]:
    picked = set(chosen)
    return tuple(value for value in order if value in picked)


def visitor() -> str:
    """Secret of this session, which no page shows."""
    secret: str = st.session_state.setdefault("visitor", secrets.token_hex(16))
    return secret


def base_path() -> str:
    """Path under which this server runs, such as "/atlas", or nothing."""
    prefix = str(st.get_option("server.baseUrlPath")).strip("/")
    return f"/{prefix}" if prefix else ""
