"""When a service that failed is asked again, by a clock of the test's own."""

import pytest

from aiplayer.titles.pauses import FIRST_PAUSE_S, LONGEST_PAUSE_S, Pauses


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def pauses(clock):
    return Pauses(clock)


def test_calls_that_fail_together_are_one_outage(pauses, clock):
    for call in [pauses.begin() for _ in range(8)]:
        pauses.fail(call)
    assert pauses.begin() is None
    clock.now += FIRST_PAUSE_S
    assert pauses.begin() is not None


def test_after_a_pause_one_call_tries_and_its_success_ends_the_outage(pauses, clock):
    pauses.fail(pauses.begin())
    clock.now += FIRST_PAUSE_S
    attempt = pauses.begin()
    assert attempt is not None
    assert [pauses.begin() for _ in range(3)] == [None] * 3
    pauses.succeed(attempt)
    assert None not in [pauses.begin() for _ in range(3)]


def test_each_attempt_that_fails_doubles_the_pause_up_to_the_longest(pauses, clock):
    pauses.fail(pauses.begin())
    for pause_s in [30.0, 60.0, 120.0, 240.0, 480.0, 960.0, LONGEST_PAUSE_S, LONGEST_PAUSE_S]:
        clock.now += pause_s - 1
        assert pauses.begin() is None
        clock.now += 1
        pauses.fail(pauses.begin())


def test_an_attempt_that_never_ends_is_followed_by_another_one(pauses, clock):
    pauses.fail(pauses.begin())
    clock.now += FIRST_PAUSE_S
    assert pauses.begin() is not None
    clock.now += 2 * FIRST_PAUSE_S
    assert pauses.begin() is not None


def test_the_next_outage_begins_with_the_first_pause(pauses, clock):
    pauses.fail(pauses.begin())
    clock.now += FIRST_PAUSE_S
    pauses.succeed(pauses.begin())
    pauses.fail(pauses.begin())
    clock.now += FIRST_PAUSE_S
    assert pauses.begin() is not None


def test_calls_that_began_before_a_pause_neither_lengthen_nor_end_it(pauses, clock):
    early = [pauses.begin() for _ in range(4)]
    pauses.fail(early[0])
    pauses.succeed(early[1])
    assert pauses.begin() is None

    clock.now += FIRST_PAUSE_S
    attempt = pauses.begin()
    pauses.fail(early[2])
    pauses.succeed(attempt)
    pauses.fail(early[3])
    assert pauses.begin() is not None
