"""Do the quick looks of import and reading say what the full ones say?"""

from __future__ import annotations

import json
from dataclasses import fields, replace
from datetime import date
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import geojson, incident, layerfile, merge
from geo.errors import IncidentError, LayerCorruptError
from geo.feature import Pool, canonical_line, from_feature, to_feature
from geo.incident import Actor, Claim, Incident, Located, Point, Recorded, Site, Source, Toll
from geo.layerfile import decode, encode
from geo.strictjson import parse_canonical
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


_PLAIN = strategies.incidents().map(lambda one: replace(one, claims=(), sites=()))
_VALUES = st.one_of(_ODD, st.sampled_from([-1, 0.0, -181, 91.0, 1e400, 5, 1799, "AFG", "exact"]))


_RECORDS = ("claims", "sites", "recorded", "injured")
_FIELDS = [field.name for field in fields(Incident) if field.name not in _RECORDS]


@given(_PLAIN, st.sampled_from(_FIELDS), _VALUES)
def test_a_plain_incident_is_refused_in_the_same_words(one, name, value):
    given_ = {field.name: getattr(one, field.name) for field in fields(Incident)}
    odd = {
        "point": lambda: Point(value, 34.0),
        "located": lambda: Located(method=value, point="site"),
        "deaths": lambda: Toll(value, None, 3),
        "countries": lambda: ("AFG", value),
        "actors": lambda: (Actor(name=value),),
        "sources": lambda: (Source(url=value, quote="x"),),
    }
    given_[name] = odd[name]() if name in odd else value

    def made() -> str:
        try:
            return repr(Incident(**given_))
        except (IncidentError, TypeError, AttributeError) as error:
            return f"{type(error).__name__} {error if type(error) is IncidentError else ''}"

    quick = made()
    with patch.object(incident, "_surely_fits", lambda _: False):
        assert made() == quick


# what a hand, or somebody hostile, may write into a line
_FORGED = (
    *(b'"title":"a","title":', b"NaN", b"Infinity", b"1e400", b"-0", b"1E2", b"1" * 41, b"\\ud800"),
    *(b"\\u0000", b"\\u0041", b"\0", b"\xff", b" ", b"\xef\xbb\xbf", b"[" * 30 + b"]" * 30),
    *(b"181.0", b"18446744073709551616", b"9007199254740993", b"0.1000", b"{}", b"[]", b"null"),
    *(b"true", b'"x"', b'"\x07"', b"\\/", b'"' + b"y" * 10_001 + b'"', b""),
)


@given(
    strategies.incidents(),
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 12), st.sampled_from(_FORGED)), max_size=2),
)
def test_a_forged_line_is_refused_in_the_same_words(one, edits):
    line = encode(one)
    for share, gone, forged in edits:
        at = int(share * len(line))
        line = line[:at] + forged + line[at + gone :]
    _same_by_both(line)


@pytest.mark.parametrize("forged", _FORGED)
@pytest.mark.parametrize("old", [b'"title":"A', b'"radius_km":null', b'"k":"v"', b"71.0896"])
def test_each_forgery_in_each_place_is_refused_in_the_same_words(old, forged):
    line = encode(examples.incident(title="A", native={"k": "v"}))
    assert old in line
    _same_by_both(line.replace(old, old.rpartition(b":")[0] + b":" + forged, 1))
    _same_by_both(line.replace(old, forged, 1))


def test_a_member_that_stands_twice_is_refused_though_the_rest_is_canonical():
    line = encode(examples.incident(title="A"))
    twice = line.replace(b'"title":"A"', b'"title":"A","title":"A"')
    with pytest.raises(LayerCorruptError, match="stands twice"):
        decode(twice, where="here")
    assert parse_canonical(line) is not None
    assert parse_canonical(twice) is None


def _same_by_both(line: bytes) -> None:
    def read() -> str:
        try:
            return repr(decode(line, where="here"))
        except LayerCorruptError as error:
            return str(error)

    quick = read()
    with patch.object(layerfile, "parse_canonical", lambda _: None):
        assert read() == quick
