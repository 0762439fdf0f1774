"""Do the quick looks of import and reading say what the full ones say?"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import geojson, incident, layerfile, merge
from geo.errors import IncidentError
from geo.feature import Pool, canonical_line, from_feature, to_feature
from geo.incident import Actor, Claim, Incident, Recorded, Site, Source
from geo.layerfile import decode, encode
from tests import examples, strategies
from tests.stores import NOW, later

# values of every kind, wrong ones too, some of them equal to others but not the same
_ODD = st.sampled_from(
    [
        "",
        " ",
        "x",
        "bell \x07",
        "half \ud800",
        "y" * 10_001,
        "z" * 6_000,
        1,
        1.0,
        True,
        None,
        [],
        {},
    ]
)


def _told(make):
    try:
        return make()
    except IncidentError as error:
        return str(error)


@given(_ODD, _ODD, _ODD, _ODD, _ODD)
def test_texts_are_refused_in_the_same_words(title, summary, name, quote, value):
    def make() -> Incident:
        return examples.incident(
            title=title,
            summary=summary,
            actors=(Actor(name=name, role=summary),),
            sources=(Source(quote=quote, published=value or date(2025, 1, 1)),),
            claims=(Claim(field="deaths", value=value, whom=quote),),
            sites=(Site(name=name, precision=quote),),
        )

    quick = _told(make)
    with patch.object(incident, "_texts_fit", lambda _: False):
        assert repr(_told(make)) == repr(quick)


@given(st.dictionaries(st.sampled_from(["a", "b", "\0", "\ud800"]), _ODD, max_size=3))
def test_loose_parts_are_refused_in_the_same_words(native):
    def written():
        return encode(examples.incident(native=native))

    quick = _told(written)
    with patch.object(layerfile, "_is_short_text", lambda _: False):
        assert _told(written) == quick


@given(
    st.recursive(_ODD, lambda part: st.lists(part, max_size=3) | st.dictionaries(st.text(), part))
)
def test_a_gate_that_looks_quickly_lets_the_same_through(value):
    limits = replace(geojson.UPLOAD, depth=3, values=20)
    quick = geojson._plain({"part": value, "more": ["a", "b\0"]}, limits)
    plain = geojson._plain({"part": value}, limits)
    with patch.object(geojson, "_is_short_text", lambda *_: False):
        assert geojson._plain({"part": value}, limits) is plain
        assert geojson._plain({"part": value, "more": ["a", "b\0"]}, limits) is quick is False


@given(st.lists(strategies.incidents(), max_size=5))
def test_incidents_that_share_their_parts_are_the_same_incidents(incidents):
    pool = Pool()
    for one in (*incidents, *incidents):
        line = encode(one)
        again = decode(line, where="here", pool=pool)
        assert again == one
        assert encode(again) == line


def test_equal_parts_are_held_once():
    pool = Pool()
    one, other = (
        from_feature(
            json.loads(
                canonical_line(
                    examples.incident(id_, actors=(Actor(name="TTP"),), native={"code": "a b"})
                )
            ),
            pool=pool,
        )
        for id_ in ("own:1", "own:2")
    )
    assert one.actors[0] is other.actors[0]
    assert one.recorded is other.recorded
    assert one.native["code"] is other.native["code"]


@pytest.mark.parametrize("wrong", [True, 1.0, 1])
def test_a_pool_does_not_take_a_number_for_a_text(wrong):
    pool, good = Pool(), to_feature(examples.incident(actors=(Actor(name="1", role="x"),)))
    from_feature(good, pool=pool)
    good["properties"]["actors"][0]["name"] = wrong
    with pytest.raises(IncidentError, match=r"actors\[0\]\.name"):
        from_feature(good, pool=pool)


@given(strategies.incidents(), st.booleans(), st.sampled_from(["title", "native", "by", "none"]))
def test_only_times_may_differ_where_nothing_is_read(one, nested, what):
    native = {**one.native, "updated": "2025-10-09T00:00:00Z"} if nested else one.native
    ours = replace(one, native=native)
    theirs = replace(ours, recorded=replace(ours.recorded, first_seen=NOW, updated=later(7)))
    if what == "title":
        theirs = replace(theirs, title=("A" if theirs.title[0] != "A" else "B") + theirs.title[1:])
    if what == "native":
        theirs = replace(theirs, native={**theirs.native, "updated": "2025-10-09T00:00:01Z"})
    if what == "by":
        theirs = replace(theirs, recorded=replace(theirs.recorded, by=theirs.recorded.by + "x"))
    line, new = encode(ours), encode(theirs)
    same = encode(replace(theirs, recorded=ours.recorded)) == line
    by_alone = ours.recorded.by != theirs.recorded.by
    quick = merge._differs_in_times_alone(line, new)
    # where it says yes it is so; it may leave the rest to those who read
    assert not quick or (same and not by_alone)
    if what == "none" and not (nested or "updated" in ours.native or ours.extra):
        assert quick


def test_a_damaged_time_is_left_to_those_who_read():
    ours = examples.incident(recorded=Recorded(first_seen=NOW, updated=NOW))
    line = encode(ours)
    damaged = line.replace(b'"updated":"2025-11-20T12', b'"updated":"2025-11-20T92')
    assert len(damaged) == len(line)
    assert not merge._differs_in_times_alone(damaged, line)
    assert merge._differs_in_times_alone(line, line)
