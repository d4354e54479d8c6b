"""The autoencoder in NumPy against the Keras model that it was made of."""

import numpy as np
import pytest

from aiplayer.errors import ModelMissing
from aiplayer.recommender.autoencoder import ServedAutoencoder
from aiplayer.recommender.request import Inputs
from training.recommender.network import PlaylistAutoencoder, flatten_inputs
from training.recommender.train import serve_autoencoder

pytestmark = pytest.mark.heavy

TITLE = np.random.default_rng(1).standard_normal(8).astype(np.float32)
PLAYLISTS = [
    Inputs(songs=np.array([1, 2]), tags=np.array([7])),
    Inputs(terms=np.array([9, 10]), artists=np.array([11])),
    Inputs(),
]


@pytest.fixture
def model():
    model = PlaylistAutoencoder(inputs=12, outputs=6, title_size=8, hidden=16)
    random = np.random.default_rng(0)
    for weight in model.weights:
        if weight.trainable:
            # What a bfloat16 holds without rounding.
            weight.assign(np.round(random.standard_normal(weight.shape) * 8) / 16)
    return model


@pytest.fixture
def served(model):
    return serve_autoencoder(model, np.full(6, 9.0), song_count=4)


def test_states_are_those_of_the_keras_model(model, served):
    rows, slots = flatten_inputs(PLAYLISTS)
    for title in (TITLE, np.zeros(8, dtype=np.float32)):
        expected = model.encode(rows, slots, np.stack([title] * 3)).numpy()
        assert served.states(PLAYLISTS, title) == pytest.approx(expected, rel=1e-5, abs=1e-6)
    assert served.states(PLAYLISTS) == pytest.approx(expected, rel=1e-5, abs=1e-6)


def test_logits_are_those_of_the_keras_model(model, served):
    rows, slots = flatten_inputs(PLAYLISTS[:1])
    expected = model({"rows": rows, "slots": slots, "title": TITLE[np.newaxis]}).numpy()[0]
    (state,) = served.states(PLAYLISTS[:1], TITLE)
    logits = [decoder.logits(state, np.arange(len(decoder))) for decoder in (served.songs, served.tags)]
    assert np.concatenate(logits) == pytest.approx(expected, rel=1e-5, abs=1e-5)
    assert served.shape == (12, 6)


def test_a_saved_one_is_read_back_as_it_was(served, tmp_path):
    served.save(tmp_path)
    again = ServedAutoencoder.load(tmp_path, song_count=4)
    (state,), (expected,) = (one.states(PLAYLISTS[:1], TITLE) for one in (again, served))
    assert (state == expected).all()
    for mine, theirs in ((again.songs, served.songs), (again.tags, served.tags)):
        assert (mine.logits(state, np.arange(2)) == theirs.logits(state, np.arange(2))).all()


@pytest.mark.parametrize("file", ["autoencoder.npz", "input_table.npy", "output_table.npy"])
def test_one_whose_file_is_damaged_is_refused(served, tmp_path, file):
    served.save(tmp_path)
    (tmp_path / file).write_bytes(b"no numbers")
    with pytest.raises(ModelMissing, match="autoencoder cannot be read"):
        ServedAutoencoder.load(tmp_path, song_count=4)
