"""How are the same functions used from a terminal?

    python -m geo layers [--json]
    python -m geo import SOURCE [INPUT] --layer NAME [--dry-run] [--complete] [--withdraw FILE]
    python -m geo import SOURCE --query KEY=VALUE … --layer NAME
    python -m geo query --layer NAME [--layer NAME …] [FILTERS] [--json]
    python -m geo snapshot --layer NAME [--layer NAME …] [FILTERS] --title T --out FILE.png
    python -m geo snapshot --layer NAME --each week --out FILE.pptx
    python -m geo export --layer NAME [--layer NAME …] [FILTERS] --out FILE.geojson
    python -m geo verify FILE|--id ID --layer NAME [--layer NAME …] [--json]
    python -m geo locate NAME [--country AFG] [--json]
    python -m geo extract ARTICLE … --date YYYY-MM-DD [--layer NAME] [--json]
    python -m geo duplicates --layer NAME [--json]
    python -m geo merge|unmerge|apart ID … --layer NAME
    python -m geo conflicts --layer NAME [--decide ID (--ours | --theirs | --take FIELD)] [--json]
    python -m geo context [NAME FILE] [--json]
    python -m geo land [SOURCE FILE …] --layer NAME --out FOLDER
    python -m geo query --engine duckdb:PATH|spark:URL [FILTERS] [--limit N] [--json]
    python -m geo views|backup|restore …
    python -m geo query|export|snapshot --view NAME [--known-on DAY] …

Exit codes: 0 done, 1 the input was refused or the check failed, 2 wrong usage.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from typing import NoReturn

from geo import __version__
from geo.cli import context, engines, extract, keeping, living, sources
from geo.cli.briefing import snapshot, verify_
from geo.cli.layers import export_, import_, layers, locate_, query
from geo.cli.shared import (
    filter_options,
    json_option,
    out_option,
    profile_option,
    refuse,
)
from geo.errors import AtlasError, FilterError
from geo.exports import FORMATS as EXPORT_FORMATS
from geo.importing import SOURCES
from geo.snapshot import DENSITIES, FORMATS, MARKINGS, SIZES
from geo.snapshot.batch import EACH
from geo.snapshot.language import codes


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and answer with its exit code."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.command(options))
    except FilterError as error:
        return refuse(str(error), code=2)
    except AtlasError as error:
        return refuse(str(error))
    except BrokenPipeError:
        # the reader, such as head, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        return refuse(f"{error.filename or 'file'}: {error.strerror or error}")


class _Parser(argparse.ArgumentParser):
    """A parser whose refusal is one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message} (see --help)\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m geo", description="Incident Atlas")
    parser.add_argument("--version", action="version", version=f"Incident Atlas {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, command: Callable[[argparse.Namespace], int]) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=(command.__doc__ or "").splitlines()[0])
        made.set_defaults(command=command)
        return made

    json_option(add("layers", layers))
    made = add("import", import_)
    made.add_argument("source", choices=sorted(SOURCES))
    made.add_argument("input", nargs="?", help="the file to read")
    sources.query_option(made, pair=_pair)
    made.add_argument("--layer", required=True)
    made.add_argument("--dry-run", action="store_true", help="report, but write nothing")
    living.import_options(made)
    made.add_argument(
        "--column",
        action="append",
        default=[],
        type=_pair,
        metavar="FIELD=HEADER",
        help="for tables: which header holds which field",
    )
    json_option(made)
    made = add("query", query)
    filter_options(made)
    keeping.past_options(made)
    engines.engine_options(made)
    json_option(made)
    _snapshot_options(add("snapshot", snapshot))
    made = add("export", export_)
    filter_options(made)
    keeping.past_options(made)
    profile_option(made)
    out_option(made, EXPORT_FORMATS)
    made = add("verify", verify_)
    made.add_argument("file", nargs="?", help="a picture, slides, a page or a data file")
    made.add_argument("--id", default="", help="the ID printed in a picture that lost the rest")
    made.add_argument(
        "--layer",
        action="append",
        required=True,
        help="repeat it for a file of several layers",
    )
    json_option(made)
    made = add("locate", locate_)
    made.add_argument("name")
    made.add_argument("--country", metavar="ISO3")
    json_option(made)
    living.commands(add)
    context.commands(add)
    engines.commands(add)
    extract.commands(add)
    keeping.layer_commands(add)
    return parser


def _snapshot_options(made: argparse.ArgumentParser) -> None:
    filter_options(made)
    keeping.past_options(made)
    made.add_argument("--title", default="", help="default: the layer's title")
    made.add_argument("--size", choices=SIZES, default="slide")
    made.add_argument("--frame", metavar="W,S,E,N", help="default: the matched incidents")
    made.add_argument("--dpi", type=int, choices=(150, 300), help="default: as the size has it")
    made.add_argument("--producer", default="")
    made.add_argument("--house", metavar="FILE.toml", help="who makes it, logo, template, series")
    made.add_argument("--like", default="", metavar="ID", help="frame and classes of a briefing")
    made.add_argument("--tlp", choices=MARKINGS, default="", help="marking by TLP 2.0")
    made.add_argument("--language", choices=codes(), default="en")
    made.add_argument("--density", choices=DENSITIES, default="auto")
    made.add_argument("--first", action="append", default=[], metavar="INCIDENT", help="repeatable")
    made.add_argument("--set-aside", action="append", default=[], metavar="INCIDENT")
    made.add_argument(
        "--callout", action="append", default=[], type=_words, metavar="INCIDENT=WORDS"
    )
    made.add_argument("--each", choices=EACH, help="one file for each, named after --out")
    made.add_argument("--strict", action="store_true", help="write nothing that would be a draft")
    profile_option(made)
    out_option(made, FORMATS)


def _words(text: str) -> tuple[str, str]:
    name, equals, words = text.partition("=")
    if not equals or not words.strip():
        msg = f"{text!r}: must be INCIDENT=WORDS"
        raise argparse.ArgumentTypeError(msg)
    return name, words.strip()


def _pair(text: str) -> tuple[str, str]:
    field, equals, header = text.partition("=")
    if not equals:
        msg = f"{text!r}: must be NAME=VALUE"
        raise argparse.ArgumentTypeError(msg)
    return field, header
