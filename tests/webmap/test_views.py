from geo.webmap.views import _HELD, find, register


def test_the_same_key_keeps_its_token():
    assert register("one", tuple) == register("one", tuple)


def test_a_token_says_nothing_about_its_key():
    token = register("secret layer", tuple)

    assert len(token) == 24
    assert set(token) <= set("0123456789abcdef")


def test_the_oldest_views_are_forgotten_first():
    first = register("oldest", tuple)
    tokens = [register(f"view {i}", tuple) for i in range(_HELD)]

    assert find(first) is None
    assert find(tokens[-1]) is not None
    assert register("oldest", tuple) != first
