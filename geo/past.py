"""What did a layer look like then?

The journal is undone from the layer as it is, backwards; the result is checked by its hash.
"""

from __future__ import annotations

from pathlib import Path

from geo import journal
from geo.errors import LayerCorruptError, LayerNotFoundError
from geo.layerfile import Hashed, LayerMeta, line_id, make_version, read_head


def as_it_was(held: Hashed, path: Path, version: str) -> tuple[LayerMeta, list[bytes]]:
    """Rebuild head and lines of an earlier version.

    Parameters
    ----------
    held
        The layer as it is.
    path
        Its journal.
    version
        The version to go back to.

    Raises
    ------
    LayerNotFoundError
        When the journal does not know the version.
    LayerCorruptError
        When the journal is damaged.
    """
    name = path.stem
    lines = {line_id(line): line for line in held}
    if version == held.version:
        return held.meta, list(lines.values())
    led = journal.leading_to(path, held.version)
    steps = [n for n, step in enumerate(led) if version and step.version_before == version]
    if not steps:
        msg = f"version {version[:12]!r} of layer {name!r} is unknown: not in its journal"
        raise LayerNotFoundError(msg)
    undone = led[: steps[0] + 1][::-1]
    # of several changes to one incident, the earliest knows how it was
    before: dict[str, str | None] = {}
    for step in undone:
        for change in journal.changes(path, step):
            before.setdefault(change.id, change.before)
    for key, line in before.items():
        if line is None:
            lines.pop(key, None)
        else:
            lines[key] = line.encode()
    meta = read_head(undone[0].head_before.encode(), name)
    old = [lines[key] for key in sorted(lines)]
    if make_version(meta, old) != version:
        msg = f"version {version[:12]!r} of layer {name!r}: its journal is damaged"
        raise LayerCorruptError(msg)
    return meta, old
