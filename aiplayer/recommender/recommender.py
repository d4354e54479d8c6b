"""Songs and hashtags for a title and any chosen playlists: branches propose, a ranker decides."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from aiplayer.arrays import sorted_top_k
from aiplayer.errors import ModelMissing
from aiplayer.recommender.autoencoder import ServedAutoencoder
from aiplayer.recommender.branches import BATCH, Branches
from aiplayer.recommender.mentions import MentionTrust, find_mentions
from aiplayer.recommender.playlist_neighbours import PlaylistNeighbours
from aiplayer.recommender.ranker import Ranker
from aiplayer.recommender.reasons import Cause, find_causes
from aiplayer.recommender.request import Inputs, Query, RankedSong, Recommendation, Request
from aiplayer.recommender.vocabulary import Vocabulary
from aiplayer.recommender.votes import Votes
from aiplayer.text import title_ngrams


@dataclass(frozen=True)
class RankedRows:
    """Songs as rows of the vocabulary, int64, and how likely each is, float32; best first."""

    rows: np.ndarray
    scores: np.ndarray


class Recommender:
    """The branches and their ranker, answering batches of requests."""

    def __init__(self, branches: Branches, ranker: Ranker):
        self.branches = branches
        self.ranker = ranker
        self.vocabulary = branches.vocabulary

    def recommend(self, requests: list[Request]) -> list[Recommendation]:
        """Answer each request; the answer is the same alone and in any batch."""
        answers = []
        for start in range(0, len(requests), BATCH):
            answers += self._answer(requests[start : start + BATCH])
        return answers

    def _answer(self, requests: list[Request]) -> list[Recommendation]:
        """Answer at most BATCH requests."""
        queries = [self.query_of(request) for request in requests]
        votes = self.branches.ask(queries)

        answers = []
        for number, request in enumerate(requests):
            query = queries[number]
            new, chosen = self._rank_songs(request, votes.features[number], votes.songs[number])
            causes = find_causes(self.branches, query, request.title, new.rows)
            answers.append(
                Recommendation(
                    new=self._named_songs(new, causes),
                    chosen=self._named_songs(chosen, [None] * len(chosen.rows)) + self._unknown_songs(request),
                    tags=self._rank_tags(request, votes.features[number], votes.tags[number]),
                    title_tags=self._tag_names(query.mentions.tags),
                )
            )
        return answers

    def query_of(self, request: Request) -> Query:
        """The request as rows of the vocabulary; what the recommender has never seen is left out."""
        songs = self.vocabulary.song_rows(dict.fromkeys(request.song_ids))
        inputs = Inputs(
            songs=songs,
            tags=self.vocabulary.tag_rows(dict.fromkeys(request.tags)),
            ngrams=self.vocabulary.ngram_rows(title_ngrams(request.title)),
            artists=self.vocabulary.artist_rows(songs),
        )
        return Query(inputs, request.title_embedding, find_mentions(request.title, self.vocabulary))

    def _rank_songs(self, request: Request, features: np.ndarray, votes: Votes) -> tuple[RankedRows, RankedRows]:
        """New songs, and those that the request names, without excluded ones."""
        uses = self.branches.neighbours.songs.uses[votes.columns]
        scores = self.ranker.songs.rank(votes, uses, features)
        excluded = self.vocabulary.song_rows(request.exclude_song_ids)
        is_allowed = ~np.isin(votes.columns, excluded)

        is_new = is_allowed & ~votes.in_query
        is_chosen = is_allowed & votes.in_query
        new = _best_rows(votes.columns[is_new], scores[is_new], request.song_count)
        chosen = _best_rows(votes.columns[is_chosen], scores[is_chosen], len(votes.columns))
        return new, chosen

    def _rank_tags(self, request: Request, features: np.ndarray, votes: Votes) -> list[str]:
        uses = self.branches.neighbours.tags.uses[votes.columns]
        scores = self.ranker.tags.rank(votes, uses, features)
        best = sorted_top_k(scores, request.tag_count)
        return [self.vocabulary.tags[column] for column in votes.columns[best]]

    def _tag_names(self, rows: np.ndarray) -> list[str]:
        return [self.vocabulary.tags[row - self.vocabulary.song_count] for row in rows]

    def _named_songs(self, ranked: RankedRows, causes: list[Cause | None]) -> list[RankedSong]:
        """The ranked songs by their ids, each with its cause where it has one."""
        songs = []
        for row, score, cause in zip(ranked.rows, ranked.scores.tolist(), causes, strict=True):
            song_id = int(self.vocabulary.song_ids[row])
            if cause is None:
                songs.append(RankedSong(song_id, score))
            else:
                songs.append(RankedSong(song_id, score, cause.song_id, cause.tag, cause.word))
        return songs

    def _unknown_songs(self, request: Request) -> list[RankedSong]:
        """Songs of the request that the recommender has never seen, in their own order."""
        excluded = set(request.exclude_song_ids)
        unknown = []
        for song_id in dict.fromkeys(request.song_ids):
            if song_id not in excluded and not self.vocabulary.knows_song(song_id):
                unknown.append(RankedSong(song_id, score=0.0))
        return unknown

    def save(self, folder: str | Path) -> None:
        """Write the branches, the ranker and their vocabulary."""
        self.vocabulary.save(folder)
        self.branches.autoencoder.save(folder)
        self.branches.neighbours.save(folder)
        self.branches.trust.save(folder)
        self.ranker.save(folder)

    @classmethod
    def load(cls, folder: str | Path) -> "Recommender":
        """Read what `save` wrote.

        Raises:
            ModelMissing: a file is missing, unreadable, or of another vocabulary.
        """
        vocabulary = Vocabulary.load(folder)
        autoencoder = ServedAutoencoder.load(folder, vocabulary.song_count)
        if autoencoder.shape != (len(vocabulary), vocabulary.columns):
            raise ModelMissing("The recommender and its vocabulary differ in size. Train it anew with `make setup`.")

        neighbours = PlaylistNeighbours.load(folder, vocabulary)
        branches = Branches(autoencoder, neighbours, MentionTrust.load(folder), vocabulary)
        return cls(branches, Ranker.load(folder))

    def warm_up(self) -> None:
        """Answer once, so that no creator waits for what is made at the first answer."""
        no_title = np.zeros(self.branches.autoencoder.title_size, dtype=np.float32)
        some_song = list(self.vocabulary.song_ids[:1])
        self.recommend([Request(no_title, title="a", song_ids=some_song)])


def _best_rows(rows: np.ndarray, scores: np.ndarray, count: int) -> RankedRows:
    """The rows of the greatest scores, or all where there are not so many.

    Args:
        rows: int64 [n].
        scores: float32 [n].
        count: How many are wanted.
    """
    best = sorted_top_k(scores, count)
    return RankedRows(rows[best], scores[best])
