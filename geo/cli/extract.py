"""How do articles become drafts from a terminal?

python -m geo extract ARTICLE … --date YYYY-MM-DD [--layer NAME] [--json]

ARTICLE is a file, a folder of them, a link, or `-` for standard input. The most doubtful draft
comes first.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from geo.cli.shared import json_option, now, print_json
from geo.errors import ArticleError, AtlasError, FilterError
from geo.extract.archive import fetched
from geo.extract.article import MAX_BYTES, Article, read
from geo.extract.batch import Done, articles_in, done, remember
from geo.extract.classifier import Classifier, decisions, learn
from geo.extract.kept import keep
from geo.extract.model import Model, load
from geo.extract.pipeline import Extraction, extract
from geo.extract.reader import Reader
from geo.extract.reader import load as load_reader
from geo.extract.written import collection, with_evidence
from geo.feature import read_day
from geo.fetch import Door
from geo.incident import is_web_link
from geo.layername import check_name
from geo.settings import layers_folder, user_name
from geo.store import LayerStore
from geo.words import place_in_words, when_in_words

# so many articles go into the layer with one write
_AT_ONCE = 25


def commands(
    add: Callable[[str, Callable[[argparse.Namespace], int]], argparse.ArgumentParser],
) -> None:
    """Offer the command."""
    made = add("extract", _extract)
    made.add_argument("article", nargs="+", metavar="ARTICLE", help="file, folder, link or -")
    made.add_argument("--date", metavar="DAY", help="day of the report; default: as each states")
    made.add_argument("--layer", help="write the drafts into this layer")
    json_option(made)


@dataclass(frozen=True, slots=True)
class _Batch:
    """What all articles of one run share."""

    report_date: date | None
    layer: str
    model: Model | None
    reader: Reader | None
    learned: Classifier | None
    door: Door


def _extract(options: argparse.Namespace) -> int:
    """Draft incidents from articles, offline."""
    if options.layer:
        check_name(options.layer)
    names = list(articles_in(options.article))
    if not names:
        msg = f"{options.article[0][:80]!r} holds no article: no file ends in .txt, .html, .pdf …"
        raise ArticleError(msg)
    found: list[Extraction] = []
    refused = 0
    console = Console(stderr=True)
    with Door() as door, _progress(console) as progress:
        task = progress.add_task("Reading", total=len(names))
        layer = options.layer or ""
        batch = _Batch(_day(options.date), layer, load(), load_reader(), _learned(layer), door)
        for name, result in _worked(names, batch):
            progress.update(task, advance=1, description=Path(name).name[:40])
            if isinstance(result, AtlasError):
                refused += 1
                console.print(f"atlas: {result}", markup=False, highlight=False, soft_wrap=True)
            elif isinstance(result, Extraction):
                found.append(result)
    if refused < len(names):
        _print(found, options, known=len(names) - len(found) - refused)
    return 1 if refused else 0


def _progress(console: Console) -> Progress:
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn())
    off = not console.is_terminal
    return Progress(*columns, TimeRemainingColumn(), console=console, transient=True, disable=off)


def _worked(
    names: list[str], batch: _Batch
) -> Iterator[tuple[str, Extraction | Done | AtlasError]]:
    """Work through articles; those that the layer has already are not read again."""
    known = done(layers_folder(), batch.layer) if batch.layer else {}
    waiting: list[tuple[str, Extraction]] = []
    for name in names:
        try:
            article = _article(name, batch)
            day = _report_date(article, name, batch)
            earlier = known.get((article.sha256, day.isoformat()))
            if earlier:
                yield name, earlier
                continue
            made = extract(
                article,
                report_date=day,
                now=now(),
                model=batch.model,
                reader=batch.reader,
                learned=batch.learned,
            )
        except AtlasError as error:
            yield name, error
            continue
        except OSError as error:
            yield name, ArticleError(f"{name}: {error.strerror or error}")
            continue
        waiting.append((name, made))
        if len(waiting) == _AT_ONCE:
            _write(waiting, batch)
            waiting.clear()
        yield name, made
    _write(waiting, batch)


def _write(waiting: list[tuple[str, Extraction]], batch: _Batch) -> None:
    if not batch.layer or not waiting:
        return
    drafts = [with_evidence(d) for _, made in waiting for d in made.drafts]
    for _, made in waiting:
        keep(layers_folder(), made)
    store = LayerStore(layers_folder())
    store.upsert(batch.layer, drafts, by=user_name(), now=now())
    remember(
        layers_folder(),
        batch.layer,
        (
            Done(e.article.sha256, e.report_date.isoformat(), Path(name).name, len(e.drafts))
            for name, e in waiting
        ),
    )


def _learned(layer: str) -> Classifier | None:
    """Learn from what people decided on the drafts of this layer."""
    store = LayerStore(layers_folder())
    return learn(decisions(store.stream(layer))) if layer in store.names() else None


def _article(name: str, batch: _Batch) -> Article:
    if is_web_link(name):
        return fetched(name, door=batch.door, layers=layers_folder(), today=now().date())
    if name == "-":
        return read(sys.stdin.buffer.read(MAX_BYTES + 1), name="standard input")
    with Path(name).open("rb") as file:
        return read(file.read(MAX_BYTES + 1), name=Path(name).name)


def _report_date(article: Article, name: str, batch: _Batch) -> date:
    found = batch.report_date or article.published
    if found is None:
        msg = f"{Path(name).name} states no day of publication: --date YYYY-MM-DD gives it"
        raise ArticleError(msg)
    return found


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return read_day(text)
    except ValueError:
        msg = f"date is {text[:40]!r}: must be a calendar day YYYY-MM-DD"
        raise FilterError(msg) from None


def _print(found: list[Extraction], options: argparse.Namespace, *, known: int) -> None:
    if options.json:
        print_json(collection(found))
        return
    drafts = sorted(
        (d for e in found for d in e.drafts), key=lambda d: (d.evidence.score, d.incident.id)
    )
    for d in drafts:
        i = d.incident
        where = place_in_words(i) or "no place"
        print(
            f"{d.evidence.score:.2f}  {when_in_words(i):<28} {i.event_type:<20} {i.precision:<8} "
            f"{where}  {i.id}"
        )
    skipped = sum(len(e.skipped) for e in found)
    print(
        f"{len(found):,} articles read: {len(drafts):,} drafts, the most doubtful first; "
        f"{skipped:,} sentences gave none (--json says why)"
        + (f"; {known:,} were in {options.layer} already" if known else "")
    )
    if not options.layer:
        print("Nothing was written: --layer NAME keeps the drafts for review.", file=sys.stderr)
