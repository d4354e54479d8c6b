"""What `fit` has kept in a folder, ready to answer."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import polars as pl

from aiplayer.errors import InvalidInput
from aiplayer.recommender.vocabulary import Vocabulary
from training.arena.answers import answer
from training.arena.baselines import Method, NearestTitles, Neighbours, Popularity
from training.arena.corpus import Corpus, Question

PRODUCT = "autoencoder"
BASELINES = {"popularity": Popularity, "nearest-titles": NearestTitles, "neighbours": Neighbours}
CORPUS_FILE = "corpus.parquet"
METHOD_FILE = "method.json"


@dataclass(frozen=True)
class FittedMethod:
    """A fitted method.

    Attributes:
        song_count: How many songs it has learned, and can answer with.
        answers: Gives the arena's records to questions, in order.
    """

    song_count: int
    answers: Callable[[Sequence[Question]], Iterable[dict]]


def load(model: Path, part: str | None = None) -> FittedMethod:
    """Read what `fit` has kept.

    Args:
        model: The folder.
        part: One of `training.arena.ablation.PARTS` that the product shall do without.

    Raises:
        InvalidInput: the folder holds no model, or not the product and is to do without a part of it.
        ModelMissing: the folder holds no finished model.
    """
    method = _method(model)
    if part:
        check_is_product(model)

    try:
        if method == PRODUCT:
            from training.arena import product

            song_count = Vocabulary.load(model).song_count
            return FittedMethod(song_count, partial(product.answers, model, part=part))
        corpus = Corpus(pl.read_parquet(model / CORPUS_FILE))
        scorer = BASELINES[method](corpus)
    except (OSError, ValueError, KeyError) as error:
        raise _no_model(model) from error

    return FittedMethod(len(corpus.song_ids), partial(_baseline_answers, corpus, scorer))


def check_is_product(model: Path) -> None:
    """Refuse a folder that holds a baseline rather than the product.

    Args:
        model: The folder.

    Raises:
        InvalidInput: the folder holds no model, or a baseline.
    """
    method = _method(model)
    if method != PRODUCT:
        raise InvalidInput(f"{model} holds the method {method}. Give a model of the method {PRODUCT}.")


def _baseline_answers(corpus: Corpus, scorer: Method, questions: Sequence[Question]) -> Iterator[dict]:
    for question in questions:
        yield answer(corpus, scorer, question)


def _method(model: Path) -> str:
    """The name of the method that the folder holds."""
    try:
        description = json.loads((model / METHOD_FILE).read_text(encoding="utf-8"))
        return description["method"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _no_model(model) from error


def _no_model(model: Path) -> InvalidInput:
    return InvalidInput(f"{model} holds no model. Make one with `python -m training.arena fit`.")
