"""Trains the ranker on held-out playlists: what they hide shall stand above the other candidates."""

from collections.abc import Sequence
from dataclasses import dataclass

import keras
import numpy as np
import tensorflow as tf

from aiplayer.recommender.ranker import EVIDENCE, HIDDEN, Network, Ranker, gather_evidence
from aiplayer.recommender.votes import Branch
from training.recommender.held_out import Question, Questions

FEWEST_QUESTIONS = 64
# The network learns from the most likely candidates of each question.
CANDIDATES = 1_000
BATCH, EPOCHS = 32, 12
LEARNING_RATE, WEIGHT_DECAY = 3e-3, 0.1
# A logit that leaves a place without a candidate no probability.
NO_CANDIDATE = -1e9


@dataclass(frozen=True)
class CandidateLists:
    """What the network learns from: the candidates of each question, the likeliest first.

    Attributes:
        evidence: float32 [questions, CANDIDATES, EVIDENCE].
        is_hidden: Whether each candidate is what the question hides, bool [questions, CANDIDATES].
        is_candidate: Whether there is a candidate at all, bool [questions, CANDIDATES].
    """

    evidence: np.ndarray
    is_hidden: np.ndarray
    is_candidate: np.ndarray

    def __len__(self) -> int:
        return len(self.evidence)


def fit_ranker(questions: Questions, song_uses: np.ndarray, tag_uses: np.ndarray, seed: int) -> Ranker:
    """Fit both networks; with fewer than FEWEST_QUESTIONS to learn from a network stays untrained.

    Args:
        questions: Questions about songs and about tags.
        song_uses: In how many playlists each song stands, float32 [songs].
        tag_uses: In how many playlists each tag stands, float32 [tags].
        seed: The seed of weights and order.
    """
    song_lists = _candidate_lists(questions.songs, song_uses)
    tag_lists = _candidate_lists(questions.tags, tag_uses)
    return Ranker(songs=_fit(song_lists, seed), tags=_fit(tag_lists, seed))


def _candidate_lists(questions: Sequence[Question], uses: np.ndarray) -> CandidateLists:
    """The questions' lists; a question none of whose candidates is hidden has nothing to teach and is left out."""
    question_count = len(questions)
    evidence = np.zeros((question_count, CANDIDATES, EVIDENCE), dtype=np.float32)
    is_hidden = np.zeros((question_count, CANDIDATES), dtype=bool)
    is_candidate = np.zeros((question_count, CANDIDATES), dtype=bool)

    for number, question in enumerate(questions):
        votes = question.votes
        column_uses = uses[votes.columns]
        rows = gather_evidence(votes, column_uses, question.features)
        likelihood = rows[:, : len(Branch)].sum(axis=1)
        # What the query names itself is no candidate.
        likelihood[votes.in_query] = -np.inf

        count = min(CANDIDATES, np.sum(~votes.in_query))
        likeliest = np.argsort(-likelihood, kind="stable")[:count]
        evidence[number, :count] = rows[likeliest]
        is_hidden[number, :count] = question.is_hidden[likeliest]
        is_candidate[number, :count] = True

    teaches = is_hidden.any(axis=1)
    return CandidateLists(evidence[teaches], is_hidden[teaches], is_candidate[teaches])


def _fit(lists: CandidateLists, seed: int) -> Network:
    if len(lists) < FEWEST_QUESTIONS:
        return Network.untrained()

    keras.utils.set_random_seed(seed)
    # The last lists of an epoch that fill no batch are left out.
    batches_per_epoch = len(lists) // BATCH
    learner = _Learner(steps=EPOCHS * batches_per_epoch)
    random = np.random.default_rng([seed, 3])
    for _ in range(EPOCHS):
        order = random.permutation(len(lists))
        for batch in range(batches_per_epoch):
            start = batch * BATCH
            rows = order[start : start + BATCH]
            learner.learn(
                tf.constant(lists.evidence[rows]),
                tf.constant(lists.is_hidden[rows], tf.float32),
                tf.constant(lists.is_candidate[rows]),
            )
    return learner.network()


class _Learner:
    """The ranker's network in Keras, and its optimiser.

    Args:
        steps: How many batches it will learn from.
    """

    def __init__(self, steps: int):
        self._mlp = keras.Sequential(
            [
                keras.Input((CANDIDATES, EVIDENCE)),
                keras.layers.Dense(HIDDEN, activation="relu"),
                keras.layers.Dense(HIDDEN, activation="relu"),
                keras.layers.Dense(1, kernel_initializer="zeros"),
            ]
        )
        sum_weights, *_ = Network.untrained().weights
        self._sum_weights = tf.Variable(sum_weights)
        mlp_weights = [weight.value for weight in self._mlp.trainable_weights]
        self._weights = [self._sum_weights, *mlp_weights]

        rate = keras.optimizers.schedules.CosineDecay(LEARNING_RATE, steps)
        self._optimizer = keras.optimizers.AdamW(rate, weight_decay=WEIGHT_DECAY)

    @tf.function
    def learn(self, evidence: tf.Tensor, is_hidden: tf.Tensor, is_candidate: tf.Tensor) -> None:
        """One step: the cross entropy of hidden candidates among all, over the root of how many a list hides."""
        with tf.GradientTape() as tape:
            branch_logarithms = evidence[:, :, : len(Branch)]
            weighted_sum = tf.linalg.matvec(branch_logarithms, self._sum_weights)
            correction = self._mlp(evidence)[:, :, 0]
            logits = tf.where(is_candidate, weighted_sum + correction, NO_CANDIDATE)
            log_probability = tf.nn.log_softmax(logits)

            hidden_count = tf.reduce_sum(is_hidden, axis=1)
            log_likelihood = tf.reduce_sum(log_probability * is_hidden, axis=1)
            loss = -tf.reduce_mean(log_likelihood / tf.sqrt(hidden_count))
        gradients = tape.gradient(loss, self._weights)
        self._optimizer.apply(gradients, self._weights)

    def network(self) -> Network:
        """What was learned, as it is served."""
        return Network([weight.numpy() for weight in self._weights])
