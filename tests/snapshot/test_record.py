"""Can a briefing be looked up by its printed ID, whatever happens to the record?"""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import SnapshotError
from geo.snapshot import manifest_of
from geo.snapshot.record import FOLDER, Issue, briefings, find, record
from tests.examples import incident
from tests.snapshot.test_changes import manifest_for

NOW = datetime(2025, 11, 25, 12, tzinfo=UTC)


def issue(fmt="png", minutes=0, by="Ann"):
    when = NOW + timedelta(minutes=minutes)
    return Issue(format=fmt, name=f"weekly.{fmt}", when=when, by=by)


@pytest.fixture
def manifest(make, brief):
    return manifest_of(brief([make()]))


def test_what_is_recorded_is_found_by_its_id(tmp_path, manifest):
    made = record(tmp_path, manifest, issue())
    found = find(tmp_path, f" {manifest.id.lower()} ")
    assert found == made
    assert found.content == manifest.as_json()
    assert found.issues == (issue(),)


def test_a_second_format_joins_and_the_same_one_changes_nothing(tmp_path, manifest):
    for one in (issue("pdf", 5), issue(), issue()):
        record(tmp_path, manifest, one)
    assert find(tmp_path, manifest.id).issues == (issue(), issue("pdf", 5))
    assert len(list((tmp_path / FOLDER).glob("*.json"))) == 1


def test_newest_briefing_is_listed_first(tmp_path, make, brief):
    one, two = manifest_of(brief([make("1")])), manifest_of(brief([make("2")]))
    record(tmp_path, one, issue(minutes=9))
    record(tmp_path, two, issue())
    assert [b.id for b in briefings(tmp_path).briefings] == [one.id, two.id]
    assert briefings(tmp_path / "nowhere").briefings == ()


@pytest.mark.parametrize(
    "text",
    ["", "../../etc", "ABCDEFG", "ABCDEFGHI", "ABCDEFG1", "ABCDEFG\n/", "ABC/EFGH", "ÄBCDEFGH"],
)
def test_what_is_no_id_never_becomes_a_path(tmp_path, text):
    with pytest.raises(SnapshotError, match="must be 8 of A to Z and 2 to 7"):
        find(tmp_path, text)


def test_an_unknown_id_is_said_to_be_unknown(tmp_path):
    with pytest.raises(SnapshotError, match="'ABCDEFGH' is unknown"):
        find(tmp_path, "ABCDEFGH")


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[:0],
        lambda data: data[: len(data) // 2],
        lambda data: b"\xff\xfe" + data,
        lambda data: b"[" * len(data) * 20,
        lambda data: data.replace(b'"Title"', b'"Other"'),
        lambda data: json.dumps({**json.loads(data), "issues": []}).encode(),
        lambda data: json.dumps({**json.loads(data), "issues": [{"format": 1}]}).encode(),
        lambda data: json.dumps({**json.loads(data), "issues": {"a": "b"}}).encode(),
    ],
)
def test_a_damaged_record_is_named_and_the_others_are_read(tmp_path, make, brief, damage):
    good, bad = manifest_of(brief([make("1")])), manifest_of(brief([make("2")]))
    for one in (good, bad):
        record(tmp_path, one, issue())
    path = tmp_path / FOLDER / f"{bad.id}.json"
    path.write_bytes(damage(path.read_bytes()))
    listed = briefings(tmp_path)
    assert [b.id for b in listed.briefings] == [good.id]
    assert len(listed.damaged) == 1
    assert bad.id in listed.damaged[0]
    with pytest.raises(SnapshotError, match="is damaged"):
        find(tmp_path, bad.id)
    # making the briefing again mends it
    record(tmp_path, bad, issue())
    assert find(tmp_path, bad.id).issues == (issue(),)


def test_two_who_record_at_once_lose_nothing(tmp_path, manifest):
    def many(by):
        for n in range(6):
            record(tmp_path, manifest, issue("png", n, by))

    threads = [threading.Thread(target=many, args=(name,)) for name in ("Ann", "Ben", "Cem")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    issues = find(tmp_path, manifest.id).issues
    assert {(i.by, i.when) for i in issues} == {
        (by, issue(minutes=n).when) for by in ("Ann", "Ben", "Cem") for n in range(6)
    }
    assert not list((tmp_path / FOLDER).glob("*.tmp"))


def test_a_folder_that_cannot_be_made_is_a_sentence(tmp_path, manifest):
    (tmp_path / FOLDER).write_text("in the way")
    with pytest.raises(SnapshotError, match="cannot be written"):
        record(tmp_path, manifest, issue())


def test_a_time_without_zone_is_refused():
    with pytest.raises(SnapshotError, match="carries its zone"):
        Issue(format="png", name="a", when=NOW.replace(tzinfo=None))


_WORDS = st.text(st.characters(exclude_categories=("Cs",)), max_size=30)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(_WORDS, _WORDS, st.integers(0, 10**6)), min_size=1, max_size=4))
def test_a_record_comes_back_as_it_was_written(tmp_path_factory, given_):
    folder = tmp_path_factory.mktemp("layers")
    manifest = manifest_for([incident("own:1", title="ä \u202e x")])
    for fmt, by, seconds in given_:
        when = NOW + timedelta(seconds=seconds, microseconds=7)
        made = record(folder, manifest, Issue(format=fmt, name=f"a/b\\{fmt}", when=when, by=by))
        assert made == find(folder, manifest.id)
    assert all("/" not in i.name and "\\" not in i.name for i in made.issues)
