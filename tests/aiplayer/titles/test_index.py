import numpy as np
import pytest

from aiplayer.arrays import unit_rows
from aiplayer.errors import ModelMissing
from aiplayer.titles.index import TitleIndex, TitleSpace
from aiplayer.titles.named import NamedThings
from aiplayer.titles.reading.mentions import NOTHING_READ


@pytest.fixture
def index():
    random = np.random.default_rng(1)
    space = TitleSpace(np.eye(8), unit_rows(random.standard_normal((3, 8))).T)
    vectors = unit_rows(random.standard_normal((50, 3))).astype(np.float32)
    return TitleIndex(np.arange(100, 150), vectors, space, NamedThings.of_titles([NOTHING_READ] * 50))


def test_a_similarity_does_not_depend_on_the_rest_of_the_catalogue(index):
    query = unit_rows(np.random.default_rng(2).standard_normal((1, 8))).astype(np.float32)
    expected = [float(index.space.project(query)[0] @ vector) for vector in index.vectors]
    assert index.similarities(query[0]) == pytest.approx(expected, abs=1e-6)


def test_what_is_in_no_direction_of_the_catalogue_makes_no_title_similar():
    space = TitleSpace(np.diag([1.0, 2.0, 1.0]), np.eye(3)[:, :2])
    kept, lost = np.array([[0.6, 0.4, 0.0]]), np.array([[0.0, 0.0, 1.0]])
    assert space.project(kept)[0] == pytest.approx([0.6, 0.8])
    assert not space.project(lost).any()


def test_a_saved_index_is_read_back(index, tmp_path):
    index.save(tmp_path)
    again = TitleIndex.load(tmp_path)
    np.testing.assert_array_equal(again.vectors, index.vectors)
    np.testing.assert_array_equal(again.space.directions, index.space.directions)


def test_a_broken_index_says_how_to_mend_it(tmp_path):
    (tmp_path / "title_index.npz").write_bytes(b"no archive")
    with pytest.raises(ModelMissing, match=r"training\.setup --anew"):
        TitleIndex.load(tmp_path)
