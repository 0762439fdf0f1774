"""How is a source asked from a terminal instead of reading a file?

    python -m geo import SOURCE --query KEY=VALUE … --layer NAME

Accounts come from the environment: GEO_ACLED_USER, GEO_ACLED_PASSWORD, GEO_UCDP_TOKEN.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable

from rich.progress import Progress, TaskID

from geo.fetch import Door
from geo.remote.answers import Fetched
from geo.remote.asking import HELP, PATIENT, ask
from geo.remote.secrets import Secrets


def query_option(made: argparse.ArgumentParser, *, pair: Callable[[str], tuple[str, str]]) -> None:
    """Offer to ask the source itself."""
    asked = made.add_argument("--query", action="append", default=[], type=pair, help=HELP)
    asked.metavar = "KEY=VALUE"


def asked(options: argparse.Namespace, progress: Progress, task: TaskID) -> Fetched:
    """Ask the source, show progress, and say on stderr what there is to say of the answer."""

    def step(what: str, done: int, of: int | None) -> None:
        progress.update(task, description=what, completed=done, total=of)

    with Door(limits=PATIENT) as door:
        secrets = Secrets.of(os.environ)
        answer = ask(options.source, options.query, door=door, secrets=secrets, step=step)
    for sentence in answer.said:
        print(f"atlas: {sentence}", file=sys.stderr)
    if answer.withdrawn:
        shown = ", ".join(answer.withdrawn[:5])
        print(f"atlas: deleted by the source: {shown} …", file=sys.stderr)
    return answer
