"""Neighbours on hand-made playlists, against the formula written out in plain Python."""

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from aiplayer.errors import ModelMissing
from aiplayer.neighbours import BY_ITEMS, CLOSENESS, FOR_SONGS, FOR_TAGS, Neighbours, views
from aiplayer.sparse import matrix
from aiplayer.title_neighbours import TitleNeighbours
from aiplayer.vocabulary import Vocabulary

VOCABULARY = Vocabulary([10, 11, 12, 13], ["jazz", "rain"], ["a", "b", "c"], ["Chet", "IU"], [[0], [0], [1], [0, 1]])
PLAYLISTS = [[0, 1, 4, 6], [1, 2, 5, 7], [2, 3, 4, 5, 6, 7], [3, 8]]


@pytest.fixture
def neighbours():
    playlists = matrix([np.array(rows) for rows in PLAYLISTS], 9)
    titles = TitleNeighbours(playlists[:, 6:].tocsr(), np.eye(4, 2, dtype=np.float32), np.eye(3, 2, dtype=np.float32))
    return Neighbours(playlists, titles, VOCABULARY)


@pytest.mark.parametrize("weighing", [FOR_SONGS, FOR_TAGS, BY_ITEMS])
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

    near = neighbours.near_items(matrix([np.array(sorted(asked))], 6), weighing).toarray()[0]
    assert near == pytest.approx([weight(playlist) if playlist & asked else 0 for playlist in items], rel=1e-5)


def test_views_sharpen_and_count_the_same_neighbours(neighbours):
    near = neighbours.near_items(matrix([np.array([1, 2])], 6), FOR_SONGS)
    weights = near.toarray()[0]
    as_they_are, closest, counted = (view.toarray()[0] for view in views(near))
    assert (as_they_are == weights).all()
    assert closest == pytest.approx(weights**CLOSENESS)
    assert counted.tolist() == [1, 1, 1, 0]


def test_scores_sum_to_one_and_damp_what_is_common(neighbours):
    near = neighbours.near_items(matrix([np.array([1])], 6), FOR_SONGS)
    weights = near.toarray()[0]
    scores = neighbours.song_scores(near, damping=-0.5).toarray()[0]
    raw = np.array([weights[[row for row, rows in enumerate(PLAYLISTS) if song in rows]].sum() for song in range(4)])
    raw *= (2.0 + np.array([1, 2, 2, 2])) ** -0.5
    assert scores == pytest.approx(raw / raw.sum(), rel=1e-5)


def test_artists_songs_are_shared_out_by_popularity(neighbours):
    scores = neighbours.artist_scores(matrix([np.array([2])], 4)).toarray()[0]
    popular = np.array([2.0, 2.0]) ** 0.8
    assert scores == pytest.approx([0, 0, *(popular / popular.sum())])


def test_tags_are_as_likely_as_they_are_wanted(neighbours):
    assert neighbours.tags_like(csr_matrix([[0.6, 0.2]])).toarray()[0] == pytest.approx([0.75, 0.25])


def test_a_question_without_anything_has_no_neighbours(neighbours):
    nothing = [np.array([], dtype=np.int64)]
    assert neighbours.near_items(matrix(nothing, 6), FOR_SONGS).nnz == 0
    assert neighbours.artist_scores(matrix(nothing, 4)).nnz == 0


def test_saved_neighbours_are_read_back_and_belong_to_their_vocabulary(neighbours, tmp_path):
    neighbours.save(tmp_path)
    assert (Neighbours.load(tmp_path, VOCABULARY).playlists != neighbours.playlists).nnz == 0
    with pytest.raises(ModelMissing, match="vocabulary differ"):
        Neighbours.load(tmp_path, Vocabulary([1], []))
