"""How do whole layers, one or several, become one file that tells their incidents apart?

Each layer is made fit, and asked, by itself, so that a filter never meets another name than the
layer's own, and the public hides among incidents of its own layer. Then the answers are put end
to end: incidents are called `ID@LAYER` as in `geo.union`, and ledgers are added up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from operator import attrgetter
from typing import Any

from geo.area import BBox
from geo.filters import Filter, Ledger, Selection, select
from geo.incident import Incident
from geo.layerfile import LayerMeta
from geo.profile import Fitted, fit, summed
from geo.store import Layer
from geo.union import marked, meta_of


@dataclass(frozen=True, slots=True)
class Together:
    """Layers, each made fit for the same profile; of one alone everything is as it was."""

    layers: tuple[Layer, ...]
    fitted: tuple[Fitted, ...]

    @property
    def name(self) -> str:
        """Name of the one layer, or of all, for a file."""
        return "+".join(layer.name for layer in self.layers)

    @property
    def incidents(self) -> tuple[Incident, ...]:
        """All incidents as they were made fit, under the names they have here, in order."""
        if len(self.layers) == 1:
            return self.fitted[0].incidents
        parts = zip(self.layers, self.fitted, strict=True)
        named = (_named(i, layer) for layer, fitted in parts for i in fitted.incidents)
        return tuple(sorted(named, key=attrgetter("id")))

    @property
    def meta(self) -> LayerMeta:
        """What is said of all of them."""
        if len(self.layers) == 1:
            return self.layers[0].meta
        return meta_of([(layer.name, layer.meta) for layer in self.layers])

    @property
    def title(self) -> str:
        """What a file of them is called unless someone names it."""
        return self.meta.title or self.layers[0].name

    @property
    def versions(self) -> tuple[tuple[str, str], ...]:
        """Name of every layer, and its version as it may be told."""
        pairs = zip(self.layers, self.fitted, strict=True)
        return tuple((layer.name, fitted.version(layer.version)) for layer, fitted in pairs)

    @property
    def taken(self) -> Fitted:
        """What it took to make them fit, added up."""
        return summed(self.fitted)

    @property
    def shared(self) -> int:
        """How many ids stand in more than one layer."""
        times = Counter(i.id for layer in self.layers for i in layer.incidents)
        return sum(n > 1 for n in times.values())

    def repeated(self, selection: Selection) -> tuple[str, ...]:
        """Ids, as the layers have them, that a selection of these counts more than once."""
        # what is set aside is not drawn, but it is counted
        counted = {match.incident.id for match in selection.matches}
        times = Counter(
            known
            for layer, fitted in zip(self.layers, self.fitted, strict=True)
            for known, here in fitted.ids.items()
            if marked(here, layer.name) in counted
        )
        return tuple(sorted(known for known, n in times.items() if n > 1))

    def notes(self, say: Callable[..., str]) -> tuple[str, ...]:
        """Say what counts more than once, and what the profile changed, for the map and files."""
        return (*shared_notes(self.shared, say), *self.taken.notes(say))

    def select(
        self,
        query: Filter,
        *,
        frame: BBox | None = None,
        set_aside: frozenset[str] = frozenset(),
    ) -> Selection:
        """Ask every layer; `set_aside` holds ids as they are in the answer."""
        if len(self.layers) == 1:
            return select(self.fitted[0].incidents, query, frame=frame, set_aside=set_aside)
        matches = []
        ledgers = []
        for layer, fitted in zip(self.layers, self.fitted, strict=True):
            aside = frozenset(
                i.id for i in fitted.incidents if marked(i.id, layer.name) in set_aside
            )
            part = select(fitted.incidents, query, frame=frame, set_aside=aside)
            ledgers.append(part.ledger)
            matches += [replace(m, incident=_named(m.incident, layer)) for m in part.matches]
        matches.sort(key=attrgetter("incident.id"))
        return Selection(tuple(matches), _added(ledgers))


def together(layers: Sequence[Layer], profile: str) -> Together:
    """Make layers fit for a profile; each is in it once.

    Raises
    ------
    InputError
        When the profile is unknown.
    """
    kept = tuple({layer.name: layer for layer in layers}.values())
    return Together(kept, tuple(fit(layer.incidents, profile) for layer in kept))


def shared_notes(shared: int, say: Callable[..., str]) -> tuple[str, ...]:
    """Say that an incident which stands in several layers counts in each, where any does."""
    return (say("together.shared", n=shared),) if shared else ()


def _named(incident: Incident, layer: Layer) -> Incident:
    return replace(incident, id=marked(incident.id, layer.name))


def _added(ledgers: Sequence[Ledger]) -> Ledger:
    """Add up ledgers, count by count."""
    sums = dict[str, Any]()
    for field in fields(Ledger):
        counts = [getattr(ledger, field.name) for ledger in ledgers]
        if isinstance(counts[0], Mapping):
            sums[field.name] = {name: sum(n[name] for n in counts) for name in counts[0]}
        else:
            sums[field.name] = sum(counts)
    return Ledger(**sums)
