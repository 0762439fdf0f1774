from geo.incoming.sample import Sample
from geo.layerfile import Written


def rows(count):
    return [Written(f"a:{n}", f"{n}".encode()) for n in range(count)]


def test_few_are_kept_all_in_their_order():
    sample = Sample(10)
    assert list(sample.watch(rows(7))) == rows(7)
    assert sample.lines() == [row.line for row in rows(7)]


def test_of_many_a_fixed_number_stands_for_all_whatever_their_order():
    one, other = Sample(50), Sample(50)
    list(one.watch(rows(1_000)))
    list(other.watch(reversed(rows(1_000))))

    assert len(one.lines()) == 50
    assert set(one.lines()) == set(other.lines())
    # spread over the file: each half has its share
    assert 10 < sum(int(line) < 500 for line in one.lines()) < 40
