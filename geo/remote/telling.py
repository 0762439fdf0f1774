"""What would leave this machine, and to which host, if this query were asked?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from geo.remote import acled, feeds, gdelt, ucdp
from geo.remote.secrets import Secrets

_FEEDS: Mapping[str, str] = {
    "usgs": feeds.USGS,
    "gdacs": feeds.GDACS,
    "bellingcat": feeds.BELLINGCAT,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """Who would be asked, what the host would learn beside this machine's address, what lacks.

    `lacking` names what must be in the environment before the source answers; never its value.
    """

    host: str
    told: tuple[str, ...]
    lacking: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """Say it in one sentence."""
        told = ", ".join(self.told) or "no more than that"
        return (
            f"{self.host} is asked over https and sees this machine's address and {told}. "
            "Nothing of your layers leaves."
        )


def outgoing(source: str, words: Sequence[tuple[str, str]], secrets: Secrets) -> Outgoing:
    """Say what asking a source with these words tells to whom."""
    named = tuple(dict.fromkeys(name for name, _ in words))
    if source == "acled":
        lacking = {
            "GEO_ACLED_USER": secrets.acled_user,
            "GEO_ACLED_PASSWORD": secrets.acled_password,
        }
        return _outgoing(acled.BASE, ("your account", *_spoken(named)), lacking)
    if source == "ucdp" and named == ("version",):
        return _outgoing(ucdp.FILES, ("which version you take",), {})
    if source == "ucdp":
        lacking = {"GEO_UCDP_TOKEN": secrets.ucdp_token}
        return _outgoing(ucdp.API, ("your token", "the version", *_spoken(named)), lacking)
    if source == "gdelt":
        # it gives whole files by their time; which countries are kept is decided here
        return _outgoing(gdelt.BASE, ("which quarters of an hour you take",), {})
    feed = dict(words).get("feed", "")
    asked = () if feed == "bellingcat" else _spoken(named)
    return _outgoing(_FEEDS.get(feed, feeds.USGS), asked, {})


def _outgoing(url: str, told: tuple[str, ...], lacking: Mapping[str, str]) -> Outgoing:
    missing = tuple(name for name, value in lacking.items() if not value)
    return Outgoing(host=urlsplit(url).hostname or "", told=told, lacking=missing)


def _spoken(named: Sequence[str]) -> tuple[str, ...]:
    words = {
        "country": "the countries",
        "from": "the dates",
        "to": "the dates",
        "type": "the types",
        "since": "the day since which you ask",
        "magnitude": "the least magnitude",
        "alert": "the alert levels",
        "kind": "the kinds",
        "bbox": "the frame",
    }
    return tuple(dict.fromkeys(words[name] for name in named if name in words))
