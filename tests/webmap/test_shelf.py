"""Is a view made once, whoever asks for it at the same time?"""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from geo.filters import Filter
from geo.webmap import shelf as shelves
from geo.webmap.crowd import Crowd
from geo.webmap.shelf import Shelf
from tests.examples import incident
from tests.indexes import view


@pytest.fixture
def token(tmp_path, monkeypatch):
    monkeypatch.setenv("GEO_CACHE", str(tmp_path))
    return view([incident("own:1")], Filter())


def test_two_who_ask_for_a_new_view_at_once_make_it_once(token, monkeypatch):
    made, may = [], threading.Event()
    make = Crowd.of

    def slowly(*given):
        made.append(given)
        assert may.wait(10)
        return make(*given)

    monkeypatch.setattr(shelves.Crowd, "of", slowly)
    shelf = Shelf()
    with ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(shelf.find, token) for _ in range(4)]
        while not made:
            pass
        may.set()
        found = {id(one.result(10)) for one in asked}
    assert len(found) == len(made) == 1


def test_a_view_that_could_not_be_made_is_made_anew_for_who_asks_next(token, monkeypatch):
    def fails(*_given):
        msg = "no memory"
        raise MemoryError(msg)

    shelf = Shelf()
    with monkeypatch.context() as patch:
        patch.setattr(shelves.Crowd, "of", fails)
        with pytest.raises(MemoryError, match="no memory"):
            shelf.find(token)
    assert shelf.find(token) is not None
