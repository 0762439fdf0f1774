"""How is a gzip stream unpacked so that a bomb is never held whole?"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

_GZIP = 16 + zlib.MAX_WBITS
_STEP = 262_144


def gunzip(parts: Iterable[bytes]) -> Iterator[bytes]:
    """Unpack one or more gzip members, at most 256 KiB a step.

    Raises
    ------
    ValueError
        When the stream is damaged or ends early.
    """
    decoder = zlib.decompressobj(_GZIP)
    begun = False
    try:
        for part in parts:
            left = part
            while left:
                if decoder.eof:
                    decoder = zlib.decompressobj(_GZIP)
                begun = True
                yield decoder.decompress(left, _STEP)
                left = decoder.unconsumed_tail or decoder.unused_data
    except zlib.error as error:
        msg = f"gzip is damaged: {error}"
        raise ValueError(msg) from error
    if begun and not decoder.eof:
        msg = "gzip ends early"
        raise ValueError(msg)
