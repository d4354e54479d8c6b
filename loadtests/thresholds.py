"""What a load test must keep to, and in words what it broke."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from types import MappingProxyType

from loadtests.shapes import Shape


@dataclass(frozen=True)
class RouteResult:
    """What became of the requests of one route.

    Attributes:
        route: Its path.
        answered: How many were answered with success.
        refused: How many were answered with 429, which is no failure.
        failed: How many were answered otherwise, or not at all.
        p50_ms: Half of those that were not refused took at most this, in milliseconds; failures are among them.
        p95_ms: So did 95% of them.
    """

    route: str
    answered: int
    refused: int
    failed: int
    p50_ms: float
    p95_ms: float

    def as_dict(self) -> dict[str, str | int | float]:
        """For JSON."""
        return asdict(self)


@dataclass(frozen=True)
class Thresholds:
    """The limits.

    Attributes:
        failed: Largest share of all requests that may fail.
        refused: Largest share of all requests that may be refused.
        p95_ms: The largest p95 of each route, in milliseconds.
    """

    failed: float
    refused: float
    p95_ms: Mapping[str, float] = field(default_factory=dict)


# Several times what a quiet machine of two cores needs for ten creators: what breaks them is felt.
QUIET_P95_MS = MappingProxyType({"/similar": 300.0, "/recommend": 300.0, "/thumbnail": 3_000.0, "/like": 200.0})
# In a spike everybody waits for everybody else.
SPIKE_P95_MS = MappingProxyType({"/similar": 2_000.0, "/recommend": 2_000.0, "/thumbnail": 20_000.0, "/like": 1_000.0})
THRESHOLDS = {
    Shape.STEADY: Thresholds(failed=0.005, refused=0.01, p95_ms=QUIET_P95_MS),
    Shape.SPIKE: Thresholds(failed=0.005, refused=0.5, p95_ms=SPIKE_P95_MS),
    Shape.SOAK: Thresholds(failed=0.001, refused=0.01, p95_ms=QUIET_P95_MS),
}


def broken(results: Sequence[RouteResult], thresholds: Thresholds) -> list[str]:
    """A sentence for each threshold that was broken, with how far; none where all were kept."""
    total = sum(result.answered + result.refused + result.failed for result in results)
    if not total:
        return ["No request was sent, so nothing was measured."]

    failed = sum(result.failed for result in results) / total
    refused = sum(result.refused for result in results) / total
    sentences = _share_over("failed", failed, thresholds.failed) + _share_over(
        "were refused", refused, thresholds.refused
    )
    for result in results:
        sentences += _route_over(result, thresholds.p95_ms.get(result.route))
    return sentences


def _share_over(what: str, share: float, allowed: float) -> list[str]:
    """That a share of the requests is too large, where it is."""
    if share <= allowed:
        return []
    over = 100 * (share - allowed)
    return [f"{share:.2%} of the requests {what}, {over:.2f} points over the {allowed:.2%} allowed."]


def _route_over(result: RouteResult, allowed_ms: float | None) -> list[str]:
    """That a route was never answered or too slowly, where that is so."""
    if not result.answered:
        return [f"{result.route} was never answered with success, so its time was not measured."]
    if allowed_ms is None or result.p95_ms <= allowed_ms:
        return []
    over_ms = result.p95_ms - allowed_ms
    return [f"{result.route}: p95 is {result.p95_ms:,.0f} ms, {over_ms:,.0f} ms over the {allowed_ms:,.0f} ms allowed."]
