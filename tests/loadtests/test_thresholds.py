import pytest

from loadtests.shapes import Shape
from loadtests.thresholds import THRESHOLDS, RouteResult, Thresholds, broken

LIMITS = Thresholds(failed=0.01, refused=0.1, p95_ms={"/similar": 300.0, "/like": 100.0})


def result(route="/similar", answered=100, refused=0, failed=0, p95_ms=200.0) -> RouteResult:
    return RouteResult(route, answered, refused, failed, p50_ms=50.0, p95_ms=p95_ms)


def test_what_keeps_to_every_threshold_breaks_none():
    assert broken([result(p95_ms=300.0), result("/like", answered=99, failed=1, p95_ms=10)], LIMITS) == []


def test_too_many_failures_are_told_with_how_many():
    assert broken([result(answered=95, failed=5)], LIMITS) == [
        "5.00% of the requests failed, 4.00 points over the 1.00% allowed."
    ]


def test_refusals_are_counted_apart_from_failures():
    assert broken([result(answered=90, refused=10)], LIMITS) == []
    assert broken([result(answered=80, refused=20)], LIMITS) == [
        "20.00% of the requests were refused, 10.00 points over the 10.00% allowed."
    ]


def test_a_slow_route_is_told_with_how_slow():
    results = [result(), result("/like", p95_ms=1234.0)]
    assert broken(results, LIMITS) == ["/like: p95 is 1,234 ms, 1,134 ms over the 100 ms allowed."]


def test_a_route_that_was_never_answered_is_no_quick_route():
    sentences = broken([result(answered=1_000), result("/like", answered=0, failed=5, p95_ms=1.0)], LIMITS)
    assert sentences == ["/like was never answered with success, so its time was not measured."]


def test_a_run_without_requests_is_no_success():
    assert broken([], LIMITS) == ["No request was sent, so nothing was measured."]


@pytest.mark.parametrize("shape", list(Shape))
def test_every_shape_has_limits_for_every_route(shape):
    assert THRESHOLDS[shape].p95_ms.keys() == {"/similar", "/recommend", "/thumbnail", "/like"}
