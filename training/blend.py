"""Fits the shares of the recommender's branches to playlists that none of them has seen."""

import keras
import numpy as np
import tensorflow as tf

from aiplayer.blend import BRANCHES, FEATURES, Blend
from aiplayer.branches import Known, speaking
from aiplayer.models.autoencoder import PlaylistAutoencoder
from aiplayer.naming import Naming, named_in
from aiplayer.neighbours import Neighbours
from aiplayer.recommender import BATCH, Recommender
from training.examples import Examples

STEPS, LEARNING_RATE, WEIGHT_DECAY = 500, 0.05, 1e-3
# What is less likely than this is in nobody's best hundred.
FLOOR = 1e-4


def fit_blend(
    model: PlaylistAutoencoder,
    neighbours: Neighbours,
    naming: Naming,
    examples: Examples,
    held_out: np.ndarray,
    seed: int,
) -> Blend:
    """Maximise the likelihood of what held-out playlists hide; without any, every branch has the same share.

    Args:
        model: Trained without the playlists held out.
        neighbours: Without them too.
        naming: Likewise.
        examples: All playlists.
        held_out: Rows of `examples`.
        seed: Decides what each playlist hides.
    """
    equal = np.zeros((len(FEATURES), len(BRANCHES)), dtype=np.float32)
    blend = Blend(equal, equal)
    if not len(held_out):
        return blend
    recommender = Recommender(model, neighbours, naming, blend, examples.vocabulary)
    random = np.random.default_rng([seed, 2])
    asked = {"songs": [], "tags": []}
    for start in range(0, len(held_out), BATCH):
        views = [examples.view(row, random) for row in held_out[start : start + BATCH]]
        said = recommender.branches(
            [Known(*view.shown, view.title, named_in(view.text, examples.vocabulary)) for view in views]
        )
        for of, first in (("songs", 0), ("tags", examples.vocabulary.song_count)):
            scores = getattr(said, of)
            speaks = speaking(scores)
            for number, view in enumerate(views):
                if len(hidden := getattr(view, of)):
                    likelihoods = _likelihoods(scores, number, hidden - first)
                    asked[of].append((said.features[number], speaks[number], likelihoods))
    return Blend(*(_fit(asked[of]) for of in ("songs", "tags")))


def _likelihoods(scores: list, question: int, columns: np.ndarray) -> np.ndarray:
    """What each branch gives the hidden items, float32 [items, branches]."""
    logits = scores[0][question]
    softmax = np.exp(logits - logits.max())
    dense = softmax[columns] / softmax.sum()
    sparse = [branch[question, columns].toarray().ravel() for branch in scores[1:]]
    return np.stack([dense, *sparse], axis=1).astype(np.float32)


def _fit(asked: list[tuple[np.ndarray, np.ndarray, np.ndarray]]) -> np.ndarray:
    """The matrix of shares, float32 [features, branches]."""
    weights = tf.Variable(tf.zeros((len(FEATURES), len(BRANCHES))))
    if not asked:
        return weights.numpy()
    features, speaks = (np.stack([one[part] for one in asked]) for part in (0, 1))
    likelihoods = np.concatenate([one[2] for one in asked])
    counts = [len(one[2]) for one in asked]
    question = np.repeat(np.arange(len(asked)), counts)
    worth = np.repeat(1 / np.sqrt(counts), counts).astype(np.float32)
    silent = np.where(speaks, 0.0, -1e9).astype(np.float32)
    optimizer = keras.optimizers.Adam(LEARNING_RATE)

    @tf.function
    def step():
        with tf.GradientTape() as tape:
            shares = tf.gather(tf.nn.softmax(features @ weights + silent), question)
            mixture = tf.reduce_sum(shares * likelihoods, axis=1)
            loss = -tf.reduce_sum(worth * tf.math.log(mixture + FLOOR)) / worth.sum()
            loss += WEIGHT_DECAY * tf.reduce_sum(tf.square(weights))
        optimizer.apply(tape.gradient(loss, [weights]), [weights])

    for _ in range(STEPS):
        step()
    return weights.numpy()
