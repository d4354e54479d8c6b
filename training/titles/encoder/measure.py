"""How good an encoder's space is: for titles nobody has seen, for songs and tags from a title alone, for two languages.

Each measure is a mean over questions. nDCG discounts by the logarithm of the rank and divides by that of the best
possible order, so 1 is best and 0 worst.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import polars as pl
from sentence_transformers import SentenceTransformer

from training.arena.answers import SONGS, TAGS, answer
from training.arena.corpus import Corpus, Question
from training.demo import compose, themes
from training.titles.encoder.overlap import item_vectors, split
from training.titles.parts import parts_of
from training.titles.title_index import HANGUL

NEIGHBOURS, SHARPNESS = 200, 10.0
NEAREST = 10
STEP, TITLES_A_BATCH, TITLES_A_STEP = 256, 64, 1_024
DEMO_SEED = 20

Embed = Callable[[Sequence[str]], np.ndarray]
Tell = Callable[[int, int], None]


@dataclass(frozen=True)
class Asked:
    """Questions that are a title alone, and the songs and tags that are the right answers."""

    questions: Sequence[Question]
    answers: Sequence[Question]


def figures(
    encoder: SentenceTransformer, playlists: pl.DataFrame, asked: Asked | None, tell: Tell = lambda done, total: None
) -> dict[str, float]:
    """All measures by name.

    Args:
        encoder: Any SentenceTransformer.
        playlists: The catalogue; `split` says which of them ask.
        asked: Questions about playlists that the catalogue does not hold, or None.
        tell: Told how many titles are embedded and how many there are.
    """
    learned, held_out = split(playlists)
    both = demo_pairs()
    asked_titles = [question.title for question in asked.questions] if asked else []
    titles = sorted({*playlists["title"], *asked_titles, *(half for pair in both for half in pair)})
    rows = {title: row for row, title in enumerate(titles)}
    vectors = _embed_all(encoder, titles, tell)

    def embed(some: Sequence[str]) -> np.ndarray:
        return vectors[[rows[title] for title in some]]

    found = {"title search, nDCG@10": title_search(embed, learned, held_out)}
    if asked:
        songs, tags = title_only(embed, playlists, asked)
        found |= {"songs from a title, nDCG@100": songs}
        found |= {} if np.isnan(tags) else {"tags from a title, nDCG@10": tags}
    rank, cosine = bilingual(embed, both)
    return found | {"Korean-English, reciprocal rank": rank, "Korean-English, cosine": cosine}


@cache
def demo_pairs() -> list[tuple[str, str]]:
    """The Korean and the English half of each demo title that has both."""
    songs = themes.read_songs()
    rows = compose.compose(songs, themes.read_themes(songs), compose.PLAYLISTS, DEMO_SEED)
    halves = (tuple(parts_of(row["plylst_title"])) for row in rows)
    return [pair for pair in halves if len(pair) == 2 and HANGUL.search(pair[0]) and not HANGUL.search(pair[1])]


def _embed_all(encoder: SentenceTransformer, titles: Sequence[str], tell: Tell) -> np.ndarray:
    options = {"batch_size": TITLES_A_BATCH, "normalize_embeddings": True, "show_progress_bar": False}
    vectors = []
    for start in range(0, len(titles), TITLES_A_STEP):
        tell(start, len(titles))
        vectors.append(encoder.encode([title or " " for title in titles[start : start + TITLES_A_STEP]], **options))
    tell(len(titles), len(titles))
    return np.concatenate(vectors)


def title_search(embed: Embed, learned: pl.DataFrame, held_out: pl.DataFrame) -> float:
    """nDCG@10 of the nearest titles: the gain of a playlist is what it shares with the one that asks (`item_vectors`).

    Args:
        embed: Titles -> float32 [titles, size], unit length.
        learned: The playlists to find.
        held_out: The playlists that ask with their titles.
    """
    items = item_vectors(pl.concat([learned, held_out]))
    found, asking = items[: len(learned)].T.tocsc(), items[len(learned) :]
    index, queries = embed(learned["title"]), embed(held_out["title"])
    scores = []
    for row, cosines in enumerate(_cosines(queries, index)):
        gains = (asking[row] @ found).toarray().ravel()
        best = np.sort(gains)[::-1][:NEAREST]
        if best[0] > 0:
            nearest = np.argsort(-cosines, kind="stable")[:NEAREST]
            scores.append(_dcg(gains[nearest]) / _dcg(best))
    return _mean(scores)


class NearestEmbeddings:
    """Songs and tags of the NEIGHBOURS playlists with the nearest titles: a method of the arena.

    Args:
        corpus: The playlists.
        index: float32 [playlists, size], unit length.
        queries: The embedding of each question's title, by playlist id.
    """

    def __init__(self, corpus: Corpus, index: np.ndarray, queries: dict[int, np.ndarray]):
        self.corpus = corpus
        self.index = index
        self.queries = queries

    def score(self, question: Question) -> tuple[np.ndarray, np.ndarray]:
        """Cosines, sharpened and summed over the neighbours."""
        cosines = self.index @ self.queries[question.playlist_id]
        nearest = np.argpartition(-cosines, min(NEIGHBOURS, len(cosines)) - 1)[:NEIGHBOURS]
        weights = np.maximum(cosines[nearest], 0).astype(np.float64) ** SHARPNESS
        return weights @ self.corpus.songs[nearest], weights @ self.corpus.tag_uses[nearest]


def title_only(embed: Embed, learned: pl.DataFrame, asked: Asked) -> tuple[float, float]:
    """Song nDCG@100 and tag nDCG@10; nan where no answer has any.

    Args:
        embed: Titles -> float32 [titles, size], unit length.
        learned: The playlists whose songs and tags are answers.
        asked: The questions.
    """
    corpus = Corpus(learned)
    queries = embed([question.title for question in asked.questions])
    ids = [question.playlist_id for question in asked.questions]
    method = NearestEmbeddings(corpus, embed(learned["title"]), dict(zip(ids, queries, strict=True)))
    relevant = {right.playlist_id: right for right in asked.answers}
    songs, tags = [], []
    for question in asked.questions:
        found, right = answer(corpus, method, question), relevant[question.playlist_id]
        songs.append(ndcg(found["songs"], right.songs, SONGS))
        tags.append(ndcg(found["tags"], right.tags, TAGS))
    return _mean(songs), _mean(tags)


def bilingual(embed: Embed, pairs: Sequence[tuple[str, str]]) -> tuple[float, float]:
    """Do both languages still share the space?

    Args:
        embed: Titles -> float32 [titles, size], unit length.
        pairs: The same wish in two languages.

    Returns:
        (mean reciprocal rank of the other half among all of its language, mean cosine of the two halves).
    """
    left, right = (embed([pair[side] for pair in pairs]) for side in (0, 1))
    cosines = left @ right.T
    own = np.diag(cosines)
    ranks = [(cosines > own[:, None]).sum(axis=1) + 1, (cosines > own[None, :]).sum(axis=0) + 1]
    return float(np.mean([1 / rank for rank in ranks])), float(own.mean())


def _mean(scores: Sequence[float]) -> float:
    known = [score for score in scores if not np.isnan(score)]
    return float(np.mean(known)) if known else float("nan")


def ndcg(ranked: Sequence, relevant: Sequence, count: int) -> float:
    """nDCG of the first `count`; nan where nothing is relevant."""
    wanted = set(relevant)
    if not wanted:
        return float("nan")
    hits = np.array([item in wanted for item in ranked[:count]], dtype=float)
    return _dcg(hits) / _dcg(np.ones(min(len(wanted), count)))


def _dcg(gains: np.ndarray) -> float:
    return float(gains @ (1 / np.log2(np.arange(len(gains)) + 2)))


def _cosines(queries: np.ndarray, index: np.ndarray) -> Iterator[np.ndarray]:
    for start in range(0, len(queries), STEP):
        yield from queries[start : start + STEP] @ index.T
