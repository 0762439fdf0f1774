"""How are briefings made and checked from a terminal?"""

from __future__ import annotations

import argparse
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from geo.area import BBox
from geo.cli.keeping import layer_called, opened
from geo.cli.shared import as_of, now, print_json, write_file
from geo.errors import SnapshotError
from geo.filters import Filter
from geo.params import read_bbox
from geo.settings import layers_folder, user_name
from geo.snapshot import Brief, House, Series, frame_for
from geo.snapshot.batch import Part, parts
from geo.snapshot.housefile import HouseFile, read_house_file
from geo.snapshot.language import language
from geo.snapshot.record import Issue, find, record
from geo.snapshot.series import like
from geo.store import Layer
from geo.together import Together, together

if TYPE_CHECKING:
    from geo.snapshot.make import Made
    from geo.verify import Verdict


def snapshot(options: argparse.Namespace) -> int:
    """Draw the matched incidents as a picture for a briefing, or one for each part of a batch."""
    out, fmt = options.out
    wish = _wish(options)
    if not options.each:
        return 0 if _one(options, wish, Part("", "", wish.query), out, fmt) else 1
    found = wish.whole.select(wish.query).matches
    spoken = language(options.language)
    batch = parts(found, wish.query, each=options.each, spoken=spoken)
    fine = [
        _one(options, wish, part, out.with_name(f"{out.stem}-{part.slug}{out.suffix}"), fmt)
        for part in batch
    ]
    print(f"{len(fine)} files, one for each {options.each}")
    return 0 if all(fine) else 1


@dataclass(frozen=True, slots=True)
class _Wish:
    """What is the same in every picture of a batch."""

    whole: Together
    query: Filter
    house: House
    series: Series | None
    # what the named view looks at
    seen: BBox | None


def _wish(options: argparse.Namespace) -> _Wish:
    found, query, seen = opened(options)
    file = read_house_file(Path(options.house)) if options.house else HouseFile(House())
    house = replace(file.house, producer=options.producer or file.house.producer)
    series = file.series
    if options.like:
        series = like(find(layers_folder(), options.like).content)
    return _Wish(together(found, options.profile), query, house, series, seen)


def _one(options: argparse.Namespace, wish: _Wish, part: Part, out: Path, fmt: str) -> bool:
    """Make, write and record one picture; says what stands in its way."""
    # what draws takes a second to import, which no other command should wait for
    from geo.snapshot.make import make, write  # noqa: PLC0415

    brief = _brief(options, wish, part)
    made = make(brief)
    for finding in made.findings:
        print(f"  {finding.level}: {finding.text} {finding.remedy}")
    if made.draft and options.strict:
        print(f"{out}: not written, since a rule of the preflight blocks")
        return False
    write_file(out, write(made, fmt, dpi=options.dpi))
    issue = Issue(format=fmt, name=out.name, when=now(), by=user_name())
    record(layers_folder(), made.drawn.manifest, issue)
    print(_said(out, made))
    return True


def _said(out: Path, made: Made) -> str:
    matched = made.brief.selection.ledger.matched
    draft = ", DRAFT" if made.draft else ""
    return f"{out}: {matched:,} incidents, ID {made.drawn.manifest.id}{draft}"


def _brief(options: argparse.Namespace, wish: _Wish, part: Part) -> Brief:
    whole, taken = wish.whole, wish.whole.taken
    title = options.title or whole.title
    aside = frozenset(options.set_aside) | part.set_aside
    frame = _frame(options, wish, part, aside)
    selection = whole.select(part.query, frame=frame, set_aside=aside)
    return Brief(
        title=f"{title}: {part.label}" if part.label else title,
        query=part.query,
        selection=selection,
        layers=whole.versions,
        as_of=as_of(options, whole.meta),
        frame=frame,
        size=options.size,
        house=wish.house,
        marking=options.tlp,
        language=options.language,
        density=options.density,
        profile=taken.profile,
        series=wish.series,
        order=tuple(options.first),
        callouts=tuple(options.callout),
        set_aside=aside,
        notes=whole.notes(language(options.language).say),
        withheld=taken.withheld,
        repeated=whole.repeated(selection),
    )


def _frame(options: argparse.Namespace, wish: _Wish, part: Part, aside: frozenset[str]) -> BBox:
    """Frame that was asked for, else that of the series or the view, else of what is shown."""
    if options.frame:
        return read_bbox(options.frame)
    if wish.series is not None:
        return wish.series.frame
    if wish.seen is not None:
        return wish.seen
    matches = wish.whole.select(part.query).matches
    return frame_for([match for match in matches if match.incident.id not in aside])


def verify_(options: argparse.Namespace) -> int:
    """Say whether a file, or the briefing of a printed ID, still shows what its layers hold."""
    # under the name asked for: a file calls its incidents after the layers as they were called
    asked = dict.fromkeys(options.layer)
    verdict = _verdict(options, [replace(layer_called(name), name=name) for name in asked])
    names = ("added", "revised", "moved", "withdrawn", "parts")
    shown = {name: list(getattr(verdict, name)) for name in names}
    if options.json:
        print_json({"result": verdict.result, "id": verdict.id, **shown})
    else:
        print(f"{verdict.result.replace('_', ' ')} (ID {verdict.id or 'none'})")
        for name, ids in shown.items():
            if ids:
                print(f"  {name}: {', '.join(ids)}")
        print("  Proves sameness with the layer, not who made the file.")
    return 0 if verdict.result == "same" else 1


def _verdict(options: argparse.Namespace, layers: list[Layer]) -> Verdict:
    from geo.verify import verify, verify_content  # noqa: PLC0415 brings what draws, as above

    if options.id:
        content = find(layers_folder(), options.id).content
        return verify_content(content, layers)
    if not options.file:
        msg = "verify has neither a file nor --id: give one of them"
        raise SnapshotError(msg)
    path = Path(options.file)
    # a table holds rows alone: what it is stands in the file beside it
    metadata = path.with_name(f"{path.name}-metadata.json")
    beside = path.suffix.lower() == ".csv" and metadata.is_file()
    return verify(
        path.read_bytes(),
        layers,
        beside=metadata.read_bytes() if beside else None,
    )
