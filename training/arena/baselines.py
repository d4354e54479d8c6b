"""Methods to compare with: popularity, nearest titles, and the neighbour model of the arena's second place.

Each gives a question two rows of scores, over the corpus' songs and over its tags; 0 says nothing. They learn nothing
but counts, so there is nothing to fit.
"""

from typing import Protocol

import numpy as np
from scipy.sparse import csr_matrix, diags, hstack

from training.arena.corpus import Corpus, Question

Scores = tuple[np.ndarray, np.ndarray]


class Method(Protocol):
    """Answers questions by scores."""

    def score(self, question: Question) -> Scores:
        """float64 [songs] and float64 [tags]."""


class Popularity:
    """Everybody gets what stands in most playlists.

    Args:
        corpus: The playlists.
    """

    def __init__(self, corpus: Corpus):
        self.scores = corpus.song_counts, corpus.tag_counts

    def score(self, question: Question) -> Scores:
        """The counts of all songs and of all tags, the same for every question."""
        return self.scores


class NearestTitles:
    """Songs and tags of the playlists with the most similar titles, by TF-IDF of character n-grams within words.

    Args:
        corpus: The playlists.
        neighbours: How many playlists have a say.
        sharpness: The power of the cosine by which each counts.
    """

    def __init__(self, corpus: Corpus, neighbours: int = 200, sharpness: float = 3.0):
        # It takes seconds to import, and most commands never need it.
        from sklearn.feature_extraction.text import TfidfVectorizer

        self.corpus = corpus
        self.neighbours = neighbours
        self.sharpness = sharpness
        self.vectorizer = TfidfVectorizer(analyzer="char_wb", ngram_range=(1, 3), dtype=np.float64)
        title_vectors = self.vectorizer.fit_transform(corpus.titles)
        self.titles = title_vectors.T.tocsr()

    def score(self, question: Question) -> Scores:
        """Cosines, sharpened and summed over the neighbours."""
        query = self.vectorizer.transform([question.title])
        cosines = (query @ self.titles).toarray().ravel()
        count = min(self.neighbours, len(cosines))
        nearest = np.argpartition(-cosines, count - 1)[:count]
        weights = cosines[nearest] ** self.sharpness
        return weights @ self.corpus.songs[nearest], weights @ self.corpus.tag_uses[nearest]


class Neighbours:
    """Neighbour CF over songs and tags; where a question has neither, nearest titles.

    With n_i the count of an item, |v| the length of a playlist and S the question's items:
    w_v = (|S∩v| (0.1+|v|)^-0.3)^0.99, q_v = w_v Σ_{i∈S∩v} (0.1+n_i)^-0.9, score_j = (0.1+n_j)^-0.1 Σ_{v∋j} q_v.

    Args:
        corpus: The playlists.
    """

    def __init__(self, corpus: Corpus):
        self.corpus = corpus
        self.items = csr_matrix(hstack([corpus.songs, corpus.tag_uses]))
        self.playlists = self.items.T.tocsr()

        counts = 0.1 + np.concatenate([corpus.song_counts, corpus.tag_counts])
        self.rare = diags(counts**-0.9) @ self.playlists
        self.damping = counts**-0.1
        item_counts = np.asarray(self.items.sum(axis=1)).ravel()
        self.length = (0.1 + item_counts) ** -0.3

        self.by_title = NearestTitles(corpus)

    def score(self, question: Question) -> Scores:
        """Scores of all items that share a playlist with one of the question's."""
        song_count = len(self.corpus.song_ids)
        song_columns = self.corpus.song_columns(question.songs)
        tag_columns = song_count + self.corpus.tag_columns(question.tags)
        columns = np.concatenate([song_columns, tag_columns])
        if not len(columns):
            return self.by_title.score(question)

        shared = np.asarray(self.playlists[columns].sum(axis=0)).ravel()
        rarity = np.asarray(self.rare[columns].sum(axis=0)).ravel()
        neighbours = np.flatnonzero(shared)
        overlap = shared[neighbours] * self.length[neighbours]
        weights = overlap**0.99 * rarity[neighbours]
        scores = self.damping * (weights @ self.items[neighbours])
        return scores[:song_count], scores[song_count:]
