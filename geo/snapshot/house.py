"""Who makes the picture: which name, logo, contact and standing words does a house put on it?"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """What is the same on every picture of one producer; an empty part is left out.

    `logo` is a PNG, `template` a PPTX whose master and layouts slides take over, `palette` the
    order in which groups are listed.
    """

    producer: str = ""
    contact: str = ""
    map_number: str = ""
    disclaimer: str = ""
    palette: tuple[str, ...] = ()
    logo: bytes = b""
    template: bytes = b""

    def rank(self, group: str) -> int:
        """Where a group stands in the house's order; those it does not name come after."""
        return self.palette.index(group) if group in self.palette else len(self.palette)

    def as_json(self) -> dict[str, Any]:
        """Write it for a manifest: words as they are, files by their hash."""
        return {
            "producer": self.producer,
            "contact": self.contact,
            "map_number": self.map_number,
            "disclaimer": self.disclaimer,
            "palette": list(self.palette),
            "logo": _hash(self.logo),
            "template": _hash(self.template),
        }


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest() if data else ""
