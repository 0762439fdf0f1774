from __future__ import annotations

import csv
import gc
import json
import math
import socket
import time
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import GeoJSONError, Problem
from geo.geojson import UPLOAD, Limits, check_feature, parse
from tests.examples import SHARED

SAMPLES = Path(__file__).parent / "samples" / "geojson"
RULES = json.loads((SAMPLES / "rules.json").read_text(encoding="utf-8"))
SECONDS = 1.0


@pytest.fixture(autouse=True)
def _no_socket(monkeypatch):
    def refused(*_args, **_options):
        msg = "the gate opened a socket"
        raise AssertionError(msg)

    monkeypatch.setattr(socket, "socket", refused)


def sample(kind: str, name: str) -> bytes:
    return (SAMPLES / kind / f"{name}.geojson").read_bytes()


def refusal(raw: bytes, limits: Limits = UPLOAD) -> GeoJSONError:
    with pytest.raises(GeoJSONError) as caught:
        parse(raw, limits=limits)
    return caught.value


def verdict(raw: bytes) -> str:
    """Accepted or refused, in bounded time, and nothing else."""
    # the work done, not the time a busy machine takes for it
    begun = time.process_time()
    problems: tuple[Problem, ...] = ()
    try:
        parse(raw)
        answer = "accept"
    except GeoJSONError as error:
        answer, problems = "refuse", error.problems
    assert time.process_time() - begun < SECONDS
    assert bool(problems) == (answer == "refuse")
    assert len(problems) <= 1000
    for problem in problems:
        assert problem.path.startswith("$")
        assert problem.rule
        # shown shortly, and as text that can be printed
        assert len(str(problem)) < 600
        assert str(problem).encode()
    return answer


def feature(geometry: object, **properties: object) -> dict[str, object]:
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def collection(*features: object) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def test_every_sample_has_its_rule():
    for kind in ("good", "bad"):
        assert {path.stem for path in (SAMPLES / kind).iterdir()} == set(RULES[kind])
    assert len(RULES["good"]) >= 20
    assert len(RULES["bad"]) >= 60


@pytest.mark.parametrize("name", RULES["good"])
def test_what_the_standard_allows_is_accepted(name):
    assert verdict(sample("good", name)) == "accept"
    if "flagged" in RULES["good"][name]:
        assert parse(sample("good", name)).flagged == RULES["good"][name]["flagged"]


@pytest.mark.parametrize("name", RULES["bad"])
def test_what_the_standard_forbids_is_refused_for_that_reason(name):
    assert verdict(sample("bad", name)) == "refuse"
    error = refusal(sample("bad", name))
    assert any(RULES["bad"][name]["says"] in p.rule for p in error.problems), error.problems


def test_a_problem_names_path_value_and_rule():
    raw = collection(feature(None), feature({"type": "Point", "coordinates": [34.1, 136.5]}))
    (problem,) = refusal(raw).problems
    assert (problem.path, problem.value) == ("$.features[1].geometry.coordinates[1]", "136.5")
    assert problem.rule == "latitude runs from -90 to 90; longitude comes first"
    assert str(refusal(raw)) == (
        "$.features[1].geometry.coordinates[1] is 136.5: "
        "latitude runs from -90 to 90; longitude comes first"
    )


def test_every_problem_is_told_up_to_a_thousand():
    broken = feature({"type": "Point", "coordinates": ["a", "b"]})
    assert len(refusal(collection(*[broken] * 7)).problems) == 7
    assert str(refusal(collection(*[broken] * 7))).endswith("(and 6 more)")
    assert len(refusal(collection(*[broken] * 1500)).problems) == 1000


def test_rings_are_turned_and_nothing_else_is_changed():
    ring = [[1, 1], [1, 9], [9, 9], [9, 1], [1, 1]]
    hole = [[3, 3, 5], [6, 3, 5], [6, 6, 5], [3, 6, 5], [3, 3, 5]]
    given_ = feature({"type": "Polygon", "coordinates": [ring, hole]}, n=1.5, text="Ä")
    found = parse(collection(given_))
    assert found.features[0]["geometry"]["coordinates"] == [ring[::-1], hole[::-1]]
    assert found.features[0]["properties"] == {"n": 1.5, "text": "Ä"}
    assert found.flagged == {"rewound": 2}


def test_members_of_the_collection_are_handed_on():
    found = parse(sample("good", "foreign-members"))
    assert found.members == {"generator": "x", "atlas": {"schema": 1}}
    assert parse(sample("good", "bbox-ignored")).members == {}


@pytest.mark.parametrize(
    ("limits", "told"),
    [
        (Limits(bytes=100, features=9), "at most 100 are read"),
        (Limits(bytes=9_000, features=2), "at most 2 are read"),
        (Limits(bytes=9_000, features=9, vertices=3), "at most 3 positions are read"),
        (Limits(bytes=9_000, features=9, properties=1), "at most 1 are read"),
        (Limits(bytes=9_000, features=9, text=2), "at most 2 characters are kept"),
        (Limits(bytes=9_000, features=9, values=3), "at most 3 are read"),
    ],
)
def test_limits_hold(limits, told):
    line = {"type": "LineString", "coordinates": [[n, n] for n in range(4)]}
    raw = collection(*[feature(line, a="xyz", b=[1, 2])] * 3)
    parse(raw)
    assert told in str(refusal(raw, limits).problems)


def test_collections_of_geometries_are_limited_too():
    many = {"type": "GeometryCollection", "geometries": [{"type": "Point"}] * 10_001}
    assert "at most 10,000 are read" in str(refusal(collection(feature(many))))


NESTED = {
    "array": b"[" * 100_000,
    "object": b'{"a":' * 100_000,
    "closed": b"[" * 900 + b"]" * 900,
    "as type": b'{"type":' + b"[" * 900 + b"]" * 900 + b"}",
    "as id": b'{"type":"Feature","geometry":null,"properties":{},"id":'
    + b'{"a":' * 900
    + b"1"
    + b"}" * 901,
    "as position": b'{"type":"Point","coordinates":[' + b'{"a":' * 900 + b"1" + b"}" * 900 + b"]}",
    "as coordinates": b'{"type":"MultiPolygon","coordinates":' + b"[" * 900 + b"]" * 900 + b"}",
    "as geometry": b'{"type":"Feature","properties":{},"geometry":'
    + b"[" * 900
    + b"]" * 900
    + b"}",
    "as crs": b'{"type":"FeatureCollection","features":[],"crs":' + b"[" * 900 + b"]" * 900 + b"}",
    "as bbox": b'{"type":"FeatureCollection","features":[],"bbox":['
    + b"[" * 900
    + b"]" * 901
    + b"}",
    "as properties": b'{"type":"Feature","geometry":null,"properties":'
    + b'{"a":' * 900
    + b"1"
    + b"}" * 901,
    "as a foreign member": b'{"type":"FeatureCollection","features":[],"x":'
    + b"[" * 900
    + b"]" * 900
    + b"}",
    "collections": b'{"type":"GeometryCollection","geometries":[' * 300 + b"]}" * 300,
}


@pytest.mark.parametrize("raw", NESTED.values(), ids=NESTED)
def test_a_depth_bomb_is_refused(raw):
    assert verdict(raw) == "refuse"


BOMBS = {
    "digits": b"[" + b"9" * 4_000_000 + b"]",
    "minus": b"[" + b"-" * 4_000_000 + b"]",
    "exponent": b'{"type":"Point","coordinates":[1e999999999999,2]}',
    "quotes": b'"' * 4_000_000,
    "spaces": b" " * 9_000_000,
    "commas": b"[" + b"," * 4_000_000,
    "member twice": b"{" + b'"a":1,' * 500_000 + b'"a":1}',
    "members": b'{"type":"Feature","geometry":null,"properties":{'
    + b",".join(b'"k%d":1' % n for n in range(200_000))
    + b"}}",
    "values": b'{"type":"Feature","geometry":null,"properties":{"a":['
    + b"0," * 2_000_000
    + b"0]}}",
    "text": b'{"type":"Feature","geometry":null,"properties":{"a":"' + b"x" * 9_000_000 + b'"}}',
    "escapes": b'{"type":"Feature","geometry":null,"properties":{"a":"'
    + b"\\ud83d" * 1_000_000
    + b'"}}',
    "positions": b'{"type":"LineString","coordinates":[' + b"[0,0]," * 1_000_000 + b"[0,0]]}",
    "one place": b'{"type":"Polygon","coordinates":[[' + b"[0,0]," * 9_999 + b"[0,0]]]}",
    "features": b'{"type":"FeatureCollection","features":[' + b"null," * 1_500_000 + b"null]}",
    "empty": b"",
    "byte order mark alone": b"\xef\xbb\xbf",
    "nul": b"\0" * 1_000,
}


@pytest.mark.parametrize("raw", BOMBS.values(), ids=BOMBS)
def test_a_bomb_is_refused_in_time(raw):
    assert verdict(raw) == "refuse"


def test_a_ring_as_long_as_allowed_is_read_in_time():
    ring = [[50 * math.cos(n / 1591.4), 50 * math.sin(n / 1591.4)] for n in range(9_999)]
    assert verdict(collection(feature({"type": "Polygon", "coordinates": [[*ring, ring[0]]]}))) == (
        "accept"
    )


def test_a_ring_that_crosses_itself_everywhere_is_refused_in_time():
    ring = [[n * 7919 % 360 - 180, n * 104_729 % 180 - 90] for n in range(9_999)]
    raw = collection(feature({"type": "Polygon", "coordinates": [[*ring, ring[0]]]}))
    assert verdict(raw) == "refuse"


def test_encodings_other_than_utf_8_are_named():
    text = collection(feature(None, a="Kabül")).decode()
    text = json.dumps(json.loads(text), ensure_ascii=False)
    for encoding in ("latin-1", "cp1252", "utf-16", "utf-32", "utf-16-le", "utf-32-be", "cp037"):
        error = refusal(text.encode(encoding))
        assert "UTF-8" in str(error) or "NUL" in str(error) or "not JSON" in str(error)
    assert parse(text.encode("utf-8-sig")).features[0]["properties"] == {"a": "Kabül"}


def test_one_feature_of_a_stream_is_checked_by_itself():
    good = feature({"type": "Point", "coordinates": [0, 0]}, a=1)
    assert check_feature(good, "line 7") == {"null_island": 1}
    with pytest.raises(GeoJSONError, match=r"line 7\.geometry\.coordinates\[0\] is 200: longitude"):
        check_feature(feature({"type": "Point", "coordinates": [200, 0]}), "line 7")
    for other in (None, [], "x", 1, {}, {"type": "Point", "coordinates": [1, 2]}):
        with pytest.raises(GeoJSONError, match="line 7 is"):
            check_feature(other, "line 7")


def test_memory_is_a_small_multiple_of_the_file():
    """Twenty megabytes of ordinary points: 5.3 times their size (a list of lists: 22 times)."""
    row = json.dumps(feature({"type": "Point", "coordinates": [71.0896, 34.1286]}, title="x" * 120))
    head, tail = '{"type":"FeatureCollection","features":[', "]}"
    count = 20_000_000 // (len(row) + 1)
    raw = (head + ",".join([row] * count) + tail).encode()
    assert 19_900_000 < len(raw) < 20_100_000
    gc.collect()
    tracemalloc.start()
    try:
        parse(raw, limits=Limits(bytes=30_000_000, features=200_000))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak / len(raw) < 7


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
    | st.sampled_from(["Feature", "FeatureCollection", "Point", "Polygon", "GeometryCollection"]),
    lambda children: (
        st.lists(children, max_size=5)
        | st.dictionaries(
            st.sampled_from(
                [
                    *("type", "features", "geometry", "geometries", "coordinates", "properties"),
                    *("id", "bbox", "crs", "name", "x"),
                ]
            ),
            children,
            max_size=6,
        )
    ),
    max_leaves=20,
)


@given(st.binary(max_size=200))
def test_any_bytes_are_accepted_or_refused(raw):
    verdict(raw)


@given(json_values)
def test_any_json_is_accepted_or_refused(value):
    verdict(json.dumps(value).encode())


@given(json_values, json_values, json_values)
def test_any_feature_is_accepted_or_refused(geometry, properties, coordinates):
    for kind in ("Point", "LineString", "Polygon", "MultiPolygon"):
        shape = {"type": kind, "coordinates": coordinates}
        verdict(collection(feature(shape), {"type": "Feature", "geometry": geometry}, properties))


@given(
    st.lists(
        st.lists(st.tuples(st.integers(-9, 9), st.integers(-9, 9)), min_size=3, max_size=6),
        min_size=1,
        max_size=3,
    )
)
def test_any_polygon_is_accepted_or_refused(rings):
    closed = [[*ring, ring[0]] for ring in rings]
    verdict(collection(feature({"type": "Polygon", "coordinates": closed})))


# real corpora beside the repository

HOSTILE = SHARED / "data" / "hostile"
absent = pytest.mark.skipif(not HOSTILE.is_dir(), reason="shared/data/hostile is not here")


def synthetic() -> list[tuple[str, str]]:
    manifest = HOSTILE / "synthetic" / "manifest.csv"
    if not manifest.exists():
        return []
    with manifest.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [(r["path_or_value"], r["expect"]) for r in rows if r["kind"] == "geojson"]


@absent
def test_the_synthetic_corpus_is_there():
    assert len(synthetic()) >= 75


@absent
@pytest.mark.parametrize(("path", "expect"), synthetic())
def test_hostile_files_get_the_verdict_the_corpus_expects(path, expect):
    answer = verdict((HOSTILE / "synthetic" / path).read_bytes())
    wanted = {
        "accept": {"accept"},
        "accept-and-rewind": {"accept"},
        "accept-as-unlocated": {"accept"},
        "accept-with-warning": {"accept"},
        "accept-never-as-a-world-wide-box": {"accept"},
        "accept-or-clear-message": {"accept"},
        "accept-as-inert-text-or-reject": {"accept", "refuse"},
        "ignore-bbox": {"accept"},
    }
    # every "reject" and "reject-or-..." is a refusal here: nothing is repaired in silence
    assert answer in wanted.get(expect, {"refuse"})


@absent
def test_no_other_file_of_the_corpus_does_more_than_be_refused():
    for path in sorted((HOSTILE / "synthetic").rglob("*")):
        if path.is_file() and path.suffix not in (".geojson", ".json"):
            assert verdict(path.read_bytes()[: UPLOAD.bytes + 1]) == "refuse", path.name
