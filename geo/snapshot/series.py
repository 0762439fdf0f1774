"""What of a past briefing stays the same in the next, so that the two compare?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from geo.errors import SnapshotError
from geo.manifest import frame_in
from geo.snapshot.brief import Series


def like(content: Mapping[str, Any]) -> Series:
    """Lock frame and classes to those that a manifest states.

    Raises
    ------
    SnapshotError
        When it is the manifest of a data file, which has no frame.
    """
    frame = frame_in(content)
    if frame is None:
        msg = f"briefing {content['id']!r} has no frame: it is a file of data, not a picture"
        raise SnapshotError(msg)
    breaks = tuple(int(edge) for edge in content["page"].get("breaks", ()))
    return Series(name=str(content["id"]), frame=frame, breaks=breaks)
