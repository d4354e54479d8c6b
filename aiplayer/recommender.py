"""Songs and hashtags for a title and any chosen playlists: the autoencoder and the neighbours, blended."""

import json
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import tensorflow as tf
from scipy.sparse import csr_matrix

from aiplayer.blend import Blend, features
from aiplayer.branches import Branches, Known, matrix, mixture, speaking
from aiplayer.errors import ModelMissing
from aiplayer.models.autoencoder import PlaylistAutoencoder, bags
from aiplayer.naming import Naming, named_in
from aiplayer.neighbours import FOR_SONGS, FOR_TAGS, TITLE_DAMPING, Neighbours
from aiplayer.ngrams import title_ngrams, word_ngrams, words
from aiplayer.vocabulary import Vocabulary

MODEL_FILE, CONFIG_FILE = "autoencoder.npz", "autoencoder.json"
# Questions that are asked together, and rows that a product of hidden layers always has.
BATCH = 32


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
    """A trained autoencoder, the playlists it learnt from, and their blend, answering batches of wishes."""

    def __init__(
        self,
        model: PlaylistAutoencoder,
        neighbours: Neighbours,
        naming: Naming,
        blend: Blend,
        vocabulary: Vocabulary,
    ):
        self.model = model
        self.neighbours = neighbours
        self.naming = naming
        self.blend = blend
        self.vocabulary = vocabulary
        self._title_size = model.config["title_size"]
        flat, titles = tf.TensorSpec((None,), tf.int64), tf.TensorSpec((BATCH, self._title_size), tf.float32)
        slots = tf.TensorSpec((None,), tf.int32)
        self._encode = tf.function(model.encode, input_signature=[flat, slots, titles])
        self._decode = tf.function(self._logits, input_signature=[tf.TensorSpec((model.hidden,), tf.float32)])
        self._table = model.output_table.numpy()
        self._mean_row = self._table[: vocabulary.song_count].astype(np.float32).mean(axis=0)
        self._bias = model.output_bias.numpy()

    def _logits(self, state: tf.Tensor) -> tf.Tensor:
        table = self.model.output_table
        return tf.cast(tf.linalg.matvec(table, tf.cast(state, table.dtype)), tf.float32) + self.model.output_bias

    def branches(self, known: list[Known]) -> Branches:
        """Ask every branch at most BATCH questions.

        Each has its products to itself: on some processors a row of a product depends on its place among the others,
        and answers would depend on who else is asking.
        """
        vocabulary, neighbours = self.vocabulary, self.neighbours
        items = matrix([np.concatenate([one.songs, one.tags]) for one in known], vocabulary.columns)
        songs = items[:, : vocabulary.song_count].tocsr()
        ngrams = matrix([one.ngrams - vocabulary.columns for one in known], len(vocabulary.ngrams))
        for_songs, for_tags = neighbours.near_items(items, FOR_SONGS), neighbours.near_items(items, FOR_TAGS)
        titles = neighbours.titles.near(ngrams, np.stack([one.title_embedding for one in known]))
        support = for_songs.max(axis=1).toarray().ravel()
        logits = np.stack([self._decode(self._states([one])[0]).numpy() for one in known])
        nothing = csr_matrix((len(known), len(vocabulary.tags)), dtype=np.float32)
        named = self.naming.trust([one.named for one in known], vocabulary.song_count)
        counts = zip(*([len(one.songs), len(one.tags), one.title_embedding.any()] for one in known), strict=True)
        return Branches(
            features(*counts, support, [np.asarray(trust.sum(axis=1)).ravel() for trust in named]),
            [
                logits[:, : vocabulary.song_count],
                neighbours.song_scores(for_songs, FOR_SONGS.damping),
                neighbours.song_scores(titles, TITLE_DAMPING),
                neighbours.artist_scores(songs),
                neighbours.songs_by(named[0]),
            ],
            [
                logits[:, vocabulary.song_count :],
                neighbours.tag_scores(for_tags, FOR_TAGS.damping),
                neighbours.tag_scores(titles, 0.0),
                nothing,
                neighbours.tags_like(named[1]),
            ],
        )

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

    def _states(self, known: list[Known]) -> np.ndarray:
        """Hidden states, float32 [questions, hidden]."""
        states = []
        for start in range(0, len(known), BATCH):
            part = known[start : start + BATCH]
            titles = np.zeros((BATCH, self._title_size), dtype=np.float32)
            titles[: len(part)] = [one.title_embedding for one in part]
            nobody = [np.array([], dtype=np.int64)] * 4
            rows, slots = bags([one.kinds for one in part] + [nobody] * (BATCH - len(part)))
            states.append(self._encode(rows, slots, titles).numpy()[: len(part)])
        return np.concatenate(states)

    def probabilities(self, known: list[Known]) -> tuple[np.ndarray, np.ndarray]:
        """The blend, float32 [questions, songs] and [questions, tags], each row summing to 1."""
        branches = self.branches(known)
        return tuple(
            mixture(said, self.blend.shares(branches.features, speaking(said), of))
            for of, said in (("songs", branches.songs), ("tags", branches.tags))
        )

    def recommend(self, wishes: list[Wish]) -> list[Recommendation]:
        """Answer each wish; the answer is the same alone and in any batch."""
        answers = []
        for start in range(0, len(wishes), BATCH):
            part = wishes[start : start + BATCH]
            known = [self.know(wish) for wish in part]
            answers += [self._answer(*one) for one in zip(part, known, *self.probabilities(known), strict=True)]
        return answers

    def save(self, folder: str | Path) -> None:
        """Write the model, its tables in half precision, with all that belongs to it."""
        folder = Path(folder)
        weights = {f"weight_{number}": weight.numpy() for number, weight in enumerate(self.model.weights)}
        halved = {name: weight.astype(np.float16) if weight.ndim == 2 else weight for name, weight in weights.items()}
        np.savez(folder / MODEL_FILE, **halved)
        config = {name: value for name, value in self.model.config.items() if name != "table_dtype"}
        (folder / CONFIG_FILE).write_text(json.dumps(config), encoding="utf-8")
        for part in (self.neighbours, self.naming, self.blend, self.vocabulary):
            part.save(folder)

    @classmethod
    def load(cls, folder: str | Path) -> "Recommender":
        """Read what `save` wrote.

        Raises:
            ModelMissing: a file is missing, unreadable, or of another vocabulary.
        """
        folder = Path(folder)
        vocabulary = Vocabulary.load(folder)
        try:
            config = json.loads((folder / CONFIG_FILE).read_text(encoding="utf-8"))
            model = PlaylistAutoencoder(**config, table_dtype="bfloat16")
            with np.load(folder / MODEL_FILE, allow_pickle=False) as arrays:
                for number, weight in enumerate(model.weights):
                    weight.assign(tf.cast(arrays[f"weight_{number}"], weight.dtype))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ModelMissing("The recommender cannot be read. Train it anew with `make setup`.") from error
        if (config["inputs"], config["outputs"]) != (len(vocabulary), vocabulary.columns):
            raise ModelMissing("The recommender and its vocabulary differ in size. Train it anew with `make setup`.")
        neighbours, naming = Neighbours.load(folder, vocabulary), Naming.load(folder)
        return cls(model, neighbours, naming, Blend.load(folder), vocabulary)

    def warm_up(self) -> None:
        """Trace the network, so that no creator waits for it."""
        title = np.zeros(self._title_size, dtype=np.float32)
        self.recommend([Wish(title, title="a", song_ids=list(self.vocabulary.song_ids[:1]))])

    def _answer(self, wish: Wish, known: Known, songs: np.ndarray, tags: np.ndarray) -> Recommendation:
        """Split the songs into new and chosen ones, and take the best tags."""
        excluded = self.vocabulary.song_rows(wish.exclude_song_ids)
        open_songs = np.ones(len(songs), dtype=bool)
        open_songs[known.songs] = open_songs[excluded] = False
        new = _best(np.flatnonzero(open_songs), songs, wish.song_count)
        kept = _best(np.setdiff1d(known.songs, excluded), songs, len(known.songs))
        reasons = self._reasons(wish, known, new)
        # Songs that were never learnt come last, in their own order.
        learnt = set(map(self._song_id, known.songs)) | set(wish.exclude_song_ids)
        unlearnt = [ScoredSong(song_id, 0.0) for song_id in dict.fromkeys(wish.song_ids) if song_id not in learnt]
        return Recommendation(
            new=[
                ScoredSong(self._song_id(row), float(songs[row]), **why) for row, why in zip(new, reasons, strict=True)
            ],
            chosen=[ScoredSong(self._song_id(row), float(songs[row])) for row in kept] + unlearnt,
            tags=[self.vocabulary.tags[column] for column in _best(np.arange(len(tags)), tags, wish.tag_count)],
        )

    def _reasons(self, wish: Wish, known: Known, new: np.ndarray) -> list[dict]:
        """For each new song, which of the chosen songs, tags and title words speaks for it most when asked alone."""
        none = np.array([], dtype=np.int64)
        no_title = np.zeros(self._title_size, dtype=np.float32)
        causes = [
            ({"because_song_id": self._song_id(row)}, [np.array([row]), none, none, self.vocabulary.artist_rows([row])])
            for row in known.songs
        ]
        first_tag = self.vocabulary.song_count
        causes += [
            ({"because_tag": self.vocabulary.tags[row - first_tag]}, [none, np.array([row]), none, none])
            for row in known.tags
        ]
        for word, spelled in zip(wish.title.split(), words(wish.title), strict=False):
            rows = self.vocabulary.ngram_rows(word_ngrams(spelled))
            causes += [({"because_word": word}, [none, none, rows, none])] if len(rows) else []
        if not causes or not len(new):
            return [{}] * len(new)
        states = self._states([Known(*kinds, no_title) for _, kinds in causes])
        speaks = states @ (self._table[new].astype(np.float32) - self._mean_row).T
        return [causes[cause][0] for cause in speaks.argmax(axis=0)]

    def _song_id(self, row: int) -> int:
        return int(self.vocabulary.song_ids[row])


def _best(columns: np.ndarray, scores: np.ndarray, count: int) -> np.ndarray:
    """The `count` columns of highest score, best first, equal ones by column."""
    count = min(count, len(columns))
    if not count:
        return columns[:0]
    part = columns[np.argpartition(-scores[columns], count - 1)[:count]]
    return part[np.lexsort((part, -scores[part]))]
