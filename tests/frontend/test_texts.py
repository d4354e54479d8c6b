"""What the page says."""

import pytest

from frontend.texts import Words, as_people_say, how_long


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
