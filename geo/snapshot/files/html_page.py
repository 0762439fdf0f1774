"""What does the page of a briefing say by itself, before any script runs?

Title, figures, ledger, sources and notes stand in the file as text, so that they are there in
any reader; the map, filters and table are filled in by the script.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from geo import __version__
from geo.basemap import CREDIT
from geo.boundaries import TOLERANCE_KM, disclaimer, notes
from geo.feature import write_time
from geo.snapshot.brief import Brief
from geo.snapshot.content import Content
from geo.snapshot.files.html_ground import plane_for
from geo.snapshot.language import Language
from geo.text import to_html

_MOST_PUBLISHERS = 30
_LOCAL_KM = 3000.0
_HEADS = ("number", "date", "what", "where", "deaths", "status", "sources")


@dataclass(frozen=True, slots=True)
class Inside:
    """What the page holds beside its text: `limit` in words, data and script as they go in."""

    limit: str
    data: str
    script: str
    draft: bool = False


def page(
    brief: Brief, content: Content, inside: Inside, *, policy: str = "", style: str = ""
) -> str:
    """Put the page together."""
    spoken = content.language
    unit = content.timeline.unit
    heads = "".join(
        f'<th scope="col" role="columnheader">{_say(spoken, name)}</th>' for name in _HEADS
    )
    alt = f"{to_html(content.alt)} {_say(spoken, 'map_keys')}"
    direction = "rtl" if spoken.rtl else "ltr"
    return f"""<!DOCTYPE html>
<html lang="{to_html(spoken.code)}" dir="{direction}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>{to_html(content.title)}</title>
<style>{style}</style>
</head>
<body>
<a class="skip" href="#table-part">{_say(spoken, "skip")}</a>
<header>
{_marks(brief, spoken, draft=inside.draft)}<h1><bdi>{to_html(content.title)}</bdi></h1>
<p class="subtitle">{to_html(content.subtitle)}</p>
{_block("p", inside.limit, 'class="limit"')}{_figures(content)}</header>
<noscript><p class="limit">{_say(spoken, "no_script")}</p></noscript>
<main>
<section class="filters" aria-label="{_say(spoken, "filters")}">
<div id="filters"></div>
</section>
<p id="shown" role="status" aria-live="polite"></p>
<div class="stage">
<div>
<section id="map-part" aria-label="{_say(spoken, "map")}">
<svg id="map" tabindex="0" role="group" aria-label="{alt}"></svg>
<p id="nothing" hidden></p>
<div class="tools"><div id="scale" hidden><i></i><span></span></div>
<button type="button" id="zoom-in" aria-label="{_say(spoken, "zoom_in")}">+</button>
<button type="button" id="zoom-out" aria-label="{_say(spoken, "zoom_out")}">−</button>
<button type="button" id="home" aria-label="{_say(spoken, "home")}"><svg width="16" height="16" \
viewBox="0 0 16 16" aria-hidden="true"><path d="M1 6V1H6M10 1H15V6M15 10V15H10M6 15H1V10" \
fill="none" stroke="currentColor" stroke-width="2"></path></svg></button>
</div>
</section>
<section id="time" aria-label="{_say(spoken, "when")}">
<div class="time-head"><h2>{_say(spoken, f"per_{unit}")}</h2><output id="range"></output></div>
<div class="time-body"><span id="most"></span><div id="chart"></div><div id="ticks"></div></div>
</section>
</div>
<aside>
<section id="details" aria-live="polite" aria-label="{_say(spoken, "details")}"></section>
<h2>{_say(spoken, "legend")}<small id="in-view"></small></h2>
<div id="legend"></div>
</aside>
<section class="table-part" id="table-part" tabindex="-1" aria-labelledby="table-title">
<h2 id="table-title">{_say(spoken, "table")}<small id="row-count"></small></h2>
<div id="table-wrap" tabindex="0" role="region" aria-labelledby="table-title">
<table id="table" role="table" aria-labelledby="table-title">
<thead role="rowgroup"><tr role="row">{heads}</tr></thead>
<tbody id="rows" role="rowgroup"></tbody>
</table>
</div>
<button type="button" id="more" hidden></button>
<p id="on-paper"></p>
</section>
</div>
</main>
<footer class="about">
<h2>{_say(spoken, "about")}</h2>
<div class="about-columns">
{_about(brief, content)}</div>
<div class="foot"><div><span class="ident">{_say(spoken, "ident", id=content.id)}</span>
<small>{_say(spoken, "proof")}</small></div>{_marks(brief, spoken, draft=inside.draft)}</div>
</footer>
<script type="application/json" id="data">{inside.data}</script>
<script>{inside.script}</script>
</body>
</html>
"""


def _say(spoken: Language, key: str, **values: object) -> str:
    return to_html(spoken.say(f"html.{key}", **values))


def _block(tag: str, text: str, attributes: str = "") -> str:
    if not text:
        return ""
    return f"<{tag}{' ' if attributes else ''}{attributes}>{to_html(text)}</{tag}>\n"


def _marks(brief: Brief, spoken: Language, *, draft: bool) -> str:
    made = f'<span class="draft">{_say(spoken, "draft")}</span>' if draft else ""
    if brief.marking:
        colour = brief.marking.partition("+")[0]
        label = to_html(f"TLP:{brief.marking.upper()}")
        made += f'<span class="tlp {colour}" lang="en">{label}</span>'
    return f'<div class="marks">{made}</div>\n' if made else ""


def _figures(content: Content) -> str:
    made = "".join(
        f'<div class="figure" role="listitem"><b>{to_html(figure.value)}</b>'
        f"<span>{to_html(figure.label)}</span>{_block('small', figure.note)}</div>\n"
        for figure in content.figures
    )
    return f'<div class="figures" role="list">\n{made}</div>\n'


def _about(brief: Brief, content: Content) -> str:
    """Everything a reader must know to rely on it: ledger, time, sources, lines, terms."""
    spoken = content.language
    plane = plane_for(brief.frame)
    licences = sorted({row.incident.licence for row in content.rows if row.incident.licence})
    base = [
        _say(spoken, "base_map", credit=CREDIT),
        _say(spoken, "projection", name=spoken.say(f"map.kinds.{plane.kind}")),
    ]
    lines = [to_html(disclaimer())]
    if plane.km_wide <= _LOCAL_KM:
        lines.append(_say(spoken, "tolerance", km=f"{TOLERANCE_KM:g}"))
    lines += [to_html(note.text) for note in notes(plane.extent)]
    house = brief.house
    made_by = " · ".join(part for part in (house.producer, house.contact, house.map_number) if part)
    parts = (
        ("ledger", [to_html(content.ledger)]),
        ("layer", [_data(brief, spoken)]),
        ("publishers", [_publishers(content)]),
        ("licences", [to_html("; ".join(licences))]),
        ("boundaries", lines),
        ("map", base),
        ("profile", [_say(spoken, f"profile.{brief.profile}"), to_html(house.disclaimer)]),
        ("made_by", [to_html(made_by)]),
    )
    return "".join(
        "<div>"
        + (f"<h3>{_say(spoken, f'about_{name}')}</h3>" if name != "ledger" else "")
        + f'<p id="about-{name}">{" ".join(t for t in texts if t)}</p></div>\n'
        for name, texts in parts
        if any(texts)
    )


def _data(brief: Brief, spoken: Language) -> str:
    names = ", ".join(
        spoken.say("html.version", name=name, version=version[:8]) for name, version in brief.layers
    )
    as_of = write_time(brief.as_of)
    said = _say(spoken, "as_of", day=spoken.day(brief.as_of.date()), time=as_of[11:16])
    return f"{said}. {to_html(names)}. {to_html(f'Incident Atlas {__version__}')}."


def _publishers(content: Content) -> str:
    counted: Counter[str] = Counter()
    for row in content.rows:
        counted.update({s.publisher for s in row.incident.sources if s.publisher})
    shown = sorted(counted.most_common(_MOST_PUBLISHERS), key=lambda pair: (-pair[1], pair[0]))
    names = ", ".join(name for name, _ in shown)
    if len(counted) > len(shown):
        return _say(content.language, "publishers_more", names=names, n=len(counted) - len(shown))
    return to_html(names)
