from __future__ import annotations

import gzip

import pytest

from geo.inflate import gunzip


def test_members_one_after_another_are_one_stream():
    packed = gzip.compress(b"one ") + gzip.compress(b"two")
    assert b"".join(gunzip([packed[:7], packed[7:25], packed[25:]])) == b"one two"


def test_no_step_is_larger_than_its_bound():
    bomb = gzip.compress(b"\0" * 30_000_000)
    steps = [len(step) for step in gunzip([bomb])]
    assert sum(steps) == 30_000_000
    assert max(steps) <= 262_144


@pytest.mark.parametrize("cut", [1, 8, 20])
def test_a_stream_that_ends_early_is_refused(cut):
    packed = gzip.compress(bytes(range(256)) * 40)
    with pytest.raises(ValueError, match="ends early"):
        b"".join(gunzip([packed[:-cut]]))


def test_damage_is_refused():
    packed = bytearray(gzip.compress(b"a text that is long enough to damage" * 20))
    packed[30] ^= 0xFF
    with pytest.raises(ValueError, match="gzip"):
        b"".join(gunzip([bytes(packed)]))


def test_nothing_is_nothing():
    assert list(gunzip([])) == []
