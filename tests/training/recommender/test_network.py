import keras
import numpy as np
import pytest
import tensorflow as tf

from training.recommender.network import PlaylistAutoencoder, flatten_inputs

pytestmark = pytest.mark.heavy

NONE = np.array([], dtype=np.int64)


@pytest.fixture
def model():
    model = PlaylistAutoencoder(inputs=12, outputs=6, title_size=4, hidden=8)
    random = np.random.default_rng(0)
    for weight in model.weights:
        if weight.trainable:
            weight.assign(random.standard_normal(weight.shape) * 0.5)
    return model


def leaky(values):
    return np.where(values > 0, values, 0.1 * values)


def ask(model, playlists, titles):
    rows, slots = flatten_inputs(playlists)
    return model({"rows": rows, "slots": slots, "title": tf.constant(titles)}).numpy()


def test_bags_are_numbered_by_kind_then_playlist():
    rows, slots = flatten_inputs([[[1, 2], [7], NONE, NONE], [[3], NONE, [9], NONE]])
    assert sorted(zip(slots.tolist(), rows.tolist(), strict=True)) == [(0, 1), (0, 2), (1, 3), (2, 7), (5, 9)]


def test_logits_are_those_of_the_equations_written_out(model):
    title = np.array([0.1, -0.2, 0.3, 0.4], dtype=np.float32)
    table = model.input_table.numpy()
    summed = (table[1] + table[2]) / np.sqrt(2) + table[7] + title @ model.title_projection.kernel.numpy()
    normal = (summed - summed.mean()) / np.sqrt(summed.var() + 1e-3)
    first = leaky(normal * model.norm.gamma.numpy() + model.norm.beta.numpy())
    state = first + leaky(first @ model.dense.kernel.numpy() + model.dense.bias.numpy())
    expected = state @ model.output_table.numpy().T + model.output_bias.numpy()
    np.testing.assert_allclose(ask(model, [[[1, 2], [7], NONE, NONE]], [title])[0], expected, rtol=1e-4, atol=1e-5)


def test_a_playlist_is_scored_alike_in_any_company(model):
    titles = np.eye(2, 4, dtype=np.float32)
    one, other = [[1, 2], NONE, [9], [11]], [NONE, [6], NONE, NONE]
    both = ask(model, [one, other], titles)
    np.testing.assert_allclose(both[0], ask(model, [one], titles[:1])[0], rtol=1e-5)
    np.testing.assert_allclose(both[1], ask(model, [other], titles[1:])[0], rtol=1e-5)


def test_a_title_alone_is_enough(model):
    logits = ask(model, [[NONE] * 4] * 2, np.eye(2, 4, dtype=np.float32))
    assert np.isfinite(logits).all()
    assert not np.allclose(logits[0], logits[1])


def test_every_table_starts_otherwise_and_the_same_again_for_a_seed():
    starts = []
    for _ in range(2):
        keras.utils.set_random_seed(3)
        model = PlaylistAutoencoder(inputs=8, outputs=8, title_size=4, hidden=8)
        starts.append((model.input_table.numpy(), model.output_table.numpy()))
    np.testing.assert_array_equal(starts[0], starts[1])
    assert (starts[0][0] != starts[0][1]).any()
