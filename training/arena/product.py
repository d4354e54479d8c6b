"""The product's own recommender in the arena: trained and ranked by the code that the service runs."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

import numpy as np
import polars as pl
from rich.progress import Progress
from sentence_transformers import SentenceTransformer

from aiplayer.recommender.branches import BATCH
from aiplayer.recommender.recommender import Recommender, Wish
from aiplayer.titles import encoder as title_encoder
from training.arena.ablation import without
from training.arena.answers import SONGS, TAGS
from training.arena.corpus import Question
from training.recommender.autoencoder import Recipe
from training.recommender.examples import Playlists
from training.recommender.train import train_recommender
from training.titles.parts import parts_of

SEED = 0
TITLES_A_BATCH, TITLES_A_STEP = 64, 4_096


def fit(playlists: pl.DataFrame, artists: Mapping[int, Sequence[str]], model: Path, progress: Progress) -> None:
    """Train the recommender into the folder `model`; one that was interrupted goes on where it was.

    Args:
        playlists: A frame with the columns of `training.dataset.frames.PLAYLIST_COLUMNS`.
        artists: Who sings each song, where that is known.
        model: Where to keep the model, and until it is done what is needed to go on.
        progress: Shows how far it is.
    """
    parts = [parts_of(title) for title in playlists["title"]]
    made_of = playlists.hash_rows().to_numpy().tobytes() + repr((sorted(artists.items()), Recipe(), SEED)).encode()
    kept = model / f"unfinished-{hashlib.sha256(made_of).hexdigest()[:12]}"
    kept.mkdir(parents=True, exist_ok=True)
    embeddings = _embed_all([part for some in parts for part in some], kept / "titles.npy", progress)
    task = progress.add_task("training", total=None)
    recommender = train_recommender(
        # In the arena's data a playlist with a date is as its channel made it; the others are extracts.
        Playlists(
            playlists["songs"].to_list(),
            playlists["tags"].to_list(),
            parts,
            embeddings,
            playlists["updated"].is_not_null(),
        ),
        artists,
        Recipe(),
        SEED,
        lambda done, total: progress.update(task, completed=done, total=total),
        kept / "autoencoder.npz",
    )
    recommender.save(model)
    for unfinished in model.glob("unfinished-*"):
        for file in unfinished.iterdir():
            file.unlink()
        unfinished.rmdir()


def answers(model: Path, questions: Sequence[Question], part: str | None = None) -> Iterator[dict]:
    """The arena's records, in order.

    Args:
        model: What `fit` has kept.
        questions: What is asked.
        part: One of `training.arena.fitted.PARTS` that the recommender shall do without.

    Raises:
        ModelMissing: the folder holds no finished model.
    """
    recommender = Recommender.load(model)
    if part:
        recommender = without(recommender, part)
    for start in range(0, len(questions), BATCH):
        batch = questions[start : start + BATCH]
        for question, found in zip(batch, recommender.recommend(wishes(batch)), strict=True):
            yield {
                "id": question.playlist_id,
                "songs": [song.song_id for song in found.new],
                "tags": [tag for tag in found.tags if tag not in question.tags][:TAGS],
            }


def wishes(questions: Sequence[Question]) -> list[Wish]:
    """What a service would be asked for."""
    titles = _embed(_encoder(), [question.title or " " for question in questions])
    return [
        Wish(
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


@cache
def _encoder() -> SentenceTransformer:
    return title_encoder.create()


def _embed_all(titles: Sequence[str], kept: Path, progress: Progress) -> np.ndarray:
    if kept.exists():
        return np.load(kept)
    encoder = _encoder()
    task = progress.add_task("embedding titles", total=len(titles))
    parts = []
    for start in range(0, len(titles), TITLES_A_STEP):
        parts.append(_embed(encoder, titles[start : start + TITLES_A_STEP]))
        progress.update(task, advance=len(parts[-1]))
    draft = kept.with_suffix(".draft.npy")
    np.save(draft, np.concatenate(parts))
    draft.replace(kept)
    return np.load(kept)


def _embed(encoder: SentenceTransformer, titles: Sequence[str]) -> np.ndarray:
    options = {"batch_size": TITLES_A_BATCH, "normalize_embeddings": True, "show_progress_bar": False}
    return encoder.encode(list(titles), **options)
