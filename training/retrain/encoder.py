"""Tunes the title encoder on the catalogue's playlists and what creators taught (`training.encoder` says how).

It begins with the encoder that nobody taught, as every other step, so what is taken back is unlearned here too.
"""

import shutil
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from aiplayer.settings import STATE
from aiplayer.titles import encoder as title_encoder
from training.dataset.frames import PLAYLIST_COLUMNS
from training.encoder import PAIRS
from training.held_back import held_back
from training.publish.store import digest_of_ingredients
from training.recommender.from_catalogue import FEWEST_SONGS_ASKED, Lesson
from training.titles.embedding import Tell
from training.titles.encoder.fit import Recipe, fine_tune
from training.titles.encoder.pairs import mine_pairs

FOLDER = STATE / "retrained-encoders"
# What sentence-transformers writes into the folder of an encoder.
WRITTEN = "modules.json"


def tuned_encoder(
    playlists: pl.DataFrame, lessons: Sequence[Lesson], source: str, made_of: Sequence[object], seed: int, tell: Tell
) -> Path:
    """The folder of a tuned encoder; one that was begun is gone on with, and one that is done is left as it is.

    Args:
        playlists: The catalogue's, a frame with the columns PLAYLIST_COLUMNS.
        lessons: What creators taught.
        source: The encoder that nobody taught.
        made_of: What decides the playlists and the lessons.
        seed: Draws the pairs of titles and their order.
        tell: Is told (steps done, steps in all).

    Returns:
        The folder.
    """
    recipe = Recipe(seed=seed)
    folder = FOLDER / digest_of_ingredients("title_encoder", source, *made_of, recipe, PAIRS)
    for other in FOLDER.glob("*/"):
        if other != folder:
            shutil.rmtree(other)
    if (folder / WRITTEN).exists() and not list(folder.glob("unfinished-*")):
        return folder

    pairs = mine_pairs(taught_playlists(playlists, lessons), PAIRS, seed)
    fine_tune(title_encoder.create(source), pairs, recipe, folder, tell)
    return folder


def taught_playlists(playlists: pl.DataFrame, lessons: Sequence[Lesson]) -> pl.DataFrame:
    """The playlists to learn from: those that are not held back, and the lessons that say what belongs together."""
    can_be_asked = (pl.col("title") != "") & (pl.col("songs").list.len() >= FEWEST_SONGS_ASKED)
    asked = held_back(playlists.filter(can_be_asked)["playlist_id"].to_list())
    learned = playlists.filter(~pl.col("playlist_id").is_in(list(asked)))

    rows: list[tuple] = []
    for number, lesson in enumerate(lessons, start=1):
        if lesson.songs and lesson.title:
            rows.append((-number, lesson.title, [], lesson.songs, 0, None))
    return pl.concat([learned, pl.DataFrame(rows, schema=PLAYLIST_COLUMNS, orient="row")])
