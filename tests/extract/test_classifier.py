"""What is learned from the drafts that people reviewed."""

from dataclasses import replace

from geo.extract.classifier import ENOUGH, NONE, decisions, learn
from geo.incident import Source
from tests.examples import incident

_WORDS = {
    "protest": "Crowds marched and chanted in the square",
    "shelling": "Shells fell on the village near the front",
    NONE: "The team won the final match of the season",
}


def _examples(n: int = ENOUGH) -> list[tuple[str, str]]:
    rows = list(_WORDS.items())
    return [(f"{rows[i % 3][1]} number {i}", rows[i % 3][0]) for i in range(n)]


def test_words_of_a_decision_are_recognised_again() -> None:
    learned = learn(_examples())
    assert learned is not None
    for outcome, words in _WORDS.items():
        chances = learned.chances(words)
        assert max(chances, key=lambda kind: chances[kind]) == outcome
        assert abs(sum(chances.values()) - 1) < 1e-9


def test_too_few_decisions_or_one_kind_of_them_teach_nothing() -> None:
    assert learn(_examples(ENOUGH - 1)) is None
    assert learn([("Shells fell", "shelling")] * ENOUGH) is None


def test_the_same_decisions_teach_the_same() -> None:
    one, other = learn(_examples()), learn(_examples())
    assert one is not None
    assert other is not None
    assert one.chances("Crowds marched") == other.chances("Crowds marched")


def test_only_reviewed_drafts_of_articles_are_decisions() -> None:
    quoted = (Source(quote="Shells fell"),)
    made = incident("article:0a0b0c0d:1", sources=quoted, status="accepted")
    rows = [
        made,
        replace(made, status="rejected"),
        replace(made, status="draft"),
        replace(made, id="ucdp:1"),
    ]
    assert decisions(rows) == [("Shells fell", made.event_type), ("Shells fell", NONE)]
