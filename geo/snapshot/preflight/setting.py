"""Is the page set so that it can be read: sizes, overlaps, margins?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from geo.snapshot.finding import Finding
from geo.snapshot.preflight.case import Case
from geo.snapshot.sheet.page import Written

# points at printed size: what no text may be below, and what text above the footer should have
_LEAST: Mapping[str, tuple[float, float]] = MappingProxyType(
    {"slide": (8.0, 10.0), "a4": (6.5, 6.5), "a4-landscape": (6.5, 6.5), "phone": (8.0, 8.0)}
)
_SLACK = 0.01
# boxes are a little larger than letters
_TOUCH = 0.5


def smallest(case: Case) -> Iterator[Finding]:
    """Check the smallest type at printed size."""
    page = case.drawn.page
    least, wanted = _LEAST[page.size.name]
    small = [w for w in page.written if w.style.size < least - _SLACK]
    if small:
        one = min(small, key=lambda w: w.style.size)
        yield case.found("type", "block", **_sized(one, len(small), least))
        return
    floor = case.drawn.plane.rect.y
    body = [
        w
        for w in page.written
        if w.style.size < wanted - _SLACK and (w.box[1] + w.box[3]) / 2 > floor
    ]
    if body:
        one = min(body, key=lambda w: w.style.size)
        yield case.found("type", "warn", **_sized(one, len(body), wanted))


def overlaps(case: Case) -> Iterator[Finding]:
    """Check that no text stands on another or leaves the page."""
    page = case.drawn.page
    texts = sorted((w for w in page.written if not w.turned), key=lambda w: w.box)
    out = [w for w in texts if _leaves(w, page.size.width, page.size.height)]
    if out:
        yield case.found("overlap", "block", "page", n=len(out), one=out[0].text[:60])
    met = [
        (one, other)
        for i, one in enumerate(texts)
        for other in _reached(texts, i)
        if _overlap(one, other)
    ]
    if met:
        one, other = met[0]
        yield case.found(
            "overlap", "block", "met", n=len(met), one=one.text[:60], other=other.text[:60]
        )


def _sized(one: Written, count: int, least: float) -> dict[str, object]:
    shown = {"size": f"{one.style.size:.1f}", "least": f"{least:g}"}
    return {"n": count, "one": one.text[:60], **shown}


def _leaves(written: Written, width: float, height: float) -> bool:
    west, south, east, north = written.box
    return west < -_TOUCH or south < -_TOUCH or east > width + _TOUCH or north > height + _TOUCH


def _reached(texts: list[Written], i: int) -> Iterator[Written]:
    """Texts after one, by their left edge, that begin before it ends."""
    end = texts[i].box[2] - _TOUCH
    for other in texts[i + 1 :]:
        if other.box[0] > end:
            return
        yield other


def _overlap(one: Written, other: Written) -> bool:
    across = min(one.box[2], other.box[2]) - max(one.box[0], other.box[0])
    up = min(one.box[3], other.box[3]) - max(one.box[1], other.box[1])
    return across > _TOUCH and up > _TOUCH
