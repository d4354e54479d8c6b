"""A tiny recommender, really trained: jazz playlists hold songs 0 to 19, rock playlists songs 100 to 119."""

import numpy as np
import pytest

from aiplayer.errors import ModelMissing
from aiplayer.recommender.facts import SongFact
from aiplayer.recommender.recommender import Recommender
from aiplayer.recommender.request import Request
from training.recommender.autoencoder import Recipe
from training.recommender.playlists import Playlists
from training.recommender.train import train_recommender

pytestmark = pytest.mark.heavy

JAZZ, ROCK = range(20), range(100, 120)
JAZZ_TITLE, ROCK_TITLE = np.eye(2, 8, dtype=np.float32)
RECIPE = Recipe(hidden=16, epochs=25, fewest_steps=1, batch_size=32, learning_rate=1e-2)


@pytest.fixture(scope="module")
def recommender():
    random = np.random.default_rng(0)
    songs, tags, titles, vectors = [], [], [], []
    for number in range(200):
        world, tag, vector = ((JAZZ, "jazz", JAZZ_TITLE), (ROCK, "rock", ROCK_TITLE))[number % 2]
        songs.append(random.choice(world, size=12, replace=False).tolist())
        tags.append([tag])
        titles.append([f"quiet {tag}" if number % 3 else tag])
        vectors.append(vector + random.normal(0, 0.02, 8).astype(np.float32))
    artists = {song: [f"trio {song // 4}"] for song in (*JAZZ, *ROCK)}
    facts = {song: SongFact(year=1965 if song % 2 else 2003) for song in (*JAZZ, *ROCK)}
    playlists = Playlists(range(len(songs)), songs, tags, titles, np.array(vectors))
    return train_recommender(playlists, artists, RECIPE, seed=3, facts=facts)


def ids(songs):
    return [song.song_id for song in songs]


def test_a_title_alone_gives_songs_and_tags_of_its_kind(recommender):
    jazz, rock = recommender.recommend([Request(JAZZ_TITLE, song_count=10), Request(ROCK_TITLE, song_count=10)])
    assert set(ids(jazz.new)) <= set(JAZZ)
    assert set(ids(rock.new)) <= set(ROCK)
    assert (jazz.tags[0], rock.tags[0]) == ("jazz", "rock")


def test_songs_alone_are_enough(recommender):
    no_title = np.zeros(8, dtype=np.float32)
    (answer,) = recommender.recommend([Request(no_title, song_ids=[101, 105, 110], song_count=10)])
    assert set(ids(answer.new)) <= set(ROCK)


def test_new_songs_repeat_no_chosen_and_no_excluded_one(recommender):
    wish = Request(JAZZ_TITLE, song_ids=[1, 2, 3], exclude_song_ids=[3, 4, 5], song_count=100)
    (answer,) = recommender.recommend([wish])
    assert set(ids(answer.new)).isdisjoint({1, 2, 3, 4, 5})
    assert set(ids(answer.chosen)) == {1, 2}
    assert len(answer.new) == 40 - 5


def test_chosen_songs_that_were_never_learned_come_last(recommender):
    wish = Request(JAZZ_TITLE, song_ids=[500, 1, 501, 502], exclude_song_ids=[501])
    (answer,) = recommender.recommend([wish])
    assert ids(answer.chosen) == [1, 500, 502]
    assert [song.score for song in answer.chosen[1:]] == [0.0, 0.0]


def test_songs_come_by_probability(recommender):
    (answer,) = recommender.recommend([Request(JAZZ_TITLE, song_count=40)])
    scores = [song.score for song in answer.new]
    assert scores == sorted(scores, reverse=True)
    assert sum(scores) == pytest.approx(1.0)


def test_a_reason_is_the_chosen_song_the_tag_or_the_word_that_speaks_for_a_song(recommender):
    wishes = [
        Request(JAZZ_TITLE, song_ids=[1, 101]),
        Request(JAZZ_TITLE, tags=["jazz", "rock"]),
        Request(JAZZ_TITLE, title="Rock 말고 Jazz"),
    ]
    songs, tags, words = recommender.recommend(wishes)
    for song in songs.new:
        assert song.because_song_id == (1 if song.song_id in JAZZ else 101)
    for song in tags.new:
        assert song.because_tag == ("jazz" if song.song_id in JAZZ else "rock")
    for song in words.new:
        assert song.because_word == ("Jazz" if song.song_id in JAZZ else "Rock")


def test_a_song_that_keeps_what_the_title_names_has_those_words_as_its_reason(recommender):
    (answer,) = recommender.recommend([Request(JAZZ_TITLE, title="jazz of the sixties", song_count=20)])
    is_of_the_sixties = [song.song_id % 2 == 1 for song in answer.new]
    assert [song.because_word == "sixties" for song in answer.new] == is_of_the_sixties
    # They come first, and there are ten of them among the jazz.
    assert is_of_the_sixties[:10] == [True] * 10


def test_nothing_known_gives_no_reason(recommender):
    (answer,) = recommender.recommend([Request(np.zeros(8, dtype=np.float32), title="!!")])
    assert {(song.because_song_id, song.because_tag, song.because_word) for song in answer.new} == {(None, None, None)}


def test_an_answer_does_not_depend_on_its_batch(recommender):
    random = np.random.default_rng(5)
    wishes = [
        Request(random.standard_normal(8).astype(np.float32), song_ids=random.choice(JAZZ, size=number % 9).tolist())
        for number in range(23)
    ]
    alone = [recommender.recommend([wish])[0] for wish in wishes]
    assert recommender.recommend(wishes) == alone


def test_songs_and_tags_that_were_never_seen_change_no_new_song(recommender):
    known, unknown = recommender.recommend([Request(JAZZ_TITLE), Request(JAZZ_TITLE, song_ids=[7777], tags=["none"])])
    assert (known.new, known.tags) == (unknown.new, unknown.tags)
    assert ids(unknown.chosen) == [7777]


def test_a_saved_recommender_answers_nearly_the_same(recommender, tmp_path):
    recommender.save(tmp_path)
    loaded, trained = (one.recommend([Request(ROCK_TITLE)])[0] for one in (Recommender.load(tmp_path), recommender))
    assert loaded.tags == trained.tags
    scores = [{song.song_id: song.score for song in answer.new} for answer in (loaded, trained)]
    assert scores[0] == pytest.approx(scores[1], rel=0.05, abs=1e-4)


def test_a_recommender_without_its_vocabulary_is_refused(recommender, tmp_path):
    recommender.save(tmp_path)
    (tmp_path / "vocabulary.json").write_text('{"song_ids": [1], "tags": []}')
    with pytest.raises(ModelMissing, match="differ in size"):
        Recommender.load(tmp_path)
