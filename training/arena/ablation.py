"""The product's recommender without one of its inputs or branches, to see what each is worth.

Nothing is trained anew: inputs were missing and branches silent in training too.
"""

from copy import copy
from dataclasses import replace

import numpy as np

from aiplayer.recommender.recommender import Recommender
from aiplayer.recommender.request import NO_ROWS, Query, Request
from aiplayer.recommender.votes import Branch

BRANCHES = {branch.label: branch for branch in Branch}
# What is left out of the inputs, by the name of the part.
BLANKS = {
    "input-songs": {"songs": NO_ROWS, "artists": NO_ROWS},
    "input-tags": {"tags": NO_ROWS},
    "input-terms": {"terms": NO_ROWS},
    "input-artists": {"artists": NO_ROWS},
}
EMBEDDING = "input-embedding"
# What the recommender has to rank by: its inputs and its branches.
PARTS = (*BLANKS, EMBEDDING, *BRANCHES)


def without(recommender: Recommender, part: str) -> Recommender:
    """The same recommender, less a part.

    Args:
        recommender: It is left as it is.
        part: One of `PARTS`.
    """
    branches = copy(recommender.branches)
    if part in BRANCHES:
        branches.silent = frozenset([BRANCHES[part]])
        others = copy(recommender)
        others.branches = branches
        return others
    return Blind(recommender, part)


class Blind(Recommender):
    """A recommender that does not see one input.

    Args:
        whole: The whole recommender.
        part: The input, one of `PARTS`.
    """

    def __init__(self, whole: Recommender, part: str):
        super().__init__(whole.branches, whole.ranker, whole.facts, whole.removals, whole.playlists)
        self.part = part

    def query_of(self, request: Request) -> Query:
        """What is left of the request."""
        query = super().query_of(request)
        if self.part == EMBEDDING:
            return replace(query, title_embedding=np.zeros_like(query.title_embedding))
        return replace(query, inputs=query.inputs._replace(**BLANKS[self.part]))
