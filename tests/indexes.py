"""Indexes of a few incidents, for tests."""

from __future__ import annotations

from collections.abc import Sequence

from geo.filters import Filter
from geo.incident import Incident
from geo.indexed import IndexedLayer, index_layer
from geo.layerfile import LayerMeta, encode, make_version
from geo.store import Layer
from geo.webmap.crowd import Crowd


def indexed(incidents: Sequence[Incident]) -> IndexedLayer:
    ordered = tuple(sorted(incidents, key=lambda i: i.id))
    version = make_version(LayerMeta(), map(encode, ordered))
    return index_layer(Layer("border", LayerMeta(), version, ordered))


def crowd(incidents: Sequence[Incident], query: Filter | None = None) -> Crowd:
    layer = indexed(incidents)
    answer = layer.index.answer(query or Filter())
    return Crowd(layer, answer.rows, answer.uncertain)
