"""Songs and hashtags for a title and any chosen playlists: branches propose, a ranker decides."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix, vstack

from aiplayer.arrays import sorted_top_k
from aiplayer.errors import ModelMissing
from aiplayer.files import reading
from aiplayer.recommender.autoencoder import ServedAutoencoder
from aiplayer.recommender.branches import BATCH, BranchAnswers, Branches
from aiplayer.recommender.facts import SongFacts, best_kept, lead
from aiplayer.recommender.mentions import MentionTrust, find_mentions
from aiplayer.recommender.playlist_neighbours import PlaylistNeighbours
from aiplayer.recommender.ranker import Ranker
from aiplayer.recommender.reasons import Cause, find_causes, named_words
from aiplayer.recommender.request import Inputs, Query, RankedSong, Recommendation, Request
from aiplayer.recommender.terms import title_terms
from aiplayer.recommender.vocabulary import Vocabulary
from aiplayer.recommender.votes import Votes
from aiplayer.titles.reading.mentions import Kind, Reading

PLAYLISTS_FILE = "playlist_ids.npy"


@dataclass(frozen=True)
class RankedRows:
    """Songs as rows of the vocabulary, int64, and how likely each is, float32; best first."""

    rows: np.ndarray
    scores: np.ndarray


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
        playlist_ids: The playlists of the branches, int64.
    """

    def __init__(self, branches: Branches, ranker: Ranker, facts: SongFacts, playlist_ids: np.ndarray):
        self.branches = branches
        self.ranker = ranker
        self.facts = facts
        self.playlist_ids = playlist_ids
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
                song_scores = self._song_scores(songs, features, kept)
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
        items = self.branches.neighbours.playlists[:, : self.vocabulary.columns].tocsr()
        # One row more, without items.
        no_items = csr_matrix((1, items.shape[1]), dtype=items.dtype)
        padded = vstack([items, no_items]).tocsr()

        known_rows = {playlist_id: row for row, playlist_id in enumerate(self.playlist_ids.tolist())}
        last_row = len(known_rows)
        rows = [known_rows.get(playlist_id, last_row) for playlist_id in playlist_ids.tolist()]
        return padded[rows].astype(np.float32)

    def _answer(self, requests: list[Request]) -> list[Recommendation]:
        """Answer at most BATCH requests."""
        queries = [self.query_of(request) for request in requests]
        kept, votes = self._ask(queries)

        answers = []
        for number, request in enumerate(requests):
            query = queries[number]
            new, chosen = self._rank_songs(request, votes.features[number], votes.songs[number], kept[number])
            causes = self._causes(request.title, query, new.rows, kept[number])
            answers.append(
                Recommendation(
                    new=self._named_songs(new, causes),
                    chosen=self._named_songs(chosen, [None] * len(chosen.rows)) + self._unknown_songs(request),
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

    def _rank_songs(
        self, request: Request, features: np.ndarray, votes: Votes, kept: np.ndarray | None
    ) -> tuple[RankedRows, RankedRows]:
        """New songs, and those that the request names, without excluded ones."""
        scores = self._song_scores(votes, features, kept)
        excluded = self.vocabulary.song_rows(request.exclude_song_ids)
        is_allowed = ~np.isin(votes.columns, excluded)

        is_new = is_allowed & ~votes.in_query
        is_chosen = is_allowed & votes.in_query
        new = _best_rows(votes.columns[is_new], scores[is_new], request.song_count)
        chosen = _best_rows(votes.columns[is_chosen], scores[is_chosen], len(votes.columns))
        return new, chosen

    def _song_scores(self, votes: Votes, features: np.ndarray, kept: np.ndarray | None) -> np.ndarray:
        """How likely each candidate is, float32; those that keep what the title names lead."""
        uses = self._song_uses[votes.columns]
        scores = self.ranker.songs.rank(votes, uses, features)
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
        self.facts.save(folder)
        np.save(Path(folder) / PLAYLISTS_FILE, self.playlist_ids)

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
        facts = SongFacts.load(folder, vocabulary.song_count)
        with reading("The recommender's playlists"):
            playlist_ids = np.load(Path(folder) / PLAYLISTS_FILE, allow_pickle=False)
        return cls(branches, Ranker.load(folder), facts, playlist_ids)

    def warm_up(self) -> None:
        """Answer once, so that no creator waits for what is made at the first answer."""
        no_title = np.zeros(self.branches.autoencoder.title_size, dtype=np.float32)
        some_song = list(self.vocabulary.song_ids[:1])
        # Words that nobody knows, in both scripts, are looked for among the sounds of names.
        self.recommend([Request(no_title, title="zzyzx 즈익스", song_ids=some_song)])


def _best_rows(rows: np.ndarray, scores: np.ndarray, count: int) -> RankedRows:
    """The rows of the greatest scores, or all where there are not so many.

    Args:
        rows: int64 [n].
        scores: float32 [n].
        count: How many are wanted.
    """
    best = sorted_top_k(scores, count)
    return RankedRows(rows[best], scores[best])
