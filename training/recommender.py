"""Trains the whole recommender: vocabulary, autoencoder, neighbours, and the shares of each.

Some playlists are kept from the autoencoder; on these, hidden from the neighbours too, the shares are fitted: for
playlists that a branch has learnt by heart it would get too large a share.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np

from aiplayer.branches import matrix
from aiplayer.naming import Naming, named_in
from aiplayer.neighbours import Neighbours
from aiplayer.ngrams import title_ngrams
from aiplayer.recommender import Recommender
from aiplayer.title_neighbours import MEANING_SIZE, TitleNeighbours
from aiplayer.title_search import unit
from aiplayer.vocabulary import Vocabulary
from training.autoencoder import Progress, Recipe, train
from training.blend import fit_blend
from training.examples import Examples, Playlists
from training.naming import fit_naming

HELD_OUT_SHARE, MOST_HELD_OUT, FEWEST_SONGS = 0.1, 4_000, 4
FEWEST_NGRAM_USES, MOST_NGRAMS = 3, 60_000


def train_recommender(
    playlists: Playlists,
    artists: Mapping[int, Sequence[str]],
    recipe: Recipe,
    seed: int,
    progress: Progress = lambda done, total: None,
    checkpoint: Path | None = None,
) -> Recommender:
    """Fit everything.

    Args:
        playlists: The playlists to learn from.
        artists: Who sings each song, where that is known.
        recipe: How to train the autoencoder.
        seed: Weights, masks, order and the playlists held out.
        progress: Told (steps done, steps in all) of the autoencoder.
        checkpoint: The autoencoder's state, to go on from and to keep.
    """
    vocabulary = vocabulary_of(playlists, artists)
    examples = Examples(playlists, vocabulary, recipe.batch_size, seed)
    held_out = hold_out(examples, seed)
    model = train(examples.without(held_out), recipe, seed, progress, checkpoint)
    contents = matrix(
        [
            np.unique(np.concatenate([songs, tags, *parts]))
            for songs, tags, parts in zip(examples.songs, examples.tags, examples.ngrams, strict=True)
        ],
        vocabulary.columns + len(vocabulary.ngrams),
    )
    named = [named_in(" ".join(parts), vocabulary) for parts in playlists.titles]
    meanings = examples.meanings()
    directions = principal_directions(meanings)

    def remembered(rows: np.ndarray) -> tuple[Neighbours, Naming]:
        titles = TitleNeighbours(
            contents[rows, vocabulary.columns :].tocsr(), unit(meanings[rows] @ directions), directions
        )
        neighbours = Neighbours(contents[rows], titles, vocabulary)
        return neighbours, fit_naming([named[row] for row in rows], contents[rows], neighbours.singers, vocabulary)

    everything = np.arange(contents.shape[0])
    blend = fit_blend(model, *remembered(np.setdiff1d(everything, held_out)), examples, held_out, seed)
    return Recommender(model, *remembered(everything), blend, vocabulary)


def principal_directions(vectors: np.ndarray) -> np.ndarray:
    """The MEANING_SIZE directions, or fewer, in which vectors [n, size] lie most, float32 [size, directions]."""
    _, directions = np.linalg.eigh(vectors.T @ vectors)
    return np.ascontiguousarray(directions[:, -MEANING_SIZE:]).astype(np.float32)


def vocabulary_of(playlists: Playlists, artists: Mapping[int, Sequence[str]]) -> Vocabulary:
    """Every song, tag and artist, and the n-grams that stand in FEWEST_NGRAM_USES titles or more."""
    song_ids = sorted({song_id for song_ids in playlists.song_ids for song_id in song_ids})
    names = sorted({name for song_id in song_ids for name in artists.get(song_id, ())})
    numbers = {name: number for number, name in enumerate(names)}
    uses = Counter(ngram for ngrams in _title_ngrams(playlists) for ngram in ngrams)
    frequent = [ngram for ngram, count in uses.items() if count >= FEWEST_NGRAM_USES]
    frequent.sort(key=lambda ngram: (-uses[ngram], ngram))
    return Vocabulary(
        song_ids,
        sorted({tag for tags in playlists.tags for tag in tags}),
        sorted(frequent[:MOST_NGRAMS]),
        names,
        [[numbers[name] for name in artists.get(song_id, ())] for song_id in song_ids],
    )


def hold_out(examples: Examples, seed: int) -> np.ndarray:
    """Playlists to keep from the branches, int64: a share of those that have songs enough to ask about."""
    asked = np.array([row for row in examples.filled if len(examples.songs[row]) >= FEWEST_SONGS], dtype=np.int64)
    count = min(MOST_HELD_OUT, int(HELD_OUT_SHARE * len(asked)))
    return np.random.default_rng([seed, 1]).permutation(asked)[:count]


def _title_ngrams(playlists: Playlists) -> Iterable[set[str]]:
    return ({ngram for part in parts for ngram in title_ngrams(part)} for parts in playlists.titles)
