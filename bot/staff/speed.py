"""How fast this process answered, read from its own metrics."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from prometheus_client import Histogram


@dataclass(frozen=True, slots=True)
class Speed:
    """Times in seconds: half of all were at most ``half``, 95 of 100 at most ``most``; infinite beyond the last bucket."""

    count: int
    half: float
    most: float


def speed(histogram: Histogram) -> Speed | None:
    """What a histogram saw so far; ``None`` before anything."""
    (family,) = histogram.collect()
    buckets = sorted((float(one.labels["le"]), one.value) for one in family.samples if one.name.endswith("_bucket"))
    total = buckets[-1][1]
    return Speed(int(total), quantile(buckets, 0.5), quantile(buckets, 0.95)) if total else None


def quantile(buckets: Sequence[tuple[float, float]], share: float) -> float:
    """The value that ``share`` of all do not exceed; ``buckets`` are upper bounds with how many lie below, in order.

    >>> quantile([(0.1, 50), (0.2, 100), (math.inf, 100)], 0.75)
    0.15000000000000002
    >>> quantile([(0.1, 1), (math.inf, 4)], 0.95)
    inf
    """
    wanted = buckets[-1][1] * share
    below, bottom = 0.0, 0.0
    for top, number in buckets:
        if number >= wanted:
            return top if math.isinf(top) else bottom + (top - bottom) * (wanted - below) / (number - below)
        below, bottom = number, top
    return math.inf
