"""Living data: what a source changes, what a person keeps, and what waits for a decision."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.decisions import conflicts, decide
from geo.errors import LayerConflictError, LayerError
from geo.incident import Incident, Toll
from geo.layerfile import decode, encode, fingerprint
from geo.living import MEMBER, Conflict, Folded, Living, bare, dress, living
from geo.store import LayerStore
from tests.examples import incident
from tests.stores import NOW, border, content, imported, later
from tests.strategies import incidents


@pytest.fixture
def store(layers):
    return border(layers)


def held(store: LayerStore, id_: str = "ucdp:1") -> Incident:
    return next(i for i in store.read("border").incidents if i.id == id_)


def corrected(store: LayerStore, id_: str = "ucdp:1", *, minutes: int = 1, **changes) -> None:
    old = held(store, id_)
    store.save(
        *("border", replace(old, **changes)),
        expected=fingerprint(old),
        by="Ann",
        now=later(minutes),
    )


@given(incidents(), incidents(), st.booleans(), st.booleans(), st.lists(st.text(max_size=5)))
def test_a_memory_comes_off_as_it_was_put_on(one, other, told, folded, ids):
    plain = bare(one)
    theirs = replace(other, id=one.id, extra={})
    was = Folded(into="merged:1", status=plain.status, status_reason=plain.status_reason)
    state = Living(
        said=theirs if told else None,
        conflict=Conflict(base=None if told else plain, theirs=theirs),
        folded=was if folded else None,
        merged_from=tuple(i for i in ids if "\0" not in i),
    )
    line = encode(dress(plain, state))
    again = decode(line, where="here")
    assert (encode(bare(again)), living(again)) == (encode(plain), state)
    assert encode(dress(bare(again), living(again))) == line


@pytest.mark.parametrize(
    "value",
    [
        *("text", 7, [], {"conflict": 3}, {"conflict": {"base": None, "theirs": ["{"]}}),
        *({"merged_from": [1]}, {"merged_into": {"id": 3}}, {"said": ["{}"]}),
        {"merged_into": {"id": "x", "status": "none", "status_reason": ""}},
        {"said": [encode(incident("other:1")).decode()]},
    ],
)
def test_what_only_looks_like_a_memory_is_none(value):
    odd = imported(extra={MEMBER: value})
    assert living(odd) == Living()
    assert bare(odd) is odd


def second_version(store: LayerStore) -> dict[str, int | tuple[str, ...]]:
    """Bring a second version of a source: one new, revised, withdrawn, in conflict each."""
    update = store.upsert(
        "border",
        [
            imported("ucdp:1"),
            imported("ucdp:2", title="Revised", deaths=Toll(None, 3, None)),
            imported("ucdp:3", title="Theirs"),
            imported("ucdp:5"),
        ],
        by="",
        now=later(5),
        withdraw=["ucdp:4"],
    )
    plan = update.plan
    return {
        "new": tuple(step.id for step in plan.new),
        "revised": tuple((step.id, step.fields) for step in plan.revised),
        "withdrawn": tuple(step.id for step in plan.withdrawn),
        "conflicts": tuple((step.id, step.fields) for step in plan.conflicts),
        "counts": (update.new, update.revised, update.withdrawn, update.conflicts),
        "rest": (update.unchanged, update.open),
    }


def test_of_two_versions_exactly_what_differs_is_reported_once(store):
    store.upsert("border", [imported(f"ucdp:{n}") for n in (1, 2, 3, 4)], by="", now=NOW)
    corrected(store, "ucdp:3", title="Ours")
    assert second_version(store) == {
        "new": ("ucdp:5",),
        "revised": (("ucdp:2", ("title", "deaths")),),
        "withdrawn": ("ucdp:4",),
        "conflicts": (("ucdp:3", ("title",)),),
        "counts": (1, 1, 1, 1),
        "rest": (1, 0),
    }
    gone = held(store, "ucdp:4")
    assert (gone.status, gone.status_reason) == ("retracted", "withdrawn by source")
    before, entries = content(store), len(store.history("border"))
    again = second_version(store)
    assert (again["counts"], again["rest"]) == ((0, 0, 0, 0), (4, 1))
    assert again["new"] == again["revised"] == again["withdrawn"] == again["conflicts"] == ()
    assert (content(store), len(store.history("border"))) == (before, entries)


def test_a_preview_names_the_same_and_writes_nothing(store):
    store.upsert("border", [imported(f"ucdp:{n}") for n in (1, 2, 3)], by="", now=NOW)
    corrected(store, "ucdp:3", title="Ours")
    coming = [imported("ucdp:2", title="Revised"), imported("ucdp:3", title="Theirs")]
    before = content(store)
    seen = store.upsert(
        "border", coming, by="", now=later(5), withdraw=["ucdp:1", "ucdp:9"], dry_run=True
    )
    assert content(store) == before
    done = store.upsert("border", coming, by="", now=later(5), withdraw=["ucdp:1", "ucdp:9"])
    assert (seen.plan, seen.not_held) == (done.plan, 1)


def test_a_correction_survives_three_imports(store):
    for n in range(3):
        store.upsert("border", [imported("ucdp:1", title="Wrong")], by="", now=later(2 * n))
        if not n:
            corrected(store, title="Right")
        newer = imported("ucdp:1", title="Wrong", summary=f"More, {n}")
        assert store.upsert("border", [newer], by="", now=later(2 * n + 1)).conflicts == 0
    assert (held(store).title, held(store).summary) == ("Right", "More, 2")


def in_conflict(store: LayerStore) -> None:
    store.upsert("border", [imported("ucdp:1", title="Wrong")], by="", now=NOW)
    corrected(store, title="Right")
    newer = imported("ucdp:1", title="Newer", deaths=Toll(None, 7, None))
    assert store.upsert("border", [newer], by="", now=later(2)).conflicts == 1


def test_a_conflict_is_listed_with_its_three_sides(store):
    in_conflict(store)
    (waiting,) = conflicts(store, "border")
    assert waiting.incident.title == "Right"
    sides = {d.field: (d.base, d.ours, d.theirs, d.clashes) for d in waiting.differences}
    assert sides == {
        "title": ("Wrong", "Right", "Newer", True),
        "deaths": (Toll(), Toll(), Toll(None, 7, None), False),
    }


@pytest.mark.parametrize(
    ("theirs", "title", "deaths"),
    [(False, "Right", 7), (True, "Newer", 7), (["title"], "Newer", 7)],
)
def test_a_decision_settles_a_conflict_for_good(store, theirs, title, deaths):
    in_conflict(store)
    (waiting,) = conflicts(store, "border")
    token = fingerprint(waiting.incident)
    decide(*(store, "border", "ucdp:1"), theirs=theirs, by="Bo", now=later(3), expected=token)
    assert list(conflicts(store, "border")) == []
    assert (held(store).title, held(store).deaths.best) == (title, deaths)
    assert (store.history("border")[0].action, store.history("border")[0].who) == ("decide", "Bo")
    newer = imported("ucdp:1", title="Newer", deaths=Toll(None, 7, None))
    again = store.upsert("border", [newer], by="", now=later(4))
    assert (again.unchanged, again.changed, again.open) == (1, 0, 0)
    newest = replace(newer, summary="More", title="Newest")
    last = store.upsert("border", [newest], by="", now=later(5))
    # what we declined stays ours; what we took follows the source again
    assert (last.conflicts, last.revised) == ((1, 0) if title == "Right" else (0, 1))


def test_a_conflict_goes_when_its_source_takes_the_change_back(store):
    in_conflict(store)
    before = held(store)
    back = store.upsert("border", [imported("ucdp:1", title="Wrong")], by="", now=later(3))
    assert [(s.id, s.fields) for s in back.plan.revised] == [("ucdp:1", ("conflict",))]
    assert list(conflicts(store, "border")) == []
    assert held(store).title == before.title


def test_a_conflict_goes_when_its_source_comes_round(store):
    in_conflict(store)
    store.upsert("border", [imported("ucdp:1", title="Right")], by="", now=later(3))
    assert list(conflicts(store, "border")) == []
    after = imported("ucdp:1", title="Better still")
    assert store.upsert("border", [after], by="", now=later(4)).revised == 1
    assert held(store).title == "Better still"


def test_a_correction_that_agrees_with_the_source_ends_a_conflict(store):
    in_conflict(store)
    corrected(store, title="Newer", minutes=3)
    assert list(conflicts(store, "border")) == []
    newer = imported("ucdp:1", title="Newer", deaths=Toll(None, 7, None))
    assert store.upsert("border", [newer], by="", now=later(4)).revised == 1
    assert (held(store).deaths.best, living(held(store)).conflict) == (7, None)
    assert store.upsert("border", [newer], by="", now=later(5)).changed == 0


def test_a_decision_about_what_somebody_changed_since_is_refused(store):
    in_conflict(store)
    token = fingerprint(held(store))
    corrected(store, summary="Meanwhile")
    with pytest.raises(LayerConflictError, match="was changed by Ann"):
        decide(store, "border", "ucdp:1", theirs=True, by="Bo", now=later(4), expected=token)


@pytest.mark.parametrize(
    ("id_", "theirs", "said"),
    [
        ("ucdp:1", ["summary"], "field 'summary' is not in conflict"),
        ("ucdp:2", True, "incident 'ucdp:2' has no open conflict"),
        ("ucdp:9", True, "incident 'ucdp:9' is not in layer 'border'"),
    ],
)
def test_a_decision_that_decides_nothing_is_refused(store, id_, theirs, said):
    in_conflict(store)
    store.upsert("border", [imported("ucdp:2")], by="", now=later(3))
    with pytest.raises(LayerError, match=said):
        decide(store, "border", id_, theirs=theirs, by="Bo", now=later(4))


def test_an_earlier_version_still_has_its_open_conflict(store):
    in_conflict(store)
    version = store.version("border")
    decide(store, "border", "ucdp:1", theirs=True, by="Bo", now=later(3))
    (then,) = store.read_version("border", version).incidents
    assert living(then).conflict


def test_what_a_source_withdrew_comes_back_when_it_publishes_it_again(store):
    store.upsert("border", [imported("ucdp:1")], by="", now=NOW)
    assert store.upsert("border", [], by="", now=later(1), withdraw=["ucdp:1"]).withdrawn == 1
    again = store.upsert("border", [], by="", now=later(2), withdraw=["ucdp:1"])
    assert (again.withdrawn, again.unchanged, again.not_held) == (0, 1, 0)
    assert store.upsert("border", [imported("ucdp:1")], by="", now=later(3)).revised == 1
    assert held(store).status == "accepted"


def test_what_is_published_and_taken_back_at_once_is_a_tombstone(store):
    update = store.upsert("border", [imported("ucdp:1")], by="", now=NOW, withdraw=["ucdp:1"])
    assert (update.new, update.withdrawn) == (0, 1)
    assert held(store).status == "retracted"


def test_withdrawing_by_name_what_a_person_accepted_waits_for_them(store):
    store.upsert("border", [imported("ucdp:1", status="draft")], by="", now=NOW)
    corrected(store, status="accepted")
    update = store.upsert("border", [], by="", now=later(2), withdraw=["ucdp:1"])
    assert (update.withdrawn, update.conflicts) == (0, 1)
    assert store.upsert("border", [], by="", now=later(3), withdraw=["ucdp:1"]).changed == 0
    decide(store, "border", "ucdp:1", theirs=False, by="Ann", now=later(4))
    assert held(store).status == "accepted"
    assert store.upsert("border", [], by="", now=later(5), withdraw=["ucdp:1"]).changed == 0
