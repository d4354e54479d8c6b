"""A tiny recommender that creators taught: what they dropped goes, and what they joined comes together."""

import numpy as np
import pytest

from aiplayer.recommender.request import Request
from training.recommender.autoencoder import Recipe
from training.recommender.examples import Examples
from training.recommender.playlists import Playlists
from training.recommender.train import build_vocabulary, read_titles, train_recommender

pytestmark = pytest.mark.heavy

JAZZ, ROCK = range(20), range(100, 120)
JAZZ_TITLE, ROCK_TITLE, JELLY_TITLE = np.eye(3, 8, dtype=np.float32)
DROPPED = [0, 1, 2]
JELLY = [3, 4, 103, 104]
RECIPE = Recipe(hidden=16, epochs=25, fewest_steps=1, batch_size=32, learning_rate=1e-2)


def playlists(with_lessons: bool) -> Playlists:
    """Jazz and rock; and lessons of jazz without some songs, and of a theme that joins both."""
    random = np.random.default_rng(0)
    rows = []
    for number in range(160):
        world, tag, vector = ((JAZZ, "jazz", JAZZ_TITLE), (ROCK, "rock", ROCK_TITLE))[number % 2]
        rows.append((random.choice(world, size=12, replace=False).tolist(), [tag], [f"quiet {tag}"], vector, None))
    for _ in range(10 if with_lessons else 0):
        rows.append((list(range(5, 15)), [], ["quiet jazz"], JAZZ_TITLE, DROPPED))
        rows.append((JELLY, [], ["jelly ranch"], JELLY_TITLE, []))
    songs, tags, titles, vectors, dropped = zip(*rows, strict=True)
    return Playlists(range(len(rows)), songs, tags, titles, np.array(vectors), dropped=dropped)


@pytest.fixture(scope="module")
def recommenders():
    artists = {song: [f"trio {song // 4}"] for song in (*JAZZ, *ROCK)}
    held_back = Playlists([900], [[1, 100, 999]], [["jazz", "unheard"]], [["quiet"]], np.zeros((1, 8)))
    return [
        train_recommender(playlists(with_lessons), artists, RECIPE, seed=3, held_back=held_back)
        for with_lessons in (False, True)
    ]


def first_songs(recommender, embedding: np.ndarray, title: str, count: int) -> set[int]:
    (answer,) = recommender.recommend([Request(embedding, title, song_count=count)])
    return {song.song_id for song in answer.new}


def test_what_creators_dropped_is_not_recommended_to_such_titles(recommenders):
    before, after = (first_songs(recommender, JAZZ_TITLE, "quiet jazz", 17) for recommender in recommenders)
    assert before & set(DROPPED)
    assert not after & set(DROPPED)


def test_other_titles_still_have_it(recommenders):
    _, taught = recommenders
    assert first_songs(taught, np.zeros(8, dtype=np.float32), "", 40) >= set(DROPPED)


def test_what_creators_joined_comes_together(recommenders):
    before, after = (first_songs(recommender, JELLY_TITLE, "a jelly ranch", 4) for recommender in recommenders)
    assert before != set(JELLY)
    assert after == set(JELLY)


def test_a_playlist_that_was_held_back_is_found_and_not_learned(recommenders):
    for recommender in recommenders:
        songs, tags = recommender.vocabulary.song_rows([1, 100]), recommender.vocabulary.tag_rows(["jazz"])
        found, unknown = recommender.items_of(np.array([900, 901]))
        assert found.indices.tolist() == [*songs, *tags]
        assert unknown.nnz == 0
        assert not recommender.vocabulary.knows_song(999)


def test_a_playlist_that_counts_double_moves_the_loss_twice_as_much():

    weighted = playlists(with_lessons=False)
    weights = np.ones(len(weighted.ids))
    weights[0] = 2.0
    both = []
    for given in ((), weights):
        data = Playlists(**{**vars(weighted), "weights": given})
        readings = read_titles(data, {})
        examples = Examples(data, readings, build_vocabulary(data, readings, {}), batch_size=4, seed=0)
        both.append(examples.batch(np.array([0, 1]), np.random.default_rng(5)))
    plain, doubled = both
    is_first = plain.playlist == 0
    assert (doubled.weight[is_first] == 2 * plain.weight[is_first]).all()
    assert (doubled.weight[~is_first] == plain.weight[~is_first]).all()
