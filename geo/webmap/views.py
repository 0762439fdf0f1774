"""Which selection does a map in a browser ask for? Short-lived tokens, none of them guessable.

The page registers what it shows and gives the map nothing but a token of hexadecimal digits;
the map fetches the rest by it. Bounded: the oldest views are forgotten first.
"""

from __future__ import annotations

import secrets
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

from geo.webmap.crowd import Crowd

_HELD = 64


class _Views:
    """Views by token, the same token for the same selection."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._views: OrderedDict[str, Crowd] = OrderedDict()
        self._tokens: dict[str, str] = {}

    def register(self, key: str, make: Callable[[], Crowd]) -> str:
        with self._lock:
            token = self._tokens.get(key, "")
            if token in self._views:
                self._views.move_to_end(token)
                return token
            token = secrets.token_hex(12)
            self._views[token] = make()
            self._tokens[key] = token
            while len(self._views) > _HELD:
                gone, _ = self._views.popitem(last=False)
                self._tokens = {k: t for k, t in self._tokens.items() if t != gone}
            return token

    def find(self, token: str) -> Crowd | None:
        with self._lock:
            return self._views.get(token)


_views = _Views()
register = _views.register
find = _views.find
