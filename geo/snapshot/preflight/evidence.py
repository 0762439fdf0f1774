"""How far do the data bear what the page shows: places, claims, people?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from geo.claims import contested
from geo.sensitive import revealing, sensitive
from geo.snapshot.finding import Finding, Level
from geo.snapshot.preflight.case import Case

_COARSE = ("district", "province", "area", "country", "none")
_CLAIMED = ("deaths", "injured", "event_type")
# so many ids are told one by one
_MOST_IDS = 6


def coarse(case: Case) -> Iterator[Finding]:
    """Warn when more than half of the incidents are known to a district or less."""
    incidents = case.brief.selection.incidents
    count = sum(i.precision in _COARSE for i in incidents)
    if count * 2 > len(incidents):
        percent = round(100 * count / len(incidents))
        yield case.found("coarse", "warn", n=count, all=len(incidents), percent=percent)


def claims(case: Case) -> Iterator[Finding]:
    """Warn of figures and facts on which sources do not agree."""
    incidents = case.brief.selection.incidents
    differ = sum(any(contested(i, name) for name in _CLAIMED) for i in incidents)
    counted = Counter(i.assessment for i in incidents)
    if differ or counted["claimed"] or counted["disputed"]:
        yield case.found(
            "claims",
            "warn",
            differ=differ,
            claimed=counted["claimed"],
            disputed=counted["disputed"],
        )


def repeated(case: Case) -> Iterator[Finding]:
    """Warn of incidents that stand in several layers: each counts in every one."""
    ids = case.brief.repeated
    if ids:
        more = " …" if len(ids) > _MOST_IDS else ""
        named = case.spoken.listed(one[:60] for one in ids[:_MOST_IDS])
        yield case.found("repeated", "warn", n=len(ids), ids=f"{named}{more}")


def harm(case: Case) -> Iterator[Finding]:
    """Keep names of people and exact places of hospitals and the like from a wider circle."""
    if case.brief.profile == "internal":
        return
    found = [(i, kinds) for i in case.brief.selection.incidents if (kinds := sensitive(i))]
    persons = [i for i, kinds in found if "person" in kinds]
    sites = [i for i, kinds in found if any(kind.startswith("site") for kind in kinds)]
    people_level: Level = "block" if case.brief.profile == "public" else "warn"
    if persons:
        title = persons[0].title[:80]
        yield case.found("harm", people_level, "person", n=len(persons), title=title)
    if sites:
        yield case.found("harm", "block", "site", n=len(sites), title=sites[0].title[:80])
    told = revealing(case.brief.query) if case.brief.profile == "public" else ()
    if told:
        # the filter is printed as it was asked for
        yield case.found("harm", "block", "filter", names=", ".join(told))
