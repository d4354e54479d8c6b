"""How good an encoder's space is: for titles nobody has seen, for songs and tags from a title alone, for two languages.

Each measure is a mean over questions: of nDCG (`training.ndcg`), of the reciprocal rank or of the cosine.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import polars as pl
from sentence_transformers import SentenceTransformer

from training.arena.answers import SONGS, TAGS, answer
from training.arena.corpus import Corpus, Question
from training.demo import compose
from training.demo import songs as demo_songs
from training.ndcg import dcg, ndcg
from training.titles.embedding import Embed, Tell, embed_once
from training.titles.encoder.overlap import item_vectors, split
from training.titles.parts import parts_of
from training.titles.title_index import HANGUL

NEIGHBOURS = 200
SHARPNESS = 10.0
NEAREST = 10
QUERIES_A_STEP = 256
DEMO_SEED = 20


@dataclass(frozen=True)
class TitleQuestions:
    """Questions that are a title alone, and what is right.

    Attributes:
        questions: Playlists of which the title is told.
        answers: The same playlists, in any order, with the songs and tags that are right.
    """

    questions: Sequence[Question]
    answers: Sequence[Question]


def measure_encoder(
    encoder: SentenceTransformer,
    playlists: pl.DataFrame,
    title_questions: TitleQuestions | None,
    tell: Tell = lambda done, total: None,
) -> dict[str, float]:
    """All measures by name.

    Args:
        encoder: Any SentenceTransformer.
        playlists: The catalogue; `split` says which of them ask.
        title_questions: Questions about playlists that the catalogue does not hold, or None.
        tell: Told how many titles are embedded and how many there are.
    """
    learned, held_out = split(playlists)
    language_pairs = demo_pairs()

    titles = set(playlists["title"])
    for pair in language_pairs:
        titles.update(pair)
    if title_questions:
        titles.update(question.title for question in title_questions.questions)
    embed = embed_once(encoder, titles, tell)

    measures = {"title search, nDCG@10": title_search(embed, learned, held_out)}
    if title_questions:
        songs, tags = title_only(embed, playlists, title_questions)
        measures["songs from a title, nDCG@100"] = songs
        if not np.isnan(tags):
            measures["tags from a title, nDCG@10"] = tags

    rank, cosine = bilingual(embed, language_pairs)
    measures["Korean-English, reciprocal rank"] = rank
    measures["Korean-English, cosine"] = cosine
    return measures


@cache
def demo_pairs() -> list[tuple[str, str]]:
    """The Korean and the English half of each demo title that has both."""
    songs = demo_songs.read_songs()
    playlists = compose.compose(songs, compose.read_all_themes(songs), compose.PLAYLISTS, DEMO_SEED)
    pairs = []
    for playlist in playlists:
        halves = parts_of(playlist["plylst_title"])
        if len(halves) != 2:
            continue
        korean, english = halves
        if HANGUL.search(korean) and not HANGUL.search(english):
            pairs.append((korean, english))
    return pairs


def title_search(embed: Embed, learned: pl.DataFrame, held_out: pl.DataFrame) -> float:
    """nDCG@10 of the nearest titles: the gain of a playlist is what it shares with the one that asks (`item_vectors`).

    Args:
        embed: Titles -> float32 [titles, size], unit length.
        learned: The playlists to find.
        held_out: The playlists that ask with their titles.
    """
    items = item_vectors(pl.concat([learned, held_out]))
    learned_items = items[: len(learned)].T.tocsc()
    held_out_items = items[len(learned) :]
    index = embed(learned["title"].to_list())
    queries = embed(held_out["title"].to_list())

    scores = []
    for row, cosines in enumerate(_cosines(queries, index)):
        gains = (held_out_items[row] @ learned_items).toarray().ravel()
        ideal_gains = np.sort(gains)[::-1][:NEAREST]
        # A playlist that shares nothing with any other has no right answer.
        if ideal_gains[0] > 0:
            nearest = np.argsort(-cosines, kind="stable")[:NEAREST]
            scores.append(dcg(gains[nearest]) / dcg(ideal_gains))

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
        """Cosines, sharpened and summed over the neighbours: float64 [songs] and float64 [tags]."""
        cosines = self.index @ self.queries[question.playlist_id]
        count = min(NEIGHBOURS, len(cosines))
        nearest = np.argpartition(-cosines, count - 1)[:NEIGHBOURS]
        weights = np.maximum(cosines[nearest], 0).astype(np.float64) ** SHARPNESS
        return weights @ self.corpus.songs[nearest], weights @ self.corpus.tag_uses[nearest]


def title_only(embed: Embed, learned: pl.DataFrame, title_questions: TitleQuestions) -> tuple[float, float]:
    """Song nDCG@100 and tag nDCG@10; NaN where no answer has any.

    Args:
        embed: Titles -> float32 [titles, size], unit length.
        learned: The playlists whose songs and tags are answers.
        title_questions: The questions and what is right.
    """
    questions = title_questions.questions
    query_vectors = embed([question.title for question in questions])
    playlist_ids = [question.playlist_id for question in questions]
    queries = dict(zip(playlist_ids, query_vectors, strict=True))
    corpus = Corpus(learned)
    method = NearestEmbeddings(corpus, embed(learned["title"].to_list()), queries)
    right_answers = {right.playlist_id: right for right in title_questions.answers}

    song_scores = []
    tag_scores = []
    for question in questions:
        record = answer(corpus, method, question)
        right = right_answers[question.playlist_id]
        song_scores.append(ndcg(right.songs, record["songs"], SONGS))
        tag_scores.append(ndcg(right.tags, record["tags"], TAGS))

    return _mean(song_scores), _mean(tag_scores)


def bilingual(embed: Embed, pairs: Sequence[tuple[str, str]]) -> tuple[float, float]:
    """Do both languages still share the space?

    Args:
        embed: Titles -> float32 [titles, size], unit length.
        pairs: The same wish in two languages.

    Returns:
        (mean reciprocal rank of the other half among all of its language, mean cosine of the two halves).
    """
    left = embed([title for title, _ in pairs])
    right = embed([title for _, title in pairs])
    cosines = left @ right.T
    own = np.diag(cosines)

    # A half's rank is one more than the number of titles that lie nearer than its other half.
    ranks_of_right = (cosines > own[:, None]).sum(axis=1) + 1
    ranks_of_left = (cosines > own[None, :]).sum(axis=0) + 1
    reciprocal_ranks = [1 / ranks_of_right, 1 / ranks_of_left]
    return float(np.mean(reciprocal_ranks)), float(own.mean())


def _mean(scores: Sequence[float]) -> float:
    """The mean, NaN passed over; NaN where there is nothing else."""
    defined = [score for score in scores if not np.isnan(score)]
    return float(np.mean(defined)) if defined else float("nan")


def _cosines(queries: np.ndarray, index: np.ndarray) -> Iterator[np.ndarray]:
    """The cosines of each query with the whole index, float32 [playlists], QUERIES_A_STEP computed at once."""
    for start in range(0, len(queries), QUERIES_A_STEP):
        yield from queries[start : start + QUERIES_A_STEP] @ index.T
