"""What does this visitor look at: which layer, filter, map view, lens and incident?

The address bar holds all five, so that a view can be mailed. It is read once, at the first
run of a session, and written after every change; garbage in it becomes a sentence.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time
from typing import Any

import streamlit as st

from geo.area import Area, BBox
from geo.errors import AtlasError, FilterError
from geo.facets import Facets
from geo.facets import facets as count_facets
from geo.feature import read_day
from geo.filters import Filter, Selection, select
from geo.incident import ASSESSMENTS, PRECISIONS, STATUSES, Incident
from geo.index import Answer
from geo.indexed import IndexedLayer, index_layer, open_indexed
from geo.keeping import Keeper
from geo.lens import FORMS, Days, Lens, read_days, write_lens
from geo.params import NAMES, read, read_bbox, write
from geo.settings import layers_folder
from geo.store import Layer
from geo.taxonomy import event_types
from geo.text import to_markdown
from geo.ui.reading import must_be_read
from geo.versions import caught_up, known_on, last_moment
from geo.webmap import MEASURES, Opening

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
    asked = {name: st.query_params.get_all(name) for name in st.query_params}
    state.problems = []
    state.layer, *state.beside = asked.pop("layer", []) or [""]
    state.selected = _first(asked.pop("sel", []))
    state.view = _attempt(read_bbox, _first(asked.pop("view", [])))
    form = _among(_first(asked.pop("as", [])), FORMS)
    look_through(Lens(_days(_first(asked.pop("days", []))), form == "hexagons"))
    state.shade = _among(_first(asked.pop("map", [])), ("signs", *MEASURES))
    state.baseline = _among(_first(asked.pop("against", [])), ("before", "year"))
    state.as_known = _day(_first(asked.pop("as-known", [])))
    _seed({name: values for name, values in asked.items() if name in NAMES})
    for name in asked:
        if name not in NAMES:
            state.problems.append(f"The address asks for {name[:40]!r}, which is not a filter.")


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


def _seed(asked: Mapping[str, list[str]]) -> None:
    """Set the filter widgets from text, leaving out what means nothing."""
    good: dict[str, list[str]] = {}
    for name, values in asked.items():
        try:
            read({**good, name: values})
        except FilterError as error:
            st.session_state.problems.append(f"The address was not understood: {error}.")
        else:
            good[name] = values
    st.session_state.filter = read(good)
    show(st.session_state.filter)


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
    wanted: dict[str, Any] = {"layer": [state.layer, *state.beside], **write(asked)}
    if state.selected:
        wanted["sel"] = state.selected
    if state.view:
        box: BBox = state.view
        edges = (box.west, box.south, box.east, box.north)
        wanted["view"] = ",".join(f"{edge:.4f}".rstrip("0").rstrip(".") for edge in edges)
    wanted |= write_lens(state.lens)
    if state.shade != "signs":
        wanted["map"] = state.shade
    if state.shade == "change":
        wanted["against"] = state.baseline
    if state.as_known:
        wanted["as-known"] = state.as_known.isoformat()
    current = {name: st.query_params.get_all(name) for name in st.query_params}
    listed = {name: v if isinstance(v, list) else [v] for name, v in wanted.items() if v}
    if current != listed:
        st.query_params.from_dict(listed)


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


def _first(values: list[str]) -> str:
    return values[0] if values else ""


def _among(text: str, known: tuple[str, ...]) -> str:
    if text and text not in known:
        problem = f"The address asks for {text[:40]!r}: must be one of {', '.join(known)}."
        st.session_state.problems.append(problem)
    return text if text in known else known[0]


def _attempt(reader: Any, text: str) -> BBox | None:
    if not text:
        return None
    try:
        box: BBox = reader(text)
    except (AtlasError, ValueError):
        st.session_state.problems.append(f"The address names no map view: {text[:60]!r}.")
        return None
    return box


def _days(text: str) -> Days | None:
    if not text:
        return None
    try:
        return read_days(text)
    except FilterError as error:
        st.session_state.problems.append(f"The address was not understood: {error}.")
        return None


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return read_day(text)
    except (ValueError, TypeError):
        problem = f"The address asks for what was known on {text[:40]!r}: must be YYYY-MM-DD."
        st.session_state.problems.append(problem)
        return None


def visitor() -> str:
    """Secret of this session, which no page shows."""
    secret: str = st.session_state.setdefault("visitor", secrets.token_hex(16))
    return secret


def base_path() -> str:
    """Path under which this server runs, such as "/atlas", or nothing."""
    prefix = str(st.get_option("server.baseUrlPath")).strip("/")
    return f"/{prefix}" if prefix else ""
