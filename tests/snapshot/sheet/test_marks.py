"""Every mark on the map is in the legend, and every entry of the legend is on the map."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.area import BBox
from geo.incident import Toll
from geo.snapshot.picture import compose
from geo.snapshot.sheet import overlay as overlay_module
from geo.snapshot.sheet import tags as tags_module
from geo.taxonomy import event_types

KINDS = tuple(kind.id for kind in event_types())
FRAME = BBox(62, 29, 74, 36)


@pytest.fixture
def drawn_marks(monkeypatch):
    """Note the kinds of marks as they are drawn on the map."""
    seen: set[str] = set()

    def watch(module, name, note):
        real = getattr(module, name)

        def watched(*args, **given):
            seen.update(note(args, given))
            return real(*args, **given)

        monkeypatch.setattr(module, name, watched)

    def symbol(args, given):
        item = args[1]
        keys = {f"type:{item.kind.id}"}
        keys |= {f"assessment:{item.assessment}"} if item.assessment != "reported" else set()
        return keys | ({"faint"} if item.uncertain and given else set())

    def badge(args, _):
        thick = {f"count:{'thick' if mark.exact else 'thin'}" for mark in args[1]}
        return thick | {f"in count:{mark.item.kind.id}" for mark in args[1]}

    def tag(args, given):
        kinds = {item.kind.id for item in args[1]}
        held = "type" if len(kinds) == 1 else "in count"
        return {f"at:{'country' if given['dark'] else 'unit'}"} | {f"{held}:{k}" for k in kinds}

    notes = {"?": "deaths:unknown", "0": "deaths:none"}
    watch(overlay_module, "symbol", symbol)
    watch(overlay_module, "badge", badge)
    watch(overlay_module, "number_tab", lambda a, _: set() if a[1] in "AB" else {"tab"})
    watch(tags_module, "number_tab", lambda _a, _g: {"tab"})
    watch(overlay_module, "note_sign", lambda a, _: {notes[a[1]]})
    watch(overlay_module, "_draw_leader", lambda _a, _g: {"leader"})
    watch(tags_module, "tag", tag)
    return seen


def entries(drawn):
    rows = [block.row for column in drawn.legend.columns for block in column if block.row]
    return {row.key for row in rows if row.key}


def placed(make, number, lon, lat, **given):
    return make(number, at=(lon, lat), **given)


incident = st.fixed_dictionaries(
    {
        "event_type": st.sampled_from(KINDS),
        "precision": st.sampled_from(
            ("exact", "exact", "near", "district", "area", "province", "country", "none")
        ),
        "assessment": st.sampled_from(("reported", "claimed", "corroborated", "disputed")),
        "lon": st.floats(61, 75),
        "lat": st.floats(28.5, 36.5),
        "spot": st.integers(0, 3),
        "deaths": st.sampled_from((None, 0, 1, 7, 60, 900)),
    }
)


def build(make, number, row):
    """Half of all incidents crowd around four places."""
    exact_place = row["precision"] in ("exact", "near", "district", "area")
    crowd = ((66.43, 31.0), (69.2, 34.5), (70.1, 33.4), (66.45, 30.92))
    at = crowd[row["spot"]] if number % 2 else (row["lon"], row["lat"])
    n = row["deaths"]
    return make(
        f"{number:03}",
        event_type=row["event_type"],
        precision=row["precision"],
        assessment=row["assessment"],
        at=at if exact_place else None,
        admin1="" if exact_place else "Khost",
        countries=() if row["precision"] == "none" else ("AFG",),
        deaths=Toll() if n is None else Toll(n, n, n),
        place_name=f"Place {number}",
        day=date(2025, 10, 1 + number % 28),
    )


def overlap(a, b):
    across = min(a[2], b[2]) - max(a[0], b[0])
    up = min(a[3], b[3]) - max(a[1], b[1])
    return across > 0.5 and up > 0.5


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    rows=st.lists(incident, max_size=60),
    size=st.sampled_from(("slide", "a4", "phone")),
    density=st.sampled_from(("auto", "auto", "numbers", "groups", "hexagons")),
)
def test_any_layer_has_a_whole_legend_and_no_overlap(make, brief, drawn_marks, rows, size, density):
    drawn_marks.clear()
    incidents = [build(make, n, row) for n, row in enumerate(rows)]
    asked = brief(incidents, size=size, density=density, frame=FRAME)
    drawn = compose(asked)
    check_room(drawn)
    check_ledger(asked, drawn)
    check_legend(drawn, drawn_marks)


def check_room(drawn):
    overlay, rect = drawn.overlay, drawn.plane.rect
    boxes = [one.box for one in (*overlay.placed, *overlay.tags)]
    boxes += [larger.inset.box for larger in overlay.insets]
    for i, box in enumerate(boxes):
        assert box[0] >= rect.x
        assert box[1] >= rect.y
        assert box[2] <= rect.right
        assert box[3] <= rect.top
        assert not any(overlap(box, other) for other in boxes[i + 1 :])
    for larger in overlay.insets:
        inner = [one.box for one in larger.placed]
        frame = larger.inset.plane.rect
        for i, box in enumerate(inner):
            assert box[0] >= frame.x
            assert box[3] <= frame.top
            assert not any(overlap(box, other) for other in inner[i + 1 :])
    on_map = [w for w in drawn.page.written if not w.turned and rect.x < w.box[0] < rect.right]
    on_map = [w for w in on_map if rect.y < w.box[1] and w.box[3] < rect.top]
    for larger in overlay.insets:
        # what an inset covers is not seen
        under = larger.inset.box
        on_map = [w for w in on_map if not overlap(w.box, under)]
    for i, one in enumerate(on_map):
        for other in on_map[i + 1 :]:
            assert not overlap(one.box, other.box), f"{one.text!r} on {other.text!r}"


def check_ledger(asked, drawn):
    """Each incident on the map is in a sign, a tag or a hexagon, or is said to be beyond it."""
    overlay = drawn.overlay
    counted = {item.id for item in overlay.elsewhere}
    if overlay.hexagons is not None:
        held = sum(cell.count for cell in overlay.hexagons.cells)
        held += sum(n for _, n in overlay.hexagons.beside)
        assert held + len(counted) == asked.selection.ledger.on_map
        return
    counted |= {mark.item.id for one in overlay.signs for mark in one.members}
    counted |= {item.id for made in overlay.tags for item in made.items}
    assert len(counted) == asked.selection.ledger.on_map


def check_legend(drawn, drawn_marks):
    listed = entries(drawn)
    if drawn.overlay.hexagons is not None:
        made = drawn.overlay.hexagons
        classes = {f"hexagon:{made.class_of(cell.count)}" for cell in made.cells}
        assert {key for key in listed if key.startswith("hexagon:")} == classes
        assert ("unit_tag" in listed) == ("at:unit" in drawn_marks)
        assert ("country_tag" in listed) == ("at:country" in drawn_marks)
        assert not any(key.startswith(("type:", "assessment:", "deaths:")) for key in listed)
        return
    alone = {key[5:] for key in drawn_marks if key.startswith("type:")}
    inside = {key[9:] for key in drawn_marks if key.startswith("in count:")} - alone
    expected = {key for key in drawn_marks if not key.startswith("in count:")}
    expected |= {f"colour:{kind}" for kind in inside}
    expected |= {f"at:{mark.precision}" for one in drawn.overlay.signs for mark in one.members}
    expected |= {"inset"} if drawn.overlay.insets else set()
    ignored = ("size", "line:")
    shown = {key for key in listed if not key.startswith(ignored)}
    cut = len(alone | inside) - sum(key.startswith(("type:", "colour:")) for key in shown)
    assert shown <= expected
    missing = expected - shown
    # of very many types, the legend of a small page names the most frequent
    assert all(key.startswith(("type:", "colour:")) for key in missing)
    assert len(missing) == max(cut, 0)
