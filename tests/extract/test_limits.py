import time

import pytest

from tests.extract.drafting import extracted

STRANGE = {
    "question marks": "?" * 20_000,
    "one long word": "a" * 200_000,
    "quotation marks": '"' * 20_000,
    "numbers": "12 " * 10_000,
    "events": "attack " * 4_000,
    "places": "in Kabul, " * 2_000,
    "tolls": "killed 12 people and " * 2_000,
    "brackets": "(" * 20_000,
    "lines": "\n" * 200_000,
}


@pytest.mark.parametrize("text", STRANGE.values(), ids=STRANGE)
def test_strange_text_is_read_in_bounded_time(text: str) -> None:
    begun = time.process_time()
    found = extracted(text)
    assert time.process_time() - begun < 20
    assert all(text[s.start : s.end] == s.text for s in found.skipped)


def test_an_article_is_read_in_a_second() -> None:
    text = "A bomb exploded in Kabul on Sunday, and three people were killed. " * 38
    extracted(text[:200])
    begun = time.process_time()
    extracted(text)
    assert time.process_time() - begun < 3
