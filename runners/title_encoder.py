"""The title encoder: embeddings of titles, what they say of a scene, and the playlists with the most similar ones."""

from dataclasses import dataclass

import bentoml
import numpy as np

from aiplayer.settings import Settings
from runners.store import LASTING_CONNECTION, check_made_for, pinned_model


@dataclass(frozen=True)
class TitleQuery:
    """A title and how many similar playlists it wants."""

    title: str
    count: int


@dataclass(frozen=True)
class SimilarTitle:
    """A playlist of the catalogue and how near its title is to the query's, -1 to 1."""

    playlist_id: int
    score: float


@bentoml.service(name="title_encoder", traffic={"timeout": 60}, runner_connection=LASTING_CONNECTION)
class TitleEncoder:
    """A SentenceTransformer with the title index that the same version built."""

    def __init__(self) -> None:
        import torch

        from aiplayer.thumbnails.prompts import SceneReader, anchor_phrases
        from aiplayer.titles import encoder as title_encoder
        from aiplayer.titles.search import TitleIndex

        settings = Settings()
        torch.set_num_threads(settings.threads)
        self.encoder = title_encoder.load_to_serve(pinned_model(settings.models.title_encoder, "title encoder").path)
        index = pinned_model(settings.models.title_index, "title index")
        check_made_for(index, "title_encoder", settings.models.title_encoder)
        self.index = TitleIndex.load(index.path)

        anchors = {attribute: self._embed(phrases) for attribute, phrases in anchor_phrases().items()}
        self.scene_reader = SceneReader(anchors)
        self.search([TitleQuery(title="warm up", count=1)])

    @bentoml.api(batchable=True, max_batch_size=64, max_latency_ms=30_000)
    def encode(self, titles: list[str]) -> np.ndarray:
        """n titles -> float32 [n, size], unit length."""
        return self._embed(titles)

    @bentoml.api(batchable=True, max_batch_size=64, max_latency_ms=30_000)
    def search(self, queries: list[TitleQuery]) -> list[list[SimilarTitle]]:
        """The most similar playlists of each query, best first."""
        from aiplayer.titles.search import search

        embeddings = self._embed([query.title for query in queries])
        answers = []
        for hits in search(self.index, embeddings, [query.count for query in queries]):
            answers.append([SimilarTitle(playlist_id, score) for playlist_id, score in hits])
        return answers

    @bentoml.api(batchable=True, max_batch_size=64, max_latency_ms=30_000)
    def read_scenes(self, titles: list[str]) -> list[dict[str, str]]:
        """What each title says of a scene: choices of `aiplayer.thumbnails.scene_words`, by attribute."""
        embeddings = self._embed(titles)
        return [self.scene_reader.read(title, vector) for title, vector in zip(titles, embeddings, strict=True)]

    # A batched method that called `encode` would wait for a batch of its own process, for ever.
    def _embed(self, titles: list[str]) -> np.ndarray:
        from aiplayer.titles.encoder import encode_titles

        return encode_titles(self.encoder, titles)
