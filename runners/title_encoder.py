"""The title encoder: embeddings of titles, and the catalogue's playlists with the most similar ones."""

import bentoml
import numpy as np
from pydantic import BaseModel

from aiplayer.settings import Settings
from runners.store import LASTING_CONNECTION, check_made_for, pinned_model


class TitleQuery(BaseModel):
    """A title and how many similar playlists it wants."""

    title: str
    count: int


class SimilarTitle(BaseModel):
    """A playlist of the catalogue and the cosine of its title with the query's."""

    playlist_id: int
    score: float


@bentoml.service(name="title_encoder", traffic={"timeout": 60}, runner_connection=LASTING_CONNECTION)
class TitleEncoder:
    """A SentenceTransformer with the title index that the same version built."""

    def __init__(self) -> None:
        import torch

        from aiplayer.titles import encoder as title_encoder
        from aiplayer.titles import search as title_search

        settings = Settings()
        torch.set_num_threads(settings.threads)
        self.search_module = title_search
        self.encoder = title_encoder.load(pinned_model(settings.models.title_encoder, "title encoder").path)
        index = pinned_model(settings.models.title_index, "title index")
        check_made_for(index, "title_encoder", settings.models.title_encoder)
        self.index = title_search.TitleIndex.load(index.path)
        self.search([TitleQuery(title="warm up", count=1)])

    @bentoml.api(batchable=True, max_batch_size=64, max_latency_ms=30_000)
    def encode(self, titles: list[str]) -> np.ndarray:
        """n titles -> float32 [n, size], unit length."""
        return self.search_module.encode_titles(self.encoder, titles)

    @bentoml.api(batchable=True, max_batch_size=64, max_latency_ms=30_000)
    def search(self, queries: list[TitleQuery]) -> list[list[SimilarTitle]]:
        """The most similar playlists of each query, best first."""
        embeddings = self.search_module.encode_titles(self.encoder, [query.title for query in queries])
        found = self.search_module.search(self.index, embeddings, [query.count for query in queries])
        return [[SimilarTitle(playlist_id=id, score=score) for id, score in hits] for hits in found]
