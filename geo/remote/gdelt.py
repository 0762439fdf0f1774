"""Which event files did GDELT publish in these quarters of an hour?

One file every 15 minutes, checked against the published sum; what is missing there is recorded,
not passed over. Only addresses on GDELT's own host are asked, by https.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from geo import countries
from geo.errors import AnswerError, FetchError, FilterError, TableError, TooLargeError
from geo.fetch import Door
from geo.remote.answers import Fetched, Step, busy, silent
from geo.sources.packed import open_packed

BASE = "https://data.gdeltproject.org/gdeltv2"
MOST_FILES = 7 * 96
_QUARTER = timedelta(minutes=15)
_FIRST = datetime(2015, 2, 18, 23, 0, tzinfo=UTC)
_LINE = re.compile(
    r"[0-9]+ ([0-9a-f]{32}) https?://[^ ]*?/([0-9]{14})((?:\.translation)?)\.export\.CSV\.zip\Z",
    re.ASCII | re.IGNORECASE,
)
_TAIL, _MOST_TAIL = 262_144, 64_000_000
_MOST_UNPACKED = 64_000_000
_MOST_KEPT = 400_000_000
_COUNTRY = 53


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """Which files: from and to in UTC, both or neither (the latest); countries (alpha-3).

    `countries` keeps the rows whose place lies there. `translated` takes the news of other
    languages than English.
    """

    start: datetime | None = None
    end: datetime | None = None
    countries: tuple[str, ...] = ()
    translated: bool = False


def fetch(door: Door, query: Query, *, base: str = BASE, step: Step = silent) -> Fetched:
    """Get the event files of a time and join their rows.

    Raises
    ------
    FilterError
        Where the time is not one of GDELT 2.0, or too long.
    FetchError
        When GDELT cannot be reached, or a file is not what its sum says.
    """
    letters = _letters(query.countries)
    mark = ".translation" if query.translated else ""
    if query.start is None or query.end is None:
        sums = _latest(door, base, mark)
        stamps = sorted(sums)[-1:]
    else:
        stamps = list(_stamps(query.start, query.end))
        sums = _sums(door, base, mark, stamps[0])
    missing, unchecked, kept, size = [], 0, [], 0
    for number, stamp in enumerate(stamps, start=1):
        packed = _file(door, f"{base}/{stamp}{mark}.export.CSV.zip", sums.get(stamp))
        if packed is None:
            missing.append(stamp)
        else:
            unchecked += stamp not in sums
            rows = _rows(packed, stamp, letters)
            size += len(rows)
            if size > _MOST_KEPT:
                msg = f"GDELT has more than {_MOST_KEPT:,} bytes of rows: ask for a shorter time"
                raise FetchError(msg)
            kept.append(rows)
        step("files of GDELT", number, len(stamps))
    if missing and not kept:
        msg = f"GDELT has no file of {_named(missing)}: it publishes every 15 minutes, in UTC"
        raise FetchError(msg)
    said = []
    if missing:
        said.append(f"{len(missing)} of {len(stamps)} files are missing: {_named(missing)}")
    if unchecked:
        said.append(f"{unchecked} files could not be compared with a published sum")
    return Fetched(source="gdelt", data=b"".join(kept), said=tuple(said))


def _letters(codes: tuple[str, ...]) -> frozenset[bytes]:
    for code in codes:
        if not countries.to_fips(code):
            msg = f"country is {code[:20]!r}: GDELT knows FIPS 10-4 countries, it has no such code"
            raise FilterError(msg)
    return frozenset(fips.encode() for code in codes for fips in countries.to_fips(code))


def _stamps(start: datetime, end: datetime) -> Iterator[str]:
    """Name the quarters of an hour from start to end."""
    for moment in (start, end):
        if moment.utcoffset() is None:
            msg = f"time is {moment}: it must say its zone, GDELT's files are named in UTC"
            raise FilterError(msg)
    first, last = start.astimezone(UTC), end.astimezone(UTC)
    first = first.replace(minute=first.minute // 15 * 15, second=0, microsecond=0)
    if first < _FIRST or last < first:
        msg = f"time is {start} to {end}: GDELT 2.0 begins at {_FIRST:%Y-%m-%d %H:%M} UTC"
        raise FilterError(msg)
    if (last - first) // _QUARTER >= MOST_FILES:
        msg = f"time is {start} to {end}: at most {MOST_FILES} files, seven days, are asked for"
        raise FilterError(msg)
    while first <= last:
        yield f"{first:%Y%m%d%H%M%S}"
        first += _QUARTER


def _latest(door: Door, base: str, mark: str) -> dict[str, str]:
    name = "lastupdate-translation.txt" if mark else "lastupdate.txt"
    sums = _listed(_get(door, f"{base}/{name}", {}), mark)
    if not sums:
        msg = f"GDELT's {name} names no event file: try again later"
        raise FetchError(msg)
    return sums


def _sums(door: Door, base: str, mark: str, first: str) -> dict[str, str]:
    """Read the list of all files from its end, as far back as is needed."""
    url = f"{base}/masterfilelist{'-translation' if mark else ''}.txt"
    size = _TAIL
    found: dict[str, str] = {}
    while size <= _MOST_TAIL:
        try:
            text = _get(door, url, {"Range": f"bytes=-{size}"})
        except TooLargeError:
            # without ranges the whole list may be more than anyone wants to hold
            break
        found = _listed(text, mark)
        # whoever knows no ranges sent it whole
        if len(text) < size or len(text) > size or (found and min(found) <= first):
            break
        size *= 8
    return found


def _get(door: Door, url: str, headers: Mapping[str, str]) -> bytes:
    try:
        return door.get(url, headers=headers).body
    except AnswerError as error:
        raise busy(error, name="GDELT") from None


def _listed(text: bytes, mark: str) -> dict[str, str]:
    """Read size, sum and address of each line; a malformed line is none of ours."""
    found = (_LINE.match(line.strip()) for line in text.decode("ascii", "replace").split("\n"))
    return {line[2]: line[1].lower() for line in found if line and line[3] == mark}


def _file(door: Door, url: str, wanted: str | None) -> bytes | None:
    """Get one file, once more where it is not what its sum says; None where there is none."""
    for _ in range(2):
        try:
            body = door.get(url).body
        except AnswerError as error:
            if error.status == 404:
                return None
            raise busy(error, name="GDELT") from None
        if wanted is None or hashlib.md5(body, usedforsecurity=False).hexdigest() == wanted:
            return body
    msg = f"{url.rpartition('/')[2]} of GDELT is not what its published sum says: try again later"
    raise FetchError(msg)


def _rows(packed: bytes, stamp: str, letters: frozenset[bytes]) -> bytes:
    try:
        with open_packed(packed, most=_MOST_UNPACKED) as stream:
            if not letters:
                data = stream.read()
                return data if data.endswith(b"\n") or not data else data + b"\n"
            return b"".join(
                line.rstrip(b"\r\n") + b"\n" for line in stream if _placed(line) in letters
            )
    except TableError as error:
        msg = f"file {stamp} of GDELT cannot be read: {error}"
        raise FetchError(msg) from None


def _placed(line: bytes) -> bytes:
    cells = line.split(b"\t", _COUNTRY + 1)
    return cells[_COUNTRY] if len(cells) > _COUNTRY else b""


def _named(stamps: list[str]) -> str:
    more = f" and {len(stamps) - 3} more" if len(stamps) > 3 else ""
    return ", ".join(stamps[:3]) + more
