import pytest

from geo.extract.status import status
from tests.extract.drafting import drafted, extracted, types

TOLD = {
    "Talks might be held in Cairo.": "hypothetical",
    "Diplomats fear fighting in Juba.": "hypothetical",
    "Talks will be held in Cairo on Friday.": "planned",
    "Talks are scheduled in Cairo.": "planned",
    "There was no shelling in Kherson.": "negated",
    "The talks in Cairo were called off.": "negated",
    "The army denied shelling Kherson.": "denied",
    "There have been years of fighting in Juba.": "history",
    "An offensive on Juba would be a disaster.": "hypothetical",
}


@pytest.mark.parametrize(("text", "expected"), TOLD.items())
def test_what_did_not_simply_happen_gives_no_draft(text: str, expected: str) -> None:
    words = next(w for w in ("Talks", "talks", "fighting", "shelling", "offensive") if w in text)
    start = text.index(words)
    assert status(text, start, start + len(words))[0] == expected
    assert types(text) == []


def test_a_skipped_sentence_names_the_cue() -> None:
    assert "'might'" in extracted("Talks might be held in Cairo.").skipped[0].reason


def test_what_goes_on_is_told_as_done_whatever_it_aims_at() -> None:
    assert types("Envoys are currently engaged in talks in Cairo.") == ["talks"]


def test_payback_for_an_event_leaves_the_event() -> None:
    assert types("The bombing might have been payback for an air strike in Sirte on Friday.") == [
        "air_drone_strike"
    ]


def test_what_lies_long_back_is_background() -> None:
    found = extracted("Rebels seized the town of Kidal in May 2023.")
    assert not found.drafts
    assert "background" in found.skipped[0].reason


def test_a_sum_over_a_year_is_no_incident() -> None:
    assert types("More than 3,000 people were killed in Port-au-Prince this year.") == []


def test_a_sum_over_a_war_is_no_incident() -> None:
    text = "More than 60,000 people have been killed in Gaza since the war began."
    assert types(text) == []


def test_an_anniversary_brings_no_event_back() -> None:
    assert types("Twenty years after the tsunami, survivors stood in Banda Aceh on Sunday.") == []


def test_every_sentence_is_evidence_or_skipped() -> None:
    found = extracted(
        "A bomb exploded in Kabul on Sunday. Nobody spoke. Talks might follow. It rained."
    )
    used = {s.start for d in found.drafts for s in d.evidence.sentences}
    assert len(used) + len(found.skipped) == 4
    assert not used & {s.start for s in found.skipped}


@pytest.mark.parametrize(
    "text",
    [
        "Mediators in Doha worry that ceasefire talks on Gaza could collapse.",
        "Forecasters warn of further floods near Valencia.",
        "A silent march in Bogota has been called for Sunday.",
    ],
)
def test_what_is_feared_or_called_for_gives_no_draft(text: str) -> None:
    assert not drafted(text)


def test_bombs_that_may_have_killed_were_dropped() -> None:
    text = "Bombs dropped on a market in Tora may have killed hundreds of people on Sunday."
    assert [i.event_type for i in drafted(text)] == ["air_drone_strike"]


def test_the_first_time_since_a_year_is_now() -> None:
    text = "The president declared martial law in Seoul on Sunday for the first time since 1979."
    assert [i.event_type for i in drafted(text)] == ["statement"]


def test_a_threat_is_made_whatever_would_follow() -> None:
    text = "The militia said on Sunday that any ship would be a legitimate target."
    assert [i.event_type for i in drafted(text)] == ["threat"]


def test_what_nobody_claims_responsibility_for_has_happened() -> None:
    assert types("No group claimed responsibility for the blast in Kabul on Sunday.") == [
        "explosion"
    ]


@pytest.mark.parametrize(
    "text",
    [
        "The order limits gatherings and protests in Sololá on Sunday.",
        "A ban on rallies and protests in Juba was extended on Sunday.",
        "The governor banned all protests in Juba on Sunday.",
    ],
)
def test_what_is_forbidden_has_not_happened(text: str) -> None:
    assert "protest" not in types(text)


@pytest.mark.parametrize(
    "text",
    [
        "Within Kharkiv city limits, shelling killed two people on Sunday.",
        "Supporters defied a ban on protests and police shot dead three of them in Kampala.",
        "The governor banned any gatherings and troops opened fire on a crowd in Goma on Sunday.",
        "Outlaws attacked a village in Zamfara on Sunday, killing five people.",
        "Thousands defied a ban on rallies and clashed with police in Nairobi on Sunday.",
        "Crowds ignored a ban on gatherings and attacked a church in Lahore on Sunday.",
        "Despite a ban on rallies, protests broke out in Dhaka on Sunday.",
    ],
)
def test_what_happened_beside_something_forbidden_has_happened(text: str) -> None:
    fought = {"shelling", "attack_on_civilians", "riot", "armed_clash", "protest"}
    assert fought & set(types(text))


def test_a_forbidden_protest_took_place() -> None:
    assert types("Police broke up a banned protest in Juba on Sunday.") == ["protest"]
