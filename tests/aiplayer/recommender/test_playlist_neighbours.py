"""PlaylistNeighbours on hand-made playlists, against the formula written out in plain Python."""

import numpy as np
import pytest

from aiplayer.arrays import csr_from_rows
from aiplayer.errors import ModelMissing
from aiplayer.recommender.playlist_neighbours import (
    BY_ITEMS,
    CLOSENESS,
    FOR_SONGS,
    SONG_TITLE_DAMPING,
    WEIGHINGS,
    PlaylistNeighbours,
)
from aiplayer.recommender.title_neighbours import SHARPNESSES, Neighbourhood, TitleNeighbours
from aiplayer.recommender.vocabulary import Vocabulary

VOCABULARY = Vocabulary([10, 11, 12, 13], ["jazz", "rain"], ["a", "b", "c"], ["Chet", "IU"], [[0], [0], [1], [0, 1]])
PLAYLISTS = [[0, 1, 4, 6], [1, 2, 5, 7], [2, 3, 4, 5, 6, 7], [3, 8]]


NOBODY = Neighbourhood(np.array([], dtype=np.int64), np.zeros((0, len(SHARPNESSES)), dtype=np.float32))


@pytest.fixture
def neighbours():
    playlists = csr_from_rows([np.array(rows) for rows in PLAYLISTS], 9)
    meanings, directions = np.eye(4, 2, dtype=np.float32), np.eye(3, 2, dtype=np.float32)
    titles = TitleNeighbours(playlists[:, 6:].tocsr(), VOCABULARY.names_thing(), meanings, directions)
    return PlaylistNeighbours(playlists, titles, VOCABULARY)


def dense(sums, width):
    return sums.at(np.arange(width))


def expected(near, weights, damping):
    """Of songs 0 to 3, added up one by one."""
    scores = np.zeros(4)
    for playlist, weight in zip(near.playlists, weights, strict=True):
        for song in (row for row in PLAYLISTS[playlist] if row < 4):
            scores[song] += weight
    scores *= (2.0 + np.array([1, 2, 2, 2])) ** damping
    return scores / scores.sum()


@pytest.mark.parametrize("weighing", WEIGHINGS)
def test_weights_are_those_of_the_formula(neighbours, weighing):
    asked = {1, 2, 4}
    items = [{row for row in rows if row < 6} for rows in PLAYLISTS]
    counts = [sum(item in playlist for playlist in items) for item in range(6)]

    def weight(playlist):
        shared = playlist & asked
        share = sum(weighing.tag_share if item > 3 else 1 for item in shared)
        rarity = [weighing.tag_rarity if item > 3 else weighing.rarity for item in range(6)]
        worth = [weighing.tag_worth if item > 3 else 1 for item in range(6)]
        rare = sum(worth[item] * (weighing.smoothing + counts[item]) ** rarity[item] for item in shared)
        return share**weighing.overlap * (0.1 + len(playlist)) ** weighing.length * rare

    near = neighbours.nearest(np.array(sorted(asked)))
    weights = near.weights[:, WEIGHINGS.index(weighing)].tolist()
    expected = {row: weight(playlist) for row, playlist in enumerate(items) if playlist & asked}
    assert dict(zip(near.playlists.tolist(), weights, strict=True)) == pytest.approx(expected, rel=1e-5)


def test_views_take_neighbours_as_they_are_the_closest_and_each_alike(neighbours):
    near = neighbours.nearest(np.array([1, 2]))
    scores = dense(neighbours.songs.scores(near, NOBODY), 4)
    weights = near.weights[:, WEIGHINGS.index(FOR_SONGS)]
    for view, weighed in enumerate([weights, weights**CLOSENESS, np.sign(weights)]):
        assert scores[:, view] == pytest.approx(expected(near, weighed, FOR_SONGS.damping), rel=1e-5)


def test_scores_by_items_and_by_titles_are_damped_in_their_own_ways(neighbours):
    near, titles = (
        neighbours.nearest(np.array([1])),
        Neighbourhood(np.array([3, 0]), np.array([[0.25, 0.01], [0.5, 0.2]], np.float32)),
    )
    scores = dense(neighbours.songs.scores(near, titles), 4)
    weights = near.weights[:, WEIGHINGS.index(BY_ITEMS)]
    assert scores[:, 3] == pytest.approx(expected(near, weights, BY_ITEMS.damping), rel=1e-5)
    for view in range(len(SHARPNESSES)):
        assert scores[:, 4 + view] == pytest.approx(expected(titles, titles.weights[:, view], SONG_TITLE_DAMPING))


def test_tags_are_those_of_the_neighbours(neighbours):
    near = neighbours.nearest(np.array([0]))
    scores = dense(neighbours.tags.scores(near, NOBODY), 2)
    assert scores[:, 0] == pytest.approx([1.0, 0.0])


def test_artists_songs_are_shared_out_by_popularity(neighbours):
    scores = dense(neighbours.more_by_artists_of(np.array([2])), 4)[:, 0]
    popular = np.array([2.0, 2.0]) ** 0.8
    assert scores == pytest.approx([0, 0, *(popular / popular.sum())])


def test_a_question_without_anything_has_no_neighbours(neighbours):
    nothing = np.array([], dtype=np.int64)
    near = neighbours.nearest(nothing)
    assert not len(near.playlists)
    assert not len(neighbours.songs.scores(near, NOBODY).columns)
    assert not len(neighbours.more_by_artists_of(nothing).columns)


def test_saved_neighbours_are_read_back_and_belong_to_their_vocabulary(neighbours, tmp_path):
    neighbours.save(tmp_path)
    assert (PlaylistNeighbours.load(tmp_path, VOCABULARY).playlists != neighbours.playlists).nnz == 0
    with pytest.raises(ModelMissing, match="vocabulary differ"):
        PlaylistNeighbours.load(tmp_path, Vocabulary([1], []))
