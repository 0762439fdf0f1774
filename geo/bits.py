"""How are sets of rows held, combined and counted, when there are millions of rows?

A set is one bit a row, 64 rows a word: five million rows are 625 kB, two sets are joined in a
tenth of a millisecond, and the rows of a set before any given row are counted without looking
at more than one word.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Words: TypeAlias = npt.NDArray[np.uint64]
Rows: TypeAlias = npt.NDArray[np.int64]
Flags: TypeAlias = npt.NDArray[np.bool_]

_WORD = 64
# rows that are compared at once, a multiple of eight
_SHARE = 1 << 17
_ONE = np.uint64(1)


def pack(flags: Flags) -> Words:
    """Make a set of the rows that are flagged; shape (n,) to (ceil(n / 64),)."""
    packed = np.zeros(words_for(len(flags)) * 8, dtype=np.uint8)
    eighths = np.packbits(flags, bitorder="little")
    packed[: len(eighths)] = eighths
    return packed.view(np.uint64)


def spanning(
    starts: npt.NDArray[np.integer], ends: npt.NDArray[np.integer], first: int, last: int
) -> tuple[Words, Words]:
    """Make the sets of rows whose span lies outside two bounds, and of those that reach beyond.

    A share at a time, since what stays in the processor's cache is compared in half the time.
    """
    size = len(starts)
    outside, beyond = (np.zeros(words_for(size) * 8, dtype=np.uint8) for _ in range(2))
    for at in range(0, size, _SHARE):
        begun, ended = starts[at : at + _SHARE], ends[at : at + _SHARE]
        eighths = slice(at // 8, at // 8 + -(-len(begun) // 8))
        outside[eighths] = np.packbits((ended < first) | (begun > last), bitorder="little")
        beyond[eighths] = np.packbits((begun < first) | (ended > last), bitorder="little")
    return outside.view(np.uint64), beyond.view(np.uint64)


def words_for(rows: int) -> int:
    """How many words hold so many rows."""
    return -(-rows // _WORD)


def full(rows: int) -> Words:
    """Make the set of all rows."""
    words = np.full(words_for(rows), ~np.uint64(0))
    if rows % _WORD:
        words[-1] = (_ONE << np.uint64(rows % _WORD)) - _ONE
    return words


def empty(rows: int) -> Words:
    """Make the set of no rows."""
    return np.zeros(words_for(rows), dtype=np.uint64)


def count(words: Words) -> int:
    """How many rows a set has."""
    return int(np.bitwise_count(words).sum(dtype=np.int64))


def rows_between(words: Words, low: int, high: int) -> Rows:
    """Rows of a set from `low` up to but not including `high`, in order."""
    if low >= high:
        return np.empty(0, dtype=np.int64)
    first = low // _WORD
    part = np.ascontiguousarray(words[first : words_for(high)])
    found = np.flatnonzero(np.unpackbits(part.view(np.uint8), bitorder="little"))
    found += first * _WORD
    return found[(found >= low) & (found < high)]


def rows_of(words: Words) -> Rows:
    """All rows of a set, in order."""
    return rows_between(words, 0, len(words) * _WORD)


def rows_in(words: Words, which: Rows) -> Rows:
    """Rows of a set in some of its words, named by their places."""
    found = np.flatnonzero(np.unpackbits(words[which].view(np.uint8), bitorder="little"))
    rows: Rows = which[found >> 6] * _WORD + (found & 63)
    return rows


def has(words: Words, rows: Rows) -> Flags:
    """Whether each of these rows is in the set."""
    shifted = words[rows >> 6] >> (rows & 63).astype(np.uint64)
    held: Flags = (shifted & _ONE).astype(np.bool_)
    return held


class Ranks:
    """How many rows of a set come before a row: counted once, then known for any row."""

    __slots__ = ("_before", "words")

    def __init__(self, words: Words) -> None:
        self.words = words
        # half the bytes are half the time: no layer has two thousand million rows
        self._before = np.zeros(len(words) + 1, dtype=np.int32)
        np.cumsum(np.bitwise_count(words), dtype=np.int32, out=self._before[1:])

    def before(self, rows: Rows) -> Rows:
        """Count the members before each row; `rows` may equal the number of rows."""
        word = rows >> 6
        inside = (rows & 63).astype(np.uint64)
        # where nothing of a word is asked for, the word may be the one after the last
        part = self.words[np.minimum(word, len(self.words) - 1)] if len(self.words) else inside
        below = part & ((_ONE << inside) - _ONE)
        found: Rows = self._before[word].astype(np.int64) + np.bitwise_count(below)
        return found

    def member(self, which: Rows) -> Rows:
        """Row of each member by its number, the first being 0."""
        word = np.searchsorted(self._before, which, side="right") - 1
        left = (which - self._before[word]).astype(np.uint64)
        part, row = self.words[word], word << 6
        # halve the word six times: the member lies in the low half, or so many further on
        for width in (32, 16, 8, 4, 2, 1):
            low = part & ((_ONE << np.uint64(width)) - _ONE)
            held = np.bitwise_count(low).astype(np.uint64)
            above = left >= held
            left = np.where(above, left - held, left)
            part = np.where(above, part >> np.uint64(width), low)
            row = row + np.where(above, width, 0)
        found: Rows = row
        return found

    @property
    def total(self) -> int:
        """How many members there are."""
        return int(self._before[-1])
