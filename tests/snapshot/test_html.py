"""Is the page whole in itself, inert, the same each time, and can it be checked?"""

import base64
import hashlib
import json
import re
from dataclasses import replace
from datetime import date, timedelta
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from geo.filters import Filter
from geo.incident import Claim, Point, Source, Toll
from geo.snapshot import content_of, manifest_of
from geo.snapshot.files import html, html_facts
from geo.snapshot.make import draw
from geo.verify import verify
from tests.examples import alone
from tests.strategies import HOSTILE


class Read(HTMLParser):
    """Elements with their attributes, and the text of scripts and styles."""

    def __init__(self, data):
        super().__init__()
        self.elements = []
        self.held = []
        self.open = False
        self.feed(data.decode())

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))

        self.open = tag in ("script", "style")

    def handle_endtag(self, _tag):
        self.open = False

    def handle_data(self, text):
        if self.open:
            self.held.append((*self.elements[-1], text))

    def all(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]

    def script(self, name):
        return next(text for tag, a, text in self.held if tag == "script" and a.get("id") == name)


@pytest.fixture
def incidents(make):
    return [
        make("a"),
        make("b", at=(66.44, 30.92), place_name="Chaman", deaths=Toll()),
        make("c", event_type="riot", precision="near", radius_km=20.0),
        make("d", precision="province", at=None, admin1="Balochistan", place_name=""),
        make("e", precision="country", at=None, place_name=""),
        make("f", precision="none", at=None, place_name="", countries=()),
    ]


@pytest.fixture
def asked(incidents, brief):
    return brief(incidents)


@pytest.fixture(scope="module")
def kept():
    """Keep the plain page, drawn once."""
    return []


@pytest.fixture
def drawn(asked, kept):
    if not kept:
        kept.append(draw(asked, fmt="html"))
    return kept[0]


def test_page_needs_nothing_from_elsewhere(drawn):
    page = Read(drawn)
    for tag, attributes in page.elements:
        assert tag not in {"link", "img", "iframe", "object", "embed", "form", "base"}
        for name, value in attributes.items():
            assert not name.startswith("on")
            assert name != "style"
            if name in {"src", "href", "action", "data", "srcset"}:
                assert value.startswith("#")
    styles = [text for tag, _, text in page.held if tag == "style"]
    assert all(
        url.startswith("data:") for text in styles for url in re.findall(r"url\((.*?)\)", text)
    )
    assert "@import" not in "".join(styles)


def test_no_address_but_those_of_sources(drawn, brief, make):
    found = re.findall(rb"https?://[^\s\"'<\\]+", drawn)
    assert set(found) <= {b"http://www.w3.org/2000/svg"}
    source = Source(publisher="News", url="https://example.org/a")
    found = re.findall(
        rb"https?://[^\s\"'<\\]+", draw(brief([make("s", sources=(source,))]), fmt="html")
    )
    assert set(found) == {b"http://www.w3.org/2000/svg", b"https://example.org/a"}


def test_policy_allows_the_page_and_nothing_else(drawn):
    page = Read(drawn)
    policy = next(
        a["content"] for a in page.all("meta") if a.get("http-equiv") == "Content-Security-Policy"
    )
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert "connect-src" not in rules
    for rule, tag in (("script-src", "script"), ("style-src", "style")):
        texts = [text for name, a, text in page.held if name == tag and "type" not in a]
        digest = hashlib.sha256(texts[0].encode()).digest()
        assert len(texts) == 1
        assert rules[rule] == f"'sha256-{base64.b64encode(digest).decode()}'"
    assert "unsafe" not in policy


def test_script_sets_text_and_never_markup():
    script = html._script()
    for word in (
        *("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "Function("),
        *("fetch(", "XMLHttpRequest", "WebSocket", "sendBeacon", "import(", "localStorage"),
    ):
        assert word not in script


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_data(text, brief, make):
    if not text.strip() or re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", text):
        pytest.skip("no incident can hold it")
    one = make(
        "1", title=text, summary=text, place_name=text, claims=(Claim(field="deaths", value=text),)
    )
    data = draw(brief([one], title=text), fmt="html")
    page = Read(data)
    assert len(page.all("script")) == 3
    held = json.loads(page.script("data"))
    assert text in held["texts"]
    assert json.loads(page.script("incident-atlas"))["title"] == text
    assert b"\xe2\x80\xa8" not in data


def test_equal_briefs_give_equal_bytes(asked):
    assert draw(asked, fmt="html") == draw(asked, fmt="html")


def test_page_is_small(drawn):
    assert len(drawn) < 1_000_000


def test_untouched_page_is_the_same_and_a_changed_one_is_found(drawn, incidents):
    assert verify(drawn, alone(incidents, "v1")).result == "same"
    forged = drawn.replace(b"Torkham", b"Chitral", 1)
    verdict = verify(forged, alone(incidents, "v1"))
    assert (verdict.result, verdict.parts) == ("altered", ("page",))
    moved = [replace(incidents[0], point=Point(71.0, 34.0)), *incidents[1:]]
    verdict = verify(drawn, alone(moved, "v2"))
    assert (verdict.result, verdict.moved) == ("data_changed", ("t:a",))
    assert verify(b"<!doctype html><html></html>", alone(incidents, "v1")).result == "no_manifest"


def test_changed_manifest_is_found(drawn, incidents):
    forged = drawn.replace(b'"total":6', b'"total":7')
    assert forged != drawn
    assert "manifest" in verify(forged, alone(incidents, "v1")).parts


def test_every_incident_is_in_the_file_and_stands_where_it_is_known(drawn, incidents):
    held = json.loads(Read(drawn).script("data"))
    assert len(held["incidents"]) == len(incidents)
    marks = held["marks"]
    assert sorted(mark[0] for mark in marks["positions"]) == [0, 1, 2]
    assert len(marks["discs"]) == 1
    assert [unit[-1] for unit in marks["units"]] == [[3]]
    assert [nation[-1] for nation in marks["nations"]] == [[4]]


def test_disc_has_its_true_radius(drawn):
    held = json.loads(Read(drawn).script("data"))
    ax, ay = held["marks"]["discs"][0][2:4]
    km = held["ground"]["km"][2][2]
    assert (ax**2 + ay**2) ** 0.5 / 10 * km == pytest.approx(20, rel=0.01)


def test_quotes_leave_the_house_never(brief, make):
    one = make("1", sources=(Source(publisher="News", quote="Said in confidence"),))
    assert b"Said in confidence" in draw(brief([one]), fmt="html")
    for profile in ("partners", "public"):
        assert b"Said in confidence" not in draw(brief([one], profile=profile), fmt="html")


def test_marking_and_draft_are_printed(asked):
    marked = replace(asked, marking="amber+strict")
    content = content_of(marked)
    made = html.write(marked, content, manifest=manifest_of(marked), draft=True).decode()
    assert made.count("TLP:AMBER+STRICT</span>") == 2
    assert made.count('<span class="draft">DRAFT</span>') == 2
    assert 'class="draft"' not in html.write(marked, content, manifest=manifest_of(marked)).decode()


def test_text_of_the_page_says_ledger_time_sources_and_id(drawn, asked):
    page = drawn.decode()
    content = content_of(asked)
    assert content.ledger.replace("+", "+") in page
    assert f"ID {content.id}" in page
    assert "25 November 2025, 12:00 UTC" in page
    assert "Durand Line is not recognised" in page


def test_too_many_incidents_leave_the_most_recent_and_say_so(brief, make, monkeypatch):
    monkeypatch.setattr(html_facts, "MOST", 3)
    monkeypatch.setattr("geo.snapshot.files.html_data.MOST", 3)
    first = date(2025, 10, 1)
    many = [make(str(n), day=first + timedelta(days=n)) for n in range(5)]
    page = draw(brief(many, order=("t:0",)), fmt="html")
    held = json.loads(Read(page).script("data"))
    ids = [held["texts"][one[25]] for one in held["incidents"]]
    assert ids == ["t:0", "t:3", "t:4"]
    assert "holds 3 of 5 matched incidents" in page.decode()


def test_page_without_any_incident_is_whole(brief, incidents):
    page = draw(brief(incidents, query=Filter(text="nothing of the kind")), fmt="html")
    held = json.loads(Read(page).script("data"))
    assert held["incidents"] == []
    assert held["bins"] == []


def test_bins_cover_every_incident(brief, make):
    days = [date(2020, 1, 31), date(2023, 6, 1), date(2025, 2, 28)]
    page = draw(brief([make(str(n), day=day) for n, day in enumerate(days)]), fmt="html")
    bins = json.loads(Read(page).script("data"))["bins"]
    assert all(b[0] == a[1] + 1 for a, b in pairwise(bins))
    for day in days:
        number = html_facts.day_number(day)
        assert sum(first <= number <= last for first, last, *_ in bins) == 1
