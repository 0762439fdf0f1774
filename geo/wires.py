"""How many independent sources stand behind an incident?

Five papers that print one agency's text are one source. So are two articles of one publisher.
What nobody can tell apart is not counted as more: an independent source is one that says
something in its own words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import combinations
from urllib.parse import urlsplit

from rapidfuzz import fuzz

from geo.incident import Incident, Source

# shorter texts are alike by chance: "Blast in Kabul" is nobody's wording
_WORDING = 30
_ALIKE = 90.0
# a quotation inside a longer one, when it is long enough to be no coincidence
_QUOTED, _WITHIN = 80, 95.0
# so many texts are compared with each other at most; the rest only letter by letter
_MOST_COMPARED = 200
_DATELINE = re.compile(r"\A[^()\n]{0,60}\([^()]{2,30}\)\s*[-–—:]+\s*")
_CREDIT = re.compile(r"\s*[-–—|(]\s*[^-–—|()]{2,30}\)?\s*\Z")


def independent_sources(incident: Incident) -> int:
    """Count the independent sources of an incident."""
    return len(source_groups(incident.sources))


def source_groups(sources: Sequence[Source]) -> tuple[tuple[int, ...], ...]:
    """Group sources that count as one, by their place in the list; order of first appearance."""
    group = list(range(len(sources)))

    def find(n: int) -> int:
        while group[n] != n:
            n = group[n]
        return n

    for one, other in _same(sources):
        first, second = sorted((find(one), find(other)))
        group[second] = first
    found: dict[int, list[int]] = {}
    for n in range(len(sources)):
        found.setdefault(find(n), []).append(n)
    return tuple(tuple(members) for members in found.values())


def wording(text: str) -> str:
    """Reduce a text to its words: no dateline, no agency's name, no signs, no case."""
    plain = unicodedata.normalize("NFKC", _CREDIT.sub("", _DATELINE.sub("", text.strip())))
    return " ".join(re.findall(r"\w+", plain.casefold()))


def same_wording(one: str, other: str) -> bool:
    """Whether two reduced texts are copies of one."""
    if one == other:
        return bool(one)
    shorter = min(len(one), len(other))
    if shorter < _WORDING:
        return False
    if fuzz.ratio(one, other, score_cutoff=_ALIKE):
        return True
    return shorter >= _QUOTED and bool(fuzz.partial_ratio(one, other, score_cutoff=_WITHIN))


def _same(sources: Sequence[Source]) -> Iterator[tuple[int, int]]:
    """Find pairs of sources that are one."""
    seen: dict[tuple[str, str], int] = {}
    texts: list[tuple[int, str]] = []
    for n, source in enumerate(sources):
        for key in _keys(source):
            if key in seen:
                yield seen[key], n
            seen.setdefault(key, n)
        texts += [(n, t) for t in (wording(source.title), wording(source.quote)) if t]
    for (n, text), (m, other) in combinations(texts[:_MOST_COMPARED], 2):
        if n != m and same_wording(text, other):
            yield n, m


def _keys(source: Source) -> Iterator[tuple[str, str]]:
    publisher = wording(source.publisher) or _host(source.url)
    if publisher:
        yield "publisher", publisher
    if source.sha256:
        yield "content", source.sha256.casefold()
    for url in (source.url, source.archived_url):
        if url:
            yield "address", url.partition("#")[0].rstrip("/")
    for text in (wording(source.title), wording(source.quote)):
        if text:
            yield "text", text


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        # an address in brackets that is none
        return ""
