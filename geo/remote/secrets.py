"""Which accounts and tokens open the doors of the sources?

Apart from what asks: a process that reads a file is handed them and goes nowhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Secrets:
    """What opens the doors of the sources; never shown."""

    acled_user: str = field(default="", repr=False)
    acled_password: str = field(default="", repr=False)
    ucdp_token: str = field(default="", repr=False)

    @classmethod
    def of(cls, named: Mapping[str, Any]) -> Secrets:
        """Take them from the environment, or from anything else with these names."""
        given = {name: str(named.get(f"GEO_{name.upper()}") or "").strip() for name in _SECRETS}
        return cls(**given)


_SECRETS = ("acled_user", "acled_password", "ucdp_token")
