"""What data does the page of a briefing carry inside, and what of them is left out?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from geo.incident import ASSESSMENTS, PRECISIONS
from geo.snapshot.brief import Brief
from geo.snapshot.content import Content, Row
from geo.snapshot.files.html_facts import MOST, chosen, day_number, facts, marks
from geo.snapshot.files.html_ground import ground, km_of, plane_for
from geo.snapshot.files.html_names import names
from geo.snapshot.language import Language
from geo.snapshot.sheet.scene import scene_of
from geo.snapshot.sheet.symbols import radius
from geo.taxonomy import event_types, groups
from geo.timeline import Unit, bin_end, bin_start

_SIZES = (1, 10, 50, 160)
_MOST_BINS = 800


def held(brief: Brief, content: Content) -> tuple[dict[str, Any], str]:
    """Gather all that the page's script needs, and say in words what it leaves out, if anything."""
    spoken = content.language
    rows = chosen(content, brief)
    plane = plane_for(brief.frame)
    scene = scene_of(rows)
    days = [_first(row, brief) for row in rows]
    known = {
        **facts(rows, brief, spoken),
        "marks": marks(scene, plane, rows),
        "ground": {
            **ground(plane, brief.frame),
            "names": names(plane, km_of(plane, brief.frame)),
        },
        "bins": _bins(days, content.timeline.unit, spoken),
        "first_day": day_number(brief.query.start) if brief.query.start else -(10**9),
        "off_frame": len(scene.off_frame),
        "radii": {str(n): round(radius(n), 2) for n in _SIZES},
        **_names(rows, brief, spoken),
    }
    return known, _limit(rows, content, spoken)


def _first(row: Row, brief: Brief) -> date:
    """Day on which the histogram counts an incident: its first inside the range."""
    return max(row.incident.start, brief.query.start or date.min)


def _limit(rows: Sequence[Row], content: Content, spoken: Language) -> str:
    if len(rows) == len(content.rows):
        return ""
    # those put first by hand are not what "from this day on" is about
    recent = sorted((row.incident.start for row in rows), reverse=True)
    earliest = recent[min(len(recent), MOST) - 1]
    return spoken.say("html.limit", n=len(rows), m=len(content.rows), day=spoken.day(earliest))


def _names(rows: Sequence[Row], brief: Brief, spoken: Language) -> dict[str, Any]:
    """Names and looks in the order of the taxonomy, so that numbers can stand for them."""
    families = list(groups())
    at = {group.id: n for n, group in enumerate(families)}
    codes = sorted({code for row in rows for code in row.incident.countries})
    nations = sorted((spoken.country(code), code) for code in codes)
    return {
        "groups": [
            {"label": spoken.group(g), "colour": g.colour, "outline": g.outline} for g in families
        ],
        "types": [
            {"label": spoken.kind(t), "glyph": t.glyph, "group": at[t.group]} for t in event_types()
        ],
        "precision_ids": PRECISIONS,
        "assessment_ids": ASSESSMENTS,
        "precisions": [spoken.say(f"precision.{name}") for name in PRECISIONS],
        "assessments": [spoken.say(f"assessment.{name}") for name in ASSESSMENTS],
        "countries": [[code, name] for name, code in nations],
        "numbers": spoken.words["numbers"],
        "words": {
            name: said for name, said in spoken.words["html"].items() if name != "claim_fields"
        },
        "profile": brief.profile,
    }


def _bins(days: Sequence[date], unit: Unit, spoken: Language) -> list[list[Any]]:
    """Units of time from the first incident to the last: first day, last day, name, short name."""
    if not days:
        return []
    made: list[list[Any]] = []
    start, last = bin_start(min(days), unit), max(days)
    while start <= last and len(made) < _MOST_BINS:
        end = bin_end(start, unit)
        made.append([day_number(start), day_number(end), *_said(start, end, unit, spoken)])
        start = end + timedelta(days=1)
    made[-1][1] = max(made[-1][1], day_number(last))
    return made


def _said(start: date, end: date, unit: Unit, spoken: Language) -> tuple[str, str]:
    if unit == "day":
        return spoken.day(start), spoken.day(start, short=True)
    if unit == "week":
        both = spoken.say("dates.days", first=spoken.day(start, short=True), last=spoken.day(end))
        return both, spoken.day(start, short=True)
    year = spoken.numeral(str(start.year))
    if unit == "month":
        short = spoken.words["dates"]["short_months"][start.month - 1]
        named = dict.fromkeys(("month", "month_alone", "short_month"), short)
        return spoken.month(start), spoken.say("dates.month", **named, year=year)
    return year, year
