"""The title encoder: embeddings of titles, and what they say of a scene."""

import bentoml
import numpy as np

from aiplayer.settings import Settings
from aiplayer.thumbnails.title_scene import TitleScene, title_scene
from runners.store import LASTING_CONNECTION, pinned_model


@bentoml.service(name="title_encoder", traffic={"timeout": 60}, runner_connection=LASTING_CONNECTION)
class TitleEncoder:
    """An SBERT, and what reads a title for a picture."""

    def __init__(self) -> None:
        from threadpoolctl import threadpool_limits

        from aiplayer.thumbnails.prompts import SceneReader, anchor_phrases
        from aiplayer.titles import encoder as title_encoder
        from aiplayer.titles.reading.artist_names import ArtistNames
        from aiplayer.titles.reading.reader import TitleReader

        settings = Settings()
        threadpool_limits(settings.threads)
        model = pinned_model(settings.models.title_encoder, "title encoder")
        self.encoder = title_encoder.load_to_serve(model.path, settings.threads)

        anchors = {attribute: self._embed(phrases) for attribute, phrases in anchor_phrases().items()}
        self.scene_reader = SceneReader(anchors)
        # A picture does not ask whom the catalogue has.
        self.title_reader = TitleReader(ArtistNames([]))

    @bentoml.api(batchable=True, max_batch_size=64, max_latency_ms=30_000)
    def encode(self, titles: list[str]) -> np.ndarray:
        """n titles -> float32 [n, size], unit length."""
        return self._embed(titles)

    @bentoml.api(batchable=True, max_batch_size=64, max_latency_ms=30_000)
    def read_scenes(self, titles: list[str]) -> list[TitleScene]:
        """What each title says of a picture."""
        scenes = []
        for title, embedding in zip(titles, self._embed(titles), strict=True):
            scene = title_scene(title, self.title_reader.read(title).mentions)
            scenes.append(scene.with_guesses(self.scene_reader.read(title, embedding)))
        return scenes

    # A batched method that called `encode` would wait for a batch of its own process, for ever.
    def _embed(self, titles: list[str]) -> np.ndarray:
        return self.encoder.embed(titles)
