"""Does every rule pass a sound page and stop the one fault it is there for?"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest

from geo.boundaries import disclaimer, notes
from geo.filters import Filter, select
from geo.incident import Claim, Source
from geo.settings import ROOT
from geo.snapshot import Brief, House, frame_for
from geo.snapshot.language import codes, language
from geo.snapshot.picture import compose
from geo.snapshot.preflight import RULES, is_draft, preflight
from geo.snapshot.preflight.case import numbers_in, tight
from geo.snapshot.sheet.fonts import Style
from geo.snapshot.sheet.page import Written
from geo.store import LayerStore

DEMO = "afghanistan-pakistan-2025"
TITLE = "Border closures in Pakistan, October 2025"
PERIOD = Filter(start=date(2025, 10, 1), end=date(2025, 10, 31))


@pytest.fixture(scope="module")
def plain():
    """Keep the page without changes, drawn once."""
    return []


@pytest.fixture
def sound(make, brief, plain):
    """Draw a page without fault, with changes to its incidents or its brief."""

    def build(incidents=None, **given):
        if incidents or given:
            return anew(incidents, **given)
        if not plain:
            plain.append(anew(None))
        return plain[0]

    def anew(incidents, **given):
        source = (Source(publisher="Example News"),)
        made = incidents or [make("1", sources=source, licence="CC BY 4.0")]
        fields = {"title": TITLE, "query": PERIOD, "size": "a4"}
        fields["house"] = House(producer="Example Monitor")
        asked = brief(made, **(fields | given))
        return compose(asked), asked

    return build


def found(pair, **changes):
    """Check a page with parts of it changed; answers level and rule of each finding."""
    drawn, asked = pair
    return Counter(
        (f.level, f.rule) for f in preflight(replace(drawn, **changes), asked)
    ) - Counter({("warn", "marking"): 1})


def paged(drawn, *, drop="", add=(), size=None):
    """Copy a page without the texts that hold a text, and with more."""
    written = [w for w in drawn.page.written if not drop or drop not in w.text]
    return SimpleNamespace(
        size=drawn.page.size,
        written=[*(replace(w, style=size) if size else w for w in written), *add],
    )


def good(make, number="1", **given):
    fields = {"sources": (Source(publisher="Example News"),), "licence": "CC BY 4.0"}
    return make(number, **(fields | given))


def test_a_sound_page_is_no_draft(sound):
    drawn, asked = sound()
    assert [f.rule for f in preflight(drawn, asked)] == ["marking"]
    assert not is_draft(preflight(drawn, asked))


@pytest.mark.parametrize("size", ["slide", "a4", "a4-landscape"])
def test_the_demo_passes_with_a_good_title(size):
    layer = LayerStore(ROOT / "layers").read(DEMO)
    frame = frame_for(select(layer.incidents, Filter()).matches)
    asked = Brief(
        title="Fighting and talks between Afghanistan and Pakistan, October–November 2025",
        query=Filter(),
        selection=select(layer.incidents, Filter(), frame=frame),
        layers=((DEMO, layer.version),),
        as_of=layer.meta.as_of,
        frame=frame,
        size=size,
    )
    findings = preflight(compose(asked), asked)
    assert [f.text for f in findings if f.level == "block"] == []
    assert {"claims", "marking", "producer"} <= {f.rule for f in findings}


def test_what_blocks_stands_first_and_every_finding_has_a_remedy(sound, make):
    drawn, asked = sound([make("1")], title="", query=Filter())
    levels = [f.level for f in preflight(drawn, asked)]
    assert levels == sorted(levels)
    assert {"block", "warn"} == set(levels)
    assert is_draft(preflight(drawn, asked))
    for finding in preflight(drawn, asked):
        assert finding.text.endswith(".")
        assert finding.remedy.endswith(".")


def test_a_title_is_there_and_says_what_and_where(sound):
    for title, expected in (
        ("", {("block", "title"): 1}),
        ("demo", {("warn", "title"): 2}),
        ("Closures in October", {("warn", "title"): 1}),
        ("Pakistan, October", {("warn", "title"): 1}),
        ("Pakistani border closures", {}),
    ):
        changed = sound(title=title)
        assert found(changed) == expected, title
    cut = "Border closures in Pakistan " * 30
    assert ("warn", "title") in found(sound(title=cut))


def test_a_page_without_incidents_is_told(sound):
    nothing = sound(query=Filter(start=date(2020, 1, 1), end=date(2020, 1, 31)))
    assert found(nothing)[("warn", "empty")] == 1
    assert ("block", "legend") not in found(nothing)


def test_the_years_of_the_period_are_given(sound):
    pair = sound()
    content = pair[0].content
    assert ("block", "period") in found(pair, content=replace(content, title="x", subtitle="All"))
    assert ("block", "period") in found(pair, page=paged(pair[0], drop="1–31 October"))
    assert found(sound(query=Filter())) == {("warn", "period"): 1, ("warn", "as_of"): 1}
    assert found(sound(title="Closures in Pakistan, 2019"))[("warn", "period")] == 1


def test_the_time_of_the_data_is_printed_and_not_before_the_data(sound, make):
    pair = sound()
    assert ("block", "as_of") in found(pair, page=paged(pair[0], drop="Data as of"))
    early = sound(as_of=datetime(2025, 11, 1, tzinfo=UTC))
    assert found(early) == {("block", "as_of"): 1, ("warn", "as_of"): 1}
    late = sound(
        [good(make)], query=Filter(start=date(2025, 10, 1)), as_of=datetime(2026, 3, 1, tzinfo=UTC)
    )
    assert found(late) == {("warn", "as_of"): 1, ("warn", "period"): 1}


def test_every_row_has_a_source(sound, make):
    assert found(sound([good(make, "1"), good(make, "2", sources=())])) == {("block", "sources"): 1}
    pair = sound()
    assert found(pair, page=paged(pair[0], drop="Example News"))[("block", "sources")] == 1


def test_the_ledger_is_printed_and_adds_up(sound):
    drawn, asked = sound()
    assert ("block", "ledger") in found((drawn, asked), page=paged(drawn, drop="Ledger:"))
    ledger = replace(asked.selection.ledger, total=7)
    other = replace(asked, selection=replace(asked.selection, ledger=ledger))
    assert found((drawn, other))[("block", "ledger")] == 2


def test_the_alternative_text_has_the_numbers_of_the_ledger(sound, make):
    drawn, asked = sound([good(make, str(n)) for n in range(7)])
    alt = drawn.content.alt.replace("7", "8")
    assert found((drawn, asked), content=replace(drawn.content, alt=alt)) == {("block", "alt"): 1}


def test_licences_and_credits_are_named(sound, make):
    pair = sound()
    assert ("block", "terms") in found(pair, page=paged(pair[0], drop="CC BY"))
    assert found(sound([good(make, licence="")])) == {("warn", "terms"): 1}


@pytest.mark.parametrize(
    "acled",
    [{"licence": "ACLED terms"}, {"sources": (Source(publisher="ACLED"),)}, {"id": "acled:1"}],
)
def test_rows_that_may_not_be_passed_on_stay_internal(sound, make, acled):
    drawn, asked = sound([good(make, **acled)])
    assert found((drawn, asked)) == {}
    for profile in ("partners", "public"):
        assert found((drawn, replace(asked, profile=profile))) == {("block", "terms"): 1}


def test_boundary_notes_of_the_frame_are_printed(sound, make):
    pair = sound([good(make, at=(74.8, 34.1), countries=("IND", "PAK"))])
    assert found(pair) == {}
    without = SimpleNamespace(
        size=pair[0].page.size,
        written=[w for w in pair[0].page.written if w.box[1] > pair[0].plane.rect.y],
    )
    said = preflight(replace(pair[0], page=without), pair[1])
    lost = [f.text for f in said if f.rule == "boundaries"]
    assert any("Kashmir" in text for text in lost)
    assert any("boundaries and names" in text for text in lost)
    # their names alone warn
    named = "; ".join(note.name for note in notes(pair[0].plane.extent))
    names = Written(f"{named}. {disclaimer()}", Style(8), (0, 0, 9, 9))
    without.written.append(names)
    said = preflight(replace(pair[0], page=without), pair[1])
    assert [f.level for f in said if f.rule == "boundaries"] == ["warn"]


def test_a_marking_that_was_asked_for_is_printed(sound):
    drawn, asked = sound()
    amber = replace(asked, marking="amber")
    bare = paged(drawn, drop="TLP:")
    assert ("block", "marking") in found((replace(drawn, page=bare), amber))
    stamp = Written("TLP:AMBER", Style(12), (300, 535, 340, 539))
    with_it = replace(drawn, page=paged(drawn, add=(stamp,)))
    assert ("block", "marking") not in found((with_it, amber))


def test_a_page_says_who_made_it(sound):
    assert found(sound(house=House())) == {("warn", "producer"): 1}
    pair = sound()
    assert found(pair, page=paged(pair[0], drop="Example Monitor")) == {("warn", "producer"): 1}


def test_the_legend_explains_what_is_drawn_and_nothing_else(sound):
    drawn, asked = sound()
    bare = SimpleNamespace(columns=())
    assert found((drawn, asked), legend=replace(drawn.legend, columns=())) == {
        ("block", "legend"): 1
    }
    assert found((drawn, asked), legend=bare)[("block", "legend")] == 1
    more = (drawn.legend.columns, ("Riot",), ("double: claimed",))
    assert found((drawn, asked), legend=more) == {("block", "legend"): 2}


def test_a_claimed_incident_carries_its_mark(sound, make):
    pair = sound([good(make, assessment="claimed")])
    assert found(pair) == {("warn", "claims"): 1}
    settled = replace(pair[0].scene.marks[0].item, assessment="reported")
    marks = tuple(replace(m, item=settled) for m in pair[0].scene.marks)
    scene = replace(pair[0].scene, marks=marks, drawn=(settled,))
    assert ("block", "unsettled") in found(pair, scene=scene)
    unexplained = tuple(
        tuple(b for b in column if "claimed" not in " ".join(b.lines))
        for column in pair[0].legend.columns
    )
    legend = replace(pair[0].legend, columns=unexplained)
    assert ("block", "legend") in found(pair, legend=legend)


def test_a_claim_hidden_in_a_count_is_told(sound, make):
    pair = sound([good(make, "1", assessment="disputed"), good(make, "2")])
    (one, *rest) = pair[0].overlay.placed
    members = tuple(m for p in (one, *rest) for m in p.members)
    heap = SimpleNamespace(count=2, members=members)
    overlay = SimpleNamespace(placed=(heap,), elsewhere=())
    assert ("warn", "unsettled") in found(pair, overlay=overlay)


def test_groups_of_one_colour_are_found(sound, make):
    drawn, asked = sound([good(make, "1"), good(make, "2", event_type="riot", at=(72.5, 33.6))])
    assert not [f for f in preflight(drawn, asked) if f.rule == "colours" and f.level == "block"]
    marks = tuple(
        replace(m, item=replace(m.item, group=replace(m.item.group, colour="#2B313A")))
        for m in drawn.scene.marks
    )
    scene = replace(drawn.scene, marks=marks, drawn=tuple(m.item for m in marks))
    counted = found((drawn, asked), scene=scene)
    assert counted[("block", "colours")] == 1
    assert counted[("warn", "colours")] == 4


def test_many_coarse_places_are_told_with_their_share(sound, make):
    coarse = {"precision": "district", "admin1": "Khyber Pakhtunkhwa"}
    half = [good(make, "1"), good(make, "2", **coarse)]
    assert ("warn", "coarse") not in found(sound(half))
    drawn, asked = sound([*half, good(make, "3", **coarse)])
    (said,) = [f.text for f in preflight(drawn, asked) if f.rule == "coarse"]
    assert ": 2 of 3 incidents (67 %)" in said


def test_claims_that_differ_are_counted(sound, make):
    claims = tuple(
        Claim(field="deaths", value=n, whom="fighters", claimant=who)
        for n, who in ((3, "a"), (9, "b"))
    )
    drawn, asked = sound([good(make, claims=claims)])
    (said,) = [f.text for f in preflight(drawn, asked) if f.rule == "claims"]
    assert "sources differ: 1;" in said


@pytest.mark.parametrize("code", codes())
def test_what_stands_in_several_layers_is_counted_and_named_and_blocks_nothing(sound, code):
    assert not [f for f in preflight(*sound(language=code)) if f.rule == "repeated"]
    few, many = (tuple(f"own:{n}" for n in range(count)) for count in (2, 7))
    for ids, named in ((few, few), (many, many[:6])):
        drawn, asked = sound(language=code, repeated=ids)
        (one,) = [f for f in preflight(drawn, asked) if f.rule == "repeated"]
        assert one.level == "warn"
        assert numbers_in(one.text, ",")[0] == len(ids)
        assert [n for n in many if n in one.text] == list(named)
        assert ("…" in one.text) is (len(ids) > 6)


@pytest.mark.parametrize(
    ("changes", "partners", "public"),
    [
        ({"title": "Shell hits Hospital"}, "block", "block"),
        ({"title": "A school closed", "precision": "near"}, None, None),
        ({"summary": "Ahmad Khan, aged 34, was killed"}, "warn", "block"),
        ({"summary": "A man named Ahmad was killed", "precision": "near"}, "warn", "block"),
        ({"summary": "Three fighters, 20 October"}, None, None),
    ],
)
def test_people_and_sensitive_sites_are_kept_from_wider_circles(
    sound, make, changes, partners, public
):
    drawn, asked = sound([good(make, **changes)])
    for profile, level in (("internal", None), ("partners", partners), ("public", public)):
        counted = found((drawn, replace(asked, profile=profile)))
        assert counted == ({(level, "harm"): 1} if level else {}), profile


def test_a_filter_that_names_a_place_is_not_for_the_public(sound, make):
    drawn, asked = sound([good(make)])
    query = replace(asked.query, text="Torkham")
    counted = found((drawn, replace(asked, profile="public", query=query)))
    assert counted[("block", "harm")] == 1


def test_small_type_is_found(sound):
    drawn, asked = sound(size="slide")
    tiny = Written("tiny", Style(5), (400, 530, 410, 535))
    assert ("block", "type") in found((drawn, asked), page=paged(drawn, add=(tiny,)))
    low = Written("low", Style(9), (400, 530, 410, 535))
    assert ("warn", "type") in found((drawn, asked), page=paged(drawn, add=(low,)))
    foot = Written("foot", Style(8.2), (100, 1, 110, 5))
    plain = paged(drawn, size=Style(10), add=(foot,))
    assert ("warn", "type") not in found((drawn, asked), page=plain)


def test_texts_that_meet_or_leave_the_page_are_found(sound):
    drawn, asked = sound()
    over = replace(drawn.page.written[0], text="over")
    assert found((drawn, asked), page=paged(drawn, add=(over,)))[("block", "overlap")] == 1
    out = Written("out", Style(10), (950, 535, 990, 545))
    assert found((drawn, asked), page=paged(drawn, add=(out,)))[("block", "overlap")] == 1
    turned = replace(over, turned=True)
    assert ("block", "overlap") not in found((drawn, asked), page=paged(drawn, add=(turned,)))


def test_numbers_are_read_in_any_digits():
    assert numbers_in("1,234 of 2; 3, 4,5 and ۱۲٬۳۴۵", ",") == [1234, 2, 3, 4, 5, 12, 345]
    assert numbers_in("۱۲٬۳۴۵.", "٬") == [12345]
    assert numbers_in("none", ",") == []
    assert tight(" a\u00a0b\n c") == "abc"


def test_every_rule_has_its_words():
    words = language("en").words["preflight"]
    assert len(RULES) == 19

    def leaves(held):
        return [held] if "remedy" in held else [x for part in held.values() for x in leaves(part)]

    for leaf in leaves(words):
        assert set(leaf) == {"text", "remedy"}
