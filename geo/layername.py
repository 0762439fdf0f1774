"""May this be the name of a layer, and of its file on every system?"""

from __future__ import annotations

import re

from geo.errors import LayerNameError

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}\Z")
_RESERVED = frozenset(
    ("con", "prn", "aux", "nul", *(f"{p}{i}" for p in ("com", "lpt") for i in range(10)))
)


def is_name(name: str) -> bool:
    """Whether a layer may be called that."""
    return bool(_NAME.match(name)) and name not in _RESERVED


def check_name(name: str) -> None:
    """Refuse what cannot be the name of a layer.

    Raises
    ------
    LayerNameError
        Naming it.
    """
    if not is_name(name):
        msg = (
            f"layer name is {name[:80]!r}: use up to 64 of a-z, 0-9, - and _, "
            "beginning with a letter or digit"
        )
        raise LayerNameError(msg)
