"""What branches are asked about held-out playlists, seen by branches that only listen."""

import numpy as np
import pytest

from aiplayer.recommender.branches import BranchAnswers
from aiplayer.recommender.request import NO_ROWS
from aiplayer.recommender.title_neighbours import Neighbourhood
from aiplayer.recommender.vocabulary import Vocabulary
from aiplayer.recommender.votes import FEATURE_COUNT, Branch, Votes
from training.recommender.examples import Examples
from training.recommender.held_out import MOST_ROUNDS, Questions, ask_about_held_out
from training.recommender.playlists import Playlists
from training.recommender.train import read_titles

pytestmark = pytest.mark.heavy

SONGS, TAGS = [list(range(10, 18)), list(range(14, 22)), [10, 20, 21, 13]], [["jazz", "rain"], ["rain"], []]
VOCABULARY = Vocabulary(list(range(10, 22)), ["jazz", "rain"])


class Listener:
    """Says nothing of everything, and remembers what it was asked."""

    def __init__(self):
        self.queries = []

    def ask(self, queries):
        self.queries += queries
        songs = [self._votes(12, query.inputs.songs) for query in queries]
        tags = [self._votes(2, query.inputs.tags - 12) for query in queries]
        no_neighbours = Neighbourhood(NO_ROWS, np.zeros((0, 2), dtype=np.float32))
        return BranchAnswers(np.zeros((len(queries), FEATURE_COUNT)), [no_neighbours] * len(queries), songs, tags)

    @staticmethod
    def _votes(columns, in_query):
        everything = np.arange(columns)
        return Votes(everything, np.isin(everything, in_query), np.zeros((columns, len(Branch))))


@pytest.fixture
def examples():
    playlists = Playlists(range(3), SONGS, TAGS, [["jazz"], ["rain"], []], np.eye(2, 4, dtype=np.float32))
    readings = read_titles(playlists, artists={})
    return Examples(playlists, readings, VOCABULARY, batch_size=4, seed=0)


def test_every_playlist_is_asked_about_in_several_ways_and_no_other(examples):
    listener = Listener()
    ask_about_held_out(listener, examples, np.array([0, 2]), seed=1)
    assert len(listener.queries) == 2 * MOST_ROUNDS
    rows = [set(VOCABULARY.song_rows(SONGS[number]).tolist()) for number in (0, 2)]
    assert all(set(query.inputs.songs.tolist()) < rows[number % 2] for number, query in enumerate(listener.queries))
    assert len({tuple(query.inputs.songs.tolist()) for query in listener.queries}) > 2


def test_what_is_hidden_is_the_rest_of_the_playlist(examples):
    questions = ask_about_held_out(Listener(), examples, np.array([0]), seed=1)
    whole_songs, whole_tags = np.isin(np.arange(12), VOCABULARY.song_rows(SONGS[0])), np.ones(2, dtype=bool)
    for asked, whole in ((questions.songs, whole_songs), (questions.tags, whole_tags)):
        assert asked
        for question in asked:
            assert not (question.is_hidden & question.votes.in_query).any()
            assert question.is_hidden.any()
            assert (question.is_hidden | question.votes.in_query).tolist() == whole.tolist()


def test_a_playlist_without_tags_is_not_asked_about_tags(examples):
    assert not ask_about_held_out(Listener(), examples, np.array([2]), seed=1).tags


def test_nothing_held_out_asks_nothing(examples):
    assert ask_about_held_out(Listener(), examples, np.array([], dtype=np.int64), seed=1) == Questions()
