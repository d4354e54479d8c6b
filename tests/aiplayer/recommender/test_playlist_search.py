"""Five playlists of four songs and a tag each; what the recommender wants is given, so scores are reckoned by hand."""

from types import SimpleNamespace

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from aiplayer.recommender import playlist_search
from aiplayer.recommender.playlist_search import BY_ITEMS, BY_NAMED, BY_THINGS, BY_TITLE, TAGS_WORTH, PlaylistSearch
from aiplayer.recommender.recommender import Wanted
from aiplayer.recommender.request import Request
from aiplayer.titles.index import TitleIndex, TitleSpace
from aiplayer.titles.named import NamedThings
from aiplayer.titles.reading.artist_names import ArtistNames
from aiplayer.titles.reading.mentions import NOTHING_READ, Reading
from aiplayer.titles.reading.reader import TitleReader

READER = TitleReader(ArtistNames(catalogue=()))
TITLES = ["rainy autumn", "rainy autumn again", "가을", "summer", "zzz"]
IDS = np.array([50, 40, 30, 20, 10])
SONG_COUNT = 8
# Songs, then tags.
ITEMS = np.array(
    [
        [1, 1, 1, 1, 0, 0, 0, 0, 1, 0],
        [1, 1, 1, 1, 0, 0, 0, 0, 1, 0],
        [0, 0, 1, 1, 1, 1, 0, 0, 0, 1],
        [0, 0, 0, 0, 1, 1, 1, 1, 0, 1],
        [0, 0, 0, 0, 1, 1, 1, 1, 0, 1],
    ],
    dtype=np.float32,
)
RARITY = np.log(5 / ITEMS.sum(axis=0))


class WantsAsTold:
    """Stands for the recommender: every title wants the first song most, then the third, and the first tag."""

    vocabulary = SimpleNamespace(song_count=SONG_COUNT)

    def __init__(self, read: Reading = NOTHING_READ, kept: np.ndarray | None = None):
        songs, tags = np.array([0, 2]), np.array([SONG_COUNT])
        song_scores, tag_scores = np.array([0.5, 0.25], dtype=np.float32), np.array([0.8], dtype=np.float32)
        self.answer = Wanted(songs, song_scores, tags, tag_scores, kept, read)

    def wanted(self, requests, _song_count, _tag_count):
        return [self.answer] * len(requests)

    def items_of(self, playlist_ids):
        assert playlist_ids.tolist() == IDS.tolist()
        return csr_matrix(ITEMS)


def cosines_with_what_is_wanted():
    wanted = np.array([0.5, 0, 0.25, 0, 0, 0, 0, 0, TAGS_WORTH * 0.8, 0]) * RARITY
    rows = ITEMS * RARITY
    return rows @ wanted / np.linalg.norm(rows, axis=1) / np.linalg.norm(wanted)


def search_of(recommender) -> PlaylistSearch:
    space = TitleSpace(np.eye(2), np.eye(2))
    cosines = np.array([0.8, 0.6, 0.6, 0.0, 0.0])
    vectors = np.stack([cosines, np.sqrt(1 - cosines**2)], axis=1).astype(np.float32)
    index = TitleIndex(IDS, vectors, space, NamedThings.of_titles([READER.read(title) for title in TITLES]))
    return PlaylistSearch(recommender, index)


def found(recommender, count: int) -> dict[int, float]:
    request = Request(np.array([1.0, 0.0], dtype=np.float32))
    (answer,) = search_of(recommender).search([request], [count])
    return {hit.playlist_id: hit.score for hit in answer.playlists}


def test_the_score_is_the_mean_of_what_speaks_for_a_playlist():
    read = READER.read("autumn")
    kept = np.array([1, 1, 0, 0, 0, 0, 1, 1], dtype=np.float32)
    scores = found(WantsAsTold(read, kept), 5)

    total = BY_ITEMS + BY_TITLE + BY_THINGS + BY_NAMED
    by_items = cosines_with_what_is_wanted() / cosines_with_what_is_wanted().max()
    assert scores[50] == pytest.approx((BY_ITEMS * 0.8 + BY_TITLE * 0.8 + BY_THINGS + BY_NAMED / 2) / total)
    # Of the songs that the recommender wants it holds the lesser one, and no tag.
    assert scores[30] == pytest.approx((BY_ITEMS * 0.8 * by_items[2] + BY_TITLE * 0.6 + BY_THINGS) / total)
    assert scores[20] == scores[10] == pytest.approx(BY_NAMED / 2 / total)


def test_what_a_title_does_not_name_counts_nothing():
    scores = found(WantsAsTold(), 5)
    assert scores[50] == pytest.approx((BY_ITEMS * 0.8 + BY_TITLE * 0.8) / (BY_ITEMS + BY_TITLE))


def test_what_a_title_refuses_never_makes_a_score_less_than_nothing():
    assert found(WantsAsTold(READER.read("no summer")), 5)[20] == 0


def test_the_same_songs_are_not_chosen_twice_where_others_fit_nearly_as_well(monkeypatch):
    wants = WantsAsTold(kept=np.array([1, 1, 1, 1, 0.6, 0.6, 0, 0], dtype=np.float32))
    assert list(found(wants, 2)) == [50, 40]
    monkeypatch.setattr(playlist_search, "SAMENESS", 0.8)
    assert list(found(wants, 2)) == [50, 30]


def test_equal_ones_come_by_their_ids_and_no_more_than_there_are():
    assert list(found(WantsAsTold(), 9)) == [50, 40, 30, 10, 20]
