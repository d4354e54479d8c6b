"""Songs and hashtags for a title and any chosen playlists: branches propose, a ranker decides."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from aiplayer.arrays import best
from aiplayer.errors import ModelMissing
from aiplayer.recommender.autoencoder import ServedAutoencoder
from aiplayer.recommender.branches import BATCH, Branches, Said
from aiplayer.recommender.mentions import Naming, named_in
from aiplayer.recommender.playlist_neighbours import Neighbours
from aiplayer.recommender.questions import Known
from aiplayer.recommender.ranker import Ranker
from aiplayer.recommender.reasons import reasons
from aiplayer.recommender.vocabulary import Vocabulary
from aiplayer.text import title_ngrams

Ranked = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True)
class Wish:
    """What one request knows: the title with its embedding, and the songs and tags of the chosen playlists."""

    title_embedding: np.ndarray
    title: str = ""
    song_ids: list[int] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    exclude_song_ids: list[int] = field(default_factory=list)
    song_count: int = 100
    tag_count: int = 10


@dataclass(frozen=True)
class ScoredSong:
    """A song with its probability and what spoke for it most: a chosen song, a tag or a word of the title."""

    song_id: int
    score: float
    because_song_id: int | None = None
    because_tag: str | None = None
    because_word: str | None = None


@dataclass(frozen=True)
class Recommendation:
    """`new` songs are in no chosen playlist, `chosen` ones are; both best first."""

    new: list[ScoredSong]
    chosen: list[ScoredSong]
    tags: list[str]


class Recommender:
    """The branches and their ranker, answering batches of wishes."""

    def __init__(self, branches: Branches, ranker: Ranker):
        self.branches = branches
        self.ranker = ranker
        self.vocabulary = branches.vocabulary

    def recommend(self, wishes: list[Wish]) -> list[Recommendation]:
        """Answer each wish; the answer is the same alone and in any batch."""
        answers = []
        for start in range(0, len(wishes), BATCH):
            answers += self._answer(wishes[start : start + BATCH])
        return answers

    def _answer(self, wishes: list[Wish]) -> list[Recommendation]:
        known = [self.know(wish) for wish in wishes]
        said = self.branches.ask(known)
        new, chosen = zip(*map(self._ranked_songs, wishes, said.features, said.songs), strict=True)
        asked = [(one, wish.title, rows) for one, wish, (rows, _) in zip(known, wishes, new, strict=True)]
        reasoned = [self._scored(*ranked, why) for ranked, why in zip(new, reasons(self.branches, asked), strict=True)]
        seeds = [self._scored(*ranked) + self._unlearnt(wish) for ranked, wish in zip(chosen, wishes, strict=True)]
        tags = map(self._ranked_tags, wishes, said.features, said.tags)
        return [Recommendation(*answer) for answer in zip(reasoned, seeds, tags, strict=True)]

    def know(self, wish: Wish) -> Known:
        """The wish as rows; what the recommender has never seen is left out."""
        songs = self.vocabulary.song_rows(dict.fromkeys(wish.song_ids))
        return Known(
            songs,
            self.vocabulary.tag_rows(dict.fromkeys(wish.tags)),
            self.vocabulary.ngram_rows(title_ngrams(wish.title)),
            self.vocabulary.artist_rows(songs),
            wish.title_embedding,
            named_in(wish.title, self.vocabulary),
        )

    def _ranked_songs(self, wish: Wish, features: np.ndarray, said: Said) -> tuple[Ranked, Ranked]:
        """New songs, and those that the wish names, without excluded ones."""
        scores = self._scores("songs", features, said)
        allowed = ~np.isin(said.columns, self.vocabulary.song_rows(wish.exclude_song_ids))
        new, chosen = np.flatnonzero(allowed & ~said.named), np.flatnonzero(allowed & said.named)
        new, chosen = new[best(scores[new], wish.song_count)], chosen[best(scores[chosen], len(chosen))]
        return (said.columns[new], scores[new]), (said.columns[chosen], scores[chosen])

    def _ranked_tags(self, wish: Wish, features: np.ndarray, said: Said) -> list[str]:
        ranked = best(self._scores("tags", features, said), wish.tag_count)
        return [self.vocabulary.tags[column] for column in said.columns[ranked]]

    def _scores(self, of: str, features: np.ndarray, said: Said) -> np.ndarray:
        """How likely each candidate of the "songs" or "tags" is, float32 [columns], summing to 1."""
        uses = self.branches.neighbours.uses(of)[said.columns]
        return getattr(self.ranker, of).rank(said, uses, features)

    def _scored(self, rows: np.ndarray, scores: np.ndarray, why: Sequence[dict] | None = None) -> list[ScoredSong]:
        ranked = zip(rows, scores.tolist(), why or [{}] * len(rows), strict=True)
        return [ScoredSong(int(self.vocabulary.song_ids[row]), score, **cause) for row, score, cause in ranked]

    def _unlearnt(self, wish: Wish) -> list[ScoredSong]:
        """Songs of the wish that were never learnt, in their own order."""
        unlearnt = [song_id for song_id in dict.fromkeys(wish.song_ids) if not self.vocabulary.knows_song(song_id)]
        excluded = set(wish.exclude_song_ids)
        return [ScoredSong(song_id, 0.0) for song_id in unlearnt if song_id not in excluded]

    def save(self, folder: str | Path) -> None:
        """Write the autoencoder and all that belongs to it."""
        parts = self.branches.autoencoder, self.branches.neighbours, self.branches.naming, self.ranker, self.vocabulary
        for part in parts:
            part.save(folder)

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
        branches = Branches(autoencoder, Neighbours.load(folder, vocabulary), Naming.load(folder), vocabulary)
        return cls(branches, Ranker.load(folder))

    def warm_up(self) -> None:
        """Answer once, so that no creator waits for what is made at the first answer."""
        title = np.zeros(self.branches.autoencoder.title_size, dtype=np.float32)
        self.recommend([Wish(title, title="a", song_ids=list(self.vocabulary.song_ids[:1]))])
