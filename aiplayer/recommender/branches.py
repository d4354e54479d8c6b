"""The branches of the recommender: ways to rank songs and tags, asked together.

Each proposes its best; what any of them proposes is a candidate, and every branch says how likely it holds each.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from aiplayer.arrays import top_k
from aiplayer.recommender.autoencoder import ServedAutoencoder
from aiplayer.recommender.mentions import MentionTrust
from aiplayer.recommender.playlist_neighbours import FOR_SONGS, WEIGHINGS, PlaylistNeighbours
from aiplayer.recommender.request import Query
from aiplayer.recommender.row_sums import ColumnSums
from aiplayer.recommender.shortlist import OutputTable
from aiplayer.recommender.title_neighbours import Neighbourhood
from aiplayer.recommender.vocabulary import Vocabulary
from aiplayer.recommender.votes import Branch, Votes, query_features, softmax

# Queries that are answered together.
BATCH = 32
# Each of the sparse branches proposes that many; the autoencoder its whole shortlist.
PROPOSED_SONGS, PROPOSED_TAGS = 300, 100


@dataclass(frozen=True)
class BranchAnswers:
    """What the branches say to each query.

    Attributes:
        features: The queries' features (`query_features`), float32 [queries, features].
        by_title: The playlists with titles near each query's.
        songs: The votes on songs, for each query.
        tags: The votes on tags, for each query.
    """

    features: np.ndarray
    by_title: list[Neighbourhood]
    songs: list[Votes]
    tags: list[Votes]


class Branches:
    """The autoencoder, the neighbours by items, in several views, by titles and by artists, and what titles name.

    Args:
        autoencoder: Scores every song and tag for what is shown of a playlist.
        neighbours: Finds playlists by their items and by their titles.
        trust: How far the names in a title can be believed.
        vocabulary: What the rows and columns are.

    Attributes:
        silent: Branches that are not heard, to see what each is worth.
    """

    def __init__(
        self,
        autoencoder: ServedAutoencoder,
        neighbours: PlaylistNeighbours,
        trust: MentionTrust,
        vocabulary: Vocabulary,
    ):
        self.autoencoder = autoencoder
        self.neighbours = neighbours
        self.trust = trust
        self.vocabulary = vocabulary
        self.silent: frozenset[Branch] = frozenset()

    def ask(self, queries: Sequence[Query], named_songs: Sequence[np.ndarray] = ()) -> BranchAnswers:
        """Ask every branch at most BATCH queries; what it says to each depends on no other.

        A step that reads a whole table is done for all queries at once, every other step for one after another.

        Args:
            queries: What is known of each playlist.
            named_songs: Songs that are candidates whatever the branches propose, int64 for each query; or nothing.
        """
        first_tag = self.vocabulary.song_count
        embeddings = np.stack([query.title_embedding for query in queries])
        term_columns = [query.inputs.terms - self.vocabulary.columns for query in queries]
        states = np.concatenate([self.autoencoder.states([query.inputs], query.title_embedding) for query in queries])
        song_shortlists = self.autoencoder.songs.shortlists(states)
        tag_shortlists = self.autoencoder.tags.shortlists(states)
        by_title = self.neighbours.titles.nearest(term_columns, embeddings)

        features, song_votes, tag_votes = [], [], []
        for number, query in enumerate(queries):
            state = states[number]
            songs = query.inputs.songs
            tags = query.inputs.tags
            by_items = self.neighbours.nearest(np.concatenate([songs, tags]))
            features.append(self._features(query, by_items))

            song_sums = self._song_sums(query, by_items, by_title[number])
            shortlist = song_shortlists[number]
            if named_songs:
                shortlist = np.concatenate([shortlist, named_songs[number]])
            song_votes.append(self._votes(self.autoencoder.songs, state, shortlist, song_sums, songs, PROPOSED_SONGS))

            tag_sums = self._tag_sums(query, by_items, by_title[number])
            tag_columns = tags - first_tag
            tag_votes.append(
                self._votes(self.autoencoder.tags, state, tag_shortlists[number], tag_sums, tag_columns, PROPOSED_TAGS)
            )
        return BranchAnswers(np.stack(features), by_title, song_votes, tag_votes)

    def _features(self, query: Query, by_items: Neighbourhood) -> np.ndarray:
        nearest_weight = by_items.weights[:, WEIGHINGS.index(FOR_SONGS)].max(initial=0.0)
        return query_features(
            song_count=len(query.inputs.songs),
            tag_count=len(query.inputs.tags),
            has_title=bool(query.title_embedding.any()),
            support=nearest_weight,
            artist_trust=self._artist_trust(query).sum(),
            tag_trust=self._tag_trust(query).sum(),
        )

    def _song_sums(self, query: Query, by_items: Neighbourhood, by_title: Neighbourhood) -> list[ColumnSums]:
        """What the sparse branches say of songs, in the order of `Branch`."""
        by_neighbours = self.neighbours.songs.scores(by_items, by_title)
        by_artists = self.neighbours.more_by_artists_of(query.inputs.songs)
        mentioned = self.neighbours.songs_by(query.mentions.artists, self._artist_trust(query))
        return [by_neighbours, by_artists, mentioned]

    def _tag_sums(self, query: Query, by_items: Neighbourhood, by_title: Neighbourhood) -> list[ColumnSums]:
        """What the sparse branches say of tags, in the order of `Branch`."""
        by_neighbours = self.neighbours.tags.scores(by_items, by_title)
        columns = query.mentions.tags - self.vocabulary.song_count
        mentioned = ColumnSums.from_columns(columns, self._tag_trust(query), width=len(self.autoencoder.tags))
        mentioned = mentioned.normalised()
        # No tag has an artist.
        by_artists = mentioned.emptied()
        return [by_neighbours, by_artists, mentioned]

    def _artist_trust(self, query: Query) -> np.ndarray:
        """The trust in each artist that the title names, float32 [artists, 1]."""
        return self.trust.artists[query.mentions.artists, np.newaxis]

    def _tag_trust(self, query: Query) -> np.ndarray:
        """The trust in each tag that the title names, float32 [tags, 1]."""
        return self.trust.tags[query.mentions.tags - self.vocabulary.song_count, np.newaxis]

    def _votes(
        self,
        table: OutputTable,
        state: np.ndarray,
        shortlist: np.ndarray,
        sums: Sequence[ColumnSums],
        in_query: np.ndarray,
        proposed_count: int,
    ) -> Votes:
        """What the autoencoder and the sparse branches say; a silent branch proposes nothing and gives no votes.

        Args:
            table: The autoencoder's outputs: of songs, or of tags.
            state: The autoencoder's hidden state, float32 [hidden].
            shortlist: What the autoencoder proposes, columns, int64.
            sums: The sparse branches; their views side by side are in the order of `Branch`, after the autoencoder.
            in_query: The columns that the query names itself, int64.
            proposed_count: How many columns each sparse branch proposes.
        """
        proposals = [shortlist]
        for branch_sums in sums:
            for values in branch_sums.values.T:
                best = top_k(values, proposed_count)
                proposals.append(branch_sums.columns[best][values[best] > 0])

        is_candidate = np.zeros(len(table), dtype=bool)
        is_candidate[in_query] = True
        for branch, proposal in zip(Branch, proposals, strict=True):
            if branch not in self.silent:
                is_candidate[proposal] = True
        columns = np.flatnonzero(is_candidate)

        by_autoencoder = softmax(table.logits(state, columns))
        views = [by_autoencoder[:, np.newaxis]]
        views += [branch_sums.at(columns) for branch_sums in sums]
        is_heard = np.array([branch not in self.silent for branch in Branch], dtype=np.float32)
        return Votes(columns, np.isin(columns, in_query), np.hstack(views) * is_heard)
