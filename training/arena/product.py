"""The product's own recommender in the arena: trained and ranked by the code that the service runs."""

import hashlib
import shutil
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

import numpy as np
import polars as pl
from rich.progress import Progress
from sentence_transformers import SentenceTransformer

from aiplayer.files import whole_file
from aiplayer.recommender.branches import BATCH
from aiplayer.recommender.recommender import Recommender
from aiplayer.recommender.request import Request
from aiplayer.titles import encoder as title_encoder
from training.arena.ablation import without
from training.arena.answers import SONGS, TAGS
from training.arena.corpus import Question
from training.recommender.autoencoder import Recipe
from training.recommender.playlists import Playlists
from training.recommender.train import train_recommender
from training.titles.embedding import Embed, embed_titles
from training.titles.parts import parts_of

SEED = 0
TITLES_A_STEP = 4_096


def fit(playlists: pl.DataFrame, artists: Mapping[int, Sequence[str]], model: Path, progress: Progress) -> None:
    """Train the recommender into the folder `model`; one that was interrupted goes on where it was.

    Args:
        playlists: A frame with the columns of `training.dataset.frames.PLAYLIST_COLUMNS`.
        artists: Who sings each song, where that is known.
        model: Where to keep the model, and until it is done what is needed to go on.
        progress: Shows how far it is.
    """
    unfinished = model / f"unfinished-{_digest(playlists, artists)}"
    unfinished.mkdir(parents=True, exist_ok=True)

    parts = [parts_of(title) for title in playlists["title"]]
    all_parts = [part for title_parts in parts for part in title_parts]
    embeddings = _embed_all(all_parts, unfinished / "titles.npy", progress)

    task = progress.add_task("training", total=None)
    recommender = train_recommender(
        # In the arena's data a playlist with a date is as its channel made it; the others are extracts.
        Playlists(
            playlists["playlist_id"].to_list(),
            playlists["songs"].to_list(),
            playlists["tags"].to_list(),
            parts,
            embeddings,
            playlists["updated"].is_not_null().to_list(),
        ),
        artists,
        Recipe(),
        SEED,
        lambda done, total: progress.update(task, completed=done, total=total),
        unfinished / "autoencoder.npz",
    )
    recommender.save(model)

    for folder in model.glob("unfinished-*"):
        shutil.rmtree(folder)


def _digest(playlists: pl.DataFrame, artists: Mapping[int, Sequence[str]]) -> str:
    """A digest of all that decides the model, 12 hexadecimal digits."""
    settings = (sorted(artists.items()), Recipe(), SEED)
    made_of = playlists.hash_rows().to_numpy().tobytes() + repr(settings).encode()
    return hashlib.sha256(made_of).hexdigest()[:12]


def answers(model: Path, questions: Sequence[Question], part: str | None = None) -> Iterator[dict]:
    """The arena's records, in order.

    Args:
        model: The folder that `fit` has filled.
        questions: The questions to answer.
        part: One of `training.arena.ablation.PARTS` that the recommender shall do without, or None.

    Raises:
        ModelMissing: the folder holds no finished model.
    """
    recommender = Recommender.load(model)
    if part:
        recommender = without(recommender, part)
    return records(recommender, questions, embed)


def records(recommender: Recommender, questions: Sequence[Question], embed_all: Embed) -> Iterator[dict]:
    """The arena's records of any recommender, in order.

    Args:
        recommender: Answers.
        questions: The questions.
        embed_all: Titles -> float32 [titles, size], by the encoder that the recommender was trained with.
    """
    for start in range(0, len(questions), BATCH):
        batch = questions[start : start + BATCH]
        for question, found in zip(batch, recommender.recommend(requests(batch, embed_all)), strict=True):
            yield {
                "id": question.playlist_id,
                "songs": [song.song_id for song in found.new],
                "tags": [tag for tag in found.tags if tag not in question.tags][:TAGS],
            }


def requests(questions: Sequence[Question], embed_all: Embed) -> list[Request]:
    """The questions as the service would be asked them; arguments as in `records`."""
    titles = embed_all([question.title or " " for question in questions])
    return [
        Request(
            title if question.title else np.zeros_like(title),
            question.title,
            question.songs,
            question.tags,
            # A recommender without its input of songs does not know them by themselves.
            exclude_song_ids=question.songs,
            song_count=SONGS,
            tag_count=TAGS + len(question.tags),
        )
        for question, title in zip(questions, titles, strict=True)
    ]


def embed(titles: Sequence[str]) -> np.ndarray:
    """Titles -> float32 [titles, size], unit length, by the encoder of the arena."""
    return embed_titles(_encoder(), titles)


@cache
def _encoder() -> SentenceTransformer:
    return title_encoder.create()


def _embed_all(titles: Sequence[str], file: Path, progress: Progress) -> np.ndarray:
    """Embeddings of all titles, float32 [titles, size]; from `file` where an interrupted run has written it."""
    if file.exists():
        return np.load(file)

    encoder = _encoder()
    task = progress.add_task("embedding titles", total=len(titles))
    embeddings = []
    for start in range(0, len(titles), TITLES_A_STEP):
        step = titles[start : start + TITLES_A_STEP]
        embeddings.append(embed_titles(encoder, step))
        progress.update(task, advance=len(step))

    with whole_file(file) as draft:
        np.save(draft, np.concatenate(embeddings))
    return np.load(file)
