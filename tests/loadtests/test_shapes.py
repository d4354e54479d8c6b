import pytest

from loadtests.shapes import Shape, Size, Stage, stage_at, stages


def test_a_steady_load_climbs_for_a_tenth_of_the_time():
    (stage,) = stages(Shape.STEADY, Size(users=20, seconds=100))
    assert stage == Stage(until_s=100, users=20, users_a_second=2.0)


def test_a_spike_has_a_quarter_of_the_users_before_and_after():
    spike = stages(Shape.SPIKE, Size(users=40, seconds=100))
    assert [(stage.until_s, stage.users) for stage in spike] == [(40, 10), (60, 40), (100, 10)]
    # All who come for the spike are there within a second.
    assert spike[1].users_a_second == 40


def test_a_spike_of_one_user_still_has_one():
    assert [stage.users for stage in stages(Shape.SPIKE, Size(users=1, seconds=10))] == [1, 1, 1]


@pytest.mark.parametrize(("seconds", "users"), [(0, 10), (39.9, 10), (40, 40), (59.9, 40), (60, 10), (99.9, 10)])
def test_the_stage_at_a_moment(seconds, users):
    stage = stage_at(seconds, stages(Shape.SPIKE, Size(users=40, seconds=100)))
    assert stage is not None
    assert stage.users == users


def test_nobody_is_left_at_the_end():
    assert stage_at(100, stages(Shape.SOAK, Size(users=10, seconds=100))) is None
