"""How sure is the ratio of two counts, each over its days?

Given both counts, how many of them fall into one period is binomial when the rates are alike.
The exact interval of Clopper and Pearson for that share becomes one for the ratio of the rates.
It takes incidents as independent; as violence comes in waves, the truth is less sure still.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

_STEPS = 200
_TINY = 1e-300
_CLOSE = 1e-15


@dataclass(frozen=True, slots=True)
class Ratio:
    """How many times the second rate the first is, with an interval.

    `value` is None where the second count is 0; `high` is then infinite.
    """

    value: float | None
    low: float
    high: float

    @property
    def differs(self) -> bool:
        """Whether the interval leaves out that both rates are alike."""
        return self.low > 1 or self.high < 1


def ratio_of_rates(
    count: int, days: int, other: int, other_days: int, *, confidence: float = 0.95
) -> Ratio | None:
    """Compare `count` in `days` with `other` in `other_days`; None where nothing happened.

    Parameters
    ----------
    confidence
        Share of such intervals that hold the true ratio, at the least.
    """
    if min(days, other_days) < 1 or count + other == 0:
        return None
    low, high = _share_interval(count, count + other, 1 - confidence)
    scale = other_days / days
    value = count / other * scale if other else None
    return Ratio(value, _odds(low) * scale, _odds(high) * scale)


def _odds(share: float) -> float:
    return math.inf if share >= 1 else share / (1 - share)


def _share_interval(hits: int, total: int, alpha: float) -> tuple[float, float]:
    """Bound a binomial share by Clopper and Pearson, as quantiles of the beta distribution."""
    low = 0.0 if hits == 0 else _beta_quantile(alpha / 2, hits, total - hits + 1)
    # the mirror image, so that swapping hits and misses gives exactly the reciprocal odds
    high = 1.0 if hits == total else 1 - _beta_quantile(alpha / 2, total - hits, hits + 1)
    return low, high


def _beta_quantile(p: float, a: int, b: int) -> float:
    low, high = 0.0, 1.0
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        if _beta_share(middle, a, b) < p:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _beta_share(x: float, a: float, b: float) -> float:
    """Regularised incomplete beta function, by its continued fraction (DLMF 8.17.22)."""
    if x <= 0 or x >= 1:
        return float(x >= 1)
    if x > (a + 1) / (a + b + 2):
        return 1 - _beta_share(1 - x, b, a)
    log = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    front = math.exp(log + a * math.log(x) + b * math.log1p(-x)) / a
    # Lentz's way through the fraction
    c, d = 1.0, 1 / _off_zero(1 - (a + b) * x / (a + 1))
    fraction = d
    for m in range(1, 10_000):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for term in (even, odd):
            d = 1 / _off_zero(1 + term * d)
            c = _off_zero(1 + term / c)
            fraction *= c * d
        if abs(c * d - 1) < _CLOSE * 10:
            break
    return front * fraction


def _off_zero(value: float) -> float:
    return value if abs(value) > _TINY else _TINY
