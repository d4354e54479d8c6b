"""What branches are asked about held-out playlists, seen by branches that only listen."""

import numpy as np
import pytest

from aiplayer.recommender.branches import Answers
from aiplayer.recommender.questions import BRANCHES, FEATURES, Said
from aiplayer.recommender.vocabulary import Vocabulary
from training.recommender.examples import Examples, Playlists
from training.recommender.held_out import MOST_ROUNDS, ask

SONGS, TAGS = [list(range(10, 18)), list(range(14, 22)), [10, 20, 21, 13]], [["jazz", "rain"], ["rain"], []]
VOCABULARY = Vocabulary(list(range(10, 22)), ["jazz", "rain"])


class Listener:
    """Says nothing of everything, and remembers what it was asked."""

    def __init__(self):
        self.known = []

    def ask(self, known):
        self.known += known
        songs = [self._said(12, one.songs) for one in known]
        tags = [self._said(2, one.tags - 12) for one in known]
        return Answers(np.zeros((len(known), len(FEATURES))), songs, tags)

    @staticmethod
    def _said(columns, named):
        everything = np.arange(columns)
        return Said(everything, np.isin(everything, named), np.zeros((columns, len(BRANCHES))))


@pytest.fixture
def examples():
    playlists = Playlists(SONGS, TAGS, [["jazz"], ["rain"], []], np.eye(2, 4, dtype=np.float32))
    return Examples(playlists, VOCABULARY, batch_size=4, seed=0)


def test_every_playlist_is_asked_about_in_several_ways_and_no_other(examples):
    listener = Listener()
    ask(listener, examples, np.array([0, 2]), seed=1)
    assert len(listener.known) == 2 * MOST_ROUNDS
    rows = [set(VOCABULARY.song_rows(SONGS[number]).tolist()) for number in (0, 2)]
    assert all(set(one.songs.tolist()) < rows[number % 2] for number, one in enumerate(listener.known))
    assert len({tuple(one.songs.tolist()) for one in listener.known}) > 2


def test_what_is_hidden_is_the_rest_of_the_playlist(examples):
    asked = ask(Listener(), examples, np.array([0]), seed=1)
    whole = {"songs": np.isin(np.arange(12), VOCABULARY.song_rows(SONGS[0])), "tags": np.ones(2, dtype=bool)}
    for of in ("songs", "tags"):
        assert asked[of]
        for one in asked[of]:
            assert not (one.hidden & one.said.named).any()
            assert one.hidden.any()
            assert (one.hidden | one.said.named).tolist() == whole[of].tolist()


def test_a_playlist_without_tags_is_not_asked_about_tags(examples):
    assert not ask(Listener(), examples, np.array([2]), seed=1)["tags"]


def test_nothing_held_out_asks_nothing(examples):
    assert ask(Listener(), examples, np.array([], dtype=np.int64), seed=1) == {"songs": [], "tags": []}
