"""Does a briefing speak its language: words, numbers, dates and the direction of the page?"""

from __future__ import annotations

import html
import io
import re
import shutil
import subprocess
from datetime import UTC, date, datetime

import numpy as np
import pytest
from PIL import Image

from geo.area import BBox
from geo.filters import Filter, select
from geo.incident import Claim, Toll
from geo.snapshot import SIZES
from geo.snapshot.content import content_of, days_in_words
from geo.snapshot.files.said import said as said_in_office
from geo.snapshot.language import codes, language
from geo.snapshot.make import draw
from geo.snapshot.picture import compose
from geo.snapshot.sheet.fonts import Style, clean, shorten, width
from geo.snapshot.sheet.page import SIZE, Page
from geo.snapshot.sheet.projection import Rect
from geo.snapshot.words import filter_in_words, ledger_in_words
from geo.taxonomy import event_types

RTL = ("ar", "prs", "ps", "ur")
HOSTILE = 'عنوان {{7*7}} <script>alert(1)</script> \u202egnp.exe\u2067 {n} $\\alpha$ "&'


def ascii_numbers(text: str) -> list[int]:
    """Every whole number in a text, whatever its digits and grouping."""
    joined = re.sub("(?<=\\d)[\u00a0\u066c,](?=\\d{3})", "", text)
    return [int(found) for found in re.findall(r"\d+", joined)]


def several(make, many: int = 12):
    kinds = sorted(kind.id for kind in event_types())
    return [
        make(
            str(n),
            event_type=kinds[n % len(kinds)],
            at=(66 + n * 1.7 % 6, 30.2 + n * 0.9 % 5) if n % 4 else None,
            precision=("none", "exact", "near", "district")[n % 4],
            deaths=Toll(n, n, n) if n % 3 else Toll(),
            day=date(2025, 10, 1 + n % 28),
        )
        for n in range(many)
    ]


@pytest.mark.parametrize(
    ("code", "number", "decimal", "day", "period", "across"),
    [
        (
            "en",
            "12,345",
            "2.5",
            "9 October 2025",
            "9–19 October 2025",
            "30 December 2024 – 2 January 2025",
        ),
        (
            "ar",
            "١٢٬٣٤٥",
            "٢٫٥",
            "٩ تشرين الأول/أكتوبر ٢٠٢٥",
            "من ٩ إلى ١٩ تشرين الأول/أكتوبر ٢٠٢٥",
            "من ٣٠ كانون الأول/ديسمبر ٢٠٢٤ إلى ٢ كانون الثاني/يناير ٢٠٢٥",
        ),
        (
            "prs",
            "۱۲٬۳۴۵",
            "۲٫۵",
            "۹ اکتوبر ۲۰۲۵",
            "۹ تا ۱۹ اکتوبر ۲۰۲۵",
            "۳۰ دسمبر ۲۰۲۴ تا ۲ جنوری ۲۰۲۵",
        ),
        (
            "ps",
            "۱۲٬۳۴۵",
            "۲٫۵",
            "د ۲۰۲۵ د اکتوبر ۹",
            "د ۲۰۲۵ د اکتوبر له ۹ تر ۱۹",
            "د ۲۰۲۴ د ډسمبر ۳۰ – د ۲۰۲۵ د جنوري ۲",
        ),
        (
            "ur",
            "12,345",
            "2.5",
            "9 اکتوبر 2025",
            "9 تا 19 اکتوبر 2025",
            "30 دسمبر 2024 تا 2 جنوری 2025",
        ),
        (
            "ru",
            "12\u00a0345",
            "2,5",
            "9 октября 2025 г.",
            "9–19 октября 2025 г.",
            "30 декабря 2024 г. – 2 января 2025 г.",
        ),
        (
            "uk",
            "12\u00a0345",
            "2,5",
            "9 жовтня 2025 р.",
            "9–19 жовтня 2025 р.",
            "30 грудня 2024 р. – 2 січня 2025 р.",
        ),
    ],
)
def test_numbers_and_days_are_written_as_the_language_does(
    code, number, decimal, day, period, across
):
    spoken = language(code)
    assert spoken.number(12_345) == number
    assert spoken.numeral("2.5") == decimal
    assert spoken.day(date(2025, 10, 9)) == day
    assert spoken.period(date(2025, 10, 9), date(2025, 10, 19)) == period
    assert spoken.period(date(2024, 12, 30), date(2025, 1, 2)) == across


@pytest.mark.parametrize(
    ("code", "said"),
    [("ru", "октябрь 2025 г."), ("uk", "жовтень 2025 р."), ("ps", "د ۲۰۲۵ اکتوبر")],
)
def test_a_month_alone_has_its_own_form(code, said):
    assert language(code).month(date(2025, 10, 1)) == said
    assert language(code).coarse(date(2025, 10, 1), "month") == said


@pytest.mark.parametrize(
    ("code", "n", "said"),
    [
        ("ru", 1, "инцидент"),
        ("ru", 22, "инцидента"),
        ("ru", 11, "инцидентов"),
        ("uk", 21, "інцидент"),
        ("uk", 3, "інциденти"),
        ("ar", 2, "حادثان"),
        ("ar", 7, "حوادث"),
        ("ar", 25, "حادثاً"),
        ("ar", 100, "حادث"),
        ("ur", 1, "واقعہ"),
        ("ur", 2, "واقعات"),
    ],
)
def test_the_noun_follows_its_number(code, n, said):
    assert language(code).say("figures.incidents", n=n) == said


@pytest.mark.parametrize(
    ("code", "one", "two", "three"),
    [
        ("en", "Layer:", "Layers:", "Layers:"),
        ("ar", "الطبقة:", "الطبقتان:", "الطبقات:"),
        ("prs", "لایه:", "لایه‌ها:", "لایه‌ها:"),
        ("ps", "طبقه:", "طبقې:", "طبقې:"),
        ("ur", "تہہ:", "تہیں:", "تہیں:"),
        ("ru", "Слой:", "Слои:", "Слои:"),
        ("uk", "Шар:", "Шари:", "Шари:"),
    ],
)
def test_a_picture_of_several_layers_calls_them_so(make, brief, code, one, two, three):
    for count, word in ((1, one), (2, two), (3, three), (21, two if code != "ar" else three)):
        layers = tuple((f"n{i}", "") for i in range(count))
        asked = brief([make()], language=code, layers=layers)
        drawn = compose(asked)
        in_office = said_in_office(asked, drawn.content, drawn.plane).data
        on_page = " ".join(written.text for written in drawn.page.written)
        assert f" {clean(word)} " in f" {in_office} "
        assert f" {clean(word)} " in f" {on_page} "


@pytest.mark.parametrize("code", codes())
def test_ledger_and_alt_text_have_the_numbers_of_the_ledger(make, brief, code):
    incidents = [*several(make), make("far", at=(28.98, 41.01)), make("draft", status="draft")]
    aside = frozenset({"t:1"})
    frame = BBox(65, 29, 73, 36)
    selection = select(incidents, Filter(), frame=frame, set_aside=aside)
    ledger = selection.ledger
    asked = brief(incidents, language=code, frame=frame, selection=selection, set_aside=aside)
    content = content_of(asked)
    counted = [ledger.on_map, ledger.off_frame, ledger.not_mappable, ledger.set_aside]
    shown = ascii_numbers(content.ledger)
    for n in (ledger.matched, ledger.total, ledger.within, ledger.ongoing, *counted, 1):
        assert n in shown, n
    told = ascii_numbers(content.alt)
    for n in (ledger.matched, ledger.total, *counted):
        assert n in told, n
    assert sum(counted) == ledger.matched


@pytest.mark.parametrize("code", codes())
def test_every_filter_and_every_toll_can_be_said(make, code):
    spoken = language(code)
    query = Filter(
        start=date(2025, 10, 1),
        uncertain=False,
        event_types=("shelling",),
        countries=("AFG", "PAK"),
        area=BBox(66.5, -30, 72, 35),
        actors=("TTP",),
        text="words",
        precision=("exact",),
        deaths_min=5,
        assessment=("claimed",),
        status=("draft", "retracted"),
        changed_since=datetime(2025, 11, 1, 6, 30, tzinfo=UTC),
        sources=tuple("abcdef"),
    )
    said = filter_in_words(query, (), spoken)
    assert "{" not in said
    parts = said.split(spoken.say("words.clause_separator"))
    assert len(parts) == 13
    # a raised dot beside Arabic numerals is read as a zero
    assert spoken.rtl is ("·" not in said)
    ledger = select([make()], query).ledger
    assert ledger_in_words(ledger, spoken)


@pytest.mark.parametrize(
    ("size", "code"), [*((size, "ar") for size in SIZES), *(("slide", code) for code in RTL[1:])]
)
def test_a_page_from_right_to_left_has_no_overlap_and_nothing_leaves_it(make, brief, size, code):
    page = compose(brief(several(make), size=size, language=code, title="عنوان " * 30)).page
    sheet = SIZE[size]
    boxes = [written for written in page.written if not written.turned]
    for i, one in enumerate(boxes):
        west, south, east, north = one.box
        assert west >= 0, one.text
        assert east <= sheet.width, one.text
        for other in boxes[i + 1 :]:
            across = min(east, other.box[2]) - max(west, other.box[0])
            up = min(north, other.box[3]) - max(south, other.box[1])
            assert across < 0.5 or up < 0.5, f"{one.text!r} on {other.text!r}"


def test_title_starts_at_the_right_edge(make, brief):
    title = "حوادث"
    page = compose(brief([make()], language="ar", title=title)).page
    box = next(w.box for w in page.written if w.text == title)
    assert box[2] == pytest.approx(page.size.width - page.size.margin)


def test_the_map_is_not_mirrored(make, brief):
    asked = [make("west", at=(66, 34)), make("east", at=(72, 34), place_name="Easterly")]
    drawn = compose(brief(asked, language="ar"))
    page, rect = drawn.page, drawn.plane.rect
    there = page.placed(rect)
    # the rectangle lies on the other side of the page, and what is in it keeps its order
    assert there.right == pytest.approx(page.size.width - rect.x)
    with page.upright(rect.x, rect.right):
        inside = [page.placed(Rect(x, 0, 0, 0)).x for x in (rect.x, rect.right)]
    assert inside == [pytest.approx(there.x), pytest.approx(there.right)]
    shown = {w.text: w.box[0] for w in page.written}
    assert shown["66°E"] < shown["70°E"]


def test_a_point_of_the_map_has_the_same_colour_from_both_sides(make, brief):
    incidents = [make("1", at=(66, 34), deaths=Toll(9, 9, 9)), make("2", at=(71, 31))]
    ground = {}
    for code in ("en", "ur"):
        asked = brief(incidents, language=code)
        drawn = compose(asked)
        rect = drawn.page.placed(drawn.plane.rect)
        image = Image.open(io.BytesIO(draw(asked, fmt="png", dpi=72))).convert("RGB")
        spot = drawn.plane.spot(incidents[0].point)
        x = rect.x + spot[0] - drawn.plane.rect.x
        around = np.asarray(image)[
            int(image.height - spot[1]) - 4 : int(image.height - spot[1]) + 4,
            int(x) - 4 : int(x) + 4,
        ]
        ground[code] = around.reshape(-1, 3).mean(axis=0)
    assert np.abs(ground["en"] - ground["ur"]).max() < 40


def test_signs_keep_their_shape_in_a_mirror():
    page = Page(SIZE["phone"], rtl=True)
    with page.upright(20, 20):
        assert page.placed(Rect(18, 0, 6, 4)).x == pytest.approx(page.size.width - 20 - 2)
    assert page.placed(Rect(18, 0, 6, 4)).x == pytest.approx(page.size.width - 24)


@pytest.mark.parametrize("fmt", ["png", "svg", "pdf"])
def test_same_bytes_twice_from_right_to_left(make, brief, fmt):
    asked = brief(several(make, 4), language="ar")
    assert draw(asked, fmt=fmt) == draw(asked, fmt=fmt)


def test_svg_text_is_in_reading_order_and_starts_at_the_right(make, brief):
    svg = draw(brief([make()], language="ar", title="عنوان"), fmt="svg").decode()
    found = re.search(r'<text style="([^"]*)"[^>]*>عنوان</text>', svg)
    assert found
    assert "direction: rtl" in found[1]
    assert "text-anchor: start" in found[1]
    assert "Atlas Sans Arabic" in svg


def test_hostile_text_stays_text_from_right_to_left(make, brief):
    asked = brief([make(place_name=HOSTILE)], language="ar", title=HOSTILE)
    svg = draw(asked, fmt="svg").decode()
    assert "<script" not in svg
    shown = [html.unescape(t) for t in re.findall(r"<text[^>]*>([^<]*)</text>", svg)]
    assert any("{{7*7}}" in text for text in shown)
    # nothing from outside turns the direction of what stands beside it
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", "".join(shown))
    for fmt in ("png", "pdf"):
        assert draw(asked, fmt=fmt)


def test_a_title_stays_as_it_was_typed(make, brief):
    for code in codes():
        assert (
            content_of(brief([make()], language=code, title="As Typed, 12")).title == "As Typed, 12"
        )


def test_a_cut_keeps_letters_whole():
    style = Style(12)
    text = clean("می‌شود بَلَدٌ " * 6)
    for room in range(30, 200, 7):
        cut = shorten(text, style, room)
        assert width(cut, style) <= room or cut == "…"
        kept = cut.removesuffix("…")
        assert text.startswith(kept)
        following = text[len(kept) :].lstrip()[:1]
        assert following not in "\u200c\u064e\u064c" or not following


def test_toll_in_words_of_differing_claims(make, brief):
    claims = (
        Claim(field="deaths", value="5", claimant="one"),
        Claim(field="deaths", value="9", claimant="other"),
    )
    for code in codes():
        rows = content_of(brief([make(claims=claims, deaths=Toll(5, None, 9))], language=code)).rows
        assert ascii_numbers(rows[0].deaths) in ([5, 9], [])


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("en", "11–12 Oct"),
        ("ar", "١١–١٢ تشرين الأول"),
        ("prs", "۱۱ تا ۱۲ اکتوبر"),
        ("ru", "11–12 окт."),
    ],
)
def test_days_of_one_month_share_its_name(make, code, said):
    incident = make(day=date(2025, 10, 11), end=date(2025, 10, 12))
    assert days_in_words(incident, language(code)) == said


def test_latin_words_keep_their_brackets_in_a_sentence_from_right_to_left():
    spoken = language("ar")
    said = spoken.say("words.sources", names="GeoNames (CC BY 4.0)")
    assert said.endswith("\u200eGeoNames (CC BY 4.0)\u200e")
    assert width(said, Style(10)) == width(said.replace("\u200e", ""), Style(10))
    # what has letters of its own needs no help
    assert "\u200e" not in spoken.say("words.sources", names="رويترز")
    assert "\u200e" not in language("ru").say("words.sources", names="AP")


def test_pdf_text_is_copied_in_reading_order(make, brief):
    pdftotext = shutil.which("pdftotext")
    if pdftotext is None:
        pytest.skip("pdftotext is not installed")
    pdf = draw(brief([make()], language="ar", title="حوادث على الحدود الثلاثة"), fmt="pdf")
    run = subprocess.run(
        [pdftotext, "-layout", "-", "-"], input=pdf, capture_output=True, check=True, timeout=60
    )
    letters = re.sub("[\u200e\u200f\u202a-\u202e]", "", run.stdout.decode())
    assert "حوادث على الحدود الثلاثة" in letters
