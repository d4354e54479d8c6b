"""Nearest titles on hand-made vectors, against the formula written out."""

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from aiplayer.errors import ModelMissing
from aiplayer.recommender.title_neighbours import SHARPNESS, TitleNeighbours

NGRAMS = csr_matrix(np.array([[1, 1, 0], [0, 1, 1], [0, 0, 0]], dtype=np.float32))
MEANINGS = np.array([[1, 0], [0, 1], [0.6, 0.8]], dtype=np.float32)
DIRECTIONS = np.eye(3, 2, dtype=np.float32)


@pytest.fixture
def titles():
    return TitleNeighbours(NGRAMS, MEANINGS, DIRECTIONS)


def near(titles, ngrams, embedding):
    (found,) = titles.nearest([np.flatnonzero(ngrams)], np.array([embedding], dtype=np.float32))
    weights = np.zeros(3)
    weights[found.playlists] = found.weights
    return weights


def test_spelling_and_meaning_count_half_each(titles):
    rarity = np.log(4 / (1 + np.array([1, 2, 1]))) + 1
    spelled = [rarity[0] / np.hypot(rarity[0], rarity[1]), 0, 0]
    expected = (0.5 * np.array(spelled) + 0.5 * np.array([1, 0, 0.6])) ** SHARPNESS
    assert near(titles, [1, 0, 0], [2.0, 0, 5.0]) == pytest.approx(expected, rel=1e-5)


def test_a_title_of_unknown_words_is_found_by_its_meaning(titles):
    assert near(titles, [0, 0, 0], [0, 1.0, 0]) == pytest.approx([0, 0.5**SHARPNESS, 0.4**SHARPNESS])


def test_no_title_has_no_neighbours(titles):
    assert not near(titles, [0, 0, 0], [0, 0, 0]).any()


def test_saved_titles_are_read_back_and_belong_to_their_playlists(titles, tmp_path):
    titles.save(tmp_path)
    asked = [1, 0, 0], [0.3, 0.4, 0]
    assert near(TitleNeighbours.load(tmp_path, NGRAMS), *asked) == pytest.approx(near(titles, *asked), rel=1e-3)
    with pytest.raises(ModelMissing, match="titles and playlists differ"):
        TitleNeighbours.load(tmp_path, NGRAMS[:2])
    with pytest.raises(ModelMissing, match="titles cannot be read"):
        TitleNeighbours.load(tmp_path / "none", NGRAMS)
