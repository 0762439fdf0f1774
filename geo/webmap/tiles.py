"""Which online tiles, if any, did whoever started the app choose, and what does that reveal?

None by default. GEO_TILES names a provider of `xyzservices`, such as OpenStreetMap.Mapnik.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import xyzservices.providers
from xyzservices import TileProvider

from geo.errors import InputError


@dataclass(frozen=True, slots=True)
class Tiles:
    """An online base map: address pattern, credit, and the host that will see the views."""

    name: str
    url: str
    credit: str
    max_zoom: int
    host: str

    @property
    def warning(self) -> str:
        """What choosing it tells others."""
        return (
            f"Online tiles are on: {self.host} sees this machine's address and every area looked "
            "at. Lines and names on them are the provider's, not ours."
        )


def chosen(environment: Mapping[str, str]) -> Tiles | None:
    """Read the choice of tiles.

    Raises
    ------
    InputError
        Where the name is unknown or the provider wants a key.
    """
    name = environment.get("GEO_TILES", "").strip()
    if not name:
        return None
    try:
        provider: TileProvider = xyzservices.providers.query_name(name)
    except ValueError:
        msg = f"GEO_TILES is {name[:60]!r}: no such provider in xyzservices"
        raise InputError(msg) from None
    if provider.requires_token():
        msg = f"GEO_TILES is {name!r}: the provider asks for a key; choose one without"
        raise InputError(msg)
    url = provider.build_url()
    return Tiles(
        name=provider.name,
        url=url,
        credit=str(provider.get("attribution", provider.name)),
        max_zoom=int(provider.get("max_zoom", 18)),
        host=f"https://{urlsplit(url).netloc}",
    )
