"""How an article becomes drafts: which, where, when, and what of it becomes none."""

from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.extract.article import Article
from geo.extract.drafts import Draft
from geo.extract.pipeline import Extraction, extract
from geo.extract.written import collection, with_evidence
from geo.feature import from_feature, to_feature
from tests.extract.drafting import days

_NOW = datetime(2025, 11, 1, tzinfo=UTC)
_REPORT = date(2025, 10, 27)


def _extract(text: str) -> Extraction:
    article = Article(text=text, sha256="0123456789abcdef" * 4)
    return extract(article, report_date=_REPORT, now=_NOW)


def _one(text: str, event_type: str) -> Draft:
    found = [d for d in _extract(text).drafts if d.incident.event_type == event_type]
    assert len(found) == 1
    return found[0]


def _accounted(found: Extraction) -> None:
    """Check that every sentence is evidence or skipped, and that offsets are those of the text."""
    text = found.article.text
    parts = {(s.start, s.end) for d in found.drafts for s in d.evidence.sentences}
    parts |= {(s.start, s.end) for s in found.skipped}
    ordered = sorted(parts)
    assert all(a[1] <= b[0] for a, b in pairwise(ordered))
    rest = list(text)
    for start, end in ordered:
        rest[start:end] = " " * (end - start)
    assert not "".join(c for c in rest if c.isalnum())
    for d in found.drafts:
        for span in (*d.evidence.sentences, *d.evidence.spans):
            assert text[span.start : span.end] == span.text
    assert all(text[s.start : s.end] == s.text and s.reason for s in found.skipped)


def test_a_bomb_in_a_town_has_place_day_and_toll() -> None:
    text = "A roadside bomb killed four soldiers and injured nine near Quetta on Friday."
    incident = _one(text, "mine_ied").incident
    assert (incident.place_name, incident.countries) == ("Quetta", ("PAK",))
    assert incident.point is not None
    assert (incident.start, incident.date_precision) == (date(2025, 10, 24), "day")
    assert (incident.deaths.best, incident.injured.best) == (4, 9)
    assert (incident.status, incident.id) == ("draft", "article:01234567:1")


def test_a_dateline_is_no_place() -> None:
    text = "KABUL, Oct. 26 - Gunmen attacked a police checkpoint in Kandahar on Saturday."
    incident = _one(text, "armed_clash").incident
    assert incident.place_name == "Kandahār"


def test_a_capital_that_speaks_is_no_place() -> None:
    found = _extract("Islamabad said on Sunday that an air strike had killed three militants.")
    assert all(d.incident.point is None for d in found.drafts)


def test_the_host_of_talks_is_no_place_of_the_fighting_they_are_about() -> None:
    text = "Envoys held talks in Istanbul on Saturday after clashes in Kandahar."
    found = {d.incident.event_type: d.incident for d in _extract(text).drafts}
    assert found["talks"].countries == ("TUR",)
    assert found["armed_clash"].countries == ("AFG",)


def test_a_border_has_countries_and_no_point() -> None:
    text = "Troops of Afghanistan and Pakistan clashed along the border on Saturday."
    incident = _one(text, "armed_clash").incident
    assert (incident.precision, incident.point) == ("area", None)
    assert incident.countries == ("AFG", "PAK")


def test_a_country_is_a_country_and_nothing_finer() -> None:
    incident = _one("The foreign minister's visit to India began on Friday.", "visit").incident
    assert (incident.precision, incident.countries, incident.point) == ("country", ("IND",), None)


def test_no_place_in_the_text_is_no_place_in_the_draft() -> None:
    incident = _one("A 48-hour truce was agreed on Saturday.", "ceasefire").incident
    assert (incident.precision, incident.point, incident.countries) == ("none", None, ())


def test_what_nothing_dates_is_coarse_and_says_so() -> None:
    draft = _one("A bomb exploded in Quetta.", "explosion")
    assert draft.incident.date_precision == "month"
    assert any("no date" in reason for reason in draft.evidence.reasons)


def test_dozens_is_no_number() -> None:
    draft = _one("A bomb exploded in Quetta on Friday. Dozens of people were killed.", "explosion")
    assert not draft.incident.deaths.known
    assert "Dozens of people" in [c.value for c in draft.incident.claims]


def test_at_least_has_no_greatest() -> None:
    text = "An explosion killed at least 12 people in Quetta on Friday."
    incident = _one(text, "explosion").incident
    assert (incident.deaths.low, incident.deaths.best, incident.deaths.high) == (12, 12, None)


def test_who_blames_whom_is_a_claim_and_a_denial_disputes_it() -> None:
    text = "Explosions hit Kabul on Friday; the government blamed Pakistan for the explosions."
    assert _extract(text).drafts[0].incident.assessment == "claimed"
    denied = f"{text} Pakistan denied the explosions."
    assert _extract(denied).drafts[0].incident.assessment == "disputed"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("The minister said that open war could follow clashes.", "may happen"),
        ("The envoys will hold talks in Doha next week.", "lies ahead|ahead"),
        ("Clashes broke out in Quetta in 2019.", "background"),
        ("The bazaar sells shoes.", "no words of an event"),
    ],
)
def test_what_is_no_incident_is_skipped_with_its_reason(text: str, reason: str) -> None:
    found = _extract(text)
    assert [d.incident.title for d in found.drafts if "Clash" in d.incident.title] == []
    assert any(word in s.reason for s in found.skipped for word in reason.split("|"))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        # a day of the week before the report is not long ago
        ("The attack on Friday drew wide condemnation.", "'attack' goes back to an event"),
        ("The attack in Kabul drew wide condemnation.", "'attack' goes back to an event"),
        (
            "Five volunteers of the Red Crescent were killed in Bara on Friday.",
            "'were killed' goes back to an event",
        ),
        ("Fighting in September killed dozens in Kunduz.", "'September' spans a longer time"),
        ("Since May air strikes killed 40 people in Khost.", "'May' spans a longer time"),
        (
            "Early in August fifteen soldiers were killed on the road.",
            "'Early in August' is long before 2025-10-27",
        ),
        (
            "No number was given. Prices fell. A man spoke of a barbaric attack on television.",
            "no place or date beside it",
        ),
    ],
)
def test_what_is_skipped_is_called_background_where_its_date_says_so_alone(text, reason) -> None:
    (last,) = [s.reason for s in _extract(text).skipped if s.reason != "no words of an event"]
    assert reason in last


def test_one_event_told_three_times_is_one_draft() -> None:
    text = (
        "Blast in Quetta kills five\n\n"
        "A blast killed five people in Quetta on Friday, police said. "
        "The explosion destroyed a shop. The blast was heard far away."
    )
    assert len(_extract(text).drafts) == 1


def test_unseen_marks_change_no_result_and_offsets_are_of_the_kept_text() -> None:
    plain = "A bomb exploded in Quetta on Friday, killing five people."
    marked = plain.replace("exploded", "exp\u200bloded").replace("Quetta", "\u200fQue\u00adtta")
    one, other = _extract(plain), _extract(marked)
    assert [d.incident.place_name for d in one.drafts] == [
        d.incident.place_name for d in other.drafts
    ]
    assert len(other.drafts) == 1
    _accounted(other)


_PARTS = (
    *("A bomb exploded in Quetta. ", "Talks will be held. ", "Five soldiers were killed ", "\n\n"),
    *("Kabul", "denied it. ", "on Friday", ", ", "- ", "? ", "\u200b", "border clashes ", "2021 "),
    *("of the ", "Pakistan's ", "U.S. "),
)


@given(st.lists(st.sampled_from(_PARTS), max_size=25))
@settings(max_examples=60)
def test_every_sentence_is_evidence_or_skipped(parts: list[str]) -> None:
    _accounted(_extract("".join(parts)))


def test_a_draft_survives_the_layer_with_its_evidence() -> None:
    draft = _one("A bomb exploded in Quetta on Friday.", "explosion")
    incident = with_evidence(draft)
    assert from_feature(to_feature(incident)) == incident


def test_the_most_doubtful_draft_comes_first() -> None:
    text = "A bomb exploded in Quetta on Friday. An attack was reported somewhere."
    features = collection([_extract(text)])["features"]
    scores = [f["properties"]["evidence"]["score"] for f in features]
    assert scores == sorted(scores)


def test_the_example_article_gives_what_a_reader_finds(shared: Path) -> None:
    path = shared / "data" / "demo" / "article.txt"
    if not path.is_file():
        pytest.skip("the example article is not there")
    found = _extract(path.read_text(encoding="utf-8"))
    _accounted(found)
    rows = [(d.incident.event_type, d.incident.precision) for d in found.drafts]
    kinds = [kind for kind, _ in rows]
    assert sorted(kinds) == sorted(
        ["talks", "armed_clash", "explosion", "ceasefire", "ceasefire", "visit"]
    )
    by_kind = {d.incident.event_type: d.incident for d in found.drafts}
    assert by_kind["talks"].countries == ("TUR",)
    assert by_kind["talks"].start == by_kind["talks"].end == _REPORT
    assert by_kind["explosion"].countries == ("AFG",)
    assert by_kind["explosion"].assessment == "claimed"
    clash = by_kind["armed_clash"]
    assert (clash.precision, clash.point, clash.deaths.known) == ("area", None, False)
    assert "numerous casualties" in [c.value for c in clash.claims]
    assert (by_kind["visit"].precision, by_kind["visit"].countries) == ("country", ("IND",))
    assert all(
        d.incident.precision == "none" for d in found.drafts if d.incident.event_type == "ceasefire"
    )
    assert any("'if'" in s.reason or "'could'" in s.reason for s in found.skipped)


def test_people_who_have_fled_since_do_so_until_the_report() -> None:
    text = (
        "Gunmen attacked the village of Sake on Thursday and killed nine people. "
        "More than 2,000 people have fled to Goma."
    )
    assert days(text)[1] == (date(2025, 10, 23), date(2025, 10, 27))


def test_what_goes_on_for_a_third_day_began_two_days_before_the_day_told() -> None:
    text = (
        "Shells fell on Sake on Thursday. Troops fired rockets at Minova for a third day, he said."
    )
    assert days(text)[-1] == (date(2025, 10, 21), date(2025, 10, 23))
