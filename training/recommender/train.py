"""Trains the whole recommender: vocabulary, autoencoder, neighbours, trust in names, and the ranker of what they say.

Some playlists are kept from the autoencoder; on these, hidden from the other branches too, the ranker is trained: it
would trust a branch too much on playlists that the branch has learnt by heart.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np

from aiplayer.arrays import csr_from_rows, principal_directions, unit
from aiplayer.recommender.autoencoder import ServedAutoencoder
from aiplayer.recommender.branches import Branches
from aiplayer.recommender.mentions import Naming, named_in
from aiplayer.recommender.playlist_neighbours import Neighbours
from aiplayer.recommender.recommender import Recommender
from aiplayer.recommender.title_neighbours import MEANING_SIZE, TitleNeighbours
from aiplayer.recommender.vocabulary import Vocabulary
from aiplayer.text import title_ngrams
from training.recommender.autoencoder import Progress, Recipe, train
from training.recommender.examples import Examples, Playlists
from training.recommender.held_out import ask
from training.recommender.mentions import fit_naming
from training.recommender.ranker import fit_ranker

HELD_OUT_SHARE, MOST_HELD_OUT, FEWEST_SONGS = 0.1, 2_000, 4
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
    served = ServedAutoencoder.of(model, examples.column_counts(), vocabulary.song_count)
    contents = csr_from_rows(
        [
            np.unique(np.concatenate([songs, tags, *parts]))
            for songs, tags, parts in zip(examples.songs, examples.tags, examples.ngrams, strict=True)
        ],
        vocabulary.columns + len(vocabulary.ngrams),
    )
    named = [named_in(" ".join(parts), vocabulary) for parts in playlists.titles]
    meanings = examples.meanings()
    directions = principal_directions([meanings], MEANING_SIZE)

    def remembered(rows: np.ndarray) -> tuple[Neighbours, Naming]:
        titles = TitleNeighbours(
            contents[rows, vocabulary.columns :].tocsr(), unit(meanings[rows] @ directions), directions
        )
        neighbours = Neighbours(contents[rows], titles, vocabulary)
        return neighbours, fit_naming([named[row] for row in rows], contents[rows], vocabulary)

    everything = np.arange(contents.shape[0])
    learnt = remembered(np.setdiff1d(everything, held_out))
    asked = ask(Branches(served, *learnt, vocabulary), examples, held_out, seed)
    ranker = fit_ranker(asked, {of: learnt[0].uses(of) for of in asked}, seed)
    return Recommender(Branches(served, *remembered(everything), vocabulary), ranker)


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
    """Playlists to keep from the branches, int64: a share of those that have songs enough to ask about.

    Where some are known to be whole, it is these: of an extract nobody knows whether a song is missing or was left out.
    """
    asked = np.array([row for row in examples.filled if len(examples.songs[row]) >= FEWEST_SONGS], dtype=np.int64)
    count = min(MOST_HELD_OUT, int(HELD_OUT_SHARE * len(asked)))
    if examples.whole.any():
        asked = asked[examples.whole[asked]]
    return np.random.default_rng([seed, 1]).permutation(asked)[:count]


def _title_ngrams(playlists: Playlists) -> Iterable[set[str]]:
    return ({ngram for part in parts for ngram in title_ngrams(part)} for parts in playlists.titles)
