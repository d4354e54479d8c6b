"""The title encoder: embeddings of titles, and what they say of a scene."""

from concurrent.futures import ThreadPoolExecutor
from typing import Annotated

import bentoml
import numpy as np

from aiplayer.crossing import Answered, Asked
from aiplayer.devices import Part
from aiplayer.settings import Settings
from aiplayer.start_stages import StartStages
from aiplayer.telemetry.process import begin_telemetry
from aiplayer.thumbnails.title_scene import TitleScene, title_scene
from runners.batching import ModelBatches
from runners.placing import take_place
from runners.store import ANSWER, LASTING_CONNECTION, WITHOUT_ACCESS_LINES, presence_of, verified_model

# Each title is computed by itself, so larger batches would only keep the first ones waiting for the last.
MOST_TITLES = 8
MOST_WAITING = 512
NAME = "title encoder"


@bentoml.service(
    name="title_encoder",
    traffic={"timeout": 60},
    runner_connection=LASTING_CONNECTION,
    logging=WITHOUT_ACCESS_LINES,
)
class TitleEncoder:
    """An SBERT, and what reads a title for a picture."""

    def __init__(self) -> None:
        stages = StartStages(NAME)
        from threadpoolctl import threadpool_limits

        from aiplayer.thumbnails.prompts import SceneReader, anchor_phrases
        from aiplayer.titles import encoder as title_encoder
        from aiplayer.titles.reading.artist_names import ArtistNames
        from aiplayer.titles.reading.reader import TitleReader

        stages.done("import")
        settings = Settings()
        begin_telemetry(settings, "title_encoder")
        threadpool_limits(settings.threads)
        model = verified_model(settings.models.title_encoder, "title encoder")
        needs_none = title_encoder.why_on_the_processor(model.path, settings.device)
        placement = take_place(Part.TITLE_ENCODER, settings, needs_none)
        self.encoder = title_encoder.load_to_serve(model.path, settings.threads, placement.device)
        stages.done("load")

        anchors = {attribute: self.encoder.embed(phrases) for attribute, phrases in anchor_phrases().items()}
        self.scene_reader = SceneReader(anchors)
        # A picture does not ask whom the catalogue has.
        self.title_reader = TitleReader(ArtistNames([]))
        stages.done("warm-up")

        thread = ThreadPoolExecutor(1, "title_encoder")
        self._embeddings: ModelBatches[str, np.ndarray] = ModelBatches(
            "encode", NAME, self._embed, thread, MOST_TITLES, MOST_WAITING
        )
        self._scenes: ModelBatches[str, TitleScene] = ModelBatches(
            "read_scenes", NAME, self._read_scenes, thread, MOST_TITLES, MOST_WAITING
        )
        presence_of("title_encoder").announce()
        stages.tell()

    @bentoml.api
    async def encode(self, asked: Asked) -> Annotated[Answered, ANSWER]:
        """For each title its embedding, float32 [size] of unit length, or the error that says why there is none."""
        return await self._embeddings.answer(asked)

    @bentoml.api
    async def read_scenes(self, asked: Asked) -> Annotated[Answered, ANSWER]:
        """For each title a TitleScene, what it says of a picture, or the error that says why there is none."""
        return await self._scenes.answer(asked)

    def _embed(self, titles: list[str]) -> list[np.ndarray]:
        return list(self.encoder.embed(titles))

    def _read_scenes(self, titles: list[str]) -> list[TitleScene]:
        scenes = []
        for title, embedding in zip(titles, self.encoder.embed(titles), strict=True):
            scene = title_scene(title, self.title_reader.read(title).mentions)
            scenes.append(scene.with_guesses(self.scene_reader.read(title, embedding)))
        return scenes
