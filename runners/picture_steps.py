"""How long the steps of a picture take, for /metrics."""

from collections.abc import Callable, Sequence
from time import perf_counter
from typing import Concatenate, ParamSpec, TypeVar

from aiplayer.telemetry.instruments import instruments

PAINT, FINISH, TITLE = "paint", "finish", "title"

Arguments = ParamSpec("Arguments")
Item = TypeVar("Item")
Result = TypeVar("Result")


def timed(step: str, make: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """The same function, whose seconds count as a step of one picture.

    Args:
        step: `PAINT`, `FINISH` or `TITLE`.
        make: Makes it.
    """
    seconds = instruments().picture_s.labels(step)

    def make_timed(*arguments: Arguments.args, **options: Arguments.kwargs) -> Result:
        began = perf_counter()
        result = make(*arguments, **options)
        seconds.observe(perf_counter() - began)
        return result

    return make_timed


def timed_batch(
    step: str, make: Callable[Concatenate[list[Item], Arguments], Sequence[Result]]
) -> Callable[Concatenate[list[Item], Arguments], Sequence[Result]]:
    """The same function of several pictures, each of which counts with its share of the seconds."""
    seconds = instruments().picture_s.labels(step)

    def make_timed(items: list[Item], *arguments: Arguments.args, **options: Arguments.kwargs) -> Sequence[Result]:
        began = perf_counter()
        results = make(items, *arguments, **options)
        share_s = (perf_counter() - began) / len(items)
        for _ in items:
            seconds.observe(share_s)
        return results

    return make_timed
