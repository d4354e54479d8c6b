"""A tiny recommender, really trained: jazz playlists hold songs 0 to 19, rock playlists songs 100 to 119."""

import numpy as np
import pytest

from aiplayer.errors import ModelMissing
from aiplayer.recommender import Recommender, Wish
from training.autoencoder import Playlists, Recipe, train

JAZZ, ROCK = range(20), range(100, 120)
JAZZ_TITLE, ROCK_TITLE = np.eye(2, 8, dtype=np.float32)


@pytest.fixture(scope="module")
def recommender():
    random = np.random.default_rng(0)
    songs, tags, titles = [], [], []
    for number in range(200):
        world, tag, title = ((JAZZ, "jazz", JAZZ_TITLE), (ROCK, "rock", ROCK_TITLE))[number % 2]
        songs.append(random.choice(world, size=12, replace=False).tolist())
        tags.append([tag])
        titles.append(title + random.normal(0, 0.02, 8).astype(np.float32))
    recipe = Recipe(hidden=16, epochs=25, batch_size=32, learning_rate=1e-2)
    return train(Playlists(songs, tags, ["untitled"] * 200, np.array(titles)), recipe, seed=3)


def ids(songs):
    return [song.song_id for song in songs]


def test_a_title_alone_gives_songs_and_tags_of_its_kind(recommender):
    jazz, rock = recommender.recommend([Wish(JAZZ_TITLE, song_count=10), Wish(ROCK_TITLE, song_count=10)])
    assert set(ids(jazz.new)) <= set(JAZZ)
    assert set(ids(rock.new)) <= set(ROCK)
    assert (jazz.tags[0], rock.tags[0]) == ("jazz", "rock")


def test_songs_alone_are_enough(recommender):
    no_title = np.zeros(8, dtype=np.float32)
    (answer,) = recommender.recommend([Wish(no_title, song_ids=[101, 105, 110], song_count=10)])
    assert set(ids(answer.new)) <= set(ROCK)


def test_new_songs_repeat_no_chosen_and_no_excluded_one(recommender):
    wish = Wish(JAZZ_TITLE, song_ids=[1, 2, 3], exclude_song_ids=[3, 4, 5], song_count=100)
    (answer,) = recommender.recommend([wish])
    assert set(ids(answer.new)).isdisjoint({1, 2, 3, 4, 5})
    assert set(ids(answer.chosen)) == {1, 2}
    assert len(answer.new) == 40 - 5


def test_of_many_songs_the_most_used_are_learnt_and_rare_chosen_ones_come_last():
    songs = [[1, 2, 3], [1, 2, 4], [2, 1, 5]]
    titles = np.tile(JAZZ_TITLE, (3, 1))
    recipe = Recipe(hidden=16, epochs=1, batch_size=3, most_songs=2, most_tags=1)
    small = train(Playlists(songs, [["a", "b"], ["b"], []], ["x"] * 3, titles), recipe, seed=0)
    assert (list(small.vocabulary.song_ids), list(small.vocabulary.tags)) == ([1, 2], ["b"])
    (answer,) = small.recommend([Wish(JAZZ_TITLE, song_ids=[5, 1, 3, 4], exclude_song_ids=[3])])
    assert ids(answer.chosen) == [1, 5, 4]
    assert [song.score for song in answer.chosen[1:]] == [0.0, 0.0]
    assert ids(answer.new) == [2]


def test_training_tells_how_far_it_is_and_ends_after_the_most_steps():
    told = []
    playlists = Playlists([[1, 2]] * 8, [["a"]] * 8, ["x"] * 8, np.tile(JAZZ_TITLE, (8, 1)))
    recipe = Recipe(hidden=16, epochs=10, batch_size=4, most_steps=7)
    train(playlists, recipe, seed=0, progress=lambda done, total: told.append((done, total)))
    assert told == [(step, 7) for step in range(1, 8)]


def test_songs_come_by_probability(recommender):
    (answer,) = recommender.recommend([Wish(JAZZ_TITLE, song_count=40)])
    scores = [song.score for song in answer.new]
    assert scores == sorted(scores, reverse=True)
    assert sum(scores) == pytest.approx(1.0)


def test_a_reason_is_a_chosen_song_or_else_a_suggested_tag(recommender):
    chosen, alone = recommender.recommend([Wish(JAZZ_TITLE, song_ids=[1, 101]), Wish(JAZZ_TITLE)])
    reasons = {song.song_id: song.because_song_id for song in chosen.new}
    assert all(reason == (1 if song in JAZZ else 101) for song, reason in reasons.items())
    assert {song.because_tag for song in alone.new if song.song_id in JAZZ} == {"jazz"}


def test_an_answer_does_not_depend_on_its_batch(recommender):
    random = np.random.default_rng(5)
    wishes = [
        Wish(random.standard_normal(8).astype(np.float32), song_ids=random.choice(JAZZ, size=number % 9).tolist())
        for number in range(23)
    ]
    alone = [recommender.recommend([wish])[0] for wish in wishes]
    assert recommender.recommend(wishes) == alone


def test_songs_and_tags_that_were_never_seen_change_no_new_song(recommender):
    known, unknown = recommender.recommend([Wish(JAZZ_TITLE), Wish(JAZZ_TITLE, song_ids=[7777], tags=["none"])])
    assert (known.new, known.tags) == (unknown.new, unknown.tags)
    assert ids(unknown.chosen) == [7777]


def test_a_saved_recommender_answers_the_same(recommender, tmp_path):
    recommender.save(tmp_path)
    assert Recommender.load(tmp_path).recommend([Wish(ROCK_TITLE)]) == recommender.recommend([Wish(ROCK_TITLE)])


def test_a_recommender_without_its_vocabulary_is_refused(recommender, tmp_path):
    recommender.save(tmp_path)
    (tmp_path / "vocabulary.json").write_text('{"song_ids": [1], "tags": []}')
    with pytest.raises(ModelMissing, match="differ in size"):
        Recommender.load(tmp_path)
