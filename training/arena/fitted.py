"""What `fit` has kept in a folder, ready to answer."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import polars as pl

from aiplayer.errors import InvalidInput
from aiplayer.vocabulary import Vocabulary
from training.arena.answers import answer
from training.arena.baselines import NearestTitles, Neighbours, Popularity
from training.arena.corpus import Corpus, Question

PRODUCT = "autoencoder"
BASELINES = {"popularity": Popularity, "nearest-titles": NearestTitles, "neighbours": Neighbours}
CORPUS_FILE, METHOD_FILE = "corpus.parquet", "method.json"


@dataclass(frozen=True)
class Fitted:
    """A fitted method.

    Attributes:
        song_count: How many songs it has learnt, and can answer with.
        answers: Gives the arena's records to questions, in order.
    """

    song_count: int
    answers: Callable[[Sequence[Question]], Iterable[dict]]


def load(model: Path) -> Fitted:
    """Read what `fit` has kept.

    Raises:
        InvalidInput: the folder holds no model.
        ModelMissing: the folder holds no finished model.
    """
    try:
        method = json.loads((model / METHOD_FILE).read_text(encoding="utf-8"))["method"]
        if method == PRODUCT:
            from training.arena import product

            return Fitted(Vocabulary.load(model).song_count, partial(product.answers, model))
        corpus = Corpus(pl.read_parquet(model / CORPUS_FILE))
        scorer = BASELINES[method](corpus)
    except (OSError, ValueError, KeyError) as error:
        raise InvalidInput(f"{model} holds no model. Make one with `python -m training.arena fit`.") from error
    return Fitted(len(corpus.song_ids), lambda asked: (answer(corpus, scorer, question) for question in asked))
