"""Which sources are one, however many print it?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.incident import Source
from geo.wires import independent_sources, same_wording, source_groups, wording
from tests.examples import incident
from tests.strategies import sources, texts

TEXT = "Twelve soldiers died when fighters stormed a post near the crossing on Saturday night"


def test_five_syndicated_copies_are_one_source():
    copies = (
        Source(publisher="One Daily", title=TEXT),
        Source(publisher="Two Times", title=f"{TEXT.upper()}."),
        Source(publisher="Three Post", title=f"KABUL, Oct 12 (Agency) - {TEXT}"),
        Source(publisher="Four Herald", title=f"{TEXT} - Agency"),
        Source(publisher="Five News", title=TEXT.replace("Twelve", "12")),
    )
    assert source_groups(copies) == ((0, 1, 2, 3, 4),)
    assert independent_sources(incident(sources=copies)) == 1
    own = Source(publisher="Six", title="A commander spoke of heavy losses among the border guards")
    assert independent_sources(incident(sources=(*copies, own))) == 2


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Source(publisher="Herald", title="One"), Source(publisher="herald ", title="Another")),
        (
            Source(publisher="A", url="https://example.org/a#top"),
            Source(publisher="B", url="https://example.org/a"),
        ),
        (Source(url="https://www.example.org/a"), Source(url="https://example.org/b")),
        (Source(publisher="A", sha256="AB12"), Source(publisher="B", sha256="ab12")),
        (
            Source(publisher="A", quote=f"{TEXT}, officials in the province said."),
            Source(publisher="B", title="Border raid", quote=f"The report went on. {TEXT}, "
                   "officials in the province said. Later both sides traded blame for it."),
        ),
    ],
)  # fmt: skip
def test_these_are_one(one, other):
    assert source_groups((one, other)) == ((0, 1),)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        # short headlines are alike by chance, when they are not the same
        (
            Source(publisher="A", title="Blast in Kabul"),
            Source(publisher="B", title="Blast, Kabul"),
        ),
        (
            Source(publisher="A", title=TEXT),
            Source(publisher="B", title="Officials deny that any post near the crossing was lost"),
        ),
        # nothing is known of either
        (Source(), Source()),
        (Source(url="https://[bad"), Source(publisher="B")),
    ],
)
def test_these_are_two(one, other):
    assert source_groups((one, other)) == ((0,), (1,))


def test_no_source_is_none():
    assert independent_sources(incident(sources=())) == 0


@given(st.lists(sources(), max_size=8))
def test_every_source_is_in_one_group(some):
    found = source_groups(some)
    assert sorted(n for group in found for n in group) == list(range(len(some)))
    assert len(source_groups([*some, *some])) <= max(2 * len(found), 0)


@given(texts(), texts())
def test_likeness_has_two_sides(one, other):
    one, other = wording(one), wording(other)
    assert same_wording(one, other) == same_wording(other, one)
    assert same_wording(one, one) == bool(one)
