"""What is an incident made of: places, people, statements, figures, and the words they use?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Literal, get_args

DatePrecision = Literal["day", "week", "month", "year"]
Precision = Literal["exact", "near", "district", "province", "area", "country", "none"]
Status = Literal["draft", "accepted", "rejected", "retracted"]
Assessment = Literal["reported", "claimed", "corroborated", "disputed"]
Whom = Literal["", "civilians", "security forces", "fighters", "all"]
PointKind = Literal["site", "representative"]
RadiusOrigin = Literal["", "source", "extent", "assumed"]

DATE_PRECISIONS: tuple[DatePrecision, ...] = get_args(DatePrecision)
PRECISIONS: tuple[Precision, ...] = get_args(Precision)
STATUSES: tuple[Status, ...] = get_args(Status)
ASSESSMENTS: tuple[Assessment, ...] = get_args(Assessment)
WHOM: tuple[Whom, ...] = get_args(Whom)
POINT_KINDS: tuple[PointKind, ...] = get_args(PointKind)
RADIUS_ORIGINS: tuple[RadiusOrigin, ...] = get_args(RadiusOrigin)


@dataclass(frozen=True, slots=True)
class Point:
    """A position in WGS 84, degrees."""

    lon: float
    lat: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Located:
    """How the place was found: method, gazetteer id, and what the point stands for.

    `radius` says whether `radius_km` came from the source, the unit's extent, or is assumed.
    """

    method: str = ""
    id: str = ""
    point: PointKind = "site"
    radius: RadiusOrigin = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A further named place of the same incident."""

    name: str
    point: Point | None = None
    precision: Precision = "exact"
    radius_km: float | None = None
    admin1: str = ""
    country: str = ""
    located: Located | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who took part, as the source spells it, and under which canonical name."""

    name: str
    role: str = ""
    canonical: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One statement by one claimant about one field; claims may disagree, all are kept.

    `scope` says what the figure covers when that is more than this incident; such a figure is
    never added up. `low` and `high` hold a stated range.
    """

    field: str
    value: int | str
    low: int | None = None
    high: int | None = None
    whom: Whom = ""
    scope: str = ""
    claimant: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a statement was read."""

    publisher: str = ""
    title: str = ""
    url: str = ""
    archived_url: str = ""
    published: date | None = None
    retrieved: date | None = None
    language: str = ""
    sha256: str = ""
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Toll:
    """A count of people as low, best, high; None is unknown, which is not zero."""

    low: int | None = None
    best: int | None = None
    high: int | None = None

    @property
    def known(self) -> bool:
        """Whether any figure is given."""
        return not (self.low is None and self.best is None and self.high is None)

    @property
    def figure(self) -> int | None:
        """The number that filters and symbol sizes use: best, else high."""
        return self.high if self.best is None else self.best


UNKNOWN = Toll()


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """When the record came in, when it last changed (UTC, to the second), and by whom."""

    first_seen: datetime
    updated: datetime
    by: str = ""

    def __post_init__(self) -> None:
        # a layer keeps whole seconds: what is in memory must not be finer than what is stored
        for name in ("first_seen", "updated"):
            moment = getattr(self, name)
            is_kept = moment.tzinfo is UTC and not moment.microsecond
            if not is_kept and moment.utcoffset() is not None:
                object.__setattr__(self, name, moment.astimezone(UTC).replace(microsecond=0))
