"""Two worlds of playlists whose titles share no word, and a real encoder of 12 dimensions that knows neither."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from training.dataset.frames import PLAYLIST_COLUMNS

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

WORLDS = (("rain", "비", "cloud", "우산", "wet"), ("sun", "여름", "beach", "바다", "surf"))
WORDS = (*WORLDS[0], *WORLDS[1], "music")


Row = tuple[str, list[int], list[str]]


def frame(rows: Sequence[Row]) -> pl.DataFrame:
    """(title, songs, tags) rows -> playlists with the row's number as id."""
    records = []
    for number, (title, songs, tags) in enumerate(rows):
        records.append((number, title, tags, songs, 0, None))
    return pl.DataFrame(records, schema=PLAYLIST_COLUMNS, orient="row")


def two_worlds(count: int = 200) -> list[Row]:
    """Titles of two words of one world, with songs and a tag of that world."""
    random = np.random.default_rng(0)
    rows = []
    for number in range(count):
        world = number % 2
        title = " ".join(random.choice(WORLDS[world], 2, replace=False))
        songs = (100 * world + random.choice(60, 12, replace=False)).tolist()
        rows.append((title, songs, [f"tag {world}"]))
    return rows


def encoder() -> "SentenceTransformer":
    """Mean of random word vectors."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.pre_tokenizers import Whitespace

    numbers = {"[UNK]": 0}
    for number, word in enumerate(WORDS, start=1):
        numbers[word] = number
    tokenizer = Tokenizer(WordLevel(numbers, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = Whitespace()
    weights = torch.randn(len(WORDS) + 1, 12, generator=torch.Generator().manual_seed(0))

    embedding = StaticEmbedding(tokenizer, embedding_weights=weights)
    return SentenceTransformer(modules=[embedding], device="cpu")
