"""What may leave with whom: how are incidents made fit for partners or for the public?

Applied to a whole layer before anything is selected, so that nothing later can give away more.

- internal: nothing is changed.
- partners: quotations and analysts' names go, and rows whose licence forbids passing them on.
- public: also every text from outside goes. A place becomes its province (where there is none, a
  cell of two degrees), and the country alone where fewer than `least` accepted incidents of a
  calendar month would share it. Titles are made anew from type and place, ids are numbers in the
  order of what is left. Days, types, figures, countries, assessment and known actors stay.

Nothing depends on chance, and doing it twice changes nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, get_args

from geo import countries
from geo.actors import canonical, known
from geo.coarse import Coarse, coarse_places
from geo.errors import InputError
from geo.feature import canonical_line
from geo.filters import fold
from geo.incident import Actor, Claim, Incident, Recorded, Source
from geo.licences import Terms, terms_of
from geo.living import forget
from geo.taxonomy import event_type

Profile = Literal["internal", "partners", "public"]
PROFILES: tuple[Profile, ...] = get_args(Profile)
LEAST = 3
_WIDER = "more than this incident"
_ROLES = frozenset(("attacker", "target", "party", "side a", "side b", "mediator", "victim"))
_SHORTEST_NAME = 3
_MOST_WORDS = 8


@dataclass(frozen=True, slots=True)
class Fitted:
    """Incidents fit for a profile, and what that took.

    `withheld` counts what is left out altogether, by the terms that forbid it. `ids` leads from
    the id in the layer to that among the fitted. `provinces`, `cells`, `nations` count how many
    places are told as that.
    """

    profile: Profile
    incidents: tuple[Incident, ...]
    least: int = LEAST
    withheld: tuple[tuple[str, int], ...] = ()
    credits: tuple[str, ...] = ()
    provinces: int = 0
    cells: int = 0
    nations: int = 0
    ids: Mapping[str, str] = field(default_factory=dict, repr=False, hash=False)

    def version(self, version: str) -> str:
        """Version of the layer as it may be told: a hash of all true places not to the public."""
        return "" if self.profile == "public" else version

    def notes(self, say: Callable[..., str]) -> tuple[str, ...]:
        """Say what was changed, for the map and every file, in the words of a language."""
        said = []
        if self.profile == "partners":
            said.append(say("profile.partners"))
        if self.profile == "public":
            said.append(
                say(
                    "profile.public",
                    provinces=self.provinces,
                    cells=self.cells,
                    nations=self.nations,
                    least=self.least,
                )
            )
        for (_, n), credit in zip(self.withheld, self.credits, strict=True):
            said.append(say("profile.withheld", n=n, credit=credit))
        return tuple(said)


def fit(incidents: Iterable[Incident], profile: str, *, least: int = LEAST) -> Fitted:
    """Make the incidents of a layer fit for a profile.

    Parameters
    ----------
    incidents
        All incidents of the layer.
    profile
        internal, partners or public.
    least
        How many incidents of a month must share a province before it is named.

    Raises
    ------
    InputError
        When the profile is unknown.
    """
    given = tuple(incidents)
    if profile == "internal":
        return Fitted("internal", given, least, ids={i.id: i.id for i in given})
    if profile not in PROFILES:
        msg = f"profile is {profile[:20]!r}: must be one of {' '.join(PROFILES)}"
        raise InputError(msg)
    kept, withheld = [], Counter[Terms]()
    for incident in given:
        forbidding = [terms for terms in terms_of(incident) if not terms.rows]
        if forbidding:
            withheld[forbidding[0]] += 1
        else:
            kept.append(incident)
    gone = sorted(withheld.items(), key=lambda pair: pair[0].id)
    counted = tuple((terms.id, n) for terms, n in gone)
    said = tuple(terms.credit for terms, _ in gone)
    if profile == "partners":
        made = tuple(_for_partners(incident) for incident in kept)
        ids = {i.id: i.id for i in made}
        return Fitted("partners", made, least, counted, said, ids=ids)
    return _public(kept, least, counted, said)


def summed(parts: Sequence[Fitted]) -> Fitted:
    """Add up what it took to make several layers fit; their incidents stay apart."""
    withheld = Counter[str]()
    credited = dict[str, str]()
    for part in parts:
        withheld.update(dict(part.withheld))
        names = (name for name, _ in part.withheld)
        credited.update(zip(names, part.credits, strict=True))
    return Fitted(
        parts[0].profile,
        (),
        parts[0].least,
        tuple(sorted(withheld.items())),
        tuple(credited[name] for name in sorted(credited)),
        provinces=sum(part.provinces for part in parts),
        cells=sum(part.cells for part in parts),
        nations=sum(part.nations for part in parts),
    )


def _for_partners(incident: Incident) -> Incident:
    return replace(
        forget(incident),
        recorded=replace(incident.recorded, by=""),
        sources=tuple(replace(source, quote="") for source in incident.sources),
    )


def _public(
    kept: list[Incident],
    least: int,
    withheld: tuple[tuple[str, int], ...],
    credits_: tuple[str, ...],
) -> Fitted:
    places = coarse_places(kept)
    shared = Counter(_cell(i, place) for i, place in zip(kept, places, strict=True) if place)
    places = [
        place if place and shared[_cell(i, place)] >= least else None
        for i, place in zip(kept, places, strict=True)
    ]
    secret = _names(kept)
    made = [_for_public(i, place, secret) for i, place in zip(kept, places, strict=True)]
    # the order is that of what is left, which gives away nothing that was taken
    order = sorted(range(len(made)), key=lambda n: (made[n].start, canonical_line(made[n])))
    width = len(str(len(made)))
    numbered = [replace(made[n], id=f"public:{at:0{width}}") for at, n in enumerate(order, 1)]
    known_to = Counter(incident.precision for incident in numbered)
    return Fitted(
        "public",
        tuple(numbered),
        least,
        withheld,
        credits_,
        provinces=known_to["province"],
        cells=known_to["area"],
        nations=known_to["country"],
        ids={kept[n].id: one.id for n, one in zip(order, numbered, strict=True)},
    )


def _cell(incident: Incident, place: Coarse) -> tuple[str, str, int, int]:
    """Incidents that hide among each other: one status, place and calendar month."""
    start = incident.start
    return incident.status, f"{place.id} {place.name}", start.year, start.month


def _for_public(incident: Incident, place: Coarse | None, secret: frozenset[str]) -> Incident:
    kind = event_type(incident.event_type).label
    nations = incident.countries
    fallback = " / ".join(countries.name(code) for code in nations)
    where = place.name if place and place.name else fallback
    recorded = incident.recorded
    publishers = dict.fromkeys(s.publisher for s in incident.sources if s.publisher)
    return Incident(
        id="public",
        event_type=incident.event_type,
        title=f"{kind}, {where}" if where else kind,
        start=incident.start,
        end=incident.end,
        date_precision=incident.date_precision,
        precision=place.precision if place else "country" if nations else "none",
        point=place.point if place else None,
        radius_km=place.radius_km if place else None,
        located=place.located if place else None,
        admin1=place.name if place else "",
        countries=nations,
        actors=_actors(incident),
        claims=tuple(_claim(c) for c in incident.claims if _is_figure(c)),
        deaths=incident.deaths,
        injured=incident.injured,
        sources=tuple(Source(publisher=p) for p in publishers if _harmless(p, secret)),
        status=incident.status,
        assessment=incident.assessment,
        licence=incident.licence if _harmless(incident.licence, secret) else "",
        recorded=Recorded(first_seen=recorded.first_seen, updated=recorded.updated),
    )


def _actors(incident: Incident) -> tuple[Actor, ...]:
    """Actors of the registry alone: any other name may be a private person's, or a village's."""
    found: dict[str, Actor] = {}
    for actor in incident.actors:
        name = next(
            (
                spelled
                for given in (actor.canonical, actor.name)
                if known(spelled := canonical(given))
            ),
            "",
        )
        if name:
            role = actor.role if actor.role in _ROLES else ""
            found.setdefault(name, Actor(name=name, role=role, canonical=name))
    return tuple(found.values())


def _is_figure(claim: Claim) -> bool:
    return claim.field in ("deaths", "injured") and isinstance(claim.value, int)


def _claim(claim: Claim) -> Claim:
    """Keep the figure and whom it counts, and that it covers more where it does."""
    return Claim(
        field=claim.field,
        value=claim.value,
        low=claim.low,
        high=claim.high,
        whom=claim.whom,
        scope=_WIDER if claim.scope else "",
    )


def _names(incidents: Iterable[Incident]) -> frozenset[str]:
    """Names of places that must not be read anywhere."""
    named = {
        name
        for i in incidents
        for name in (i.place_name, i.admin2, *(site.name for site in i.sites))
    }
    spelled = (" ".join(_words(name)) for name in named)
    return frozenset(name for name in spelled if len(name) >= _SHORTEST_NAME)


def _harmless(text: str, secret: frozenset[str]) -> bool:
    """Whether a text that stays, such as a publisher's name, names none of the places."""
    words = _words(text)
    runs = (
        " ".join(words[start:end])
        for start in range(len(words))
        for end in range(start + 1, min(start + _MOST_WORDS, len(words)) + 1)
    )
    return not any(run in secret for run in runs)


def _words(text: str) -> list[str]:
    return "".join(c if c.isalnum() else " " for c in fold(text)).split()
