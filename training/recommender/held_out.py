"""Asks the branches about playlists that none of them has seen: what the ranker is trained on."""

from dataclasses import dataclass

import numpy as np

from aiplayer.recommender.branches import BATCH, Branches
from aiplayer.recommender.mentions import named_in
from aiplayer.recommender.questions import Known, Said
from training.recommender.examples import Examples

# Few playlists are asked in several ways each.
ENOUGH_QUESTIONS, MOST_ROUNDS = 8_000, 4


@dataclass(frozen=True)
class Asked:
    """One question about songs or about tags, and what the branches said.

    Attributes:
        features: What is known (`aiplayer.recommender.questions.features`), float32 [features].
        said: What the branches said.
        hidden: Whether they are among what is hidden, bool [columns].
    """

    features: np.ndarray
    said: Said
    hidden: np.ndarray


def ask(branches: Branches, examples: Examples, held_out: np.ndarray, seed: int) -> dict[str, list[Asked]]:
    """Questions about "songs" and about "tags" that hide something, with their answers.

    Args:
        branches: Have not seen the playlists held out.
        examples: All playlists.
        held_out: Rows of `examples`.
        seed: Decides what each playlist hides.
    """
    asked = {"songs": [], "tags": []}
    if not len(held_out):
        return asked
    random = np.random.default_rng([seed, 2])
    rounds = min(MOST_ROUNDS, max(1, ENOUGH_QUESTIONS // len(held_out)))
    rows = np.tile(held_out, rounds)
    for start in range(0, len(rows), BATCH):
        views = [examples.view(row, random) for row in rows[start : start + BATCH]]
        answers = branches.ask(
            [Known(*view.shown, view.title, named_in(view.text, examples.vocabulary)) for view in views]
        )
        for of, first in (("songs", 0), ("tags", examples.vocabulary.song_count)):
            for features, said, view in zip(answers.features, getattr(answers, of), views, strict=True):
                if len(hidden := getattr(view, of)):
                    asked[of].append(Asked(features, said, np.isin(said.columns, hidden - first)))
    return asked
