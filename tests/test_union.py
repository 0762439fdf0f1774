"""Do several layers together add up, and is every incident told apart?"""

from dataclasses import asdict

from hypothesis import given, settings

from geo import bits
from geo.facets import facets
from geo.filters import Filter
from geo.index import newest
from geo.indexed import index_layer
from geo.layerfile import LayerMeta, encode, make_version
from geo.rules import MAX_ID
from geo.store import Layer
from geo.union import keep, marked, open_version, union
from tests.examples import incident
from tests.strategies import crowds, filters


def _layer(name, found):
    ordered = tuple(sorted(found, key=lambda i: i.id))
    meta = LayerMeta(title=name)
    return index_layer(Layer(name, meta, make_version(meta, map(encode, ordered)), ordered))


def _added(ledgers):
    total = {}
    for ledger in map(asdict, ledgers):
        for name, value in ledger.items():
            if isinstance(value, dict):
                held = total.setdefault(name, {})
                for key, n in value.items():
                    held[key] = held.get(key, 0) + n
            else:
                total[name] = total.get(name, 0) + value
    return total


@settings(max_examples=40, deadline=None)
@given(crowds(), crowds(), filters())
def test_the_ledgers_of_the_layers_sum_to_that_of_the_union(one, other, query):
    both = union([_layer("one", one), _layer("other", other)])

    assert _added(ledger for _, ledger in both.ledgers(query)) == asdict(
        both.index.answer(query).ledger
    )


@settings(max_examples=20, deadline=None)
@given(crowds(), crowds())
def test_every_incident_is_read_back_from_its_layer(one, other):
    both = union([_layer("one", one), _layer("other", other)])
    wanted = {marked(i.id, "one") for i in one} | {marked(i.id, "other") for i in other}

    ids = both.index.ids(bits.full(both.index.size))
    assert set(ids) == wanted
    assert len(ids) == len(one) + len(other)
    for row, named in enumerate(ids):
        assert both.incident(row).id == named
        assert both.row_of(named) == row
        part, at = both.origin(row)
        assert marked(part.incident(at).id, part.name) == named


def test_what_two_layers_hold_counts_in_each_and_is_counted():
    both = union([_layer("a", [incident("ucdp:1")]), _layer("b", [incident("ucdp:1")])])

    assert (both.index.size, both.shared) == (2, 1)


def test_a_source_is_found_by_the_beginning_of_the_id_as_in_one_layer():
    both = union([_layer("a", [incident("ucdp:1")]), _layer("b", [incident("own:1")])])

    assert both.index.answer(Filter(sources=("ucdp",))).ledger.matched == 1


def test_the_newest_come_first_over_all_layers():
    both = union([_layer("a", [incident("own:1")]), _layer("b", [incident("own:2")])])
    answer = both.index.answer(Filter())
    rows = newest(both.index, answer.rows, first=0, count=5)

    assert [i.id for i in both.incidents(rows.tolist())] == ["own:1@a", "own:2@b"]
    assert facets(both.index).event_types == {"armed_clash": 2}


def test_a_name_too_long_to_carry_its_layer_stays_different_from_its_like():
    long = "own:" + "x" * (MAX_ID - 5)
    both = union([_layer("a", [incident(long + "1"), incident(long + "2")])])
    ids = both.index.ids(bits.full(2))

    assert len(set(ids)) == 2
    assert all(len(one) == MAX_ID for one in ids)
    assert {both.incident(row).id for row in range(2)} == set(ids)


def test_a_layer_named_twice_is_in_the_union_once():
    one = _layer("a", [incident("own:1")])

    assert union([one, one]).index.size == 1


def test_another_process_opens_what_is_open_here_by_its_version(monkeypatch, tmp_path):
    monkeypatch.setenv("GEO_CACHE", str(tmp_path))
    both = union([_layer("one", [incident("a:1")]), _layer("other", [incident("a:1")])])
    assert open_version(both.version) is None

    keep(both)
    found = open_version(both.version)

    assert found is not None
    assert [found.incident(row).id for row in range(2)] == ["a:1@one", "a:1@other"]
    assert found.index.answer(Filter()).ledger == both.index.answer(Filter()).ledger


def test_a_union_of_which_a_part_was_deleted_is_not_opened(monkeypatch, tmp_path):
    monkeypatch.setenv("GEO_CACHE", str(tmp_path))
    both = union([_layer("one", [incident("a:1")]), _layer("other", [incident("a:2")])])
    keep(both)
    for path in tmp_path.rglob(f"*{both.parts[1].version}*"):
        path.unlink()

    assert open_version(both.version) is None
