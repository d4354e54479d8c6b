"""Examples and training on playlists of two worlds."""

from copy import copy

import numpy as np
import pytest

import training.recommender.autoencoder
from training.recommender.autoencoder import Recipe, train
from training.recommender.examples import Examples
from training.recommender.playlists import Playlists
from training.recommender.train import build_vocabulary, hold_out, read_titles

pytestmark = pytest.mark.heavy

RECIPE = Recipe(hidden=16, epochs=4, fewest_steps=1, batch_size=16)
ARTISTS = {song: [f"singer {song % 5}"] for song in range(40)}


@pytest.fixture(scope="module")
def examples():
    random = np.random.default_rng(0)
    songs = [random.choice(20, 8, replace=False) + 20 * (number % 2) for number in range(64)]
    tags = [["jazz", "night"] if number % 2 else ["rock"] for number in range(64)]
    titles = [["quiet night", "조용한 밤"] if number % 2 else ["loud"] if number else [] for number in range(64)]
    vectors = random.standard_normal((sum(map(len, titles)), 6)).astype(np.float32)
    playlists = Playlists(range(len(songs)), [row.tolist() for row in songs], tags, titles, vectors)
    readings = read_titles(playlists, ARTISTS)
    return Examples(playlists, readings, build_vocabulary(playlists, readings, ARTISTS), 16, seed=1)


def weights(model):
    return np.concatenate([weight.numpy().ravel() for weight in model.trainable_weights])


def test_a_view_shows_one_part_and_hides_the_rest(examples):
    random = np.random.default_rng(0)
    for playlist in (0, 1, 2) * 50:
        view = examples.view(playlist, random)
        songs, tags, terms, artists = view.shown
        assert sorted([*songs, *view.songs]) == sorted(examples.songs[playlist])
        assert sorted([*tags, *view.tags]) == sorted(examples.tags[playlist])
        assert len(view.songs)
        assert len(artists) == len(songs)
        assert any(set(terms) <= set(part) for part in [*examples.terms[playlist], []])
        assert playlist == 0 or len(songs) + len(tags) + np.abs(view.title).sum() > 0


def test_candidates_hold_every_hidden_item_at_its_place(examples):
    for batch in examples.epoch(0):
        hidden = batch.columns[batch.target]
        is_song = hidden < examples.vocabulary.song_count
        assert (batch.columns[: batch.song_columns] < examples.vocabulary.song_count).all()
        assert (np.diff(batch.columns) > 0).all()
        sizes = {(p, s): ((batch.playlist == p) & (is_song == s)).sum() for p in range(16) for s in (True, False)}
        expected = [(1 if s else 6) / np.sqrt(sizes[p, s]) for p, s in zip(batch.playlist, is_song, strict=True)]
        assert batch.weight == pytest.approx(expected, rel=1e-5)


def test_an_epoch_comes_again_the_same_and_passes_over_what_is_held_out(examples):
    held_out = hold_out(examples, range(64), seed=1)
    others = examples.without(held_out)
    assert (len(held_out), len(others.filled)) == (6, 58)
    first, again, next_one = (next(others.epoch(number)) for number in (0, 0, 1))
    assert (first.rows == again.rows).all()
    assert first.rows.shape != next_one.rows.shape or (first.rows != next_one.rows).any()


def test_playlists_that_are_known_to_be_whole_are_held_out_before_extracts(examples):
    some_whole = copy(examples)
    some_whole.whole = np.arange(64) % 16 == 3
    assert sorted(hold_out(some_whole, range(64), seed=1)) == [3, 19, 35, 51]


def test_what_is_held_out_stays_so_when_creators_have_taught(examples):
    numbers = list(range(64))
    before = set(hold_out(examples, numbers, seed=1))
    taught = [-number if number % 8 == 5 else number for number in numbers]
    after = set(hold_out(examples, taught, seed=1))
    assert not {row for row in after if taught[row] < 0}
    assert {row for row in before if taught[row] >= 0} <= after | before
    assert len(before & after) >= len(after) - 2


def test_training_is_the_same_for_a_seed_and_tells_how_far_it_is(examples):
    told = []
    first = train(examples, RECIPE, 0, progress=lambda done, total: told.append((done, total)))
    assert told == [(step, 16) for step in range(1, 17)]
    assert (weights(first) == weights(train(examples, RECIPE, 0))).all()
    assert (weights(first) != weights(train(examples, RECIPE, 1))).any()


def test_training_that_was_killed_goes_on_to_the_same_end(examples, tmp_path, monkeypatch):
    monkeypatch.setattr(training.recommender.autoencoder, "CHECKPOINT_SHARE", 1e9)
    checkpoint = tmp_path / "state.npz"

    def killed(done, total):
        if done == 11:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train(examples, RECIPE, 0, killed, checkpoint)
    told = []
    resumed = train(examples, RECIPE, 0, lambda done, total: told.append(done), checkpoint)
    assert told[0] == 9
    np.testing.assert_allclose(weights(resumed), weights(train(examples, RECIPE, 0)), rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize("content", [None, b"", b"PK\x03\x04 cut off"])
def test_a_checkpoint_that_cannot_be_read_is_passed_over(examples, tmp_path, content):
    checkpoint = tmp_path / "state.npz"
    if content is not None:
        checkpoint.write_bytes(content)
    told = []
    train(examples, Recipe(hidden=16, epochs=1, fewest_steps=1), 0, lambda done, total: told.append(done), checkpoint)
    assert told == [1, 2, 3, 4]
    assert checkpoint.stat().st_size > 1_000


def test_few_playlists_are_seen_often_enough(examples):
    told = []
    recipe = Recipe(hidden=16, epochs=1, fewest_steps=10, batch_size=16)
    train(examples, recipe, 0, progress=lambda done, total: told.append(total))
    assert told == [12] * 12
