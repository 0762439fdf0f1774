"""Has every type a look that can be told apart, and does every foreign code find its type?"""

from __future__ import annotations

import itertools
import re
from typing import Any

import numpy as np
import pytest
import shapely

from geo.errors import InputError, ReferenceDataError
from geo.taxonomy import (
    EventType,
    event_type,
    event_types,
    from_acled,
    from_cameo,
    from_plover,
    from_ucdp,
    group_of,
    groups,
    path_vertices,
    to_code,
    type_ids,
    unmapped,
)

# design.md names them; the order is that of legends
_TYPES = {
    "combat": "armed_clash cross_border_fire infiltration territory_change",
    "explosive": "air_drone_strike shelling explosion mine_ied suicide_attack",
    "civilians": "attack_on_civilians abduction sexual_violence",
    "unrest": "protest riot",
    "control": "arrest border_closure displacement force_posture looting",
    "diplomacy": "talks mediation ceasefire ceasefire_violation agreement visit statement threat",
    "other": "natural_hazard accident other",
}
_LAND = "#f4f2ed"


def test_the_agreed_types_in_the_agreed_groups() -> None:
    assert [group.id for group in groups()] == list(_TYPES)
    for group, names in _TYPES.items():
        assert [kind.id for kind in event_types() if kind.group == group] == names.split()
    assert len(type_ids()) == len(event_types()) == 30


def test_every_type_and_group_is_named() -> None:
    for named in (*groups(), *event_types()):
        assert named.label == named.label.strip()
        assert named.label[0].isupper()
    assert len({kind.label for kind in event_types()}) == 30
    assert group_of("riot").id == "unrest"


def test_an_unknown_type_is_refused_with_a_suggestion() -> None:
    with pytest.raises(InputError, match="did you mean armed_clash"):
        event_type("armed_clashes")
    with pytest.raises(InputError, match=r"no such type$"):
        event_type("?")


def _shape(path: str) -> Any:
    """Fill a path as browsers and matplotlib do, by the nonzero rule."""
    vertices, commands = path_vertices(path)
    parts: list[list[tuple[float, float]]] = []
    queue: list[tuple[float, float]] = []
    for vertex, command in zip(vertices, commands, strict=True):
        if command == "M":
            parts.append([vertex])
        elif command == "L":
            parts[-1].append(vertex)
        elif command == "C":
            queue.append(vertex)
            if len(queue) == 3:
                a, (b, c, d) = np.array(parts[-1][-1]), map(np.array, queue)
                for t in np.linspace(0.1, 1, 10):
                    s = 1 - t
                    at = s**3 * a + 3 * s * s * t * b + 3 * s * t * t * c + t**3 * d
                    parts[-1].append((float(at[0]), float(at[1])))
                queue = []
    filled = shapely.Polygon()
    for part in parts:
        ring = shapely.Polygon(part)
        hole = shapely.LinearRing(part).is_ccw != shapely.LinearRing(parts[0]).is_ccw
        filled = filled.difference(ring) if hole else filled.union(ring)
    return filled


@pytest.mark.parametrize("kind", event_types(), ids=lambda kind: kind.id)
def test_a_pictogram_lies_inside_its_silhouette(kind: EventType) -> None:
    glyph, outline = _shape(kind.glyph), _shape(group_of(kind.id).outline)
    assert outline.buffer(-0.5).covers(glyph)
    assert shapely.box(0, 0, 24, 24).covers(outline)
    # neither a speck nor a blot, and in the middle
    assert 0.06 < glyph.area / outline.area < 0.45
    centre = glyph.envelope.centroid
    assert abs(centre.x - 12) < 1.3
    assert abs(centre.y - outline.centroid.y) < 1.6


def test_no_two_pictograms_look_alike() -> None:
    shapes = {kind.id: _shape(kind.glyph) for kind in event_types()}
    for one, other in itertools.combinations(shapes, 2):
        if event_type(one).group != event_type(other).group:
            continue
        common = shapes[one].intersection(shapes[other]).area
        assert common / shapes[one].union(shapes[other]).area < 0.75, (one, other)


def test_paths_are_split_for_matplotlib() -> None:
    vertices, commands = path_vertices("M1 2L3 4C5 6 7 8 9 10Z")
    assert vertices == ((1, 2), (3, 4), (5, 6), (7, 8), (9, 10), (1, 2))
    assert commands == ("M", "L", "C", "C", "C", "Z")
    for bad in ("M1 2L3", "M1 2 3 4", "M1 2C1 2Z", "M1 2Q1 2 3 4", "m1 2", "L x y", "1 2", ""):
        with pytest.raises(ReferenceDataError, match="path"):
            path_vertices(bad)


# Machado, Oliveira and Fernandes 2009, severity 1.0, on linear RGB
_SIGHT = {
    "normal": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritanopia": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}


def _linear(colour: str) -> np.ndarray:
    value = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def _contrast(one: str, other: str) -> float:
    low, high = sorted(float(_linear(c) @ [0.2126, 0.7152, 0.0722]) for c in (one, other))
    return (high + 0.05) / (low + 0.05)


def _lab(linear: np.ndarray) -> np.ndarray:
    to_xyz = np.array(
        [
            [0.4124564, 0.3575761, 0.1804375],
            [0.2126729, 0.7151522, 0.0721750],
            [0.0193339, 0.1191920, 0.9503041],
        ]
    )
    xyz = to_xyz @ np.clip(linear, 0, 1) / [0.95047, 1.0, 1.08883]
    f = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def _difference(one: np.ndarray, other: np.ndarray) -> float:
    """CIE 1976; a difference of 2 is just noticed side by side."""
    return float(np.linalg.norm(one - other))


def test_the_measure_of_colours_is_right() -> None:
    # published: sRGB red is L*a*b* 53.24, 80.09, 67.20
    assert _lab(_linear("#ff0000")) == pytest.approx([53.24, 80.09, 67.20], abs=0.05)
    assert _contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("sight", list(_SIGHT))
def test_groups_are_told_apart_by_every_eye(sight: str) -> None:
    seen = {group.id: _lab(_SIGHT[sight] @ _linear(group.colour)) for group in groups()}
    for one, other in itertools.combinations(seen, 2):
        assert _difference(seen[one], seen[other]) >= 15, (one, other)


@pytest.mark.parametrize("group", groups(), ids=lambda group: group.id)
def test_colours_stand_out_from_land_and_from_a_white_pictogram(group: Any) -> None:
    assert re.fullmatch("#[0-9A-F]{6}", group.colour)
    assert _contrast(group.colour, _LAND) >= 3
    assert _contrast(group.colour, "#ffffff") >= 3


# the six event and 25 sub-event types of ACLED's codebook
_ACLED = {
    "Battles": "Armed clash|Government regains territory|Non-state actor overtakes territory",
    "Explosions/Remote violence": "Chemical weapon|Air/drone strike|Suicide bomb"
    "|Shelling/artillery/missile attack|Remote explosive/landmine/IED|Grenade",
    "Violence against civilians": "Sexual violence|Attack|Abduction/forced disappearance",
    "Protests": "Peaceful protest|Protest with intervention|Excessive force against protesters",
    "Riots": "Violent demonstration|Mob violence",
    "Strategic developments": "Agreement|Arrests|Change to group/activity|Disrupted weapons use"
    "|Headquarters or base established|Looting/property destruction"
    "|Non-violent transfer of territory|Other",
}


def test_every_code_of_acled_is_translated() -> None:
    pairs = [(event, sub) for event, subs in _ACLED.items() for sub in subs.split("|")]
    assert (len(_ACLED), len(pairs)) == (6, 25)
    assert {from_acled(*pair) for pair in pairs} <= type_ids()
    assert from_acled("BATTLES", " armed  clash ") == "armed_clash"
    assert from_acled("Battles", "Peaceful protest") is None
    assert {to_code("acled", t) for t in type_ids()} - {None} <= set(pairs)


def test_every_code_of_ucdp_is_translated() -> None:
    assert [from_ucdp(code) for code in ("1", "2", "3")] == [
        *("armed_clash", "armed_clash", "attack_on_civilians"),
    ]
    assert from_ucdp(" 3 ") == "attack_on_civilians"
    assert from_ucdp("4") is None


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("036", "statement"),
        ("0871", "ceasefire"),
        ("0873", "force_posture"),
        ("0874", "territory_change"),
        ("138", "threat"),
        ("141", "protest"),
        ("145", "riot"),
        ("1451", "riot"),
        ("173", "arrest"),
        ("176", "other"),
        ("181", "abduction"),
        ("1821", "sexual_violence"),
        ("1831", "suicide_attack"),
        ("1833", "mine_ied"),
        ("190", "armed_clash"),
        ("191", "border_closure"),
        ("194", "shelling"),
        ("195", "air_drone_strike"),
        ("1952", "air_drone_strike"),
        ("196", "ceasefire_violation"),
        ("201", "displacement"),
        ("202", "attack_on_civilians"),
        ("", None),
        ("1", None),
        ("21", None),
        ("x", None),
    ],
)
def test_codes_of_cameo_go_by_their_longest_known_beginning(code: str, kind: str | None) -> None:
    assert from_cameo(code) == kind


def test_all_twenty_roots_of_cameo_are_translated() -> None:
    assert {from_cameo(f"{root:02d}") for root in range(1, 21)} <= type_ids()


def test_all_sixteen_kinds_of_plover_are_translated() -> None:
    kinds = {
        *("AGREE", "CONSULT", "SUPPORT", "COOPERATE", "AID", "CONCEDE", "REQUEST", "ACCUSE"),
        *("REJECT", "THREATEN", "PROTEST", "MOBILIZE", "SANCTION", "COERCE", "ASSAULT", "RETREAT"),
    }
    assert len(kinds) == 16
    assert {from_plover(kind) for kind in kinds} <= type_ids()
    assert from_plover(" assault ") == "attack_on_civilians"
    assert from_plover("MEET") is None


def _back(scheme: str, code: Any) -> str | None:
    if scheme == "acled":
        return from_acled(*code)
    return {"ucdp": from_ucdp, "cameo": from_cameo, "plover": from_plover}[scheme](code)


@pytest.mark.parametrize("scheme", ["acled", "ucdp", "cameo", "plover"])
def test_each_type_has_a_code_that_leads_back_or_is_listed(scheme: Any) -> None:
    for kind in event_types():
        code = to_code(scheme, kind.id)
        assert (code is None) == (kind.id in unmapped(scheme))
        if code is None:
            continue
        back = _back(scheme, code)
        assert back in type_ids()
        # a coarse scheme may lead to a neighbour, but from there to the same code again
        assert to_code(scheme, str(back)) == code, (kind.id, code, back)


def test_what_no_scheme_knows_is_listed() -> None:
    assert {"natural_hazard", "accident"} <= set(unmapped("acled"))
    assert {"natural_hazard", "accident"} <= set(unmapped("plover"))
    assert len(unmapped("ucdp")) == 27
