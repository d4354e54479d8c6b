"""Title embeddings by an encoder of the model store, kept in the database."""

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from sqlalchemy import Engine

from aiplayer.catalogue import TitleEmbeddings
from training.titles.embedding import Tell, embed_titles

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer


class Embeddings:
    """Title embeddings by a stored encoder, which is loaded where the database lacks one of them.

    Args:
        engine: The database that keeps them.
        encoder_tag: The encoder's exact version.
    """

    def __init__(self, engine: Engine, encoder_tag: str):
        self._engine = engine
        self.encoder_tag = encoder_tag
        self.labels = {"title_encoder": encoder_tag}
        self.stored = TitleEmbeddings(engine, encoder_tag)

    def __call__(self, titles: Sequence[str], tell: Tell = lambda done, total: None) -> np.ndarray:
        """Titles -> float32 [titles, size], unit length."""
        return self.stored.get_or_make(titles, self._embed, tell)

    def unkept(self, titles: Sequence[str]) -> np.ndarray:
        """The same for titles that creators typed, of which nothing is stored."""
        return self._embed(titles)

    def of_encoder(self, encoder_tag: str) -> "Embeddings":
        """The embeddings of another version of the encoder."""
        return Embeddings(self._engine, encoder_tag)

    @cached_property
    def _encoder(self) -> "SentenceTransformer":
        import bentoml

        from aiplayer.titles import encoder as title_encoder

        return title_encoder.load(bentoml.models.get(self.encoder_tag).path)

    def _embed(self, titles: Sequence[str]) -> np.ndarray:
        return embed_titles(self._encoder, titles)
