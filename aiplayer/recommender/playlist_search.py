"""Playlists for a title: by what it says, by what their own titles say, and by what they hold.

The recommender already knows which songs and tags a title wants, so a playlist is worth what it holds of those (the
cosine of both, rare ones heavier); its own title counts by the title index, and by what of the moods, hours, places and
the like it names as well; and where the title names genres, years, countries or artists, the playlist is worth the
share of its songs that keep them. Those that are taken first make playlists with the same songs worth less
(maximal marginal relevance, Carbonell & Goldstein 1998).
"""

import numpy as np
from scipy.sparse import csr_matrix, diags

from aiplayer.arrays import top_k
from aiplayer.recommender.recommender import Recommender, Wanted
from aiplayer.recommender.request import Found, PlaylistHit, Request
from aiplayer.recommender.row_sums import SparseRows
from aiplayer.titles.index import TitleIndex
from aiplayer.titles.reading.mentions import Kind

# What each reason counts; the score is their mean.
BY_ITEMS, BY_TITLE, BY_THINGS, BY_NAMED = 2.0, 1.0, 0.5, 4.0
# What the recommender ranks first for the title, and how much all of the tags count beside all of the songs.
SONGS, TAGS, TAGS_WORTH = 300, 20, 0.3
# So many playlists are candidates for the first places, and so much does a playlist lose that holds the same songs.
CANDIDATES, SAMENESS = 100, 0.15


class PlaylistSearch:
    """Searches the playlists of a catalogue.

    Args:
        recommender: Ranks songs for a title; holds the songs of the playlists.
        index: The playlists' titles.
    """

    def __init__(self, recommender: Recommender, index: TitleIndex):
        self._recommender = recommender
        self._index = index
        items = recommender.items_of(index.playlist_ids)
        songs = items[:, : recommender.vocabulary.song_count].tocsr()
        lengths = np.maximum(np.diff(songs.indptr), 1)
        shares = diags(1 / lengths) @ songs

        self._songs = songs
        self._shares = shares.tocsr().astype(np.float32)
        self._rarity = _rarity(items)
        self._playlists_by_item = SparseRows.from_weights(_unit_rows(items, self._rarity).T.tocsr())

    def search(self, requests: list[Request], counts: list[int]) -> list[Found]:
        """The best playlists for each title.

        Args:
            requests: Titles with their embeddings, and what of them is ignored.
            counts: How many playlists each wants.
        """
        found = []
        all_wanted = self._recommender.wanted(requests, SONGS, TAGS)
        for wanted, request, count in zip(all_wanted, requests, counts, strict=True):
            scores = self._scores(wanted, request.title_embedding)
            best = self._best(scores, count)

            hits = []
            for row, playlist_id in zip(best, self._index.playlist_ids[best].tolist(), strict=True):
                hits.append(PlaylistHit(playlist_id, float(scores[row])))
            found.append(Found(hits, wanted.read.wanted(*Kind)))
        return found

    def _scores(self, wanted: Wanted, embedding: np.ndarray) -> np.ndarray:
        """How well each playlist fits, float32 [playlists]."""
        by_title = np.maximum(self._index.similarities(embedding), 0.0)
        by_things = self._index.named.shares(wanted.read)
        by_items = self._by_items(wanted)
        by_items /= max(by_items.max(initial=0.0), 1e-9)

        scores = BY_ITEMS * by_items * by_title.max(initial=0.0) + BY_TITLE * by_title
        total = BY_ITEMS + BY_TITLE
        if by_things is not None:
            scores += BY_THINGS * by_things
            total += BY_THINGS
        if wanted.kept is not None:
            scores += BY_NAMED * (self._shares @ wanted.kept)
            total += BY_NAMED
        return np.maximum(scores / np.float32(total), 0.0)

    def _by_items(self, wanted: Wanted) -> np.ndarray:
        """How much of what is wanted each playlist holds, float32 [playlists]: a cosine, but for a common factor."""
        items = np.concatenate([wanted.songs, wanted.tags])
        scores = np.concatenate([wanted.song_scores, np.float32(TAGS_WORTH) * wanted.tag_scores])
        weights = scores * self._rarity[items]
        sums = self._playlists_by_item.add_up(items, weights[:, np.newaxis])

        by_items = np.zeros(len(self._index.playlist_ids), dtype=np.float32)
        by_items[sums.columns] = sums.values[:, 0]
        return by_items

    def _best(self, scores: np.ndarray, count: int) -> np.ndarray:
        """The rows of the best playlists, int64, each unlike those before it; the best first."""
        candidates = top_k(scores, max(CANDIDATES, count))
        playlist_ids = self._index.playlist_ids[candidates]
        sameness = self._sameness(candidates)

        left = scores[candidates].copy()
        chosen: list[int] = []
        while len(chosen) < min(count, len(candidates)):
            # Of equal ones the first id.
            order = np.lexsort((playlist_ids, -left))
            best = int(order[0])
            chosen.append(best)

            score = scores[candidates[best]]
            left -= np.float32(SAMENESS) * score * sameness[best]
            left[best] = -np.inf

        rows = candidates[chosen]
        order = np.argsort(-scores[rows], kind="stable")
        return rows[order]

    def _sameness(self, rows: np.ndarray) -> np.ndarray:
        """The songs that two playlists share, as a share of the shorter one, float32 [rows, rows]."""
        songs = self._songs[rows]
        shared = (songs @ songs.T).toarray()
        sizes = np.maximum(np.diff(songs.indptr), 1)
        shorter = np.minimum(sizes[:, np.newaxis], sizes[np.newaxis])
        sameness: np.ndarray = (shared / shorter).astype(np.float32)
        return sameness


def _rarity(items: csr_matrix) -> np.ndarray:
    """log(N / n) of an item that stands in n of N playlists, float32 [items]."""
    playlist_count, item_count = items.shape
    uses = np.bincount(items.indices, minlength=item_count)
    return np.log(playlist_count / np.maximum(uses, 1)).astype(np.float32)


def _unit_rows(items: csr_matrix, weights: np.ndarray) -> csr_matrix:
    """Rows whose items weigh as told, scaled to length 1, float32 [playlists, items]."""
    weighted = csr_matrix(items @ diags(weights))
    squares = np.asarray(weighted.power(2).sum(axis=1)).ravel()
    lengths = np.maximum(np.sqrt(squares), 1e-9)
    return csr_matrix(diags(1 / lengths) @ weighted, dtype=np.float32)
