"""Where do layers and derived things live, and who is working?

Read from the environment at each call, so that tests and second instances can move them.
"""

from __future__ import annotations

import os
from pathlib import Path

from platformdirs import user_cache_path

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / "data"


def layers_folder() -> Path:
    """Folder of the user's layers; GEO_LAYERS moves it."""
    return Path(os.environ.get("GEO_LAYERS") or ROOT / "layers")


def cache_folder() -> Path:
    """Folder of derived files, deletable at any time; GEO_CACHE moves it."""
    return Path(os.environ.get("GEO_CACHE") or user_cache_path("incident-atlas", appauthor=False))


def user_name() -> str:
    """Name under which changes are journalled, if GEO_USER gives one."""
    return os.environ.get("GEO_USER", "").strip()
