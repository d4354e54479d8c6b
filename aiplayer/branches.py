"""The branches of the recommender: ways to rank songs and tags, asked together.

Each proposes its best; what any of them proposes is a candidate, and every branch says how likely it holds each.
"""

from dataclasses import dataclass
from itertools import compress

import numpy as np
import tensorflow as tf
from scipy.sparse import csr_matrix

from aiplayer.models.autoencoder import PlaylistAutoencoder, bags
from aiplayer.models.decoder import Decoder
from aiplayer.naming import Naming
from aiplayer.neighbours import BY_ITEMS, FOR_SONGS, FOR_TAGS, TITLE_DAMPING, Neighbours, views
from aiplayer.questions import BRANCHES, Known, Said, features, softmax
from aiplayer.selection import greatest
from aiplayer.sparse import matrix
from aiplayer.vocabulary import Vocabulary

# Questions that are asked together, and rows that a product of hidden layers always has.
BATCH = 32
# Each of the sparse branches proposes that many; the autoencoder its whole shortlist.
PROPOSED = 300
NOBODY = [np.array([], dtype=np.int64)] * 4


@dataclass(frozen=True)
class Answers:
    """What the branches say to each question, and the questions' features, float32 [questions, features]."""

    features: np.ndarray
    songs: list[Said]
    tags: list[Said]


class Branches:
    """The autoencoder, the neighbours by items, in several views, by titles and by artists, and what titles name.

    Attributes:
        silent: Those of `aiplayer.questions.BRANCHES` that are not heard, to see what each is worth.
    """

    def __init__(self, model: PlaylistAutoencoder, neighbours: Neighbours, naming: Naming, vocabulary: Vocabulary):
        self.model = model
        self.neighbours = neighbours
        self.naming = naming
        self.vocabulary = vocabulary
        self.silent: frozenset[str] = frozenset()
        self._title_size = model.config["title_size"]
        rows, slots = tf.TensorSpec((None,), tf.int64), tf.TensorSpec((None,), tf.int32)
        titles = [tf.TensorSpec((count, self._title_size), tf.float32) for count in (BATCH, None)]
        self._encode, self._encode_any = (tf.function(model.encode, input_signature=[rows, slots, t]) for t in titles)
        table, bias, first_tag = model.output_table.numpy(), model.output_bias.numpy(), vocabulary.song_count
        self.songs, self.tags = (
            Decoder(table[:first_tag], bias[:first_tag]),
            Decoder(table[first_tag:], bias[first_tag:]),
        )

    def ask(self, known: list[Known]) -> Answers:
        """Ask every branch at most BATCH questions; what it says to each depends on no other."""
        vocabulary, neighbours = self.vocabulary, self.neighbours
        items = matrix([np.concatenate([one.songs, one.tags]) for one in known], vocabulary.columns)
        ngrams = matrix([one.ngrams - vocabulary.columns for one in known], len(vocabulary.ngrams))
        for_songs, for_tags, by_items = (neighbours.near_items(items, each) for each in (FOR_SONGS, FOR_TAGS, BY_ITEMS))
        titles = neighbours.titles.near(ngrams, np.stack([one.title_embedding for one in known]))
        artists, tags = self.naming.trust([one.named for one in known], vocabulary.song_count)
        of_songs = [
            *(neighbours.song_scores(near, FOR_SONGS.damping) for near in views(for_songs)),
            neighbours.song_scores(by_items, BY_ITEMS.damping),
            neighbours.song_scores(titles, TITLE_DAMPING),
            neighbours.artist_scores(items[:, : vocabulary.song_count].tocsr()),
            neighbours.songs_by(artists),
        ]
        of_tags = [
            *(neighbours.tag_scores(near, FOR_TAGS.damping) for near in views(for_tags)),
            neighbours.tag_scores(by_items, BY_ITEMS.damping),
            neighbours.tag_scores(titles, 0.0),
            csr_matrix((len(known), len(vocabulary.tags)), dtype=np.float32),
            neighbours.tags_like(tags),
        ]
        counts = zip(*([len(one.songs), len(one.tags), one.title_embedding.any()] for one in known), strict=True)
        support = for_songs.max(axis=1).toarray().ravel()
        trust = [np.asarray(names.sum(axis=1)).ravel() for names in (artists, tags)]
        states = self.states(known)
        return Answers(
            features(*counts, support, trust),
            self._said(self.songs, states, of_songs, [one.songs for one in known]),
            self._said(self.tags, states, of_tags, [one.tags - vocabulary.song_count for one in known]),
        )

    def states(self, known: list[Known]) -> np.ndarray:
        """The autoencoder's hidden states, float32 [questions, hidden], of at most BATCH questions."""
        titles = np.zeros((BATCH, self._title_size), dtype=np.float32)
        titles[: len(known)] = [one.title_embedding for one in known]
        rows, slots = bags([one.kinds for one in known] + [NOBODY] * (BATCH - len(known)))
        return self._encode(rows, slots, titles).numpy()[: len(known)]

    def states_of(self, kinds: list[list[np.ndarray]]) -> np.ndarray:
        """The states of any number of rows of each of KINDS without a title, float32 [questions, hidden].

        How many are asked together may show in the last digit.
        """
        if not kinds:
            return np.zeros((0, self.model.hidden), dtype=np.float32)
        return self._encode_any(*bags(kinds), np.zeros((len(kinds), self._title_size), dtype=np.float32)).numpy()

    def _said(
        self, decoder: Decoder, states: np.ndarray, sparse: list[csr_matrix], named: list[np.ndarray]
    ) -> list[Said]:
        answers = []
        heard = [name not in self.silent for name in BRANCHES]
        for question, (state, shortlist, own) in enumerate(zip(states, decoder.shortlists(states), named, strict=True)):
            bounds = [slice(*scores.indptr[question : question + 2]) for scores in sparse]
            rows = [(scores.indices[part], scores.data[part]) for scores, part in zip(sparse, bounds, strict=True)]
            proposed = [shortlist, *(indices[greatest(scores, PROPOSED)] for indices, scores in rows)]
            columns = np.unique(np.concatenate([own, *compress(proposed, heard)]))
            said = [softmax(decoder.logits(state, columns))]
            for indices, scores in rows:
                row = np.zeros(len(decoder), dtype=np.float32)
                row[indices] = scores
                said.append(row[columns])
            answers.append(Said(columns, np.isin(columns, own), np.stack(said, axis=1) * np.array(heard, np.float32)))
        return answers
