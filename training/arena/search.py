"""The search for playlists in the arena: does a title find playlists that hold what its own playlist holds?

A held-out playlist asks with its title, and each of the NEAREST playlists found gains what its songs and tags share
with those of the one that asks.
"""

from collections.abc import Sequence

import numpy as np
import polars as pl
from scipy.sparse import csr_matrix
from sentence_transformers import SentenceTransformer

from aiplayer.recommender.playlist_search import PlaylistSearch
from aiplayer.recommender.recommender import Recommender
from aiplayer.recommender.request import Request
from aiplayer.titles.index import TitleIndex
from training.arena.cases import Case
from training.ndcg import dcg
from training.titles.embedding import Tell, embed_once
from training.titles.encoder.overlap import item_vectors
from training.titles.parts import title_parts
from training.titles.title_index import build_index

NEAREST = 10


def measure_search(
    recommender: Recommender, playlists: pl.DataFrame, case: Case, encoder: SentenceTransformer, tell: Tell
) -> dict[str, float]:
    """nDCG@NEAREST of the product's search, and of the nearest title embeddings.

    Args:
        recommender: What `training.arena fit` made of the playlists.
        playlists: The playlists to find, a frame with the columns of `training.dataset.frames.PLAYLIST_COLUMNS`.
        case: Titles that ask, and the songs and tags of their playlists.
        encoder: Embeds titles.
        tell: Told how many titles are embedded and how many there are.
    """
    titled = playlists.filter(pl.col("title") != "")
    titles = titled["title"].to_list()
    questions = [question.title for question in case.questions]
    _, parts = title_parts(titles)
    embed = embed_once(encoder, [*titles, *parts, *questions], tell)
    index = build_index(titled["playlist_id"].to_list(), titles, embed)

    asking = pl.DataFrame({"songs": map(list, case.songs), "tags": map(list, case.tags)})
    items = item_vectors(pl.concat([titled.select("songs", "tags"), asking]))
    found_items, asking_items = items[: len(titled)], items[len(titled) :]
    wishes = embed(questions)
    return {
        "search": _mean_gain(asking_items, found_items, _searched(recommender, index, questions, wishes)),
        "nearest embeddings": _mean_gain(asking_items, found_items, _nearest(embed(titles), wishes)),
    }


def _searched(
    recommender: Recommender, index: TitleIndex, questions: Sequence[str], wishes: np.ndarray
) -> list[np.ndarray]:
    """The rows of the playlists that the product finds for each title, best first."""
    search = PlaylistSearch(recommender, index)
    rows = {playlist_id: row for row, playlist_id in enumerate(index.playlist_ids.tolist())}
    requests = [Request(wish, title) for wish, title in zip(wishes, questions, strict=True)]
    found = search.search(requests, [NEAREST] * len(requests))
    return [np.array([rows[hit.playlist_id] for hit in answer.playlists]) for answer in found]


def _nearest(embeddings: np.ndarray, wishes: np.ndarray) -> list[np.ndarray]:
    """The rows of the titles with the greatest cosines, the nearest first."""
    return [np.argsort(-(embeddings @ wish), kind="stable")[:NEAREST] for wish in wishes]


def _mean_gain(asking: csr_matrix, found: csr_matrix, all_rows: Sequence[np.ndarray]) -> float:
    """The mean nDCG; who shares nothing with any playlist has no right answer and does not count."""
    scores = []
    by_item = found.T.tocsr()
    for row, rows in enumerate(all_rows):
        gains = (asking[row] @ by_item).toarray().ravel()
        ideal = np.sort(gains)[::-1][:NEAREST]
        if ideal[0] > 0:
            scores.append(dcg(gains[rows]) / dcg(ideal))
    return float(np.mean(scores))
