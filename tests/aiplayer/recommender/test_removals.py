"""What creators took out goes down for titles like theirs, and for no others."""

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from aiplayer.errors import ModelMissing
from aiplayer.recommender.removals import FLOOR, PRIOR, STRICTNESS, Removals
from aiplayer.recommender.title_neighbours import SHARPNESSES, Neighbourhood

SONGS = np.arange(4)


def near(*similarities: float) -> Neighbourhood:
    """Playlists 0, 1 and so on, by the similarity of their titles."""
    weights = np.array(similarities, dtype=np.float32)[:, np.newaxis] ** SHARPNESSES
    return Neighbourhood(np.arange(len(similarities)), weights)


@pytest.fixture
def removals() -> Removals:
    # Song 0 was dropped by both, song 1 by the first and kept by the second, song 2 kept by both, song 3 shown to none.
    kept = csr_matrix(np.array([[0, 0, 1, 0], [0, 1, 1, 0]], dtype=np.float32))
    dropped = csr_matrix(np.array([[1, 1, 0, 0], [1, 0, 0, 0]], dtype=np.float32))
    return Removals(kept, dropped)


def test_what_is_left_of_a_score_follows_from_who_dropped_and_who_kept(removals):
    similarity = 0.65
    weight = ((similarity - FLOOR) / (1 - FLOOR)) ** 2
    dropped_by_both = 1 - 2 * weight / (PRIOR + 2 * weight)
    dropped_by_one = 1 - weight / (PRIOR + 2 * weight)

    left = removals.left_of(near(similarity, similarity), SONGS)
    assert left == pytest.approx([dropped_by_both**STRICTNESS, dropped_by_one**STRICTNESS, 1, 1], abs=1e-5)


def test_a_nearer_title_says_more_and_one_below_the_floor_nothing(removals):
    far, nearer = (removals.left_of(near(similarity), SONGS)[0] for similarity in (0.5, 0.9))
    assert nearer < far < 1
    assert removals.left_of(near(FLOOR), SONGS).tolist() == [1, 1, 1, 1]
    assert removals.left_of(near(), SONGS).tolist() == [1, 1, 1, 1]


def test_where_nobody_was_given_anything_all_is_left():
    assert Removals.nothing(2, 4).left_of(near(1.0, 1.0), SONGS).tolist() == [1, 1, 1, 1]


def test_what_was_saved_is_loaded_and_what_is_damaged_refused(removals, tmp_path):
    removals.save(tmp_path)
    loaded = Removals.load(tmp_path)
    assert loaded.left_of(near(0.8, 0.6), SONGS).tolist() == removals.left_of(near(0.8, 0.6), SONGS).tolist()

    (tmp_path / "dropped_songs.npz").write_bytes(b"half")
    with pytest.raises(ModelMissing, match="removed songs"):
        Removals.load(tmp_path)
