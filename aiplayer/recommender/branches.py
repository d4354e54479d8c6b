"""The branches of the recommender: ways to rank songs and tags, asked together.

Each proposes its best; what any of them proposes is a candidate, and every branch says how likely it holds each.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import compress

import numpy as np

from aiplayer.arrays import greatest
from aiplayer.recommender.autoencoder import ServedAutoencoder
from aiplayer.recommender.mentions import Naming
from aiplayer.recommender.playlist_neighbours import FOR_SONGS, WEIGHINGS, Neighbours
from aiplayer.recommender.questions import BRANCHES, Known, Said, features, softmax
from aiplayer.recommender.row_sums import Sums
from aiplayer.recommender.shortlist import Decoder
from aiplayer.recommender.title_neighbours import Near
from aiplayer.recommender.vocabulary import Vocabulary

# Questions that are asked together.
BATCH = 32
# Each of the sparse branches proposes that many; the autoencoder its whole shortlist.
PROPOSED_SONGS, PROPOSED_TAGS = 300, 100


@dataclass(frozen=True)
class Answers:
    """What the branches say to each question, and the questions' features, float32 [questions, features]."""

    features: np.ndarray
    songs: list[Said]
    tags: list[Said]


class Branches:
    """The autoencoder, the neighbours by items, in several views, by titles and by artists, and what titles name.

    Attributes:
        silent: Those of `aiplayer.recommender.questions.BRANCHES` that are not heard, to see what each is worth.
    """

    def __init__(self, autoencoder: ServedAutoencoder, neighbours: Neighbours, naming: Naming, vocabulary: Vocabulary):
        self.autoencoder = autoencoder
        self.neighbours = neighbours
        self.naming = naming
        self.vocabulary = vocabulary
        self.silent: frozenset[str] = frozenset()

    def ask(self, known: Sequence[Known]) -> Answers:
        """Ask every branch at most BATCH questions; what it says to each depends on no other.

        What reads a whole table is asked for all of them at once, all else one by one.
        """
        vocabulary, autoencoder = self.vocabulary, self.autoencoder
        states = np.concatenate([autoencoder.states([one.kinds], one.title_embedding) for one in known])
        songs, tags = (decoder.shortlists(states) for decoder in (autoencoder.songs, autoencoder.tags))
        ngrams = [one.ngrams - vocabulary.columns for one in known]
        titles = self.neighbours.titles.near(ngrams, np.stack([one.title_embedding for one in known]))
        answers = map(self._answer, known, states, songs, tags, titles)
        return Answers(*map(list, zip(*answers, strict=True)))

    def _answer(
        self, known: Known, state: np.ndarray, songs: np.ndarray, tags: np.ndarray, titles: Near
    ) -> tuple[np.ndarray, Said, Said]:
        neighbours, first_tag = self.neighbours, self.vocabulary.song_count
        near = neighbours.near_items(np.concatenate([known.songs, known.tags]))
        artists, tags_named = known.named.artists, known.named.tags - first_tag
        artist_trust, tag_trust = self.naming.artists[artists, np.newaxis], self.naming.tags[tags_named, np.newaxis]
        named = Sums.of(tags_named, tag_trust, len(self.autoencoder.tags)).shared_out()
        of_songs = [
            neighbours.song_scores(near, titles),
            neighbours.artist_scores(known.songs),
            neighbours.songs_by(artists, artist_trust),
        ]
        # No tag has an artist.
        of_tags = [neighbours.tag_scores(near, titles), named.none(), named]
        known_of = features(
            len(known.songs),
            len(known.tags),
            bool(known.title_embedding.any()),
            near.weights[:, WEIGHINGS.index(FOR_SONGS)].max(initial=0.0),
            (artist_trust.sum(), tag_trust.sum()),
        )
        heard = np.array([name not in self.silent for name in BRANCHES])
        songs_said = _said(self.autoencoder.songs, state, songs, of_songs, known.songs, PROPOSED_SONGS, heard)
        tags_said = _said(self.autoencoder.tags, state, tags, of_tags, known.tags - first_tag, PROPOSED_TAGS, heard)
        return known_of, songs_said, tags_said


def _said(
    decoder: Decoder,
    state: np.ndarray,
    shortlist: np.ndarray,
    sparse: Sequence[Sums],
    named: np.ndarray,
    proposed: int,
    heard: np.ndarray,
) -> Said:
    """What the autoencoder and the sparse branches say; those that are not heard propose nothing and hold nothing."""
    views = [(sums.columns, values) for sums in sparse for values in sums.values.T]
    best = [(columns, values, greatest(values, proposed)) for columns, values in views]
    proposals = [shortlist, *(columns[rows][values[rows] > 0] for columns, values, rows in best)]
    candidates = np.zeros(len(decoder), dtype=bool)
    candidates[np.concatenate([named, *compress(proposals, heard)])] = True
    columns = np.flatnonzero(candidates)
    likely = softmax(decoder.logits(state, columns))[:, np.newaxis]
    probabilities = np.hstack([likely, *(sums.at(columns) for sums in sparse)])
    return Said(columns, np.isin(columns, named), probabilities * heard.astype(np.float32))
