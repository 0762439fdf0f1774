from __future__ import annotations

import html
import re
import struct

import pytest

from geo.area import BBox
from geo.errors import SnapshotError
from geo.filters import Filter
from geo.incident import Claim, Point, Site, Toll
from geo.snapshot import SIZES, House, frame_for, manifest_of
from geo.snapshot.make import draw
from geo.snapshot.picture import compose
from geo.snapshot.sheet.page import SIZE
from geo.taxonomy import event_types

HOSTILE = r'{{7*7}} ${alert(1)} </script><script>alert(1)</script> $\alpha$ =HYPERLINK("x") C:\new'


def texts(svg: bytes) -> list[str]:
    return [html.unescape(t) for t in re.findall(r"<text[^>]*>([^<]*)</text>", svg.decode())]


def many(make):
    """25 incidents of every type and precision, with long names."""
    kinds = sorted(kind.id for kind in event_types())
    precisions = ("exact", "near", "district", "area", "province", "country", "none")
    made = []
    for n, kind in enumerate(kinds):
        precision = precisions[n % 7]
        placed = n % 7 < 4
        made.append(
            make(
                str(n),
                event_type=kind,
                precision=precision,
                at=(66 + n * 1.7 % 6, 30.2 + n * 0.9 % 5) if placed else None,
                admin1="Khost" if n % 2 else "Balochistan",
                countries=("AFG",) if n % 2 else ("PAK",),
                assessment=("reported", "claimed", "corroborated", "disputed")[n % 4],
                deaths=Toll(n * n, n * n, n * n) if n % 3 else Toll(),
                title=f"An incident with a rather long title, number {n}",
                place_name=f"Place {n} with a name of some length",
            )
        )
    return made


@pytest.mark.parametrize("fmt", ["png", "svg", "pdf"])
def test_same_brief_same_bytes(make, brief, fmt):
    asked = brief([make("1"), make("2", at=(66.44, 30.92), event_type="armed_clash")])
    assert draw(asked, fmt=fmt) == draw(asked, fmt=fmt)


@pytest.mark.parametrize(
    ("size", "pixels"),
    [
        ("slide", (2000, 1125)),
        ("a4", (1240, 1754)),
        ("a4-landscape", (1754, 1240)),
        ("phone", (1080, 1350)),
    ],
)
def test_png_has_the_pixels_of_its_size(make, brief, size, pixels):
    png = draw(brief([make()], size=size), fmt="png")
    width, height = struct.unpack(">II", png[16:24])
    assert abs(width - pixels[0]) <= 1
    assert abs(height - pixels[1]) <= 1


@pytest.mark.parametrize("size", SIZES)
def test_no_text_touches_another_or_leaves_the_page_or_is_too_small(make, brief, size):
    page = compose(
        brief(
            many(make),
            size=size,
            title="A title longer than a title should ever be " * 4,
            house=House(producer="A producer with a long name " * 6),
        )
    ).page
    sheet = SIZE[size]
    boxes = [written for written in page.written if not written.turned]
    for written in page.written:
        assert written.style.size >= min(sheet.least, sheet.note), written.text
    for i, one in enumerate(boxes):
        west, south, east, north = one.box
        assert min(west, south) >= 0, one.text
        assert east <= sheet.width, one.text
        assert north <= sheet.height, one.text
        for other in boxes[i + 1 :]:
            across = min(east, other.box[2]) - max(west, other.box[0])
            up = min(north, other.box[3]) - max(south, other.box[1])
            assert across < 0.5 or up < 0.5, f"{one.text!r} on {other.text!r}"


@pytest.mark.parametrize("size", ["a4", "slide"])
def test_body_text_is_as_large_as_the_size_promises_and_notes_too(make, brief, size):
    written = compose(brief([make()], size=size)).page.written
    sizes = {w.text: w.style.size for w in written}
    body, note = {"slide": (10, 8), "a4": (7.5, 6.5)}[size]
    assert sizes["Border closure"] >= body
    assert sizes["exact place"] >= body
    assert min(sizes.values()) >= note


def test_ledger_in_the_picture_is_that_of_the_selection(make, brief):
    incidents = [
        make("in"),
        make("far", at=(28.98, 41.01), event_type="talks"),
        make("truce", at=None, precision="none", countries=()),
        make("riot", event_type="riot"),
    ]
    query = Filter(event_types=("border_closure", "talks"))
    asked = brief(incidents, query=query, frame=BBox(69, 33, 73, 36))
    said = " ".join(texts(draw(asked, fmt="svg")))
    assert "Ledger: 3 of 4 incidents match" in said
    assert "1 on the map + 1 outside the frame + 1 not mappable" in said
    assert "other event types 1" in said


def test_id_is_printed_and_has_eight_signs(make, brief):
    asked = brief([make()])
    assert re.fullmatch(r"[A-Z2-7]{8}", manifest_of(asked).id)
    assert any(f"ID {manifest_of(asked).id}" in text for text in texts(draw(asked, fmt="svg")))


def test_id_depends_on_data_filter_and_frame(make, brief):
    frame = BBox(69, 33, 73, 36)
    asked = [
        brief([make()], frame=frame),
        brief([make(title="Other")], frame=frame),
        brief([make()], frame=frame, query=Filter(text="incident")),
        brief([make()], frame=BBox(69, 33, 73, 37)),
    ]
    assert len({manifest_of(b).id for b in asked}) == 4


def test_hostile_text_stays_text_in_svg(make, brief):
    incidents = [
        make("1", title=HOSTILE, place_name="{{7*7}} $x$"),
        make("2", title=HOSTILE, at=None, precision="none", countries=()),
    ]
    svg = draw(
        brief(incidents, title=HOSTILE, house=House(producer="<b>&amp;")), fmt="svg"
    ).decode()
    said = " ".join(texts(svg.encode()))
    assert HOSTILE in said
    assert "{{7*7}} $x$" in said
    assert "<b>&amp;" in said
    assert "<script" not in svg.lower()
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", re.sub(r">[^<]*<", "><", svg))
    # links point into the file itself, fonts are data
    assert all(h.startswith("#") for h in re.findall(r'href="([^"]*)"', svg))
    assert all(
        u.startswith(("#", "data:font/woff;base64,")) for u in re.findall(r"url\(([^)]*)", svg)
    )
    assert "<!DOCTYPE" not in svg
    assert "<image" not in svg


@pytest.mark.parametrize(
    "title", ["", "   ", "\x00\x1f", "漢字 🙂 \ud800", "د تورخم دروازه", "\n\n", "x" * 3000]
)
def test_odd_titles_are_drawn(make, brief, title):
    asked = brief([make()], title=title, size="phone")
    for fmt in ("png", "svg"):
        assert draw(asked, fmt=fmt)


def test_nothing_matched_is_said(make, brief):
    svg = draw(brief([make()], query=Filter(text="nowhere")), fmt="svg")
    assert "No incident matches" in texts(svg)
    assert "Ledger: 0 of 1 incidents match" in " ".join(texts(svg))


def test_unplaced_and_far_incidents_are_listed(make, brief):
    incidents = [
        make("1"),
        make("2", at=None, precision="none", countries=(), title="A truce of 48 hours"),
        make("3", at=(28.98, 41.01), place_name="Istanbul", countries=("TUR",)),
    ]
    said = texts(draw(brief(incidents, frame=BBox(69, 33, 73, 36)), fmt="svg"))
    assert "A truce of 48 hours" in said
    assert "Not mapped, no place (1)" in said
    assert "Outside the frame (1)" in said
    assert any(text.startswith("Istanbul, ") for text in said)


def test_legend_lists_what_is_drawn_and_nothing_else(make, brief):
    incidents = [
        make("1"),
        make("2", event_type="riot"),
        make("3", event_type="riot", at=(28.98, 41.01)),
        make("4", event_type="talks", at=(28.98, 41.01)),
    ]
    svg = draw(brief(incidents, frame=BBox(69, 33, 73, 36)), fmt="svg")
    said = texts(svg)
    assert "Border closure" in said
    assert "Riot" in said
    assert "Talks" not in said
    assert "near: within the disc" not in said
    assert "double: claimed" not in said


def test_no_death_figure_where_claims_differ(make, brief):
    claims = (
        Claim(field="deaths", value=4321, whom="fighters", claimant="one side"),
        Claim(field="deaths", value=2345, whom="fighters", claimant="the other"),
    )
    incident = make("1", deaths=Toll(2345, None, 4321), claims=claims, event_type="armed_clash")
    svg = draw(brief([incident]), fmt="svg")
    said = " ".join(texts(svg))
    assert "unknown or claims differ" in said
    assert "?" in texts(svg)
    for figure in ("4321", "4,321", "2345", "2,345", "6666", "6,666"):
        assert figure not in said


def test_contested_toll_has_the_size_of_an_unknown_one(make, brief):
    claims = tuple(Claim(field="deaths", value=n) for n in (10, 90))
    contested = compose(brief([make(deaths=Toll(10, None, 90), claims=claims)]))
    unknown = compose(brief([make(deaths=Toll())]))
    known = compose(brief([make(deaths=Toll(90, 90, 90))]))
    assert contested.overlay.placed[0].r == unknown.overlay.placed[0].r
    assert known.overlay.placed[0].r > unknown.overlay.placed[0].r


def test_only_exact_places_are_filled_symbols_without_a_disc(make, brief):
    drawn = compose(
        brief([make("1"), make("2", precision="district", radius_km=30.0, at=(70.0, 33.5))])
    )
    assert {mark.item.id: mark.radius_km for mark in drawn.scene.marks} == {"t:1": 0.0, "t:2": 30.0}


def test_province_without_point_hatches_its_unit_and_makes_no_mark(make, brief):
    asked = brief(
        [make("1"), make("2", precision="province", at=None, admin1="Khost", countries=("AFG",))],
        frame=BBox(69, 32, 72, 35),
    )
    scene = compose(asked).scene
    assert [unit.name for unit, _ in scene.units] == ["Khost"]
    assert [mark.item.id for mark in scene.marks] == ["t:1"]


def test_every_site_of_an_incident_is_drawn(make, brief):
    sites = (Site(name="Chaman", point=Point(66.44, 30.92)), Site(name="unknown", precision="none"))
    scene = compose(brief([make("1", sites=sites)])).scene
    assert [(m.name, m.item.id) for m in scene.marks] == [("Chaman", "t:1"), ("Torkham", "t:1")]
    assert len(scene.drawn) == 1


def test_many_at_one_place_are_spread_around_it_or_counted_in_groups(make, brief):
    seven = [make(str(n)) for n in range(7)]
    counted = compose(brief(seven, density="groups")).overlay.placed
    assert [one.count for one in counted] == [7]
    assert counted[0].tab == "1–7"
    spread = compose(brief(seven)).overlay.placed
    assert [one.count for one in spread] == [1] * 7
    assert sum(one.moved for one in spread) >= 6
    for i, one in enumerate(spread):
        for other in spread[i + 1 :]:
            gap = ((one.x - other.x) ** 2 + (one.y - other.y) ** 2) ** 0.5
            assert gap >= min(one.r, other.r) * 2


def test_symbols_never_overlap_where_thousands_are_drawn(make, brief):
    incidents = [
        make(str(n), at=(66 + n * 0.618 % 6, 29 + n * 0.387 % 6), precision=p)
        for n in range(1500)
        for p in ("exact" if n % 3 else "near",)
    ]
    drawn = compose(brief(incidents, density="groups"))
    placed = drawn.overlay.signs
    assert sum(one.count for one in placed) == 1500
    assert len(placed) < 200
    placed = drawn.overlay.placed
    for i, one in enumerate(placed):
        for other in placed[i + 1 :]:
            across = min(one.box[2], other.box[2]) - max(one.box[0], other.box[0])
            up = min(one.box[3], other.box[3]) - max(one.box[1], other.box[1])
            assert across < 0.01 or up < 0.01


def test_set_aside_incident_is_not_drawn(make, brief):
    asked = brief([make("1"), make("2")], set_aside=frozenset(("t:2",)))
    assert [item.id for item in compose(asked).scene.drawn] == ["t:1"]


def test_notes_of_the_frame_stand_in_the_picture(make, brief):
    said = " ".join(texts(draw(brief([make()], size="phone"), fmt="svg")))
    assert "The Durand Line is not recognised as a border by Afghanistan" in said
    assert "do not imply official endorsement or acceptance" in said
    assert "may be 5 km off" in said


def test_no_state_is_named_on_disputed_ground(make, brief):
    asked = brief([make(at=(75.5, 34.5))], frame=BBox(74.2, 33.6, 76.6, 35.3), size="a4")
    said = {text.replace("\u2009", "") for text in texts(draw(asked, fmt="svg"))}
    assert not {"INDIA", "PAKISTAN", "CHINA"} & said
    assert "Srinagar" in said


def test_unknown_format_and_size_are_refused(make, brief):
    with pytest.raises(SnapshotError, match="format is 'bmp'"):
        draw(brief([make()]), fmt="bmp")
    with pytest.raises(SnapshotError, match="size is 'poster'"):
        brief([make()], size="poster")


def test_frame_leaves_out_a_far_capital_but_not_half_the_data(make):
    from geo.filters import select

    near = [make(str(n), at=(66 + n, 31 + n / 2)) for n in range(6)]
    far = make("far", at=(28.98, 41.01))
    frame = frame_for(select([*near, far], Filter()).matches)
    assert not frame.contains(far.point)
    assert all(frame.contains(one.point) for one in near)
    halves = [*near[:2], far, make("far2", at=(29.5, 41.0))]
    wide = frame_for(select(halves, Filter()).matches)
    assert all(wide.contains(one.point) for one in halves)


def test_frame_crosses_the_180th_meridian(make, brief):
    incidents = [make("1", at=(178.4, -18.1)), make("2", at=(-175.2, -21.1))]
    asked = brief(incidents, size="a4-landscape")
    assert asked.frame.west > asked.frame.east
    drawn = compose(asked)
    rect = drawn.plane.rect
    assert all(rect.x < one.x < rect.right for one in drawn.overlay.placed)
