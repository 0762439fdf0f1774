"""How does a file bring along the letters it is set in, and only those it uses?"""

from __future__ import annotations

import base64
import io
from functools import lru_cache

from fontTools import subset  # type: ignore[import-untyped] # ships no types
from fontTools.ttLib import TTFont  # type: ignore[import-untyped] # as above

from geo.snapshot.sheet.fonts import Face


@lru_cache(maxsize=64)
def font_rule(face: Face, used: frozenset[int], *, simple: bool = False) -> str:
    """Write a style rule that holds the used characters of a font as data.

    `simple` leaves out what only scripts that join their letters need; half the size and time.
    """
    options = subset.Options()
    options.layout_features = ["kern", "mark"] if simple else ["*"]
    if simple:
        options.hinting = False
        options.drop_tables += ["GSUB"]
    options.notdef_outline = True
    options.flavor = "woff"
    options.drop_tables += ["FFTM"]
    made = subset.Subsetter(options)
    made.populate(unicodes=sorted(used))
    out = io.BytesIO()
    # lazily: of thousands of kerning pairs it reads the few that stay
    with TTFont(face.path, recalcTimestamp=False, lazy=True) as font:
        made.subset(font)
        font.flavor = "woff"
        font.save(out)
    data = base64.b64encode(out.getvalue()).decode()
    slope = "italic" if face.italic else "normal"
    return (
        f"@font-face{{font-family:'{face.family}';font-weight:{face.weight};font-style:{slope};"
        f"src:url(data:font/woff;base64,{data}) format('woff')}}"
    )
