"""Does a flat row say what the incident says, and is a worn cell known again?"""

from hypothesis import given

from geo.flat import CARRIED, COLUMNS, LONGEST, carried, flat, in_order, worn
from geo.text import to_csv_cell
from tests.examples import incident
from tests.strategies import incidents, texts


@given(texts())
def test_a_cell_wears_once_whatever_guarded_or_trimmed_it(text):
    once = worn(text)
    assert worn(once) == once
    assert worn(f" {text}\r\n") == once
    assert worn(str(to_csv_cell(text)).strip()) == once


@given(incidents())
def test_every_cell_is_short_and_every_column_named(one):
    assert tuple(flat(one)) == COLUMNS
    cells = carried(one)
    assert set(cells) <= set(in_order(cells))
    texts_ = [v for v in (*flat(one).values(), *cells.values()) if isinstance(v, str)]
    assert max(map(len, texts_)) <= LONGEST


def test_what_is_plain_needs_no_more_than_its_cells():
    one = incident(located=None, actors=(), claims=(), sources=(), sites=(), native={}, extra={})
    assert set(carried(one)) <= {"by", "status_reason"}


def test_what_is_too_long_for_a_cell_goes_on_in_the_next_column():
    one = incident(native={str(n): "x " * 4_000 for n in range(3)})
    cells = carried(one)
    pieces = [name for name in in_order(cells) if name.startswith("native_json")]
    # spaces are escaped where a reader could trim them
    assert pieces == ["native_json", *(f"native_json_{n}" for n in range(2, len(pieces) + 1))]
    assert len(pieces) > 2
    assert not any(" " in cells[name] for name in pieces)
    assert set(CARRIED) <= set(in_order(cells))
