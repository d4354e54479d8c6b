from math import log, sqrt

import numpy as np
import pytest

from tests.support.tiny_encoder import frame, two_worlds
from training.titles.encoder.overlap import item_vectors, split


@pytest.mark.parametrize(("count", "held"), [(10, 0), (200, 10), (40_000, 1_000)])
def test_a_twentieth_is_held_out_and_at_most_a_thousand(count, held):
    playlists = frame([("x", [1], [])] * count)
    learned, held_out = split(playlists)
    assert (len(learned), len(held_out)) == (count - held, held)
    assert {*learned["playlist_id"], *held_out["playlist_id"]} == set(range(count))
    assert split(playlists)[1].equals(held_out)


def test_what_playlists_share_is_the_cosine_of_their_tf_idf():
    playlists = frame([("a", [1, 2], ["x"]), ("b", [2], ["x", "y"]), ("c", [3], []), ("d", [], [])])
    vectors = item_vectors(playlists).toarray()
    rare, shared = log(4), log(2)
    expected = 2 * shared**2 / (sqrt(rare**2 + 2 * shared**2) ** 2)
    assert vectors[0] @ vectors[1] == pytest.approx(expected, abs=1e-6)
    assert vectors[0] @ vectors[2] == 0
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), [1, 1, 1, 0], atol=1e-6)


def test_worlds_share_nothing():
    rows = two_worlds()
    shared = (item_vectors(frame(rows)) @ item_vectors(frame(rows)).T).toarray()
    assert shared[0::2, 1::2].max() == 0
    assert shared[0::2, 0::2].min() >= 0
