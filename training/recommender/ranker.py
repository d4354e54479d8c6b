"""Trains the ranker on held-out playlists: what they hide shall stand above the other candidates."""

from collections.abc import Mapping, Sequence

import keras
import numpy as np
import tensorflow as tf

from aiplayer.recommender.questions import BRANCHES
from aiplayer.recommender.ranker import EVIDENCE, HIDDEN, Network, Ranker, evidence
from training.recommender.held_out import Asked

FEWEST_QUESTIONS = 64
# Of each question, the network learns from its most likely candidates.
CANDIDATES = 1_000
BATCH, EPOCHS = 32, 12
LEARNING_RATE, WEIGHT_DECAY = 3e-3, 0.1


def fit_ranker(asked: Mapping[str, Sequence[Asked]], uses: Mapping[str, np.ndarray], seed: int) -> Ranker:
    """Fit both networks; with fewer than FEWEST_QUESTIONS to learn from a network stays untrained.

    Args:
        asked: Questions about "songs" and about "tags".
        uses: In how many playlists each song stands, and each tag, float32.
        seed: Of weights and order.
    """
    return Ranker(*(_fit(*_lists(asked[of], uses[of]), seed) for of in ("songs", "tags")))


def _lists(asked: Sequence[Asked], uses: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Evidence, float32 [questions, CANDIDATES, EVIDENCE], and which are hidden and which are there, bool.

    Questions none of whose candidates is hidden have nothing to teach, and are left out.
    """
    seen = np.zeros((len(asked), CANDIDATES, EVIDENCE), dtype=np.float32)
    hidden, there = np.zeros((2, len(asked), CANDIDATES), dtype=bool)
    for number, one in enumerate(asked):
        rows = evidence(one.said, uses[one.said.columns], one.features)
        likely = rows[:, : len(BRANCHES)].sum(axis=1)
        likely[one.said.named] = -np.inf
        chosen = np.argsort(-likely, kind="stable")[: min(CANDIDATES, np.sum(~one.said.named))]
        seen[number, : len(chosen)] = rows[chosen]
        hidden[number, : len(chosen)] = one.hidden[chosen]
        there[number, : len(chosen)] = True
    teaches = hidden.any(axis=1)
    return seen[teaches], hidden[teaches], there[teaches]


def _fit(seen: np.ndarray, hidden: np.ndarray, there: np.ndarray, seed: int) -> Network:
    if len(seen) < FEWEST_QUESTIONS:
        return Network.untrained()
    keras.utils.set_random_seed(seed)
    layers = [
        keras.layers.Dense(HIDDEN, activation="relu"),
        keras.layers.Dense(HIDDEN, activation="relu"),
        keras.layers.Dense(1, kernel_initializer="zeros"),
    ]
    network = keras.Sequential([keras.Input((CANDIDATES, EVIDENCE)), *layers])
    sum_weights = tf.Variable(Network.untrained().weights[0])
    weights = [sum_weights, *(weight.value for weight in network.trainable_weights)]
    steps = EPOCHS * (len(seen) // BATCH)
    rate = keras.optimizers.schedules.CosineDecay(LEARNING_RATE, steps)
    optimizer = keras.optimizers.AdamW(rate, weight_decay=WEIGHT_DECAY)

    @tf.function
    def learn(seen: tf.Tensor, hidden: tf.Tensor, there: tf.Tensor) -> None:
        with tf.GradientTape() as tape:
            logits = tf.linalg.matvec(seen[:, :, : len(BRANCHES)], sum_weights) + network(seen)[:, :, 0]
            listwise = tf.nn.log_softmax(tf.where(there, logits, -1e9))
            count = tf.reduce_sum(hidden, axis=1)
            loss = -tf.reduce_mean(tf.reduce_sum(listwise * hidden, axis=1) / tf.sqrt(count))
        optimizer.apply(tape.gradient(loss, weights), weights)

    random = np.random.default_rng([seed, 3])
    for _ in range(EPOCHS):
        order = random.permutation(len(seen))
        for start in range(0, len(order) - BATCH + 1, BATCH):
            rows = order[start : start + BATCH]
            learn(tf.constant(seen[rows]), tf.constant(hidden[rows], tf.float32), tf.constant(there[rows]))
    return Network([weight.numpy() for weight in weights])
