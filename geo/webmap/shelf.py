"""Which views are at hand, ready to be asked, and how much memory may they take?"""

from __future__ import annotations

from collections import OrderedDict
from concurrent.futures import Future
from threading import Lock

from geo.indexed import IndexedLayer
from geo.union import open_version
from geo.webmap.crowd import Crowd
from geo.webmap.views import View, find

# layers that are held open; each takes some 25 bytes a row beside what is mapped
_LAYERS = 4
# views that are held, and the rows of all of them together: some 4 bytes each, so 256 MB
_VIEWS, _ROWS = 64, 64_000_000


class Shelf:
    """Views by token, for any number of threads; what was not asked for longest goes first."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._layers: OrderedDict[str, IndexedLayer] = OrderedDict()
        self._crowds: OrderedDict[View, Crowd] = OrderedDict()
        self._making: dict[View, Future[Crowd | None]] = {}

    def find(self, token: str) -> Crowd | None:
        """Take the view that a token stands for; None where it stands for nothing, or no more."""
        view = find(token)
        if view is None:
            return None
        with self._lock:
            if view in self._crowds:
                self._crowds.move_to_end(view)
                return self._crowds[view]
            being_made = self._making.get(view)
            making = self._making.setdefault(view, Future())
        if being_made is not None:
            return being_made.result()
        # made outside the lock: who asks for another view does not wait
        try:
            crowd = self._make(view)
        except BaseException as error:
            making.set_exception(error)
            raise
        else:
            making.set_result(crowd)
            return crowd
        finally:
            with self._lock:
                del self._making[view]

    def _make(self, view: View) -> Crowd | None:
        layer = self._layer(view.version)
        if layer is None:
            return None
        crowd = Crowd.of(layer, view.query)
        with self._lock:
            self._crowds[view] = crowd
            held = sum(crowd.layer.index.size for crowd in self._crowds.values())
            while len(self._crowds) > 1 and (len(self._crowds) > _VIEWS or held > _ROWS):
                held -= self._crowds.popitem(last=False)[1].layer.index.size
        return crowd

    def _layer(self, version: str) -> IndexedLayer | None:
        with self._lock:
            layer = self._layers.get(version) or open_version(version)
            if layer is not None:
                self._layers[version] = layer
                self._layers.move_to_end(version)
            while len(self._layers) > _LAYERS:
                gone, _ = self._layers.popitem(last=False)
                # a view holds its layer open
                for view in [view for view in self._crowds if view.version == gone]:
                    del self._crowds[view]
            return layer
