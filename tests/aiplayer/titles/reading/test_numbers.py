"""Years and hours that titles give in digits."""

import pytest

from aiplayer.titles.reading.numbers import eras_in, hours_in


@pytest.mark.parametrize(
    ("title", "era", "said"),
    [
        ("90년대 발라드", "1990-1999", "90년대"),
        ("1990년대 댄스", "1990-1999", "1990년대"),
        ("the 80s hits", "1980-1989", "80s"),
        ("best of the '90s", "1990-1999", "90s"),
        ("2000s R&B", "2000-2009", "2000s"),
        ("00년대 가요", "2000-2009", "00년대"),
        ("7080 노래모음", "1970-1989", "7080"),
        ("80~90년대 댄스", "1980-1999", "80~90년대"),
        ("early 2000s pop", "2000-2004", "early 2000s"),
        ("90년대 후반 댄스", "1995-1999", "90년대 후반"),
        ("2016-2019 kpop", "2016-2019", "2016-2019"),
        ("2012년 여름", "2012-2012", "2012"),
        ("97년 가요", "1997-1997", "97년"),
        ("summer 1988", "1988-1988", "1988"),
    ],
)
def test_years_are_read(title, era, said):
    (mention,) = eras_in(title)
    assert (mention.value, title[slice(*mention.span)]) == (era, said)


@pytest.mark.parametrize(
    "title",
    ["24/7", "Top 50", "명곡 100곡", "30분 집중", "10년 동안", "2 hours", "12:80", "3000 miles", "90도 인사", "9090"],
)
def test_other_numbers_are_no_years(title):
    assert not list(eras_in(title))


@pytest.mark.parametrize(
    ("title", "hour"),
    [
        ("새벽 3시 감성", "dawn"),
        ("3am thoughts", "dawn"),
        ("7 a.m. run", "morning"),
        ("오후 4시의 카페", "day"),
        ("저녁 7시", "sunset"),
        ("밤 11시", "night"),
        ("12am", "night"),
        ("10 pm", "night"),
    ],
)
def test_hours_are_parts_of_the_day(title, hour):
    (mention,) = hours_in(title)
    assert mention.value == hour


@pytest.mark.parametrize("title", ["2시간 연속", "24시간", "한 시절", "5시즌", "98am"])
def test_lengths_of_time_are_no_hours(title):
    assert not list(hours_in(title))
