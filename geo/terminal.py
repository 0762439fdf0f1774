"""How does a command speak: JSON on one side, one line of refusal on the other?"""

from __future__ import annotations

import argparse
import json
import sys
from datetime import UTC, datetime
from typing import Any


def print_json(value: Any) -> int:
    """Print JSON and answer with the exit code 0."""
    print(json.dumps(value, ensure_ascii=False, allow_nan=False, indent=1))
    return 0


def refuse(sentence: str, *, code: int = 1) -> int:
    """Say in one line on stderr what was refused, and answer with the exit code."""
    print(f"atlas: {sentence}", file=sys.stderr)
    return code


def now() -> datetime:
    """Give the time of record, to the second."""
    return datetime.now(tz=UTC).replace(microsecond=0)


def json_option(parser: argparse.ArgumentParser) -> None:
    """Offer --json."""
    parser.add_argument("--json", action="store_true", help="print JSON")
