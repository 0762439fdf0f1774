"""Do several whole layers answer together as Explore and `query` say it?"""

import pytest

from geo.exports import FORMATS, ExportMeta, export
from geo.filters import Filter, select
from geo.indexed import index_layer
from geo.profile import fit
from geo.rules import MAX_ID
from geo.snapshot.language import language
from geo.store import LayerStore
from geo.together import together
from geo.union import union
from tests.examples import NOW, incident
from tests.exports.files import ids


@pytest.fixture
def store(layers):
    return LayerStore(layers)


@pytest.fixture
def fill(store):
    def go(name, *incidents):
        store.upsert(name, incidents, by="test", now=NOW)
        return store.read(name)

    return go


@pytest.fixture
def two(fill):
    one = fill("one", incident("own:1"), incident("own:2", event_type="riot"))
    return [one, fill("other", incident("own:1", title="Told elsewhere", countries=("PAK",)))]


QUERIES = [
    Filter(),
    Filter(event_types=("armed_clash",)),
    Filter(countries=("AFG",)),
    # a layer's name is no word of its incidents
    Filter(text="other"),
    Filter(text="own:1"),
]


@pytest.mark.parametrize("query", QUERIES)
def test_whole_layers_answer_as_explore_does(two, query):
    both = union([index_layer(layer) for layer in two])

    assert together(two, "internal").select(query) == both.selection(
        query, both.index.answer(query)
    )


@pytest.mark.parametrize("fmt", FORMATS)
def test_a_file_from_the_terminal_is_the_file_from_explore(two, fmt):
    both, whole = union([index_layer(layer) for layer in two]), together(two, "internal")
    asked = Filter()
    told = {"query": asked, "as_of": NOW}
    explore = ExportMeta(
        title=both.meta.title,
        layers=tuple((part.name, part.version) for part in both.parts),
        licence=both.meta.licence,
        **told,
    )
    here = ExportMeta(title=whole.title, layers=whole.versions, licence=whole.meta.licence, **told)
    made = export(whole.select(asked), fmt, meta=here)

    assert made == export(both.selection(asked, both.index.answer(asked)), fmt, meta=explore)


@pytest.mark.parametrize("fmt", FORMATS)
def test_an_id_in_two_layers_is_told_apart_in_every_format(two, fmt):
    whole = together(two, "internal")
    meta = ExportMeta(title="Both", layers=whole.versions, query=Filter(), as_of=NOW)
    data = export(whole.select(Filter()), fmt, meta=meta)

    assert sorted(ids(data, fmt)) == ["own:1@one", "own:1@other", "own:2@one"]
    assert whole.shared == 1


def test_what_is_set_aside_in_one_layer_stays_in_the_other(two):
    ledger = together(two, "internal").select(Filter(), set_aside=frozenset(["own:1@one"])).ledger

    assert (ledger.matched, ledger.set_aside, ledger.on_map) == (3, 1, 2)


@pytest.mark.parametrize("profile", ["internal", "partners", "public"])
def test_one_layer_is_asked_as_if_there_were_no_other(two, profile):
    layer, query = two[0], Filter(event_types=("riot",))
    whole, fitted = together([layer, layer], profile), fit(layer.incidents, profile)
    say = language("en").say

    assert whole.select(query) == select(fitted.incidents, query)
    assert whole.versions == ((layer.name, fitted.version(layer.version)),)
    assert whole.taken.notes(say) == fitted.notes(say)
    assert (whole.meta, whole.title) == (layer.meta, layer.meta.title or layer.name)


def test_what_a_licence_keeps_back_is_added_up_over_layers(fill):
    rows = [fill(name, incident("acled:1"), incident("own:1")) for name in ("one", "other")]
    whole = together(rows, "partners")

    assert dict(whole.taken.withheld) == {"acled": 2}
    assert whole.taken.notes(language("en").say) == fit(
        [incident("acled:1"), incident("acled:2")], "partners"
    ).notes(language("en").say)
    assert whole.select(Filter()).ledger.total == 2


def test_the_public_hides_among_incidents_of_one_layer_alone(fill):
    # three share a province, but two of them in one layer and one in the other
    rows = [
        fill("one", incident("own:1"), incident("own:2")),
        fill("other", incident("own:3")),
    ]
    shown = together(rows, "public").select(Filter()).incidents

    assert [i.id for i in shown] == ["public:1@one", "public:1@other", "public:2@one"]
    assert {i.precision for i in shown} == {"country"}
    assert together(rows, "public").versions == (("one", ""), ("other", ""))


@pytest.mark.parametrize("profile", ["internal", "partners", "public"])
def test_what_a_selection_counts_more_than_once_is_named_as_its_layers_name_it(two, profile):
    whole = together(two, profile)

    def repeated(query, **more):
        return whole.repeated(whole.select(query, **more))

    assert repeated(Filter()) == ("own:1",)
    # in one of the layers it is told of another country
    assert repeated(Filter(countries=("AFG",))) == ()
    assert repeated(Filter(event_types=("riot",))) == ()
    # what is set aside is still in the figures of the page
    aside = frozenset([f"{whole.fitted[0].ids['own:1']}@{two[0].name}"])
    assert repeated(Filter(), set_aside=aside) == ("own:1",)
    assert together(two[:1], profile).repeated(together(two[:1], profile).select(Filter())) == ()


def test_ids_too_long_for_the_name_of_their_layer_are_told_apart_and_known_again(fill):
    long = "own:" + "x" * (MAX_ID - 4)
    other = "own:" + "x" * (MAX_ID - 5) + "y"
    whole = together(
        [fill("a", incident(long), incident(other)), fill("longer-name", incident(long))],
        "internal",
    )
    assert whole.repeated(whole.select(Filter())) == (long,)
