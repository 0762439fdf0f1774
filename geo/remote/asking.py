"""Which query do these words make, and which client answers it?

acled  country=PAK from=2025-10-01 to=2025-10-31 type=Battles since=2025-11-01
ucdp   version=25.1 (its file), and with country, from, to, type=1 its API
gdelt  from=2025-10-15T00:00 to=2025-10-15T06:00 country=PAK translated=yes, or latest=yes
feed   feed=usgs from to magnitude=4.5 bbox=W,S,E,N; feed=gdacs from to alert kind;
       feed=bellingcat
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType

from geo import countries
from geo.errors import AccessError, FilterError
from geo.fetch import Door, Limits
from geo.params import read_bbox
from geo.remote import acled, feeds, gdelt, ucdp
from geo.remote.answers import Fetched, Step, silent
from geo.remote.secrets import Secrets

WORDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "acled": ("country", "from", "to", "type", "since"),
        "ucdp": ("version", "country", "from", "to", "type"),
        "gdelt": ("latest", "from", "to", "country", "translated"),
        "feed": ("feed", "from", "to", "magnitude", "alert", "kind", "bbox"),
    }
)
HELP = "ask the source itself: " + "; ".join(f"{k}: {' '.join(v)}" for k, v in WORDS.items())
# a yearly file has 30 MB, and some servers are slow
PATIENT = Limits(most_bytes=250_000_000, seconds=600.0, pause=0.2)
_MANY = ("country", "type", "alert", "kind")
_Asked = Mapping[str, tuple[str, ...]]


def ask(
    source: str,
    words: Sequence[tuple[str, str]],
    *,
    door: Door,
    secrets: Secrets,
    step: Step = silent,
) -> Fetched:
    """Ask a source over the network.

    Parameters
    ----------
    source
        One of `WORDS`.
    words
        Pairs of a word of that source and its value; a word of many values is repeated.
    door
        The way to the network.
    secrets
        Accounts and tokens.
    step
        Told of progress; it cancels by raising.

    Raises
    ------
    FilterError
        Where a word or value means nothing to the source.
    FetchError
        Where the source cannot be had; `AccessError` says what to ask for.
    """
    asked = _sorted(source, words)
    if source == "acled":
        if not (secrets.acled_user and secrets.acled_password):
            msg = "ACLED asks for an account: set GEO_ACLED_USER and GEO_ACLED_PASSWORD"
            raise AccessError(msg)
        account = acled.Account(secrets.acled_user, secrets.acled_password)
        return acled.fetch(door, _acled(asked), account, step=step)
    if source == "ucdp":
        return _ucdp(asked, door, secrets, step)
    if source == "gdelt":
        return gdelt.fetch(door, _gdelt(asked), step=step)
    return feeds.fetch(door, _feed(asked), step=step)


def _sorted(source: str, words: Sequence[tuple[str, str]]) -> _Asked:
    known = WORDS.get(source)
    if known is None:
        msg = f"source is {source[:20]!r}: only {' '.join(WORDS)} are asked over the network"
        raise FilterError(msg)
    found: dict[str, tuple[str, ...]] = {}
    for name, value in words:
        if name not in known:
            msg = f"query is {name[:20]!r}: {source} is asked for {' '.join(known)}"
            raise FilterError(msg)
        if name in found and name not in _MANY:
            msg = f"{name} is given twice: {source} takes one"
            raise FilterError(msg)
        found[name] = (*found.get(name, ()), value.strip())
    return found


def _acled(asked: _Asked) -> acled.Query:
    since = _day(asked, "since")
    start, end = _days(asked)
    return acled.Query(
        countries=_countries(asked),
        start=start,
        end=end,
        event_types=asked.get("type", ()),
        since=None
        if since is None
        else int(datetime(since.year, since.month, since.day, tzinfo=UTC).timestamp()),
    )


def _ucdp(asked: _Asked, door: Door, secrets: Secrets, step: Step) -> Fetched:
    version = _one(asked, "version")
    if not version:
        msg = "version is missing: UCDP is asked for one, such as version=25.1"
        raise FilterError(msg)
    if asked.keys() == {"version"}:
        return ucdp.fetch_file(door, version, step=step)
    wrong = [text for text in asked.get("type", ()) if text not in ("1", "2", "3")]
    if wrong:
        msg = f"type is {wrong[0][:20]!r}: UCDP has 1 state-based, 2 non-state, 3 one-sided"
        raise FilterError(msg)
    start, end = _days(asked)
    query = ucdp.Query(
        version=version,
        countries=_countries(asked),
        start=start,
        end=end,
        types=tuple(map(int, asked.get("type", ()))),
    )
    if not secrets.ucdp_token:
        msg = (
            "the API of UCDP asks for a token: set GEO_UCDP_TOKEN, "
            f"or take the whole file with version={version} alone"
        )
        raise AccessError(msg)
    return ucdp.fetch(door, query, secrets.ucdp_token, step=step)


def _gdelt(asked: _Asked) -> gdelt.Query:
    start, end = _moment(asked, "from"), _moment(asked, "to", last=True)
    if (start is None) != (end is None) or (start is None) != _yes(asked, "latest"):
        msg = "query of GDELT is latest=yes, or both from and to"
        raise FilterError(msg)
    return gdelt.Query(
        start=start,
        end=end,
        countries=_countries(asked),
        translated=_yes(asked, "translated"),
    )


def _feed(asked: _Asked) -> feeds.Query:
    name = _one(asked, "feed")
    feed = next((known for known in feeds.FEEDS if known == name), None)
    if feed is None:
        msg = f"feed is {name[:20]!r}: must be one of {' '.join(feeds.FEEDS)}"
        raise FilterError(msg)
    start, end = _days(asked)
    frame, magnitude = _one(asked, "bbox"), _one(asked, "magnitude")
    try:
        least = float(magnitude) if magnitude else None
    except ValueError:
        msg = f"magnitude is {magnitude[:20]!r}: must be a number"
        raise FilterError(msg) from None
    return feeds.Query(
        feed=feed,
        start=start,
        end=end,
        magnitude=least,
        alerts=tuple(text.casefold() for text in asked.get("alert", ())),
        kinds=tuple(text.upper() for text in asked.get("kind", ())),
        bbox=read_bbox(frame) if frame else None,
    )


def _one(asked: _Asked, name: str) -> str:
    return asked.get(name, ("",))[0]


def _yes(asked: _Asked, name: str) -> bool:
    text = _one(asked, name)
    if text not in ("", "yes", "no"):
        msg = f"{name} is {text[:20]!r}: must be yes or no"
        raise FilterError(msg)
    return text == "yes"


def _countries(asked: _Asked) -> tuple[str, ...]:
    found = []
    for text in asked.get("country", ()):
        code = countries.iso3(text)
        if code is None:
            msg = f"country is {text[:40]!r}: no country has this code or name"
            raise FilterError(msg)
        found.append(code)
    return tuple(dict.fromkeys(found))


def _days(asked: _Asked) -> tuple[date | None, date | None]:
    start, end = _day(asked, "from"), _day(asked, "to")
    if start and end and end < start:
        msg = f"to is {end}: must not be before from {start}"
        raise FilterError(msg)
    return start, end


def _day(asked: _Asked, name: str) -> date | None:
    text = _one(asked, name)
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        msg = f"{name} is {text[:20]!r}: must be a day such as 2025-10-09"
        raise FilterError(msg) from None


def _moment(asked: _Asked, name: str, *, last: bool = False) -> datetime | None:
    """Read a time in UTC, or a whole day from its first to its last quarter of an hour."""
    text = _one(asked, name)
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        msg = f"{name} is {text[:20]!r}: must be a day, or a time in UTC such as 2025-10-09T06:15"
        raise FilterError(msg) from None
    if last and len(text) <= len("2025-10-09"):
        found += timedelta(hours=23, minutes=45)
    return found if found.tzinfo else found.replace(tzinfo=UTC)
