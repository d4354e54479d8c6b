"""Nearest titles on hand-made vectors, against the formula written out."""

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from aiplayer.errors import ModelMissing
from aiplayer.recommender import title_neighbours
from aiplayer.recommender.title_neighbours import SHARPNESSES, THING_WEIGHT, TitleNeighbours

TERMS = csr_matrix(np.array([[1, 1, 0], [0, 1, 1], [0, 0, 0]], dtype=np.float32))
MEANINGS = np.array([[1, 0], [0, 1], [0.6, 0.8]], dtype=np.float32)
DIRECTIONS = np.eye(3, 2, dtype=np.float32)
NAMES_THING = np.array([False, False, True])


@pytest.fixture
def titles():
    return TitleNeighbours(TERMS, NAMES_THING, MEANINGS, DIRECTIONS)


def near(titles, terms, embedding):
    (found,) = titles.nearest([np.flatnonzero(terms)], np.array([embedding], dtype=np.float32))
    weights = np.zeros((3, len(SHARPNESSES)))
    weights[found.playlists] = found.weights
    return weights


def sharpened(nearness):
    return np.array(nearness)[:, np.newaxis] ** SHARPNESSES


def test_terms_and_meaning_count_half_each(titles):
    rarity = np.log(4 / (1 + np.array([1, 2, 1]))) + 1
    spelled = [rarity[0] / np.hypot(rarity[0], rarity[1]), 0, 0]
    expected = 0.5 * np.array(spelled) + 0.5 * np.array([1, 0, 0.6])
    assert near(titles, [1, 0, 0], [2.0, 0, 5.0]) == pytest.approx(sharpened(expected), rel=1e-5)


def test_what_titles_name_weighs_more_than_how_they_are_written(titles):
    spelled, thing = (np.log(4 / (1 + np.array([2, 1]))) + 1) * [1, THING_WEIGHT]
    expected = [0, thing / np.hypot(spelled, thing) / 2, 0]
    assert near(titles, [0, 0, 1], [0, 0, 0]) == pytest.approx(sharpened(expected), rel=1e-5)


def test_what_very_many_titles_name_still_counts_where_letters_say_nothing(monkeypatch):
    monkeypatch.setattr(title_neighbours, "MOST_POSTINGS", 0)
    titles = TitleNeighbours(TERMS, NAMES_THING, MEANINGS, DIRECTIONS)
    assert near(titles, [1, 1, 0], [0, 0, 0]).sum() == 0
    assert near(titles, [0, 0, 1], [0, 0, 0])[1].all()


def test_a_title_of_unknown_words_is_found_by_its_meaning(titles):
    assert near(titles, [0, 0, 0], [0, 1.0, 0]) == pytest.approx(sharpened([0, 0.5, 0.4]))


def test_no_title_has_no_neighbours(titles):
    assert not near(titles, [0, 0, 0], [0, 0, 0]).any()


def test_saved_titles_are_read_back_and_belong_to_their_playlists(titles, tmp_path):
    titles.save(tmp_path)
    asked = [1, 0, 0], [0.3, 0.4, 0]
    assert near(TitleNeighbours.load(tmp_path, TERMS, NAMES_THING), *asked) == pytest.approx(
        near(titles, *asked), rel=1e-2
    )
    with pytest.raises(ModelMissing, match="titles and playlists differ"):
        TitleNeighbours.load(tmp_path, TERMS[:2], NAMES_THING)
    with pytest.raises(ModelMissing, match="titles cannot be read"):
        TitleNeighbours.load(tmp_path / "none", TERMS, NAMES_THING)
