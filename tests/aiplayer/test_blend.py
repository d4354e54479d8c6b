import numpy as np
import pytest
from scipy.sparse import csr_matrix

from aiplayer.blend import BRANCHES, FEATURES, Blend, features
from aiplayer.branches import mixture
from aiplayer.errors import ModelMissing

RANDOM = np.random.default_rng(0)
SHAPE = (len(FEATURES), len(BRANCHES))
BLEND = Blend(RANDOM.standard_normal(SHAPE).astype(np.float32), np.zeros(SHAPE, dtype=np.float32))


def test_shares_are_a_softmax_over_the_branches_that_speak():
    asked = features([3], [0], [True], np.array([0.2]), [np.array([0.0]), np.array([0.4])])
    assert asked[0] == pytest.approx([1, np.log(4), 0, 1, np.log(1.2), 0, np.log(401)])
    speaks = np.array([[True, True, False, True, False]])
    odds = np.exp(asked @ BLEND.songs)[0] * speaks[0]
    assert BLEND.shares(asked, speaks, "songs")[0] == pytest.approx(odds / odds.sum(), rel=1e-5)
    assert BLEND.shares(asked, speaks, "tags")[0] == pytest.approx([1 / 3, 1 / 3, 0, 1 / 3, 0])


def test_a_mixture_of_distributions_is_a_distribution():
    said = [np.array([[0.0, 1.0, 2.0]]), csr_matrix([[0.5, 0.5, 0.0]]), csr_matrix([[0.0, 0.0, 1.0]])]
    softmax = np.exp([0, 1, 2]) / np.exp([0, 1, 2]).sum()
    mixed = mixture(said, np.array([[0.5, 0.3, 0.2]]))
    assert mixed[0] == pytest.approx(0.5 * softmax + [0.15, 0.15, 0.2])


def test_a_saved_blend_is_read_back(tmp_path):
    BLEND.save(tmp_path)
    assert (Blend.load(tmp_path).songs == BLEND.songs).all()
    with pytest.raises(ModelMissing, match="blend"):
        Blend.load(tmp_path / "none")
