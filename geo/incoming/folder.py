"""Where do files lie for as long as somebody holds on to them, and not a moment longer?"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from weakref import finalize


class Folder:
    """A temporary folder that goes with the last who holds it."""

    def __init__(self) -> None:
        self.path = Path(tempfile.mkdtemp(prefix="incident-atlas-"))
        finalize(self, shutil.rmtree, self.path, ignore_errors=True)
