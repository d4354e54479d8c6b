"""Trains the whole recommender: vocabulary, autoencoder, neighbours, trust in names, and the ranker of what they say.

Some playlists are kept from the autoencoder; on these, hidden from the other branches too, the ranker is trained: it
would trust a branch too much on playlists that the branch has learned by heart.
"""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

import numpy as np
from scipy.sparse import csr_matrix
from threadpoolctl import threadpool_limits

from aiplayer.arrays import csr_from_rows, principal_directions, unit_rows
from aiplayer.recommender.autoencoder import Layers, ServedAutoencoder
from aiplayer.recommender.branches import Branches
from aiplayer.recommender.facts import SongFact, SongFacts
from aiplayer.recommender.known_playlists import KnownPlaylists
from aiplayer.recommender.mentions import Mentions, find_mentions
from aiplayer.recommender.playlist_neighbours import PlaylistNeighbours
from aiplayer.recommender.recommender import Recommender
from aiplayer.recommender.removals import Removals
from aiplayer.recommender.request import NO_ROWS
from aiplayer.recommender.terms import title_terms
from aiplayer.recommender.title_neighbours import MEANING_SIZE, TitleNeighbours
from aiplayer.recommender.vocabulary import Vocabulary
from aiplayer.titles.reading.artist_names import ArtistNames
from aiplayer.titles.reading.mentions import Reading
from aiplayer.titles.reading.reader import TitleReader
from training.recommender.autoencoder import Progress, Recipe, train
from training.recommender.examples import Examples
from training.recommender.held_out import ask_about_held_out
from training.recommender.mentions import fit_mention_trust
from training.recommender.network import PlaylistAutoencoder
from training.recommender.playlists import Playlists
from training.recommender.ranker import fit_ranker
from training.recommender.warm_start import WarmStart

HELD_OUT_SHARE, MOST_HELD_OUT, FEWEST_SONGS = 0.1, 2_000, 4
FEWEST_TERM_USES, MOST_TERMS = 3, 60_000


# Several threads add in another order than one: bytes would depend on how many cores there are.
@threadpool_limits.wrap(limits=1, user_api="blas")
def train_recommender(
    playlists: Playlists,
    artists: Mapping[int, Sequence[str]],
    recipe: Recipe,
    seed: int,
    progress: Progress = lambda done, total: None,
    checkpoint: Path | None = None,
    facts: Mapping[int, SongFact] = MappingProxyType({}),
    held_back: Playlists | None = None,
    start: WarmStart | None = None,
) -> Recommender:
    """Fit everything.

    Args:
        playlists: The playlists to learn from.
        artists: Who sings each song, where that is known.
        recipe: How to train the autoencoder.
        seed: The seed of weights, masks, order and the playlists held out: equal seeds give equal bytes on one kind of
            processor.
        progress: Is told (steps done, steps in all) of the autoencoder.
        checkpoint: A file to keep the autoencoder's state in, and to go on from; None for neither.
        facts: What is known of each song.
        held_back: Playlists to be found, and not to be learned from.
        start: An autoencoder to go on from; None for a new one.
    """
    readings = read_titles(playlists, artists)
    vocabulary = build_vocabulary(playlists, readings, artists)
    examples = Examples(playlists, readings, vocabulary, recipe.batch_size, seed)
    held_out = hold_out(examples, playlists.ids, seed)
    model = train(examples.without(held_out), recipe, seed, progress, checkpoint, start)
    autoencoder = serve_autoencoder(model, examples.column_counts(), vocabulary.song_count)

    memory = _Memory(examples)
    everything = np.arange(len(playlists.titles))
    others = np.setdiff1d(everything, held_out)
    blind = memory.branches(autoencoder, others)
    questions = ask_about_held_out(blind, examples, held_out, seed)
    ranker = fit_ranker(questions, blind.neighbours.songs.uses, blind.neighbours.tags.uses, seed)
    song_facts = SongFacts.of_songs(vocabulary.song_ids, facts)
    known = _known_playlists(playlists, held_back or Playlists.none(), vocabulary)
    removals = Removals(
        csr_from_rows(examples.kept, vocabulary.song_count), csr_from_rows(examples.dropped, vocabulary.song_count)
    )
    return Recommender(memory.branches(autoencoder, everything), ranker, song_facts, removals, known)


def _known_playlists(learned: Playlists, held_back: Playlists, vocabulary: Vocabulary) -> KnownPlaylists:
    """The numbers of all playlists, and what those hold that nothing is learned from."""
    items = []
    for songs, tags in zip(held_back.song_ids, held_back.tags, strict=True):
        rows = np.concatenate([vocabulary.song_rows(songs), vocabulary.tag_rows(tags)])
        items.append(np.unique(rows))
    ids = np.array([*learned.ids, *held_back.ids], dtype=np.int64)
    return KnownPlaylists(ids, csr_from_rows(items, vocabulary.columns))


class _Memory:
    """What the branches that learn by heart keep of every playlist.

    Args:
        examples: The playlists to learn from.
    """

    def __init__(self, examples: Examples):
        self._vocabulary = examples.vocabulary
        self._contents = _contents_of(examples)
        self._mentions = _mentions_of(examples)
        self._meanings = examples.meanings()
        self._directions = principal_directions([self._meanings], MEANING_SIZE)

    def branches(self, autoencoder: ServedAutoencoder, rows: np.ndarray) -> Branches:
        """All branches, those of them that learn by heart from some playlists only.

        Args:
            autoencoder: The trained autoencoder.
            rows: The playlists, int64.
        """
        contents = self._contents[rows]
        terms = contents[:, self._vocabulary.columns :].tocsr()
        reduced = self._meanings[rows] @ self._directions
        titles = TitleNeighbours(terms, self._vocabulary.names_thing(), unit_rows(reduced), self._directions)
        neighbours = PlaylistNeighbours(contents, titles, self._vocabulary)

        mentions = [self._mentions[row] for row in rows]
        trust = fit_mention_trust(mentions, contents, self._vocabulary)
        return Branches(autoencoder, neighbours, trust, self._vocabulary)


def _mentions_of(examples: Examples) -> list[Mentions]:
    """What the title of each playlist names, in any of its parts."""
    vocabulary = examples.vocabulary
    mentions = []
    for parts, readings in zip(examples.texts, examples.readings, strict=True):
        by_part = [find_mentions(part, read, vocabulary) for part, read in zip(parts, readings, strict=True)]
        tags = np.concatenate([NO_ROWS, *(named.tags for named in by_part)])
        artists = np.concatenate([NO_ROWS, *(named.artists for named in by_part)])
        mentions.append(Mentions(np.unique(tags), np.unique(artists)))
    return mentions


def _contents_of(examples: Examples) -> csr_matrix:
    """The songs, tags and terms of each playlist, 0/1, float32 [playlists, rows without artists]."""
    rows = []
    for songs, tags, title_parts in zip(examples.songs, examples.tags, examples.terms, strict=True):
        items = np.concatenate([songs, tags, *title_parts])
        rows.append(np.unique(items))

    width = examples.vocabulary.columns + len(examples.vocabulary.terms)
    return csr_from_rows(rows, width)


def serve_autoencoder(model: PlaylistAutoencoder, uses: np.ndarray, song_count: int) -> ServedAutoencoder:
    """A trained model as it is served.

    Args:
        model: The trained network.
        uses: In how many playlists each song and tag stands, float64 [outputs].
        song_count: How many of the outputs are songs; the rest are tags.
    """
    layers = Layers(
        title_projection=model.title_projection.kernel.numpy(),
        norm_scale=model.norm.gamma.numpy(),
        norm_shift=model.norm.beta.numpy(),
        dense=model.dense.kernel.numpy(),
        dense_bias=model.dense.bias.numpy(),
    )
    return ServedAutoencoder.from_weights(
        model.input_table.numpy(),
        layers,
        model.output_table.numpy(),
        model.output_bias.numpy(),
        uses,
        song_count,
    )


def read_titles(playlists: Playlists, artists: Mapping[int, Sequence[str]]) -> list[list[Reading]]:
    """What each part of each title says; arguments as in `train_recommender`."""
    reader = TitleReader(ArtistNames(_artist_names(playlists, artists)))
    return [[reader.read(part) for part in parts] for parts in playlists.titles]


def build_vocabulary(
    playlists: Playlists, readings: Sequence[Sequence[Reading]], artists: Mapping[int, Sequence[str]]
) -> Vocabulary:
    """Every song, tag and artist, and the terms that stand in FEWEST_TERM_USES titles or more.

    Args:
        playlists: The playlists to learn from.
        readings: What each part of each title says.
        artists: Who sings each song, where that is known.
    """
    song_ids = sorted(set().union(*playlists.song_ids))
    tags = sorted(set().union(*playlists.tags))

    singers = [artists.get(song_id, ()) for song_id in song_ids]
    artist_names = _artist_names(playlists, artists)
    artist_numbers = {name: number for number, name in enumerate(artist_names)}
    song_artists = []
    for names in singers:
        song_artists.append([artist_numbers[name] for name in names])
    return Vocabulary(song_ids, tags, _frequent_terms(playlists, readings), artist_names, song_artists)


def _artist_names(playlists: Playlists, artists: Mapping[int, Sequence[str]]) -> list[str]:
    """Whoever sings any of the songs, sorted."""
    song_ids = set().union(*playlists.song_ids)
    return sorted({name for song_id in song_ids for name in artists.get(song_id, ())})


def _frequent_terms(playlists: Playlists, readings: Sequence[Sequence[Reading]]) -> list[str]:
    """The terms of titles that belong to the vocabulary, at most MOST_TERMS, sorted."""
    uses: Counter[str] = Counter()
    for parts, reads in zip(playlists.titles, readings, strict=True):
        # A title counts once, however often it holds a term.
        uses.update(set().union(*map(title_terms, parts, reads)))

    frequent = [term for term, count in uses.items() if count >= FEWEST_TERM_USES]
    frequent.sort(key=lambda term: (-uses[term], term))
    return sorted(frequent[:MOST_TERMS])


def hold_out(examples: Examples, ids: Sequence[int], seed: int) -> np.ndarray:
    """Playlists to keep from the branches, int64: a share of those that have songs enough to ask about.

    Which they are depends on their numbers, so that a training that goes on from another keeps the same. Where some are
    known to be whole, it is these: of an extract nobody knows whether a song is missing or was left out. What creators
    taught, which has negative numbers, is all learned.

    Args:
        examples: All playlists.
        ids: Their numbers.
        seed: Draws them.
    """
    numbers = np.asarray(ids)
    long_enough = [row for row in examples.filled if len(examples.songs[row]) >= FEWEST_SONGS and numbers[row] >= 0]
    candidates = np.array(long_enough, dtype=np.int64)
    count = min(MOST_HELD_OUT, int(HELD_OUT_SHARE * len(candidates)))
    if examples.whole.any():
        candidates = candidates[examples.whole[candidates]]

    places = [hashlib.sha256(f"{seed} {numbers[row]}".encode()).digest() for row in candidates]
    shuffled = candidates[np.argsort(places)]
    return shuffled[:count]
