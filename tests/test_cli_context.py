"""Are own offices and routes kept from a terminal, and do filters by distance hold them?"""

import json

import pytest

from tests.test_cli import DEMO

POST = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [71.0978, 34.1286]},
            "properties": {},
        }
    ],
}


@pytest.fixture
def post(tmp_path):
    path = tmp_path / "post.geojson"
    path.write_text(json.dumps(POST))
    return path


def test_a_context_layer_is_kept_listed_and_asked(run, demo, post):
    assert demo
    assert run("context", "posts", str(post), "--title", "Border posts")[0] == 0
    code, out, _ = run("context", "--json")
    assert (code, [row["title"] for row in json.loads(out)]) == (0, ["Border posts"])

    code, out, err = run("query", "--layer", DEMO, "--near-context", "posts,30", "--json")
    assert (code, err) == (0, "")
    answer = json.loads(out)
    assert 0 < answer["ledger"]["matched"] < 25
    # the filter holds the shapes themselves
    assert answer["filter"]["around"][0].startswith("posts@")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("query", "--layer", DEMO, "--near-context", "none,5"), 1, "does not exist"),
        (("query", "--layer", DEMO, "--near-context", "none"), 2, "must be NAME,KM"),
        (("context", "posts"), 1, "without a file"),
    ],
)
def test_what_means_nothing_is_refused(run, demo, arguments, code, said):
    assert demo
    found, _, err = run(*arguments)
    assert found == code
    assert said in err
