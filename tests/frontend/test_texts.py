"""What the page says."""

import pytest

from frontend.texts import Words, as_people_say, how_long, time_left


@pytest.mark.parametrize(
    ("picture_s", "english", "korean"),
    [
        (0.3, "", ""),
        (12.4, " It takes about 12 seconds.", " 약 12초 걸려요."),
        (350, " It takes about 6 minutes.", " 약 6분 걸려요."),
    ],
)
def test_who_waits_for_a_picture_is_told_how_long(picture_s, english, korean):
    assert how_long(picture_s, Words("en")) == english
    assert how_long(picture_s, Words("ko")) == korean


def test_a_long_time_is_told_in_minutes():
    assert [as_people_say(seconds, Words("en")) for seconds in (119, 120, 1_487)] == [
        "119 seconds",
        "2 minutes",
        "25 minutes",
    ]
    assert as_people_say(1_487, Words("ko")) == "25분"


def test_who_waits_is_told_the_time_that_is_left_once_it_is_known():
    english, korean = Words("en"), Words("ko")
    assert time_left(None, 350, english) == how_long(350, english)
    assert time_left(58.4, 350, english) == " About 58 seconds left."
    assert time_left(0.2, 350, korean) == " 약 1초 남았어요."
