"""Does every row of every source end as an incident or a rejection, whatever is in it?"""

import gzip
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import TableError
from geo.sources import acled, feeds, gdelt, ucdp
from tests.sources.tables import GED, Said
from tests.sources.test_acled import ROW as ACLED
from tests.sources.test_feeds import alert, harm, quake
from tests.sources.test_gdelt import ROW as GDELT
from tests.sources.test_gdelt import as_export

_TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=6)
_SCALARS = st.none() | st.booleans() | st.integers(-9, 10**16) | st.floats(-1e9, 1e9) | _TEXT
_VALUES = st.recursive(
    _SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXT, inner, max_size=3),
    max_leaves=4,
)


def changes(names, values):
    return st.lists(
        st.dictionaries(st.sampled_from(sorted(names)), values, max_size=3), min_size=1, max_size=5
    )


def accounted(told, count):
    assert len(told.incidents) + len(told.rejected) == told.read == count
    assert all(gone.field and gone.rule for gone in told.rejected)


@settings(max_examples=100)
@given(changes(GDELT, _TEXT.map(lambda t: " ".join(t.split())) | st.integers(-3, 9).map(str)))
def test_rows_of_gdelt(found):
    # the first row shows what the file is
    rows = [GDELT, *({**GDELT, **change} for change in found)]
    accounted(Said(gdelt.read, as_export(rows)), len(rows))


@settings(max_examples=100)
@given(changes([n for n in ACLED if n not in ("event_date", "actor1")], _VALUES))
def test_rows_of_acled_s_api(found):
    rows = [{**ACLED, **change} for change in found]
    accounted(Said(acled.read, json.dumps({"data": rows}).encode()), len(rows))


@settings(max_examples=100)
@given(changes(GED, _VALUES))
def test_rows_of_ucdp_s_api(found):
    rows = [{**GED, **change} for change in found]
    accounted(Said(ucdp.read, json.dumps({"Result": rows}).encode()), len(rows))


@pytest.mark.parametrize("make", [quake, alert])
@settings(max_examples=100)
@given(st.data())
def test_features_of_feeds(make, data):
    names = [*make()["properties"], "geometry", "affectedcountries", "url", "severitydata"]
    found = data.draw(changes(names, _VALUES))
    features = [make(), *(make(**change) for change in found)]
    feed = {"type": "FeatureCollection", "features": features}
    accounted(Said(feeds.read, json.dumps(feed).encode()), len(features))


@settings(max_examples=100)
@given(changes(harm(), _VALUES))
def test_items_of_a_list(found):
    items = [harm(), *(harm(**change) for change in found)]
    accounted(Said(feeds.read, json.dumps(items).encode()), len(items))


@pytest.mark.parametrize(
    ("source", "data"),
    [
        (gdelt, as_export([GDELT] * 9)),
        (acled, json.dumps({"data": [ACLED] * 9}).encode()),
        (ucdp, json.dumps([GED] * 9).encode()),
        (feeds, json.dumps([harm()] * 9).encode()),
    ],
)
def test_what_unpacks_to_more_than_is_taken_is_refused(source, data):
    assert Said(source.read, gzip.compress(data), most=len(data)).read == 9
    with pytest.raises(TableError, match="unpacks to more than"):
        Said(source.read, gzip.compress(data), most=len(data) - 1)
