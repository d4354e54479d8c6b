"""Two worlds of playlists whose titles share no word, and a real encoder of 12 dimensions that knows neither."""

import numpy as np
import polars as pl
import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import StaticEmbedding
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace

from training.dataset.frames import PLAYLIST_COLUMNS

WORLDS = (("rain", "비", "cloud", "우산", "wet"), ("sun", "여름", "beach", "바다", "surf"))
WORDS = (*WORLDS[0], *WORLDS[1], "music")


def frame(rows) -> pl.DataFrame:
    """(title, songs, tags) rows -> playlists with the row's number as id."""
    rows = [(n, title, tags, songs, 0, None) for n, (title, songs, tags) in enumerate(rows)]
    return pl.DataFrame(rows, schema=PLAYLIST_COLUMNS, orient="row")


def two_worlds(count: int = 200) -> list[tuple]:
    """Titles of two words of one world, with songs and a tag of that world."""
    random = np.random.default_rng(0)
    rows = []
    for number in range(count):
        world = number % 2
        title = " ".join(random.choice(WORLDS[world], 2, replace=False))
        songs = (100 * world + random.choice(60, 12, replace=False)).tolist()
        rows.append((title, songs, [f"tag {world}"]))
    return rows


def encoder() -> SentenceTransformer:
    """Mean of random word vectors."""
    tokenizer = Tokenizer(WordLevel({"[UNK]": 0} | {word: n + 1 for n, word in enumerate(WORDS)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = Whitespace()
    weights = torch.randn(len(WORDS) + 1, 12, generator=torch.Generator().manual_seed(0))
    return SentenceTransformer(modules=[StaticEmbedding(tokenizer, embedding_weights=weights)], device="cpu")
