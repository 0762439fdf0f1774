from geo.basemap import load
from geo.coarse import METHOD, coarse_places
from geo.incident import Point
from tests.examples import incident


def test_every_province_answers_for_the_point_inside_it():
    frame = load("admin1")
    every = [
        incident(
            f"own:{n}",
            precision="province",
            point=Point(float(lon), float(lat)),
            admin1=str(name),
            countries=(str(country),),
        )
        for n, (country, name, lon, lat) in enumerate(
            zip(frame["country"], frame["name"], frame["lon"], frame["lat"], strict=True)
        )
        if name and len(country) == 3 and country.isalpha() and country in _known()
    ]
    places = coarse_places(every)

    assert len(every) > 4_000
    assert [p.point for p in places] == [i.point for i in every]
    assert {p.located.method for p in places} == {METHOD}


def test_a_point_beyond_the_border_of_its_countries_takes_the_named_province():
    [place] = coarse_places(
        [incident(point=Point(70.6, 34.3), countries=("PAK",), admin1="Khyber Pakhtunkhwa")]
    )
    assert place.name == "Khyber Pakhtunkhwa"


def test_no_country_is_claimed_that_the_incident_does_not_name():
    [place] = coarse_places([incident(countries=())])
    assert (place.name, place.precision) == ("", "area")


def test_what_is_known_to_less_than_a_cell_has_no_place():
    made = [
        incident(precision="country"),
        incident(precision="none"),
        incident(precision="area", radius_km=400.0, countries=("AFG",)),
        incident(precision="province", point=None, admin1="Nowhere"),
    ]
    assert coarse_places(made) == [None] * 4


def test_the_edges_of_the_world_have_cells():
    corners = [Point(180.0, 90.0), Point(-180.0, -90.0)]
    places = coarse_places([incident(point=p, countries=()) for p in corners])
    assert [p.point for p in places] == [Point(179.0, 89.0), Point(-179.0, -89.0)]


def _known():
    from geo.countries import codes

    return codes()
