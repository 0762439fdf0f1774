"""Does every layout hold what it must, whatever there is to say?"""

from __future__ import annotations

import io
from datetime import date, timedelta

import numpy as np
import pytest
from PIL import Image

from geo.area import BBox
from geo.errors import SnapshotError
from geo.filters import Filter
from geo.incident import Claim, Source, Toll
from geo.snapshot import SIZES, House
from geo.snapshot.brief import MARKINGS
from geo.snapshot.files import png
from geo.snapshot.make import draw
from geo.snapshot.picture import compose, mark_draft
from geo.snapshot.sheet.page import SIZE
from geo.taxonomy import event_types

LONG = "Donaudampfschifffahrtsgesellschaftskapitänswitwenrentenauszahlungsstelle"
KINDS = sorted(kind.id for kind in event_types())
PRECISIONS = ("exact", "near", "district", "area", "province", "country", "none")


def incidents(make, count):
    """Incidents of every type, precision and assessment, with texts of every length."""
    made = []
    for n in range(count):
        precision = PRECISIONS[n * 5 % 7]
        placed = precision in PRECISIONS[:4]
        made.append(
            make(
                str(n),
                event_type=KINDS[n * 3 % len(KINDS)],
                day=date(2025, 9, 1) + timedelta(days=n * n % 61),
                precision=precision,
                at=(62 + n * 1.7 % 12, 26 + n * 0.9 % 10) if placed else None,
                admin1=("Khost", "Balochistan", "", LONG)[n % 4],
                countries=(("AFG",), ("PAK",), ("AFG", "PAK"), ())[n * 3 % 4],
                assessment=("reported", "claimed", "corroborated", "disputed")[n % 4],
                deaths=(Toll(n, n, n), Toll(), Toll(n, None, n + 900), Toll(3, None, None))[n % 4],
                claims=(Claim(field="deaths", value=1), Claim(field="deaths", value=90))
                if n % 5 == 2
                else (),
                title=(f"Incident {n}", f"{LONG} {LONG} {n}", f"A rather long title {n} " * 5)[
                    n % 3
                ],
                place_name=(f"Place {n % 40}", "", f"{LONG} {n % 9}", f"Two words {n}")[n * 3 % 4],
                sources=tuple(
                    Source(publisher=f"{LONG[: 4 + n % 60]} {i}", title="x") for i in range(n % 4)
                ),
            )
        )
    return made


def asked(make, brief, count, size, **given):
    fields = {
        "size": size,
        "title": f"A title longer than any title should be, of {count} {LONG} " * 3,
        "marking": "amber+strict",
        "house": House(
            producer="A producer with a long name " * 5,
            contact=f"{LONG}@example.org",
            map_number="MA-0042-EN",
            disclaimer="Nothing here is what it seems. " * 8,
        ),
    }
    return brief(incidents(make, count), **(fields | given))


def apart(boxes):
    """Assert that no box lies on another."""
    for i, (name, box) in enumerate(boxes):
        for other, its in boxes[i + 1 :]:
            across = min(box[2], its[2]) - max(box[0], its[0])
            up = min(box[3], its[3]) - max(box[1], its[1])
            assert across < 0.6 or up < 0.6, f"{name!r} on {other!r}"


def check(page):
    """Assert that nothing on a page overlaps, leaves it or is too small."""
    sheet = page.size
    (chart,) = [held.box for held in page.held if held.name == "map"]
    outside = []
    for written in page.written:
        west, south, east, north = written.box
        # names within the neatline, which the map keeps apart, and the degrees around it
        middle = (west + east) / 2, (south + north) / 2
        mapped = chart[0] - 12 <= middle[0] <= chart[2] and chart[1] - 12 <= middle[1] <= chart[3]
        least = sheet.note if mapped else min(sheet.least, sheet.note)
        assert written.style.size >= least, written.text
        if written.turned:
            continue
        assert west >= 0, written.text
        assert south >= 0, written.text
        assert east <= sheet.width, written.text
        assert north <= sheet.height, written.text
        if not mapped:
            outside.append((written.text, written.box))
    marks = [(held.name, held.box) for held in page.held]
    apart(marks)
    within = {"marking", "draft"}
    loose = [
        (text, box)
        for text, box in outside
        if not any(
            name in within and held[0] <= box[0] and box[2] <= held[2] and held[1] <= box[1]
            for name, held in marks
        )
    ]
    apart([*loose, *marks])


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("count", [0, 1, 25, 26, 300])
def test_nothing_overlaps_leaves_the_page_or_is_too_small(make, brief, size, count):
    drawn = compose(asked(make, brief, count, size))
    mark_draft(drawn)
    check(drawn.page)


def test_five_thousand_incidents_fit_on_the_smallest_page(make, brief):
    drawn = compose(asked(make, brief, 5000, "phone"))
    check(drawn.page)
    assert drawn.table.mode == "hexagons"


@pytest.mark.parametrize("size", SIZES)
def test_text_outside_map_and_footer_is_as_large_as_the_size_promises(make, brief, size):
    drawn = compose(asked(make, brief, 25, size))
    sheet = SIZE[size]
    chart, foot = drawn.layout.map, drawn.layout.legend.y - 2
    seen = 0
    for written in drawn.page.written:
        west, south, _, _ = written.box
        if south > chart.top or (west > chart.right and south > foot):
            assert written.style.size >= sheet.least, written.text
            seen += 1
    assert seen > 3


def test_sizes_keep_what_the_briefing_room_needs():
    assert (SIZE["slide"].least, SIZE["slide"].note) == (10, 8)
    assert min(SIZE["phone"].least, SIZE["phone"].note) >= 8
    assert min(SIZE["a4"].least, SIZE["a4-landscape"].least, SIZE["a4"].note) >= 6.5


@pytest.mark.parametrize("count", [25, 26, 300])
def test_printed_numbers_are_the_ledger(make, brief, count):
    query = Filter(start=date(2025, 9, 10), end=date(2025, 10, 20))
    drawn = compose(asked(make, brief, count, "a4", query=query))
    said = " ".join(written.text for written in drawn.page.written)
    rows = drawn.content.rows
    assert drawn.content.figures[0].value == f"{len(rows):,}"
    assert f"Ledger: {len(rows):,} of {count:,} incidents match" in said
    assert sum(bar.count for bar in drawn.content.timeline.bars) == len(rows)
    off = sum(row.shown == "off_frame" for row in rows)
    bare = sum(row.shown == "not_mappable" for row in rows)
    assert (f"Outside the frame ({off})" in said) == bool(off)
    assert (f"Not mapped, no place ({bare})" in said) == bool(bare)


def test_table_names_rows_by_number_and_counts_the_rest(make, brief):
    drawn = compose(asked(make, brief, 25, "slide"))
    shown = len(drawn.table.lines)
    said = {written.text for written in drawn.page.written}
    assert [line.number for line in drawn.table.lines] == [str(n + 1) for n in range(shown)]
    assert f"and {25 - shown} more, see annex" in said
    assert all(line.source for line in drawn.table.lines)


def test_toll_in_the_table_is_never_cut_to_a_range_without_its_doubt(make, brief):
    claims = (Claim(field="deaths", value=4321), Claim(field="deaths", value=12345))
    incident = make(deaths=Toll(4321, None, 12345), claims=claims)
    for size in SIZES:
        for written in compose(brief([incident], size=size)).page.written:
            assert "4,321" not in written.text or "claims differ" in written.text


def test_part_units_are_marked_and_uncertain_dates_are_pale(make, brief):
    made = [make(str(n), day=date(2025, 1, 1) + timedelta(days=n)) for n in range(200)]
    made.append(make("u", day=date(2025, 1, 8), end=date(2025, 2, 20), date_precision="month"))
    query = Filter(start=date(2025, 1, 15), end=date(2025, 6, 10))
    said = {w.text for w in compose(brief(made, query=query, size="a4")).page.written}
    assert "Incidents per week" in said
    assert "part of the week only" in said
    assert "pale: date uncertain" in said


def test_histogram_of_single_incidents_is_left_out(make, brief):
    made = [make(str(n), day=date(2025, 10, 1 + n)) for n in range(9)]
    assert "Incidents per day" not in {w.text for w in compose(brief(made)).page.written}


@pytest.mark.parametrize("marking", [m for m in MARKINGS if m])
def test_marking_stands_twice_at_twelve_points_in_its_colour(make, brief, marking):
    page = compose(brief([make()], marking=marking)).page
    found = [w for w in page.written if w.text == f"TLP:{marking.upper()}"]
    assert len(found) == 2
    assert all(w.style.size >= 12 for w in found)
    colours = {"clear": "#FFFFFF", "green": "#33FF00", "red": "#FF2B2B"}
    assert {w.style.colour for w in found} == {colours.get(marking, "#FFC000")}
    right = page.size.width - page.size.margin
    assert all(abs(h.box[2] - right) < 0.01 for h in page.held if h.name == "marking")


def test_draft_mark_moves_nothing(make, brief):
    wanted = brief([make()])
    plain, marked = compose(wanted), compose(wanted)
    mark_draft(marked)
    before = [w for w in marked.page.written if w.text != "DRAFT"]
    assert before == plain.page.written
    assert (png.pixels_of(plain.page, dpi=72) != png.pixels_of(marked.page, dpi=72)).any()


def test_off_map_strip_gives_number_name_and_distance(make, brief):
    made = [make("1"), make("2", at=(51.53, 25.29), place_name="Doha", countries=("QAT",))]
    page = compose(brief(made, frame=BBox(69, 33, 73, 36))).page
    said = [w.text for w in page.written]
    assert "Outside the frame (1)" in said
    assert "Doha, Qatar" in said
    assert [text for text in said if text.endswith("000 km")] == ["2,000 km"]
    (chart,) = [held.box for held in page.held if held.name == "map"]
    (doha,) = [w.box for w in page.written if w.text == "Doha, Qatar"]
    assert doha[3] < chart[1]


def test_phone_picture_is_small_and_says_same_when_read_back(make, brief):
    data = draw(asked(make, brief, 300, "phone"), fmt="png")
    image = Image.open(io.BytesIO(data))
    assert image.size == (1080, 1350)
    assert len(data) <= 250_000
    stated = png.pixel_hash(np.asarray(image.convert("RGB")))
    assert png.altered(data, {"format": "png", "sha256": stated}) == ()
    changed = image.convert("RGB")
    changed.putpixel((5, 5), (1, 2, 3))
    held = io.BytesIO()
    changed.save(held, "PNG")
    assert png.altered(held.getvalue(), {"format": "png", "sha256": stated}) == ("picture",)


def test_logo_is_drawn_and_what_is_none_is_refused(make, brief):
    held = io.BytesIO()
    Image.new("RGBA", (40, 20), (200, 0, 0, 255)).save(held, "PNG")
    page = compose(brief([make()], house=House(logo=held.getvalue()))).page
    (box,) = [h.box for h in page.held if h.name == "logo"]
    assert (box[2] - box[0]) / (box[3] - box[1]) == pytest.approx(2)
    with pytest.raises(SnapshotError, match="logo of 9 bytes is no PNG"):
        compose(brief([make()], house=House(logo=b"GIF89a...")))


def test_house_lists_groups_in_its_own_order_and_the_rest_after(make, brief):
    kinds = {"armed_clash": "Armed clash", "explosion": "Explosion", "talks": "Talks"}
    shown = [make(kind, event_type=kind) for kind in kinds]

    def legend(**given):
        written = compose(brief(shown, **given)).page.written
        lines = sorted(
            (one for one in written if one.text in kinds.values()), key=lambda one: -one.box[1]
        )
        return [one.text for one in lines]

    assert legend() == ["Armed clash", "Explosion", "Talks"]
    house = House(palette=("diplomacy", "explosive"))
    assert legend(house=house) == ["Talks", "Explosion", "Armed clash"]
