"""How articles become drafts of a layer from a terminal."""

import json
from pathlib import Path

import pytest

from geo.cli import main
from geo.store import LayerStore

_TEXT = "A bomb exploded in Quetta on Friday, killing five people. Talks were held in Doha."


@pytest.fixture
def article(tmp_path: Path) -> Path:
    """Write one article."""
    path = tmp_path / "a.txt"
    path.write_text(_TEXT, encoding="utf-8")
    return path


def _run(*arguments: object) -> int:
    return main(["extract", *map(str, arguments)])


def test_json_is_a_collection_with_evidence_and_skipped(
    article: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    article.write_text(f"{_TEXT} Nothing else is known.", encoding="utf-8")
    assert _run(article, "--date", "2025-10-27", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["type"] == "FeatureCollection"
    evidence = found["features"][0]["properties"]["evidence"]
    assert evidence.keys() == {"sentences", "spans", "candidates", "score", "reasons"}
    assert [s["text"] for s in found["skipped"]] == ["Nothing else is known."]


def test_drafts_go_into_a_layer_once(article: Path, layers: Path) -> None:
    arguments = (article, "--date", "2025-10-27", "--layer", "news")
    assert _run(*arguments) == 0
    first = LayerStore(layers).read("news")
    assert {i.status for i in first.incidents} == {"draft"}
    (layers / ".articles" / "news.jsonl").unlink()
    assert _run(*arguments) == 0
    assert LayerStore(layers).version("news") == first.version


def test_a_folder_is_worked_through_and_a_later_run_goes_on(
    tmp_path: Path, layers: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for n in range(3):
        (tmp_path / f"{n}.txt").write_text(f"{_TEXT} Text {n} ends.", encoding="utf-8")
    assert _run(tmp_path, "--date", "2025-10-27", "--layer", "news") == 0
    state = layers / ".articles" / "news.jsonl"
    # as a killed run leaves it: one article is not told as done, and a line is cut off
    lines = state.read_text(encoding="utf-8").splitlines(keepends=True)
    state.write_text("".join(lines[:2]) + '{"sha256": "ab', encoding="utf-8")
    capsys.readouterr()
    assert _run(tmp_path, "--date", "2025-10-27", "--layer", "news") == 0
    assert "1 articles read" in (said := capsys.readouterr().out)
    assert "2 were in news already" in said


def test_one_bad_article_does_not_stop_the_others(
    tmp_path: Path, layers: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.txt").write_text(_TEXT, encoding="utf-8")
    (tmp_path / "b.pdf").write_bytes(b"%PDF-1.4 nothing")
    assert _run(tmp_path, "--date", "2025-10-27", "--layer", "news") == 1
    assert "b.pdf cannot be read as PDF" in capsys.readouterr().err
    assert LayerStore(layers).read("news").incidents


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["nothing.txt", "--date", "2025-10-27"], 1, "nothing.txt"),
        (["a.txt", "--date", "yesterday"], 2, "YYYY-MM-DD"),
        (["a.txt", "--date", "2025-10-27", "--layer", "../x"], 1, "layer"),
        (["a.txt"], 1, "no day of publication"),
    ],
)
def test_a_refusal_is_one_sentence(
    article: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    code: int,
    words: str,
) -> None:
    monkeypatch.chdir(article.parent)
    assert _run(*arguments) == code
    said = capsys.readouterr().err
    assert words in said
    assert len(said.strip().splitlines()) == 1
