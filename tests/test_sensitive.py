import pytest

from geo.area import BBox, Circle, Polygon
from geo.around import Around
from geo.filters import Filter
from geo.incident import Actor, Point, Site, Source
from geo.sensitive import revealing, sensitive
from tests.examples import incident


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Shell hits the district hospital", "site: medical"),
        ("Fire near a girls' school", "site: school"),
        ("Blast at the Friday mosque", "site: worship"),
        ("Refugee camp attacked", "site: camp"),
        ("Women's shelter raided", "site: shelter"),
        ("Haji Gul Agha killed", "person"),
        ("Ali Reza Khan, aged 34, was shot", "person"),
        ("Clash at 34.1234, 71.0896", "coordinates"),
    ],
)
def test_what_is_sensitive_is_named(text, kind):
    assert kind in sensitive(incident(title=text))
    assert kind in sensitive(incident(summary=text))


def test_a_plain_incident_is_not_sensitive():
    made = incident(title="Army and TTP clash", actors=(Actor(name="TTP"),))
    assert sensitive(made) == ()


def test_a_site_is_sensitive_only_where_the_place_is_exact():
    made = incident(title="School attacked", precision="province")
    assert sensitive(made) == ()
    named = incident(precision="province", sites=(Site(name="Camp 5", point=Point(1, 1)),))
    assert sensitive(named) == ("site: camp",)


def test_words_within_words_are_no_words():
    assert sensitive(incident(title="Campaign of Damascus begins")) == ()


def test_a_private_actor_and_a_quotation_are_named():
    made = incident(
        actors=(Actor(name="Mullah Someone"),), sources=(Source(publisher="A", quote="He said"),)
    )
    assert sensitive(made) == ("person", "quotation")


def test_filters_that_print_a_place_are_named():
    ring = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 0.0))
    assert revealing(Filter(area=Circle(Point(71, 34), 5))) == ("near",)
    assert revealing(Filter(area=Circle(Point(71, 34), 80))) == ()
    assert revealing(Filter(area=Polygon(ring), text="Torkham")) == ("polygon", "text")
    assert revealing(Filter(area=BBox(1, 1, 2, 2), actors=("x",))) == ("actor",)
    assert revealing(Filter(area=Around("posts", 30, ((71, 34),)))) == ("around",)
