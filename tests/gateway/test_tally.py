import pytest

from aiplayer.handover import MOST_DURATIONS, Answered
from gateway.tally import Tally


def test_searches_and_playlists_are_counted_and_told_once():
    tally = Tally()
    tally.count("/similar", 200, "", 0.0123456)
    tally.count("/recommend", 503, "unavailable", 0.5)
    assert tally.taken() == Answered(requests=2, failures=1, seconds=[0.0123])
    assert tally.taken() == Answered()


@pytest.mark.parametrize(
    ("route", "status", "code"),
    [
        ("/thumbnail", 200, ""),
        ("/recommend", 404, "not_found"),
        ("/recommend", 499, ""),
        ("/similar", 503, "service_stopped"),
        ("/similar", 429, "too_busy"),
    ],
)
def test_what_says_nothing_of_the_models_is_not_counted(route, status, code):
    tally = Tally()
    tally.count(route, status, code, 0.1)
    assert tally.taken() == Answered()


def test_no_more_durations_are_kept_than_are_told():
    tally = Tally()
    for _ in range(MOST_DURATIONS + 5):
        tally.count("/similar", 200, "", 0.1)
    told = tally.taken()
    assert (told.requests, len(told.seconds)) == (MOST_DURATIONS + 5, MOST_DURATIONS)
