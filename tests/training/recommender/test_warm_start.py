"""A training that goes on from another begins where that has ended, also where playlists name something new."""

import numpy as np
import pytest

from aiplayer.recommender.request import Request
from training.recommender.autoencoder import Recipe
from training.recommender.network import PlaylistAutoencoder
from training.recommender.playlists import Playlists
from training.recommender.train import train_recommender
from training.recommender.warm_start import WarmStart

pytestmark = pytest.mark.heavy

JAZZ, ROCK, NEW_SONG = range(20), range(100, 120), 50
RECIPE = Recipe(hidden=16, epochs=25, fewest_steps=1, batch_size=32, learning_rate=1e-2)
SHORT = Recipe(hidden=16, epochs=2, fewest_steps=1, batch_size=32, learning_rate=1e-4)


def playlists(new_songs: bool = False) -> Playlists:
    random = np.random.default_rng(0)
    songs, tags, titles = [], [], []
    for number in range(160):
        world, tag = ((JAZZ, "jazz"), (ROCK, "rock"))[number % 2]
        songs.append(random.choice(world, size=12, replace=False).tolist() + [NEW_SONG] * new_songs)
        tags.append([tag])
        titles.append([f"quiet {tag}"])
    embeddings = np.eye(2, 8, dtype=np.float32)[np.arange(160) % 2]
    return Playlists(range(160), songs, tags, titles, embeddings)


@pytest.fixture(scope="module")
def first():
    return train_recommender(playlists(), {}, RECIPE, seed=3)


def test_the_new_model_begins_with_what_both_know(first):
    data = playlists(new_songs=True)
    second = train_recommender(data, {}, SHORT, 3, start=WarmStart(first.branches.autoencoder, first.vocabulary))
    old_rows = first.vocabulary.song_rows([0, 110])
    new_rows = second.vocabulary.song_rows([0, 110])
    assert (old_rows != new_rows).any()

    old, new = (found.branches.autoencoder.input_table.astype(np.float32) for found in (first, second))
    assert np.abs(old[old_rows] - new[new_rows]).max() < 0.01
    (new_song,) = second.vocabulary.song_rows([NEW_SONG])
    assert np.abs(new[new_song]).max() < 0.1
    assert np.abs(old[old_rows]).max() > 0.1


def test_a_model_that_knows_all_of_it_answers_as_before(first):
    vocabulary = first.vocabulary
    served = first.branches.autoencoder
    model = PlaylistAutoencoder(len(vocabulary), vocabulary.columns, served.title_size, hidden=16)
    WarmStart(served, vocabulary).put_into(model, vocabulary)

    assert np.array_equal(model.input_table.numpy(), served.input_table.astype(np.float32))
    outputs = np.concatenate([served.songs.table, served.tags.table]).astype(np.float32)
    assert np.array_equal(model.output_table.numpy(), outputs)
    assert np.array_equal(model.dense.kernel.numpy(), served.layers.dense)


def test_what_it_could_it_still_can(first):
    second = train_recommender(playlists(), {}, SHORT, 3, start=WarmStart(first.branches.autoencoder, first.vocabulary))
    for world, embedding in ((JAZZ, [1, 0]), (ROCK, [0, 1])):
        title = np.array([*embedding, 0, 0, 0, 0, 0, 0], dtype=np.float32)
        (answer,) = second.recommend([Request(title, song_count=10)])
        assert {song.song_id for song in answer.new} <= set(world)
