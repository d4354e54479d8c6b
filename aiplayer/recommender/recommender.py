"""Songs and hashtags for a title and any chosen playlists: branches propose, a ranker decides."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix

from aiplayer.arrays import sorted_top_k
from aiplayer.errors import ModelMissing
from aiplayer.files import MAKE_ANEW
from aiplayer.recommender.autoencoder import ServedAutoencoder
from aiplayer.recommender.branches import BATCH, BranchAnswers, Branches
from aiplayer.recommender.facts import SongFacts, best_kept, lead
from aiplayer.recommender.known_playlists import KnownPlaylists
from aiplayer.recommender.mentions import MentionTrust, find_mentions
from aiplayer.recommender.playlist_neighbours import PlaylistNeighbours
from aiplayer.recommender.ranked import RankedRows, best_rows, named_songs, unknown_songs
from aiplayer.recommender.ranker import Ranker
from aiplayer.recommender.reasons import Cause, find_causes, named_words
from aiplayer.recommender.removals import Removals
from aiplayer.recommender.request import Inputs, Query, Recommendation, Request
from aiplayer.recommender.terms import title_terms
from aiplayer.recommender.title_neighbours import Neighbourhood
from aiplayer.recommender.vocabulary import Vocabulary
from aiplayer.recommender.votes import Votes
from aiplayer.titles.reading.mentions import Kind, Reading


@dataclass(frozen=True)
class Wanted:
    """The songs and tags that a title wants.

    Attributes:
        songs: Columns of the vocabulary, int64, best first.
        song_scores: How likely each is, float32.
        tags: Columns of the vocabulary, int64, best first.
        tag_scores: How likely each is, float32.
        kept: How much of what the title names each song of the vocabulary keeps, float32; None where it names nothing
            known.
        read: What the title says.
    """

    songs: np.ndarray
    song_scores: np.ndarray
    tags: np.ndarray
    tag_scores: np.ndarray
    kept: np.ndarray | None
    read: Reading


class Recommender:
    """The branches and their ranker, answering batches of requests.

    Args:
        branches: What they have learned.
        ranker: Ranks what they propose.
        facts: What is known of each song.
        removals: What creators took out of their playlists.
        playlists: The playlists that it knows.
    """

    def __init__(
        self,
        branches: Branches,
        ranker: Ranker,
        facts: SongFacts,
        removals: Removals,
        playlists: KnownPlaylists,
    ):
        self.branches = branches
        self.ranker = ranker
        self.facts = facts
        self.removals = removals
        self.playlists = playlists
        self.vocabulary = branches.vocabulary
        self._song_uses = branches.neighbours.songs.uses

    def recommend(self, requests: list[Request]) -> list[Recommendation]:
        """Answer each request; the answer is the same alone and in any batch."""
        answers = []
        for start in range(0, len(requests), BATCH):
            answers += self._answer(requests[start : start + BATCH])
        return answers

    def wanted(self, requests: list[Request], song_count: int, tag_count: int) -> list[Wanted]:
        """The songs and tags that each title wants most."""
        answers = []
        for start in range(0, len(requests), BATCH):
            batch = requests[start : start + BATCH]
            queries = [self.query_of(request) for request in batch]
            all_kept, votes = self._ask(queries)

            for number, query in enumerate(queries):
                features = votes.features[number]
                kept = all_kept[number]
                songs = votes.songs[number]
                song_scores = self._song_scores(songs, features, kept, votes.by_title[number])
                best_songs = sorted_top_k(song_scores, song_count)

                tags = votes.tags[number]
                tag_scores = self._tag_scores(tags, features)
                best_tags = sorted_top_k(tag_scores, tag_count)
                answers.append(
                    Wanted(
                        songs.columns[best_songs],
                        song_scores[best_songs],
                        tags.columns[best_tags] + self.vocabulary.song_count,
                        tag_scores[best_tags],
                        kept,
                        query.read,
                    )
                )
        return answers

    def items_of(self, playlist_ids: np.ndarray) -> csr_matrix:
        """The songs and tags of playlists, 0/1, float32 [playlists, columns]; an unknown playlist has none."""
        learned = self.branches.neighbours.playlists[:, : self.vocabulary.columns].tocsr()
        return self.playlists.items_of(playlist_ids, learned)

    def _answer(self, requests: list[Request]) -> list[Recommendation]:
        """Answer at most BATCH requests."""
        queries = [self.query_of(request) for request in requests]
        kept, votes = self._ask(queries)

        answers = []
        for number, request in enumerate(requests):
            query = queries[number]
            scores = self._song_scores(
                votes.songs[number], votes.features[number], kept[number], votes.by_title[number]
            )
            new, chosen = self._best_songs(request, votes.songs[number], scores)
            causes = self._causes(request.title, query, new.rows, kept[number])
            answers.append(
                Recommendation(
                    new=named_songs(self.vocabulary, new, causes),
                    chosen=named_songs(self.vocabulary, chosen, [None] * len(chosen.rows))
                    + unknown_songs(self.vocabulary, request),
                    tags=self._rank_tags(request, votes.features[number], votes.tags[number]),
                    named_artists=[self.vocabulary.artists[number] for number in query.mentions.artists],
                    read=query.read.wanted(*Kind),
                )
            )
        return answers

    def _ask(self, queries: list[Query]) -> tuple[list[np.ndarray | None], BranchAnswers]:
        """How much of what each title names each song keeps, and what the branches say."""
        kept = [self._kept(query) for query in queries]
        named_songs = [best_kept(kept_by_songs, self._song_uses) for kept_by_songs in kept]
        return kept, self.branches.ask(queries, named_songs)

    def query_of(self, request: Request) -> Query:
        """The request as rows of the vocabulary; what the recommender has never seen is left out."""
        read = self.vocabulary.read(request.title).without(request.ignored)
        songs = self.vocabulary.song_rows(dict.fromkeys(request.song_ids))
        inputs = Inputs(
            songs=songs,
            tags=self.vocabulary.tag_rows(dict.fromkeys(request.tags)),
            terms=self.vocabulary.term_rows(title_terms(request.title, read)),
            artists=self.vocabulary.artist_rows(songs),
        )
        mentions = find_mentions(request.title, read, self.vocabulary)
        return Query(inputs, request.title_embedding, mentions, read)

    def _kept(self, query: Query) -> np.ndarray | None:
        """How much of what the title names each song keeps, float32 [songs]; None where it names nothing known."""
        own = self.branches.neighbours.is_by(query.mentions.artists) if len(query.mentions.artists) else None
        return self.facts.kept(query.read, own)

    def _best_songs(self, request: Request, votes: Votes, scores: np.ndarray) -> tuple[RankedRows, RankedRows]:
        """New songs, and those that the request names, without excluded ones.

        Args:
            request: What is asked.
            votes: The candidates.
            scores: How likely each is, float32.
        """
        excluded = self.vocabulary.song_rows(request.exclude_song_ids)
        is_allowed = ~np.isin(votes.columns, excluded)

        is_new = is_allowed & ~votes.in_query
        is_chosen = is_allowed & votes.in_query
        new = best_rows(votes.columns[is_new], scores[is_new], request.song_count)
        chosen = best_rows(votes.columns[is_chosen], scores[is_chosen], len(votes.columns))
        return new, chosen

    def _song_scores(
        self, votes: Votes, features: np.ndarray, kept: np.ndarray | None, by_title: Neighbourhood
    ) -> np.ndarray:
        """How likely each candidate is, float32; those that keep what the title names lead.

        Args:
            votes: The candidates.
            features: The query's features.
            kept: How much of what the title names each song of the vocabulary keeps.
            by_title: The playlists with near titles.
        """
        uses = self._song_uses[votes.columns]
        scores = self.ranker.songs.rank(votes, uses, features)
        scores = scores * self.removals.left_of(by_title, votes.columns)
        if kept is None:
            return scores
        return scores * lead(kept[votes.columns])

    def _tag_scores(self, votes: Votes, features: np.ndarray) -> np.ndarray:
        """How likely each candidate is, float32."""
        uses = self.branches.neighbours.tags.uses[votes.columns]
        return self.ranker.tags.rank(votes, uses, features)

    def _rank_tags(self, request: Request, features: np.ndarray, votes: Votes) -> list[str]:
        best = sorted_top_k(self._tag_scores(votes, features), request.tag_count)
        return [self.vocabulary.tags[column] for column in votes.columns[best]]

    def _causes(self, title: str, query: Query, songs: np.ndarray, kept: np.ndarray | None) -> list[Cause | None]:
        """Why each song is recommended: for all that the title names, where the song keeps it; else by its branches."""
        words = named_words(query.read, title, self.facts.known_kinds)
        keeps_all = np.zeros(len(songs), bool)
        if words and kept is not None:
            keeps_all = kept[songs] == 1

        named = Cause(word=words)
        others = iter(find_causes(self.branches, query, title, songs[~keeps_all]))
        return [named if keeps else next(others) for keeps in keeps_all]

    def save(self, folder: str | Path) -> None:
        """Write the branches, the ranker and their vocabulary."""
        self.vocabulary.save(folder)
        self.branches.autoencoder.save(folder)
        self.branches.neighbours.save(folder)
        self.branches.trust.save(folder)
        self.ranker.save(folder)
        self.facts.save(folder)
        self.removals.save(folder)
        self.playlists.save(folder)

    @classmethod
    def load(cls, folder: str | Path) -> "Recommender":
        """Read what `save` wrote.

        Raises:
            ModelMissing: a file is missing, unreadable, or of another vocabulary.
        """
        vocabulary = Vocabulary.load(folder)
        autoencoder = ServedAutoencoder.load(folder, vocabulary.song_count)
        if autoencoder.shape != (len(vocabulary), vocabulary.columns):
            raise ModelMissing(f"The recommender and its vocabulary differ in size. {MAKE_ANEW}")

        neighbours = PlaylistNeighbours.load(folder, vocabulary)
        branches = Branches(autoencoder, neighbours, MentionTrust.load(folder), vocabulary)
        facts = SongFacts.load(folder, vocabulary.song_count)
        return cls(branches, Ranker.load(folder), facts, Removals.load(folder), KnownPlaylists.load(folder))

    def warm_up(self) -> None:
        """Answer once, so that no creator waits for what is made at the first answer."""
        no_title = np.zeros(self.branches.autoencoder.title_size, dtype=np.float32)
        some_song = list(self.vocabulary.song_ids[:1])
        # Words that nobody knows, in both scripts, are looked for among the sounds of names.
        self.recommend([Request(no_title, title="zzyzx 즈익스", song_ids=some_song)])
