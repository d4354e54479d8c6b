"""Which playlists no model learns from follows from their numbers alone."""

from aiplayer.catalogue.tables import OWN_IDS_FROM
from training.held_back import FEWEST_PLAYLISTS, MOST, SHARE, held_back


def test_a_share_of_the_playlists_is_held_back_the_same_every_time():
    numbers = range(5_000)
    chosen = held_back(numbers)
    assert len(chosen) == SHARE * len(numbers)
    assert held_back(list(reversed(numbers))) == chosen


def test_a_playlist_that_comes_or_goes_changes_few_others():
    before, after = held_back(range(5_000)), held_back(range(5_100))
    assert len(before & after) >= 0.9 * len(before)


def test_there_is_a_greatest_number():
    assert len(held_back(range(60_000))) == MOST


def test_a_small_catalogue_and_a_creators_own_playlists_are_learned_whole():
    assert not held_back(range(FEWEST_PLAYLISTS - 1))
    own = range(OWN_IDS_FROM, OWN_IDS_FROM + 2_000)
    assert not held_back(own)
    assert max(held_back([*range(2_000), *own])) < OWN_IDS_FROM
