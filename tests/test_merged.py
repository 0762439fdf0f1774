"""Several reports of one event as one incident, and back."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.decisions import conflicts, decide, merge, unmerge
from geo.duplicates import duplicates
from geo.errors import LayerError
from geo.filters import Filter, select
from geo.incident import Actor, Claim, Incident, Point, Source, Toll
from geo.layerfile import encode, fingerprint
from geo.licences import may_pass_on, terms_of
from geo.living import MARK, Living, bare, dress, forget, living
from geo.merged import combine, merged_id, origins
from geo.profile import fit
from geo.store import LayerStore
from tests.stores import NOW, border, imported, later
from tests.strategies import crowds

UCDP = imported(
    "ucdp:1",
    title="Clash at the crossing",
    deaths=Toll(4, 5, 9),
    actors=(Actor(name="TTP"),),
    sources=(Source(publisher="Example News", title="Five die"),),
    licence="CC BY 4.0",
)
GDELT = imported(
    "gdelt:7",
    event_type="shelling",
    title="Shelling",
    precision="district",
    point=Point(71.1, 34.2),
    radius_km=30.0,
    deaths=Toll(None, 7, None),
    actors=(Actor(name="Pakistani Taliban"), Actor(name="Army")),
    sources=(
        Source(publisher="Example News", title="Five die"),
        Source(publisher="Herald", title="Guns at the border"),
    ),
    claims=(Claim(field="deaths", value=7, claimant="Governor", source="Herald"),),
    countries=("PAK",),
    licence="Open",
)
PARTS = (GDELT, UCDP)


@pytest.fixture
def store(layers):
    store = border(layers)
    store.upsert("border", [*PARTS, imported("ucdp:2")], by="", now=NOW)
    return store


def lines(store: LayerStore) -> list[bytes]:
    return [encode(i) for i in store.stream("border")]


def held(store: LayerStore, id_: str) -> Incident:
    return next(i for i in store.stream("border") if i.id == id_)


def test_a_merged_incident_carries_all_of_its_parts(store):
    made = held(store, merge(store, "border", ["ucdp:1", "gdelt:7"], by="Ann", now=later(1)))
    assert made.id == merged_id(["gdelt:7", "ucdp:1"])
    # the exact place leads, whole
    assert (made.title, made.precision, made.point, made.radius_km) == (
        *("Clash at the crossing", "exact", UCDP.point),
        None,
    )
    assert [a.name for a in made.actors] == ["TTP", "Army"]
    assert [s.title for s in made.sources] == ["Five die", "Guns at the border"]
    assert made.countries == ("AFG", "PAK")
    assert made.licence == "CC BY 4.0; Open"
    # unlike figures are a range and claims, never a sum
    assert made.deaths == Toll(4, None, 9)
    stated = {(c.field, c.value, c.claimant, c.source) for c in made.claims}
    assert stated == {
        ("event_type", "armed_clash", "", "ucdp:1"),
        ("event_type", "shelling", "", "gdelt:7"),
        ("deaths", 5, "", "ucdp:1"),
        ("deaths", 7, "Governor", "Herald"),
    }
    assert origins(made, PARTS)["actors"] == (("gdelt:7", "ucdp:1"), ("gdelt:7",))
    assert origins(made, PARTS)["sources"] == (("gdelt:7", "ucdp:1"), ("gdelt:7",))
    assert all(len(found) == 1 for found in origins(made, PARTS)["claims"])


def test_the_ledger_counts_one_event_once(store):
    before = select(store.read("border").incidents, Filter()).ledger
    merge(store, "border", ["ucdp:1", "gdelt:7"], by="Ann", now=later(1))
    after = select(store.read("border").incidents, Filter()).ledger
    assert (before.total, before.matched) == (3, 3)
    assert (after.total, after.matched, after.excluded["status"]) == (4, 2, 2)


def test_the_lead_can_be_chosen_and_stays(store):
    whole = merge(store, "border", [p.id for p in PARTS], by="A", now=later(1), lead="gdelt:7")
    assert (held(store, whole).title, held(store, whole).precision) == ("Shelling", "exact")
    newer = replace(UCDP, sources=(*UCDP.sources, Source(publisher="Third")))
    store.upsert("border", [newer], by="", now=later(2))
    assert held(store, whole).title == "Shelling"
    assert [s.publisher for s in held(store, whole).sources] == ["Example News", "Herald", "Third"]


def test_what_a_merge_did_is_undone_to_the_byte(store):
    before = lines(store)
    whole = merge(store, "border", ["ucdp:1", "gdelt:7"], by="Ann", now=later(1))
    assert lines(store) != before
    unmerge(store, "border", whole, by="Bo", now=later(2))
    assert lines(store) == before
    assert [entry.action for entry in store.history("border")][:2] == ["unmerge", "merge"]


@settings(max_examples=30)
@given(crowds(max_size=6), st.data())
def test_merge_then_unmerge_is_the_identity(crowd: list[Incident], data: st.DataObject):
    live = [i.id for i in crowd if i.status != "retracted"]
    if len(live) < 2:
        return
    chosen = data.draw(st.lists(st.sampled_from(live), min_size=2, unique=True))
    with TemporaryDirectory() as folder:
        store = border(Path(folder))
        store.upsert("border", crowd, by="", now=NOW)
        before = lines(store)
        whole = merge(store, "border", chosen, by="Ann", now=later(1))
        made = lines(store)
        assert len(made) == len(before) + 1
        assert {i.id for i in store.stream("border") if MARK in encode(i)} == {*chosen, whole}
        # what is merged can be merged on, and undone step by step
        rest = [key for key in live if key not in chosen]
        if rest:
            outer = merge(store, "border", [whole, rest[0]], by="Ann", now=later(2))
            with pytest.raises(LayerError, match="undo that one first"):
                unmerge(store, "border", whole, by="Bo", now=later(3))
            unmerge(store, "border", outer, by="Bo", now=later(3))
            assert lines(store) == made
        unmerge(store, "border", whole, by="Bo", now=later(4))
        assert lines(store) == before


def test_the_same_parts_make_the_same_incident():
    one = combine([bare(part) for part in PARTS])
    assert encode(one) == encode(combine([bare(part) for part in PARTS]))


def test_a_source_that_revises_a_part_revises_the_merged_incident(store):
    whole = merge(store, "border", ["ucdp:1", "gdelt:7"], by="Ann", now=later(1))
    newer = replace(UCDP, deaths=Toll(5, 6, 9), title="Clash at the crossing, revised")
    update = store.upsert("border", [newer, GDELT], by="", now=later(2))
    assert [s.id for s in update.plan.revised] == [whole, "ucdp:1"]
    made, part = held(store, whole), held(store, "ucdp:1")
    assert (made.title, made.deaths) == ("Clash at the crossing, revised", Toll(5, None, 9))
    assert (part.status, part.status_reason) == ("retracted", f"merged into {whole}")
    assert store.upsert("border", [newer, GDELT], by="", now=later(3)).changed == 0
    # and it comes out as the source now has it
    unmerge(store, "border", whole, by="Bo", now=later(4))
    assert (held(store, "ucdp:1").deaths, held(store, "ucdp:1").status) == (
        Toll(5, 6, 9),
        "accepted",
    )
    assert store.upsert("border", [newer, GDELT], by="", now=later(5)).changed == 0


def test_a_correction_of_the_merged_incident_survives_and_may_come_into_conflict(store):
    whole = merge(store, "border", ["ucdp:1", "gdelt:7"], by="Ann", now=later(1))
    old = held(store, whole)
    store.save(
        *("border", replace(old, title="As we know it")),
        expected=fingerprint(old),
        by="Ann",
        now=later(2),
    )
    store.upsert("border", [replace(UCDP, summary="More")], by="", now=later(3))
    assert (held(store, whole).title, held(store, whole).summary) == ("As we know it", "More")
    update = store.upsert("border", [replace(UCDP, title="Renamed")], by="", now=later(4))
    assert update.conflict_ids == (whole,)
    (waiting,) = conflicts(store, "border")
    assert [d.field for d in waiting.differences if d.clashes] == ["title"]
    decide(store, "border", whole, theirs=False, by="Ann", now=later(5))
    assert held(store, whole).title == "As we know it"


def test_a_merged_incident_stands_until_all_of_its_parts_are_withdrawn(store):
    whole = merge(store, "border", ["ucdp:1", "gdelt:7"], by="Ann", now=later(1))
    store.upsert("border", [], by="", now=later(2), withdraw=["ucdp:1"])
    assert (held(store, whole).status, held(store, whole).title) == ("accepted", "Shelling")
    store.upsert("border", [], by="", now=later(3), withdraw=["gdelt:7"])
    assert (held(store, whole).status, held(store, whole).status_reason) == (
        *("retracted", "withdrawn by source"),
    )
    store.upsert("border", [UCDP], by="", now=later(4))
    assert held(store, whole).status == "accepted"


def test_a_part_that_somebody_took_out_by_hand_stays_as_they_left_it(store):
    whole = merge(store, "border", ["ucdp:1", "gdelt:7"], by="Ann", now=later(1))
    part = held(store, "ucdp:1")
    own = replace(part, status="accepted", status_reason="")
    store.save("border", own, expected=fingerprint(part), by="Bo", now=later(2))
    unmerge(store, "border", whole, by="Bo", now=later(3))
    assert held(store, "ucdp:1").recorded.by == "Bo"
    assert held(store, "gdelt:7").status == "accepted"
    assert living(held(store, "gdelt:7")).folded is None


@pytest.mark.parametrize(
    ("ids", "said"),
    [
        (["ucdp:1"], "1 incidents are given"),
        (["ucdp:1", "ucdp:9"], "incident 'ucdp:9' is not in layer"),
        (["ucdp:1", "gdelt:7", "ucdp:2"], "incident 'gdelt:7' is retracted .merged into merged:"),
    ],
)
def test_what_cannot_be_merged_is_refused(store, ids, said):
    merge(store, "border", ["gdelt:7", "ucdp:2"], by="Ann", now=later(1))
    before = lines(store)
    with pytest.raises(LayerError, match=said):
        merge(store, "border", ids, by="Ann", now=later(2))
    assert lines(store) == before


def test_what_was_not_merged_is_not_unmerged(store):
    with pytest.raises(LayerError, match="was not merged from others"):
        unmerge(store, "border", "ucdp:1", by="Ann", now=later(1))


def test_a_coarse_date_never_blurs_a_known_one():
    month = {"start": date(2025, 10, 1), "end": date(2025, 10, 31), "date_precision": "month"}
    made = combine([bare(replace(GDELT, **month)), bare(UCDP)])
    assert (made.start, made.end, made.date_precision) == (UCDP.start, UCDP.end, "day")


def test_merges_that_go_round_in_a_circle_end(store):
    """A file from outside may claim anything of its incidents."""
    ring = [
        dress(imported(one), Living(merged_from=parts))
        for one, parts in (("x:1", ("x:1",)), ("x:2", ("x:3",)), ("x:3", ("x:2", "ucdp:1")))
    ]
    store.upsert("border", ring, by="", now=later(1))
    assert store.upsert("border", [UCDP], by="", now=later(2)).changed == 0
    assert store.upsert("border", [replace(UCDP, title="New")], by="", now=later(3)).revised >= 1
    assert duplicates(store.stream("border")) != ()
    odd = dress(imported("x:4"), Living(merged_from=("nowhere:1",)))
    store.upsert("border", [odd], by="", now=later(4))
    with pytest.raises(LayerError, match="is not in the layer"):
        unmerge(store, "border", "x:4", by="Ann", now=later(5))


def test_the_terms_of_every_part_bind_the_merged_incident(store):
    bound = imported("acled:X1", native={"sub_event_type": "Armed clash"})
    store.upsert("border", [bound], by="", now=later(1))
    made = held(store, merge(store, "border", ["ucdp:1", "acled:X1"], by="A", now=later(2)))
    assert set(terms_of(bound)) <= set(terms_of(made))
    assert set(terms_of(bound)) <= set(terms_of(forget(made)))
    assert may_pass_on(made) is may_pass_on(bound) is False
    assert [i.id for i in fit([made, GDELT], "partners").incidents] == ["gdelt:7"]


def test_a_memory_does_not_leave_the_house(store):
    before = held(store, "ucdp:1")
    secret = replace(UCDP, summary="What Ann noted", recorded=replace(UCDP.recorded, by="Ann"))
    odd = dress(before, Living(said=secret, not_same=("own:3",)))
    [passed] = fit([odd], "partners").incidents
    assert b"Ann" not in encode(passed)
    assert passed.extra == {}
