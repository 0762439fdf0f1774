"""Which spellings are one actor? `data/actors.json` owns the aliases."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

from geo.settings import DATA


@lru_cache(maxsize=4096)
def canonical(name: str) -> str:
    """Canonical name of an actor; an unknown name stands for itself."""
    return _aliases().get(_key(name), name)


def known(name: str) -> bool:
    """Whether an actor is one of the registry, by its canonical name."""
    return name in _registered()


@lru_cache(maxsize=1)
def _registered() -> frozenset[str]:
    return frozenset(_aliases().values())


@lru_cache(maxsize=1)
def _aliases() -> Mapping[str, str]:
    rows = json.loads((DATA / "actors.json").read_text(encoding="utf-8"))
    return {_key(text): row["name"] for row in rows for text in (row["name"], *row["aliases"])}


def _key(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return " ".join(
        re.findall(r"[^\W_]+", "".join(c for c in plain if not unicodedata.combining(c)))
    )
