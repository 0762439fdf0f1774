"""What stays of a page that was fetched."""

import hashlib
from datetime import date
from pathlib import Path

import pytest

from geo.errors import ArticleError
from geo.extract.archive import FOLDER, fetched, keep
from geo.fetch import Door
from tests.servers import serving

_PAGE = (
    b"<html><head><title>Blast</title></head><body><article><p>A bomb went off in the market of "
    b"the town on Monday, and five people were killed, the police said to the press.</p>"
    b"<p>The road to the north was closed for the rest of the day.</p></article></body></html>"
)


def test_a_page_is_kept_by_its_hash_with_address_and_day(tmp_path: Path) -> None:
    with serving(lambda r: r.say(body=_PAGE)) as server, Door(permit=lambda _: True) as door:
        found = fetched(server.url, door=door, layers=tmp_path, today=date(2025, 11, 1))
        assert (found.url, found.retrieved) == (server.url, date(2025, 11, 1))
    assert found.sha256 == hashlib.sha256(_PAGE).hexdigest()
    assert (tmp_path / FOLDER / found.sha256).read_bytes() == _PAGE


def test_a_copy_is_kept_even_of_what_is_no_article(tmp_path: Path) -> None:
    with serving(lambda r: r.say(body=b"<html></html>")) as server:
        with Door(permit=lambda _: True) as door, pytest.raises(ArticleError):
            fetched(server.url, door=door, layers=tmp_path, today=date(2025, 11, 1))
    assert len(list((tmp_path / FOLDER).iterdir())) == 1


def test_the_same_bytes_are_kept_once(tmp_path: Path) -> None:
    assert keep(b"one", tmp_path) == keep(b"one", tmp_path)
    assert len(list((tmp_path / FOLDER).iterdir())) == 1
