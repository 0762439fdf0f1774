"""Is a choice of columns kept for tables with the same header, and nothing else?"""

from __future__ import annotations

import pytest

from geo.sources.columns import fingerprint
from geo.sources.remembered import recall, remember
from geo.sources.table import preview
from tests.sources.tables import csv_bytes

CHOICE = {"start": "Wann", "date_order": "dmy"}


def test_a_choice_is_kept_for_its_header_alone(tmp_path):
    one, other = fingerprint(("Wann", "Was")), fingerprint(("Was", "Wann"))
    remember(one, CHOICE, folder=tmp_path)

    assert recall(one, folder=tmp_path) == CHOICE
    assert recall(other, folder=tmp_path) == {}
    remember(one, {}, folder=tmp_path)
    assert recall(one, folder=tmp_path) == {}
    # nothing is left beside the file
    assert [path.name for path in tmp_path.iterdir()] == ["table-columns.json"]


def test_a_choice_for_one_table_reads_the_next_with_the_same_header(tmp_path):
    first = csv_bytes([{"Wann": "03/04/2025", "Was": "Explosion"}])
    second = csv_bytes([{"Wann": "05/04/2025", "Was": "Explosion"}])
    shown = preview(first)
    assert [question.option for question in shown.questions] == ["start"]
    remember(shown.detected.fingerprint, CHOICE, folder=tmp_path)

    chosen = recall(preview(second).detected.fingerprint, folder=tmp_path)
    assert preview(second, columns=chosen).questions == ()


@pytest.mark.parametrize(
    "content",
    ["", "[", "[]", '{"a": 1}', '{"a": {"colour": "Wann"}}', '{"a": {"start": 7}}', "[" * 100_000],
)
def test_a_damaged_file_is_begun_anew(tmp_path, content):
    (tmp_path / "table-columns.json").write_text(content, encoding="utf-8")
    assert recall("a", folder=tmp_path) == {}
    remember("a", CHOICE, folder=tmp_path)
    assert recall("a", folder=tmp_path) == CHOICE


def test_the_oldest_choice_goes_first_and_only_fields_are_kept(tmp_path):
    for number in range(502):
        remember(str(number), {**CHOICE, "secret": "x"}, folder=tmp_path)
    assert recall("0", folder=tmp_path) == {}
    assert recall("501", folder=tmp_path) == CHOICE


def test_it_lives_in_the_cache_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("GEO_CACHE", str(tmp_path / "cache"))
    remember("a", CHOICE)
    assert (tmp_path / "cache" / "table-columns.json").is_file()
    assert recall("a") == CHOICE
