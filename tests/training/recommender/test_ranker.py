"""A ranker is taught what no fixed weights can say: that two branches must agree, and whose song counts."""

from dataclasses import replace

import numpy as np
import pytest

from aiplayer.recommender.ranker import Network
from aiplayer.recommender.votes import FEATURE_COUNT, Branch, Votes
from training.recommender.held_out import Question, Questions
from training.recommender.ranker import FEWEST_QUESTIONS, fit_ranker

pytestmark = pytest.mark.heavy

USES = np.ones(40, dtype=np.float32)


def ask(count):
    """Forty columns each; the first ten are hidden: two branches give them a little each, one gives others much."""
    random = np.random.default_rng(0)
    questions = []
    for _ in range(count):
        probabilities = np.zeros((40, len(Branch)))
        probabilities[:10, 0], probabilities[:10, 1] = 1e-4 * random.random((2, 10))
        probabilities[10:25, 0], probabilities[25:, 1] = random.random((2, 15))
        votes = Votes(np.arange(40), np.zeros(40, dtype=bool), probabilities.astype(np.float32))
        questions.append(Question(np.ones(FEATURE_COUNT, dtype=np.float32), votes, np.arange(40) < 10))
    return questions


def hits(network, questions):
    """The share of the hidden columns that stand among the first ten."""
    ranked = [network.rank(question.votes, USES, question.features) for question in questions]
    return np.mean(
        [question.is_hidden[np.argsort(-row)[:10]].mean() for question, row in zip(questions, ranked, strict=True)]
    )


@pytest.fixture(scope="module")
def rankers():
    questions = Questions(songs=ask(200), tags=ask(FEWEST_QUESTIONS - 1))
    return [fit_ranker(questions, USES, USES, seed=0) for _ in range(2)]


def test_a_trained_network_finds_what_was_hidden(rankers):
    assert hits(rankers[0].tags, ask(50)) < 0.8
    assert hits(rankers[0].songs, ask(50)) > 0.95


def test_a_seed_gives_one_ranker(rankers):
    pairs = zip(*(ranker.songs.weights for ranker in rankers), strict=True)
    assert all((one == other).all() for one, other in pairs)


def test_too_few_questions_leave_a_network_untrained(rankers):
    assert not any(weight.any() for weight in rankers[0].tags.weights[1:])


def test_what_a_question_names_is_not_learned_from():
    # Nothing but hidden columns is left, whose order is all the same.
    only_hidden = [
        replace(question, votes=replace(question.votes, in_query=~question.is_hidden))
        for question in ask(FEWEST_QUESTIONS)
    ]
    ranker = fit_ranker(Questions(songs=only_hidden), USES, USES, seed=0)
    assert ranker.songs.weights[0] == pytest.approx(Network.untrained().weights[0], abs=0.2)
