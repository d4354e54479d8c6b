import pytest

from aiplayer.errors import InvalidInput
from aiplayer.playlist.exports import as_clock, parse_duration


@pytest.mark.parametrize(
    ("typed", "seconds"),
    [
        ("3:45", 225),
        ("03:45", 225),
        (" 0:09 ", 9),
        ("75:30", 4_530),
        ("1:02:03", 3_723),
        ("12:00:00", 43_200),
        ("3:45.25", 225.25),
    ],
)
def test_a_duration_is_read_as_people_type_it(typed, seconds):
    assert parse_duration(typed) == seconds


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "225",
        "3.45",
        "3:5",
        "3:60",
        "3:450",
        "-3:45",
        "1:2:03",
        "1:60:00",
        "0:00",
        "12:00:01",
        "3:45 min",
        "３:４５",
    ],
)
def test_what_could_be_meant_otherwise_is_refused(typed):
    with pytest.raises(InvalidInput) as refused:
        parse_duration(typed)
    assert refused.value.message == (
        f"The duration is {typed!r}. Write minutes and seconds such as 3:45, or hours too such as 1:02:03; "
        "above 0:00 and up to 12:00:00, decimals as in 3:45.25."
    )
    assert refused.value.field == "duration"


def test_a_long_text_is_not_told_back_whole():
    with pytest.raises(InvalidInput, match=r"^The duration is '9{40}…'\. Write"):
        parse_duration("9" * 10_000)


@pytest.mark.parametrize(
    ("seconds", "clock"),
    [(0, "0:00"), (9, "0:09"), (225, "3:45"), (3_599, "59:59"), (3_600, "1:00:00"), (36_061, "10:01:01")],
)
def test_a_clock_has_hours_from_an_hour_on(seconds, clock):
    assert as_clock(seconds) == clock
