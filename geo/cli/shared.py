"""Which options and answers do all commands share?"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import Progress

from geo.context import NEAR
from geo.gazetteer_index import database
from geo.layerfile import LayerMeta
from geo.params import NAMES, read_as_of
from geo.profile import PROFILES


def json_option(parser: argparse.ArgumentParser) -> None:
    """Let a command answer as JSON."""
    parser.add_argument("--json", action="store_true", help="print JSON")


def filter_options(parser: argparse.ArgumentParser) -> None:
    """Add the layer, or several, and every filter."""
    help_ = "repeat it for several together; or a named view that says which"
    parser.add_argument("--layer", action="append", default=[], help=help_)
    filters = parser.add_argument_group("filters", "repeat a filter to give several values")
    for name, text in NAMES.items():
        filters.add_argument(f"--{name}", action="append", default=[], dest=name, help=text)
    filters.add_argument(
        f"--{NEAR}",
        action="append",
        default=[],
        dest=NEAR,
        metavar="NAME,KM",
        help="within KM of a context layer (see `context`); 0 is within its areas",
    )
    parser.add_argument("--as-of", metavar="TIME", help="overrides the data time")


def profile_option(parser: argparse.ArgumentParser) -> None:
    """Ask for whom a file is."""
    help_ = "for whom: partners get no quotations, the public no places (default: internal)"
    parser.add_argument("--profile", choices=PROFILES, default="internal", help=help_)


def out_option(parser: argparse.ArgumentParser, formats: Sequence[str]) -> None:
    """Ask for a file by a name that ends in one of some formats."""

    def path_and_format(text: str) -> tuple[Path, str]:
        fmt = Path(text).suffix.removeprefix(".").lower()
        if fmt not in formats:
            msg = f"{text!r}: the name must end in .{', .'.join(formats)}"
            raise argparse.ArgumentTypeError(msg)
        return Path(text), fmt

    help_ = "FILE." + "|".join(formats)
    parser.add_argument("--out", required=True, type=path_and_format, metavar="FILE", help=help_)


def ready_gazetteer() -> None:
    """Build the index of the gazetteer where there is none yet, and show how far it is."""
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("Building the gazetteer, once", total=1.0, visible=False)
        database(progress=lambda share: progress.update(task, completed=share, visible=True))


def as_of(options: argparse.Namespace, meta: LayerMeta) -> datetime:
    """Time of the data, unless the options give another."""
    if options.as_of is not None:
        return read_as_of(options.as_of)
    return meta.as_of or now()


def write_file(out: Path, data: bytes) -> None:
    """Write a file whole or not at all."""
    part = out.with_name(f".{out.name}.part")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(data)
        part.replace(out)
    except OSError as error:
        with suppress(OSError):
            part.unlink()
        # named after what was asked for, not after the file on the way there
        raise OSError(error.errno, error.strerror, str(out)) from error


def print_json(value: Any) -> int:
    """Print a value as JSON."""
    print(json.dumps(value, ensure_ascii=False, allow_nan=False, indent=1))
    return 0


def refuse(sentence: str, *, code: int = 1) -> int:
    """Say one sentence on standard error; answers with the exit code."""
    print(f"atlas: {sentence}", file=sys.stderr)
    return code


def now() -> datetime:
    """Read the clock, to the second."""
    return datetime.now(tz=UTC).replace(microsecond=0)
