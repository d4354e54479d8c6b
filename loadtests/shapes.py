"""How many users there are at each moment of a load test."""

from enum import StrEnum
from typing import NamedTuple


class Shape(StrEnum):
    """What the number of users does.

    STEADY climbs for the first tenth and stays. SPIKE has a quarter of the users, all of them from 40% to 60% of the
    time, and then a quarter again. SOAK is STEADY for long, so that what grows with time shows.
    """

    STEADY = "steady"
    SPIKE = "spike"
    SOAK = "soak"


class Size(NamedTuple):
    """How many users there are at most, and for how many seconds."""

    users: int
    seconds: float


class Stage(NamedTuple):
    """A stretch of time with one number of users.

    Attributes:
        until_s: When it ends, in seconds since the start.
        users: How many users there are.
        users_a_second: How quickly they come or go.
    """

    until_s: float
    users: int
    users_a_second: float


USUAL_SIZES = {Shape.STEADY: Size(10, 60), Shape.SPIKE: Size(40, 90), Shape.SOAK: Size(10, 1_800)}
# Shares of the time.
CLIMB = 0.1
SPIKE_STARTS, SPIKE_ENDS = 0.4, 0.6
# Of the users outside the spike.
QUIET_SHARE = 0.25


def stages(shape: Shape, size: Size) -> list[Stage]:
    """The stages of a shape, in order.

    Args:
        shape: The shape.
        size: The most users, and the seconds of all stages together.
    """
    if shape is Shape.SPIKE:
        quiet = max(1, round(size.users * QUIET_SHARE))
        at_once = float(size.users)
        return [
            Stage(size.seconds * SPIKE_STARTS, quiet, at_once),
            Stage(size.seconds * SPIKE_ENDS, size.users, at_once),
            Stage(size.seconds, quiet, at_once),
        ]
    return [Stage(size.seconds, size.users, size.users / (size.seconds * CLIMB))]


def stage_at(seconds: float, all_stages: list[Stage]) -> Stage | None:
    """The stage at a moment, in seconds since the start; None when all are over."""
    for stage in all_stages:
        if seconds < stage.until_s:
            return stage
    return None
