"""Does the page say what it must: title, period, times, sources, ledger, terms, notes?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, timedelta
from itertools import chain

from geo.basemap import CREDIT
from geo.boundaries import notes
from geo.filters import fold, source_names
from geo.incident import FIRST_YEAR, LAST_YEAR, Incident
from geo.manifest import written_ledger
from geo.snapshot.finding import Finding
from geo.snapshot.language import Language, language
from geo.snapshot.preflight.case import Case, numbers_in, tight

_WORD = re.compile(r"[^\W\d_]{3,}")
_ALIKE = 5
_YOUNG, _OLD = timedelta(days=14), timedelta(days=30)
_NO_ROWS = "acled"
_YEARS = range(FIRST_YEAR, LAST_YEAR + 1)


def title(case: Case) -> Iterator[Finding]:
    """Check that a title says what happened where, in words of its own."""
    said = " ".join(case.drawn.content.title.split())
    if not said:
        yield case.found("title", "block", "missing")
        return
    if not case.prints(said):
        yield case.found("title", "warn", "cut")
    names = [name for name, _ in case.brief.layers]
    # of several layers a title that nobody wrote names them all
    if said in (*names, " + ".join(names)):
        yield case.found("title", "warn", "layer", title=said)
    incidents = case.brief.selection.incidents
    if not incidents:
        return
    places = _stems(_places(incidents, case.spoken))
    words = _stems([said])
    if not words & places:
        yield case.found("title", "warn", "where", title=said)
    if words and words <= places | _stems(case.spoken.words["dates"]["months"]):
        yield case.found("title", "warn", "what", title=said)


def empty(case: Case) -> Iterator[Finding]:
    """Warn of a page without incidents."""
    if not case.brief.selection.matches:
        yield case.found("empty", "warn")


def period(case: Case) -> Iterator[Finding]:
    """Check that title or subtitle give the years the page is about."""
    content, query = case.drawn.content, case.brief.query
    if not case.prints(content.subtitle):
        yield case.found("period", "block", "cut")
    incidents = case.brief.selection.incidents
    days = [day for day in (query.start, query.end) if day]
    if not days and incidents:
        days = [min(i.start for i in incidents), max(i.end for i in incidents)]
    stated = numbers_in(f"{content.title} {content.subtitle}", _group(case.spoken))
    missing = sorted({day.year for day in days} - set(stated))
    if missing:
        yield case.found("period", "block", "missing", year=str(missing[0]))
    years = [day.year for day in days]
    strange = [n for n in numbers_in(content.title, "") if n in _YEARS and years]
    strange = [n for n in strange if not min(years) <= n <= max(years)]
    if strange:
        yield case.found("period", "warn", "other", year=str(strange[0]))
    if not query.start or not query.end:
        yield case.found("period", "warn", "open")


def as_of(case: Case) -> Iterator[Finding]:
    """Check that the time of the data is printed, and that the data are not newer or old."""
    when = case.brief.as_of.astimezone(UTC)
    iso = f"{when:%Y-%m-%d}"
    if not case.prints(iso) and not case.prints(case.spoken.day(when.date())):
        yield case.found("as_of", "block", "missing", day=iso)
    incidents = case.brief.selection.incidents
    newer = sum(i.recorded.updated > when for i in incidents)
    if newer:
        yield case.found("as_of", "block", "newer", n=newer, day=iso)
    if not incidents:
        return
    last = max(i.start for i in incidents)
    end = case.brief.query.end or last
    if end > when.date() - _YOUNG:
        yield case.found("as_of", "warn", "young", days=_YOUNG.days)
    if when.date() - last > _OLD and not case.brief.query.end:
        gone = (when.date() - last).days
        yield case.found("as_of", "warn", "old", days=gone, day=case.spoken.day(last))


def sources(case: Case) -> Iterator[Finding]:
    """Check that every row has a source, and that the page names sources at all."""
    rows = case.drawn.content.rows
    bare = [row for row in rows if not row.sources.strip()]
    if bare:
        yield case.found("sources", "block", "row", n=len(bare), row=bare[0].number)
    named = {s.publisher for row in rows for s in row.incident.sources if s.publisher.strip()}
    if named and not any(case.prints(name) for name in named):
        yield case.found("sources", "block", "page")


def ledger(case: Case) -> Iterator[Finding]:
    """Check that the ledger is printed whole and adds up."""
    held = case.brief.selection.ledger
    sums = (
        held.matched + sum(held.excluded.values()),
        held.within + held.ongoing + held.uncertain,
        held.on_map + held.off_frame + held.not_mappable + held.set_aside,
        len(case.brief.selection.matches),
    )
    if sums != (held.total, held.matched, held.matched, held.matched):
        yield case.found("ledger", "block", "sum")
    if case.drawn.manifest.content["ledger"] != written_ledger(held):
        yield case.found("ledger", "block", "manifest")
    if not case.prints(case.drawn.content.ledger):
        yield case.found("ledger", "block", "cut")


def alt(case: Case) -> Iterator[Finding]:
    """Check that the alternative text gives the ledger's numbers."""
    held, content = case.brief.selection.ledger, case.drawn.content
    said = content.alt.replace(content.title, " ").replace(content.subtitle, " ")
    stated = set(numbers_in(said, _group(case.spoken)))
    wanted = {held.matched, held.total, held.on_map, held.off_frame, held.not_mappable}
    missing = sorted(wanted - stated)
    if missing:
        yield case.found("alt", "block", number=missing[0])


def terms(case: Case) -> Iterator[Finding]:
    """Check that licences and credits are named, and that rows may be passed on."""
    incidents = case.brief.selection.incidents
    for licence in sorted({i.licence for i in incidents if i.licence.strip()}):
        if not case.prints(licence):
            yield case.found("terms", "block", "licence", licence=licence[:80])
    bare = sum(not i.licence.strip() for i in incidents)
    if bare:
        yield case.found("terms", "warn", "no_licence", n=bare)
    if not case.prints(CREDIT):
        yield case.found("terms", "block", "base_map")
    if case.brief.profile != "internal":
        kept = sum(_forbids(i) for i in incidents)
        if kept:
            yield case.found("terms", "block", "rows", n=kept, profile=case.brief.profile)


def boundary_notes(case: Case) -> Iterator[Finding]:
    """Check that the frame's notes and the sentence on boundaries are printed."""
    if not case.prints(case.disclaimer()):
        yield case.found("boundaries", "block", "disclaimer")
    short = 0
    for note in map(case.note, notes(case.drawn.plane.extent)):
        if case.prints(note.text):
            continue
        if tight(note.name) in case.beside:
            short += 1
        else:
            yield case.found("boundaries", "block", "note", name=note.name)
    if short:
        yield case.found("boundaries", "warn", "short", n=short)


def marking(case: Case) -> Iterator[Finding]:
    """Check that the page says who may see it, and who made it."""
    wanted = case.brief.marking
    if not wanted:
        yield case.found("marking", "warn", "missing")
    elif not case.prints(f"TLP:{wanted.upper()}"):
        yield case.found("marking", "block", "unprinted", marking=f"TLP:{wanted.upper()}")
    producer = case.brief.house.producer.strip()
    if not producer:
        yield case.found("producer", "warn", "missing")
    elif not case.prints(producer):
        yield case.found("producer", "warn", "unprinted", producer=producer)


def _places(incidents: tuple[Incident, ...], spoken: Language) -> set[str]:
    codes = {code for i in incidents for code in i.countries}
    english = language("en")
    named = chain.from_iterable((i.place_name, i.admin1, i.admin2) for i in incidents)
    countries = chain.from_iterable((spoken.country(c), english.country(c)) for c in codes)
    return {name for name in chain(named, countries) if name}


def _stems(texts: set[str] | list[str]) -> set[str]:
    """Beginnings of words: "Afghan" is found in "Afghanistan", "Pakistani" in "Pakistan"."""
    return {word[:_ALIKE] for text in texts for word in _WORD.findall(fold(text))}


def _forbids(incident: Incident) -> bool:
    """Whether rows are of a source that may not be passed on."""
    said = (*source_names(incident), fold(incident.licence))
    return any(_NO_ROWS in name for name in said)


def _group(spoken: Language) -> str:
    return str(spoken.words["numbers"]["group"])
