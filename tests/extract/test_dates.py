import itertools
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.extract.dates import dates, of_events

REPORT = date(2025, 10, 27)  # a Monday


def read(text: str, report: date = REPORT) -> list[tuple[str, str]]:
    return [(w.first.isoformat(), w.last.isoformat()) for w in dates(text, report)]


def told(text: str, report: date = REPORT) -> list[tuple[str, str]]:
    found = of_events(dates(text, report), report)
    return [(w.first.isoformat(), w.last.isoformat()) for w in found]


READ = {
    "on Sunday": ("2025-10-26", "2025-10-26"),
    "on Monday morning": ("2025-10-27", "2025-10-27"),
    "last Monday": ("2025-10-20", "2025-10-20"),
    "yesterday": ("2025-10-26", "2025-10-26"),
    "overnight": ("2025-10-26", "2025-10-27"),
    "in the night to Saturday": ("2025-10-24", "2025-10-25"),
    "overnight into Sunday": ("2025-10-25", "2025-10-26"),
    "overnight from Saturday to Sunday": ("2025-10-25", "2025-10-26"),
    "on Friday night and early Saturday": ("2025-10-24", "2025-10-25"),
    "struck Odesa night after night until Sunday": ("2025-10-26", "2025-10-26"),
    "from Friday to Sunday": ("2025-10-24", "2025-10-26"),
    "on Friday and Saturday": ("2025-10-24", "2025-10-25"),
    "on 9 October": ("2025-10-09", "2025-10-09"),
    "on October 9-12": ("2025-10-09", "2025-10-12"),
    "between 30 September and 2 October": ("2025-09-30", "2025-10-02"),
    "on the 12th": ("2025-10-12", "2025-10-12"),
    "on the 29th": ("2025-09-29", "2025-09-29"),
    "two days ago": ("2025-10-25", "2025-10-25"),
    "over the past three days": ("2025-10-24", "2025-10-27"),
    "during the past week": ("2025-10-20", "2025-10-27"),
    "at the weekend": ("2025-10-25", "2025-10-26"),
    "on Friday of last week": ("2025-10-24", "2025-10-24"),
    "during the night": ("2025-10-26", "2025-10-27"),
    "in the night of Saturday to Sunday": ("2025-10-25", "2025-10-26"),
    "over the past days": ("2025-10-24", "2025-10-27"),
    "last week": ("2025-10-20", "2025-10-26"),
    "in mid-October": ("2025-10-11", "2025-10-20"),
    "early in October": ("2025-10-01", "2025-10-10"),
    "last November": ("2024-11-01", "2024-11-30"),
    "in May 2023": ("2023-05-01", "2023-05-31"),
    "last spring": ("2024-03-01", "2024-05-31"),
    "in 2021": ("2021-01-01", "2021-12-31"),
    "in October of last year": ("2024-10-01", "2024-10-31"),
    "at the end of September": ("2025-09-21", "2025-09-30"),
    "between April and September": ("2025-04-01", "2025-09-30"),
    "at the start of the week": ("2025-10-27", "2025-10-27"),
    "in the first days of the month": ("2025-10-01", "2025-10-05"),
    "at the end of the year": ("2025-12-01", "2025-12-31"),
    "in the 1980s": ("1980-01-01", "1989-12-31"),
    "twenty years ago": ("2005-01-01", "2005-12-31"),
    "a decade ago": ("2015-01-01", "2015-12-31"),
    "in the spring": ("2025-03-01", "2025-05-31"),
    "from the 14th to the 16th": ("2025-10-14", "2025-10-16"),
    "from the 30th to the 2nd": ("2025-09-30", "2025-10-02"),
    "on the night of the 16th": ("2025-10-16", "2025-10-16"),
    "on the night of 25/26 October": ("2025-10-25", "2025-10-26"),
    "at night, Friday into Saturday": ("2025-10-24", "2025-10-25"),
    "last week, on Wednesday": ("2025-10-22", "2025-10-22"),
    "on Sunday last": ("2025-10-19", "2025-10-19"),
    "over the past day": ("2025-10-26", "2025-10-27"),
    "on Christmas Eve": ("2024-12-24", "2024-12-24"),
}


@pytest.mark.parametrize(("text", "expected"), READ.items())
def test_words_of_time_mean_days(text: str, expected: tuple[str, str]) -> None:
    assert expected in read(f"It happened {text}.")
    assert told(f"It happened {text}.") == [expected]


@pytest.mark.parametrize(
    ("then", "day"),
    [
        ("that evening", "2025-10-23"),
        ("the same day", "2025-10-23"),
        ("the next morning", "2025-10-24"),
        ("a day earlier", "2025-10-22"),
        ("the night before", "2025-10-22"),
        ("two days later", "2025-10-25"),
        ("hours later", "2025-10-23"),
        ("the weekend before", "2025-10-18"),
        ("two nights before", "2025-10-21"),
        ("two nights earlier", "2025-10-21"),
        ("four hours before", "2025-10-23"),
        ("a week before", "2025-10-16"),
        ("two days afterwards", "2025-10-25"),
        ("three days after that", "2025-10-26"),
        ("shortly before midnight", "2025-10-23"),
        ("around 9 a.m.", "2025-10-23"),
        ("in the evening", "2025-10-23"),
    ],
)
def test_some_words_count_from_the_day_told_before(then: str, day: str) -> None:
    assert read(f"It began on Thursday. It went on {then}.")[1][0] == day


def test_two_days_after_it_goes_on_from_it_where_it_opens_a_sentence() -> None:
    text = "It began on Thursday. Two days after the raid, they came back."
    assert read(text)[-1] == ("2025-10-25", "2025-10-25")


@pytest.mark.parametrize(
    "text",
    [
        "It began on Thursday before dawn.",
        "before dawn on Thursday",
        "at 8 p.m. local time on Thursday",
    ],
)
def test_an_hour_beside_its_day_says_nothing_more(text: str) -> None:
    assert told(text) == [("2025-10-23", "2025-10-23")]


def test_since_a_day_events_last_to_the_report() -> None:
    text = "The road has been closed since Thursday."
    assert read(text) == [("2025-10-23", "2025-10-23")]
    assert told(text) == [("2025-10-23", "2025-10-27")]


@pytest.mark.parametrize(
    "text",
    [
        *("They will meet on Thursday.", "Talks are due on Thursday.", "open until Thursday."),
        *("It is to be presented on Thursday.", "The drill ends on Thursday."),
    ],
)
def test_words_that_look_ahead_turn_a_weekday_round(text: str) -> None:
    assert read(text) == [("2025-10-30", "2025-10-30")]


@pytest.mark.parametrize(
    "text",
    [
        "Rebels came before dawn on Thursday.",
        "He was shot by soldiers on Thursday.",
        "They were set upon on Thursday.",
        "The plan was dropped on Thursday.",
        "They took the road on Thursday and are due in Gao.",
        "A grenade went off next to the office on Thursday.",
    ],
)
def test_words_of_the_past_do_not(text: str) -> None:
    assert read(text) == [("2025-10-23", "2025-10-23")]


@pytest.mark.parametrize(
    "text",
    [
        *("They sat down.", "a 48-hour truce", "31 June", "It may rain."),
        *("Hundreds died in the fall of Nyala.", "Police shot at a crowd in Fall River."),
    ],
)
def test_what_is_no_day_is_not_read(text: str) -> None:
    assert read(text) == []


@given(st.text(max_size=300), st.dates(date(1900, 1, 1), date(2100, 1, 1)))
def test_every_reading_is_in_its_place_and_in_order(text: str, report: date) -> None:
    found = dates(text, report)
    assert all(w.text == text[w.start : w.end] and w.first <= w.last for w in found)
    assert all(a.end <= b.start for a, b in itertools.pairwise(found))


def test_the_day_of_words_is_not_counted_from() -> None:
    text = "They were shot on 9 October, a spokesman said on Friday. The shop burned that morning."
    assert read(text)[-1] == ("2025-10-09", "2025-10-09")


def test_days_after_something_lead_back_to_it() -> None:
    text = "The airport was retaken on Sunday, five days after soldiers had entered the palace."
    assert read(text)[-1] == ("2025-10-21", "2025-10-21")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("By Friday evening the ministry announced a victory.", "2025-10-24"),
        ("He was found to be missing from his cell on Friday.", "2025-10-24"),
        ("A march has been called for Friday.", "2025-10-31"),
        ("The government ordered a day of mourning on Friday.", "2025-10-31"),
    ],
)
def test_words_beside_a_weekday_say_which_one_is_meant(text: str, day: str) -> None:
    assert read(text) == [(day, day)]


@pytest.mark.parametrize(
    "opening",
    [
        "BAMENDA, Oct 27 (Agency) - ",
        "GAO, Mali, 27 October -- ",
        "JUBA (Oct. 27) — ",
        "Flash update (as of 27 October)\n\n",
    ],
)
def test_the_day_of_a_report_is_not_the_day_of_what_it_tells(opening: str) -> None:
    taken = "Six priests were taken from a church on Saturday, a bishop said."
    assert told(opening + taken) == [("2025-10-25", "2025-10-25")]
    # unless it is the only day there is
    assert told(opening + "Six priests were taken from a church.") == [("2025-10-27", "2025-10-27")]


def test_a_date_that_a_dash_follows_in_a_sentence_is_no_dateline() -> None:
    text = "The bridge fell on 20 October - a market day - and again on Saturday."
    assert read(text)[0] == ("2025-10-20", "2025-10-20")
