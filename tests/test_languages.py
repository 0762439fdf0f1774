"""Do all catalogues say the same things, each in its own language?"""

from __future__ import annotations

import json
import re
import string
from collections.abc import Iterator, Mapping

import pytest

from geo import countries
from geo.settings import DATA
from geo.snapshot.language import codes, language
from geo.snapshot.plural import forms, plural
from geo.taxonomy import event_types, groups

OTHERS = [code for code in codes() if code != "en"]
# sections whose English is in the reference data
REFERENCE = ("types", "groups", "countries", "boundaries")
FORMS = {"zero", "one", "two", "few", "many", "other"}
# placeholders, and what is written in Latin letters in every language
NAMES = r"{\w+}|UTC|TLP|Incident Atlas|--as-of"
SCRIPTS = dict.fromkeys(("ar", "prs", "ps", "ur"), "[\u0600-ۿ]")
SCRIPTS |= dict.fromkeys(("ru", "uk"), "[Ѐ-ӿ]")


def read(name: str) -> dict:
    return json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))


def leaves(words: Mapping, path: str = "") -> Iterator[tuple[str, object]]:
    """Every text of a catalogue; plural forms of one text are one leaf."""
    for key, held in words.items():
        here = f"{path}.{key}" if path else key
        if isinstance(held, dict) and not set(held) <= FORMS:
            yield from leaves(held, here)
        else:
            yield here, held


def own(code: str) -> dict[str, object]:
    words = language(code).words
    return dict(leaves({k: v for k, v in words.items() if k not in REFERENCE}))


def texts(held: object) -> list[str]:
    if isinstance(held, dict):
        return [str(text) for text in held.values()]
    return [str(text) for text in held] if isinstance(held, list) else [str(held)]


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_languages_are_those_of_the_briefings():
    assert set(codes()) == {"en", "ar", "prs", "ps", "ru", "uk", "ur"}


@pytest.mark.parametrize("code", OTHERS)
def test_every_catalogue_has_the_keys_of_the_english_one(code):
    assert own(code).keys() == own("en").keys()


@pytest.mark.parametrize("code", OTHERS)
def test_placeholders_are_those_of_the_english_one(code):
    english = own("en")
    for key, held in own(code).items():
        if key.startswith("dates."):
            # a language may name a day without one of its parts, never with another
            allowed = {
                "day",
                "month",
                "month_alone",
                "short_month",
                "year",
                *places(str(english[key])),
            }
            assert places(str(held)) <= allowed, key
            continue
        wanted = places(texts(english[key])[-1])
        for text in texts(held):
            # a plural form may leave out its number
            assert places(text) in (wanted, wanted - {"n"} if isinstance(held, dict) else wanted), (
                key
            )


@pytest.mark.parametrize("code", OTHERS)
def test_no_text_is_left_english(code):
    letters = re.compile("[A-Za-z]{2,}")
    for key, held in own(code).items():
        if key == "language.direction":
            continue
        for text in texts(held):
            bare = re.sub(NAMES, "", text)
            assert not letters.search(bare), f"{key}: {text}"


@pytest.mark.parametrize("code", OTHERS)
def test_reference_data_are_named_in_the_language(code):
    words, policy = language(code).words, read("boundaries")
    boundaries = words["boundaries"]
    assert set(words["types"]) == {kind.id for kind in event_types()}
    assert set(words["groups"]) == {group.id for group in groups()}
    assert set(words["countries"]) == countries.codes()
    assert set(boundaries["classes"]) == set(policy["classes"])
    assert set(boundaries["lines"]) == {row["name"] for row in policy["lines"] if row["name"]}
    assert set(boundaries["notes"]) == {row["id"] for row in policy["notes"]}
    named = dict(leaves({name: words[name] for name in REFERENCE}))
    for key, held in named.items():
        assert re.search(SCRIPTS[code], str(held)), key
        assert not re.search("[A-Za-z]", str(held)), f"{key}: {held}"


@pytest.mark.parametrize("code", codes())
def test_plural_forms_are_those_of_the_language(code):
    for key, held in own(code).items():
        if isinstance(held, dict):
            assert set(held) == set(forms(code)), key


@pytest.mark.parametrize(
    ("code", "form", "numbers"),
    [
        # the examples of CLDR for whole numbers
        ("ar", "zero", (0,)),
        ("ar", "one", (1,)),
        ("ar", "two", (2,)),
        ("ar", "few", (3, 10, 103, 110, 1003)),
        ("ar", "many", (11, 26, 99, 111, 1011)),
        ("ar", "other", (100, 102, 200, 202, 1000, 10_000)),
        ("en", "one", (1,)),
        ("en", "other", (0, 2, 16, 100, 1000)),
        ("prs", "one", (0, 1)),
        ("prs", "other", (2, 17, 100)),
        ("ps", "one", (1,)),
        ("ps", "other", (0, 2, 16, 100)),
        ("ur", "one", (1,)),
        ("ur", "other", (0, 2, 16, 100)),
        *((code, "one", (1, 21, 31, 101, 1001)) for code in ("ru", "uk")),
        *((code, "few", (2, 4, 22, 24, 102, 1002)) for code in ("ru", "uk")),
        *((code, "many", (0, 5, 11, 12, 14, 19, 100, 112, 1000)) for code in ("ru", "uk")),
    ],
)
def test_plural_rules_are_those_of_cldr(code, form, numbers):
    assert [plural(code, n) for n in numbers] == [form] * len(numbers)
