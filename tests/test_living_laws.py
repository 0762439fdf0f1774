"""What holds of living data whatever the sources and people do?"""

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from geo.decisions import conflicts, decide, merge, unmerge
from geo.incident import Incident, Recorded
from geo.layerfile import encode, fingerprint
from geo.living import bare, living
from geo.store import LayerStore
from tests.stores import NOW, border, content, later
from tests.strategies import crowds

_TITLES = st.sampled_from(("A", "B", "C"))


def as_source(crowd: list[Incident], data: st.DataObject) -> list[Incident]:
    """Let a source say something of some incidents, in few words so that sides often agree."""
    said = Recorded(first_seen=NOW, updated=NOW)
    return [
        replace(i, title=data.draw(_TITLES), summary=data.draw(_TITLES), recorded=said)
        for i in crowd
        if data.draw(st.booleans())
    ]


def a_person_acts(store: LayerStore, data: st.DataObject, minutes: int) -> None:
    known = list(store.stream("border"))
    if not known:
        return
    one = data.draw(st.sampled_from(known))
    live = [i.id for i in known if i.status != "retracted" and not living(i).conflict]
    act = data.draw(st.sampled_from(("correct", "decide", "merge", "unmerge")))
    when = {"by": "Ann", "now": later(minutes)}
    if act == "correct":
        edit = replace(one, title=data.draw(_TITLES))
        store.save("border", edit, expected=fingerprint(one), **when)
    elif act == "decide" and living(one).conflict:
        choice = data.draw(st.sampled_from((True, False)))
        decide(store, "border", one.id, theirs=choice, **when)
    elif act == "merge" and len(live) > 1:
        merge(store, "border", live[:2], **when)
    elif act == "unmerge" and living(one).merged_from and not living(one).folded:
        unmerge(store, "border", one.id, **when)


@settings(max_examples=60)
@given(crowds(max_size=4), st.data())
def test_the_same_import_twice_reports_nothing_the_second_time(crowd, data):
    with TemporaryDirectory() as folder:
        store = border(Path(folder))
        for step in range(4):
            coming = as_source(crowd, data)
            gone = data.draw(
                st.lists(st.sampled_from([i.id for i in crowd] or ["none"]), max_size=1)
            )
            whole = data.draw(st.booleans())
            options = {"by": "", "withdraw": gone, "complete": whole}
            seen = store.upsert("border", coming, now=later(2 * step), dry_run=True, **options)
            done = store.upsert("border", coming, now=later(2 * step), **options)
            assert replace(seen, version="") == replace(done, version="")
            before = content(store)
            again = store.upsert("border", coming, now=later(2 * step + 1), **options)
            assert (again.changed, content(store)) == (0, before)
            assert again.plan == type(again.plan)()
            a_person_acts(store, data, 2 * step + 1)
        # whatever waits can be decided, and then nothing waits
        for waiting in list(conflicts(store, "border")):
            assert any(d.clashes for d in waiting.differences)
            decide(store, "border", waiting.incident.id, theirs=True, by="Bo", now=later(90))
        assert list(conflicts(store, "border")) == []
        # and no memory is ever part of what is said
        for incident in store.stream("border"):
            assert "atlas_living" not in bare(incident).extra
            assert encode(incident)


@settings(max_examples=40)
@given(crowds(max_size=4), st.data())
def test_a_merge_leaves_no_trace_on_what_its_parts_go_through(crowd, data):
    """Merge, import, undo: the parts are as if there had been no merge."""
    live = [i.id for i in crowd if i.status != "retracted"]
    if len(live) < 2:
        return
    with TemporaryDirectory() as one, TemporaryDirectory() as other:
        merged, plain = border(Path(one)), border(Path(other))
        for store in (merged, plain):
            store.upsert("border", crowd, by="", now=NOW)
        whole = merge(merged, "border", live[:2], by="Ann", now=later(1))
        for step in (2, 3):
            coming = as_source(crowd, data)
            gone = data.draw(st.lists(st.sampled_from(live), max_size=1))
            for store in (merged, plain):
                store.upsert("border", coming, by="", now=later(step), withdraw=gone)
        unmerge(merged, "border", whole, by="Ann", now=later(4))
        assert list(map(encode, merged.stream("border"))) == [*map(encode, plain.stream("border"))]
