"""Asks the branches about playlists that none of them has seen: what the ranker is trained on."""

from dataclasses import dataclass, field

import numpy as np

from aiplayer.recommender.branches import BATCH, Branches
from aiplayer.recommender.mentions import find_mentions
from aiplayer.recommender.request import Query
from aiplayer.recommender.votes import Votes
from training.recommender.examples import Examples

# Few playlists are asked about in several ways each.
ENOUGH_QUESTIONS, MOST_ROUNDS = 8_000, 4


@dataclass(frozen=True)
class Question:
    """One query about songs or about tags, and what the branches said.

    Attributes:
        features: What is known of the query (`votes.query_features`), float32 [features].
        votes: What the branches said.
        is_hidden: Whether each of their columns is hidden from them, bool [columns].
    """

    features: np.ndarray
    votes: Votes
    is_hidden: np.ndarray


@dataclass(frozen=True)
class Questions:
    """Questions that hide something."""

    songs: list[Question] = field(default_factory=list)
    tags: list[Question] = field(default_factory=list)


def ask_about_held_out(branches: Branches, examples: Examples, held_out: np.ndarray, seed: int) -> Questions:
    """Ask about playlists, some of which is hidden each time.

    Args:
        branches: Branches that have not seen the playlists held out.
        examples: All playlists.
        held_out: Rows of `examples`, int64.
        seed: Decides what each playlist hides.
    """
    questions = Questions()
    if not len(held_out):
        return questions

    random = np.random.default_rng([seed, 2])
    rounds = min(MOST_ROUNDS, max(1, ENOUGH_QUESTIONS // len(held_out)))
    rows = np.tile(held_out, rounds)
    first_tag = examples.vocabulary.song_count
    for start in range(0, len(rows), BATCH):
        views = [examples.view(row, random) for row in rows[start : start + BATCH]]
        queries = []
        for view in views:
            vocabulary = examples.vocabulary
            mentions = find_mentions(view.text, view.read, vocabulary)
            queries.append(Query(view.shown, view.title, mentions))
        answers = branches.ask(queries)

        for number, view in enumerate(views):
            features = answers.features[number]
            if len(view.songs):
                votes = answers.songs[number]
                is_hidden = np.isin(votes.columns, view.songs)
                questions.songs.append(Question(features, votes, is_hidden))
            if len(view.tags):
                votes = answers.tags[number]
                is_hidden = np.isin(votes.columns, view.tags - first_tag)
                questions.tags.append(Question(features, votes, is_hidden))
    return questions
