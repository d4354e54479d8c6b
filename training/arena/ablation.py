"""The product's recommender without one of its inputs or branches, to see what each is worth.

Nothing is trained anew: inputs were missing and branches silent in training too.
"""

from copy import copy
from dataclasses import replace

import numpy as np

from aiplayer.recommender.branches import Branches
from aiplayer.recommender.questions import BRANCHES, Known
from aiplayer.recommender.ranker import Ranker
from aiplayer.recommender.recommender import Recommender, Wish

NONE = np.array([], dtype=np.int64)


def without(recommender: Recommender, part: str) -> Recommender:
    """The same recommender, less a part.

    Args:
        recommender: It is left as it is.
        part: One of `training.arena.fitted.PARTS`.
    """
    branches = copy(recommender.branches)
    if part in BRANCHES:
        branches.silent = frozenset([part])
        return Recommender(branches, recommender.ranker)
    return Blind(branches, recommender.ranker, part)


class Blind(Recommender):
    """A recommender that does not see one input.

    Args:
        branches: Those of the whole recommender.
        ranker: That of the whole recommender.
        part: The input, one of `training.arena.fitted.PARTS`.
    """

    def __init__(self, branches: Branches, ranker: Ranker, part: str):
        super().__init__(branches, ranker)
        self.part = part

    def know(self, wish: Wish) -> Known:
        """What is left of the wish."""
        known = super().know(wish)
        blanks = {
            "input-songs": {"songs": NONE, "artists": NONE},
            "input-tags": {"tags": NONE},
            "input-n-grams": {"ngrams": NONE},
            "input-artists": {"artists": NONE},
            "input-embedding": {"title_embedding": np.zeros_like(known.title_embedding)},
        }
        return replace(known, **blanks[self.part])
