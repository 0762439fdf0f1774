from __future__ import annotations

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import GeoJSONError
from geo.strictjson import Limits, parse_json, shown
from tests.examples import SHARED

SUITE = SHARED / "data/hostile/JSONTestSuite/test_parsing"
absent = pytest.mark.skipif(not SUITE.is_dir(), reason="JSONTestSuite is not beside the repository")
# valid JSON by its grammar, which we refuse on purpose: readers disagree on which member counts
TWICE = {"y_object_duplicated_key.json", "y_object_duplicated_key_and_value.json"}


def suite(kind: str) -> list[str]:
    return sorted(path.name for path in SUITE.glob(f"{kind}_*.json")) if SUITE.is_dir() else []


def read(name: str) -> str:
    begun = time.process_time()
    try:
        parse_json((SUITE / name).read_bytes())
        answer = "accept"
    except GeoJSONError as error:
        answer = "refuse"
        str(error).encode()
    assert time.process_time() - begun < 1
    return answer


@absent
def test_the_suite_is_whole():
    assert (len(suite("y")), len(suite("n")), len(suite("i"))) == (95, 188, 35)


@absent
@pytest.mark.parametrize("name", suite("n"))
def test_what_is_no_json_is_refused(name):
    assert read(name) == "refuse"


@absent
@pytest.mark.parametrize("name", suite("y"))
def test_what_is_json_is_read(name):
    assert read(name) == ("refuse" if name in TWICE else "accept")


@absent
@pytest.mark.parametrize("name", suite("i"))
def test_where_readers_may_differ_ours_answers_one_way_or_the_other(name):
    assert read(name) in ("accept", "refuse")


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (b"", "there is nothing to read"),
        (b" \n\t", "there is nothing to read"),
        (b"\xff\xfe{\0}\0", "GeoJSON is UTF-8 text; byte 0 is not"),
        (b'{"a":"\xe9"}', "GeoJSON is UTF-8 text; byte 6 is not"),
        (b"{\0}", "text has no NUL characters"),
        (b"[NaN]", "NaN is no JSON number"),
        (b"[-Infinity]", "-Infinity is no JSON number"),
        (b"[1e400]", "1e400 is too large a number"),
        (b"[" + b"1" * 41 + b"]", "has 41 digits"),
        (b'{"a":1,"b":2,"a":3}', "the member 'a' stands twice in one object"),
        (b'{"x":{"a":1,"a":1}}', "the member 'a' stands twice in one object"),
        (b'["\\ud800"]', "half a surrogate pair is no text"),
        (b'{"\\udfff":1}', "half a surrogate pair is no text"),
        (b"[" * 100_000, "nest"),
        (b"[1,]", "is not JSON"),
        (b"[01]", "is not JSON"),
        (b"[1] x", "is not JSON"),
    ],
)
def test_a_refusal_says_why(raw, told):
    with pytest.raises(GeoJSONError) as caught:
        parse_json(raw)
    assert told in str(caught.value)
    assert len(str(caught.value)) < 200


def test_a_file_larger_than_the_limit_is_not_looked_at():
    with pytest.raises(GeoJSONError, match=r"\$ is 11 bytes: at most 10 are read"):
        parse_json(b"[1,2,3,4,5]", limits=Limits(bytes=10, features=1))
    assert parse_json(b"[1,2,3,45]", limits=Limits(bytes=10, features=1)) == [1, 2, 3, 45]


def test_numbers_keep_their_value():
    assert parse_json(b"[0.1, 9007199254740993, -0, 1e2]") == [0.1, 9007199254740993, 0, 100.0]
    assert parse_json(b"[" + b"1" * 40 + b"]") == [int("1" * 40)]


@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers(-(10**38), 10**38)
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
        lambda c: st.lists(c, max_size=4) | st.dictionaries(st.text("aä\U0001f600"), c, max_size=4),
        max_leaves=15,
    ),
    st.booleans(),
)
def test_all_json_that_python_writes_reads_back(value, ascii_):
    raw = json.dumps(value, ensure_ascii=ascii_).encode()
    assert parse_json(raw) == value


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(raw):
    try:
        found = parse_json(raw)
    except GeoJSONError:
        return
    assert json.loads(raw.decode("utf-8-sig")) == found


def test_a_shown_value_is_short_and_never_fails():
    deep: object = 1
    for _ in range(100_000):
        deep = [deep]
    wide = {str(n): n for n in range(10_000)}
    assert [shown(v) for v in (deep, wide, [wide], "x" * 99, "\ud800", [1, 2], 1.5)] == [
        "a list of 1",
        "an object with 10000 members",
        "a list of 1",
        "'" + "x" * 56 + "...",
        "'\\ud800'",
        "[1, 2]",
        "1.5",
    ]
    # taken apart by hand: Python itself would recurse
    while isinstance(deep, list):
        deep = deep.pop()


def test_lists_and_objects_are_counted_before_any_is_made():
    with pytest.raises(GeoJSONError, match="too many lists and objects: at most 500,000"):
        parse_json(b"[" + b"[]," * 600_000 + b"[]]")


def test_brackets_in_text_are_no_lists():
    told = '\\"[{' * 300_000
    assert parse_json(f'["{told}"]'.encode()) == [told.replace("\\", "")]
