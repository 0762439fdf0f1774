"""Do real servers answer the map: under a base path, behind a proxy, and one for the other?"""

import shutil
from contextlib import ExitStack
from urllib.parse import urlsplit

import pytest
import requests

from tests.browser.driving import ROOT, serve
from tests.servers import serving
from tests.streamlit_session import Session

BASE = "/at/las"
JSON = "application/json"


@pytest.fixture(scope="module")
def servers(tmp_path_factory):
    """Two processes of the app that share layers and cache, as behind a balancer."""
    folder = tmp_path_factory.mktemp("two")
    (folder / "layers").mkdir()
    shutil.copy(ROOT / "layers" / "afghanistan-pakistan-2025.geojson", folder / "layers")
    with ExitStack() as stack:
        cache = str(folder / "cache")
        yield [
            stack.enter_context(serve(folder / "layers", base=BASE, GEO_CACHE=cache))
            for _ in range(2)
        ]


def test_the_frame_of_the_map_is_served_where_no_page_has_run_yet(servers):
    frame = f"{servers[1]}/component/streamlit_folium.st_folium/index.html"
    assert requests.get(frame, timeout=60).status_code == 200


@pytest.fixture(scope="module")
def token(servers):
    with Session(servers[0]) as visitor:
        return visitor.token()


def test_what_one_server_registered_the_other_answers(servers, token):
    first, second = (requests.get(f"{url}/atlas/incidents/{token}", timeout=60) for url in servers)
    assert first.status_code == second.status_code == 200
    assert first.json() == second.json()
    assert first.json()["incidents"]["row"]


def test_one_visitors_token_is_not_anothers(servers, token):
    with Session(servers[1]) as visitor:
        assert visitor.token() != token


@pytest.mark.parametrize(
    ("path", "status", "kind"),
    [
        ("assets/leaflet.js", 200, "text/javascript"),
        ("assets/atlas.css", 200, "text/css"),
        ("assets/SourceSans3_400Regular.ttf", 200, "font/ttf"),
        ("basemap?bbox=60,28,75,38&zoom=6", 200, JSON),
        ("notes?bbox=60,28,75,36", 200, JSON),
        ("incidents/{token}", 200, JSON),
        ("incidents/{token}/about?of=0", 200, JSON),
        ("incidents/{token}/about?of=999999", 400, "text/plain"),
        ("incidents/0123456789abcdef", 404, "text/plain"),
    ],
)
def test_every_route_has_its_own_type_under_the_base_path_and_behind_a_proxy(
    servers, token, path, status, kind
):
    def pass_on(asked):
        kept = {n: v for n, v in asked.headers.items() if n.lower() in ("accept-encoding", "host")}
        answer = requests.get(
            f"{inner.scheme}://{inner.netloc}{asked.path}", headers=kept, stream=True, timeout=60
        )
        named = {n.replace("-", "_"): v for n, v in answer.headers.items()}
        named.pop("content_length", None), named.pop("transfer_encoding", None)
        asked.say(answer.status_code, answer.raw.read(), **named)

    inner = urlsplit(servers[0])
    with serving(pass_on) as proxy:
        for url in (servers[0], f"{proxy.url}{BASE}"):
            answer = requests.get(f"{url}/atlas/{path.format(token=token)}", timeout=60)
            assert answer.status_code == status
            assert answer.headers["content-type"].startswith(kind)
            if "incidents" in path:
                assert answer.headers["cache-control"] == "private, no-store"
            if kind == JSON:
                answer.json()


def test_nothing_of_ours_stands_beside_the_base_path(servers, token):
    beside = servers[0].removesuffix(BASE)
    answer = requests.get(f"{beside}/atlas/incidents/{token}", timeout=60)
    assert answer.headers.get("content-type", "") != JSON
