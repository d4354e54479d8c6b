"""Names, dates and durations, as tables write them."""

from datetime import date

import pytest

from training.dataset import Dirt
from training.dataset.table.values import durations_ms, one_line, release_date


def test_a_name_stands_on_one_line():
    assert one_line("Earth, Wind &amp; Fire &#39;75 R&B; &copy") == "Earth, Wind & Fire '75 R&B; &copy"
    assert one_line(" Blue\r\n Remaster\t(live)\u3000 \x07\u2028x ") == "Blue Remaster (live) x"
    assert one_line("재즈") == "재즈"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("1971", date(1971, 1, 1)),
        ("1971-06", date(1971, 6, 1)),
        ("1971-06-22", date(1971, 6, 22)),
        ("1971.06.22", date(1971, 6, 22)),
        ("1971. 6. 22.", date(1971, 6, 22)),
        ("1971/6/22", date(1971, 6, 22)),
        ("1971년", date(1971, 1, 1)),
        ("1971년 6월 22일", date(1971, 6, 22)),
        ("1971-06-22T00:00:00Z", date(1971, 6, 22)),
        ("1971-06-22 00:00:00", date(1971, 6, 22)),
        ("", None),
    ],
)
def test_dates_are_read_in_every_spelling(text, day):
    dirt = Dirt()
    assert release_date(text, dirt) == day
    assert not dirt.counts


@pytest.mark.parametrize(
    ("header", "column", "durations"),
    [
        ("Track Duration (ms)", ["225000", "9000", ""], [225_000, 9_000, None]),
        ("duration_ms", ["225000.0"], [225_000]),
        ("Duration (s)", ["225", "225.5", "14400"], [225_000, 225_500, 14_400_000]),
        ("Duration", ["225", "180"], [225_000, 180_000]),
        ("Duration", ["225000", "180000", "9000"], [225_000, 180_000, 9_000]),
        ("Length", ["3:45", "1:02:03", "03:45.5", "0:45"], [225_000, 3_723_000, 225_500, 45_000]),
        ("Duration", ["PT3M45S", "PT1H2M", "pt45s"], [225_000, 3_720_000, 45_000]),
        ("길이", ["3분 45초", "45초", "1시간 2분"], [225_000, 45_000, 3_720_000]),
        ("길이", ["0", "0:00", "?", "-3", "99:99:99:99", "100000000"], [None] * 6),
        ("", ["", ""], [None, None]),
    ],
)
def test_durations_are_read_in_every_spelling(header, column, durations):
    assert durations_ms(header, column) == durations
