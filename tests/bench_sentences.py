"""Of which type is what one sentence tells? Measured on the bank of sentences of `tests/gold`.

Every other sentence was held out when words were looked for; both halves are told apart.
"""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, date, datetime

from geo.extract.article import Article
from geo.extract.model import Model
from geo.extract.pipeline import extract
from geo.extract.reader import Reader
from tests.gold_set import FOLDER

SENTENCES = FOLDER / "sentences.jsonl"
# what a sentence without an incident is marked with
NONE = "none"
_REPORT = date(2025, 6, 16)


def report(model: Model | None, reader: Reader | None) -> None:
    """Print for both halves how often a draft has the right type, and none is made of nothing."""
    rows = [json.loads(line) for line in SENTENCES.read_text(encoding="utf-8").splitlines()]
    for half, first in (("tuned on", 0), ("held out", 1)):
        right, asked = Counter[bool](), Counter[bool]()
        for row in rows[first::2]:
            told = row["type"] != NONE
            drafted = _types(row["text"], model, reader)
            asked[told] += 1
            right[told] += bool(drafted & {row["type"], *row["also"]}) if told else not drafted
        print(
            f"sentences, {half}: type right {right[True]} of {asked[True]}, "
            f"no incident seen where none is {right[False]} of {asked[False]}"
        )


def _types(text: str, model: Model | None, reader: Reader | None) -> set[str]:
    article = Article(text=text, sha256="0" * 64)
    now = datetime(2000, 1, 1, tzinfo=UTC)
    made = extract(article, report_date=_REPORT, now=now, model=model, reader=reader)
    return {draft.incident.event_type for draft in made.drafts}
