"""Title embeddings that were made once: kept in the database as float32 bytes, under the model that made them."""

from collections.abc import Callable, Sequence

import numpy as np
from sqlalchemy import Engine, delete, select
from sqlalchemy.orm import Session

from aiplayer.catalogue.inserts import insert_new, title_digest
from aiplayer.catalogue.tables import TitleEmbedding

# Little-endian on every machine.
STORED = np.dtype("<f4")
TITLES_A_QUERY = 500
TITLES_A_BATCH = 2_000

Embed = Callable[[Sequence[str]], np.ndarray]


class TitleEmbeddings:
    """The stored embeddings of one version of the title encoder.

    Args:
        engine: The database.
        model: The exact tag (`name:version`) of the encoder; embeddings of another one are never given out.
    """

    def __init__(self, engine: Engine, model: str):
        self._engine = engine
        self._model = model

    def get_or_make(
        self, titles: Sequence[str], embed: Embed, progress: Callable[[int, int], None] = lambda done, total: None
    ) -> np.ndarray:
        """Embeddings of titles, at least one: stored ones are read, the others made and stored.

        Args:
            titles: n titles, equal ones among them or not.
            embed: What makes the missing ones: titles -> float32 [titles, size].
            progress: Is told (made, missing) after every batch.

        Returns:
            float32 [n, size].
        """
        digests = [title_digest(title) for title in titles]
        vectors = self._read(list(dict.fromkeys(digests)))

        missing = {}
        for digest, title in zip(digests, titles, strict=True):
            if digest not in vectors:
                missing[digest] = title
        missing_digests = list(missing)
        for start in range(0, len(missing), TITLES_A_BATCH):
            batch = missing_digests[start : start + TITLES_A_BATCH]
            made = np.asarray(embed([missing[digest] for digest in batch]), dtype=STORED)
            new_vectors = dict(zip(batch, made, strict=True))
            self._store(new_vectors)
            vectors |= new_vectors
            progress(start + len(batch), len(missing))

        return np.stack([vectors[digest] for digest in digests]).astype(np.float32)

    def forget_others(self) -> None:
        """Remove what other versions of the encoder have made."""
        with Session(self._engine) as session, session.begin():
            session.execute(delete(TitleEmbedding).where(TitleEmbedding.model != self._model))

    def _read(self, digests: list[str]) -> dict[str, np.ndarray]:
        columns = select(TitleEmbedding.title_digest, TitleEmbedding.vector).where(TitleEmbedding.model == self._model)
        vectors = {}
        with Session(self._engine) as session:
            for start in range(0, len(digests), TITLES_A_QUERY):
                is_in_part = TitleEmbedding.title_digest.in_(digests[start : start + TITLES_A_QUERY])
                for digest, stored in session.execute(columns.where(is_in_part)):
                    vectors[digest] = np.frombuffer(stored, STORED)
        return vectors

    def _store(self, vectors: dict[str, np.ndarray]) -> None:
        """Two set-ups at the same time may make the same embedding; the second one changes nothing."""
        rows = [
            {"title_digest": digest, "model": self._model, "vector": vector.tobytes()}
            for digest, vector in vectors.items()
        ]
        with Session(self._engine) as session, session.begin():
            session.execute(insert_new(TitleEmbedding), rows)
