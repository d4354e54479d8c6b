"""The playlist autoencoder with its fellow branches: similar playlists, songs and hashtags for a title."""

from concurrent.futures import ThreadPoolExecutor
from typing import Annotated

import bentoml

from aiplayer.crossing import Answered, Asked
from aiplayer.devices import Part
from aiplayer.recommender.request import Found, Recommendation, Request
from aiplayer.settings import Settings
from aiplayer.start_stages import StartStages
from aiplayer.telemetry.process import begin_telemetry
from runners.batching import ModelBatches
from runners.placing import take_place
from runners.store import ANSWER, LASTING_CONNECTION, WITHOUT_ACCESS_LINES, check_made_for, presence_of, verified_model

MOST_REQUESTS = 32
MOST_WAITING = 512
NAME = "recommender"


@bentoml.service(
    name="playlist_autoencoder",
    workers=Settings().recommender_workers,
    traffic={"timeout": 60},
    runner_connection=LASTING_CONNECTION,
    logging=WITHOUT_ACCESS_LINES,
)
class PlaylistAutoencoder:
    """The trained recommender; top-k happens here, so that only the best leave the process."""

    def __init__(self) -> None:
        stages = StartStages(NAME)
        from threadpoolctl import threadpool_limits

        from aiplayer.recommender.playlist_search import PlaylistSearch
        from aiplayer.recommender.recommender import Recommender
        from aiplayer.titles.index import TitleIndex

        stages.done("import")
        settings = Settings()
        begin_telemetry(settings, "playlist_autoencoder")
        threadpool_limits(settings.threads)
        placement = take_place(Part.RECOMMENDER, settings)
        model = verified_model(settings.models.playlist_autoencoder, "recommender")
        check_made_for(model, "title_encoder", settings.models.title_encoder)
        self.recommender = Recommender.load(model.path)
        if placement.card:
            # TensorFlow takes 600 MiB, which a process without a card does without.
            from aiplayer.card_table import put_on_card

            put_on_card(self.recommender)
        index = verified_model(settings.models.title_index, "title index")
        check_made_for(index, "title_encoder", settings.models.title_encoder)
        self.playlists = PlaylistSearch(self.recommender, TitleIndex.load(index.path))
        stages.done("load")
        self.recommender.warm_up()
        stages.done("warm-up")

        thread = ThreadPoolExecutor(1, "playlist_autoencoder")
        self._recommendations: ModelBatches[Request, Recommendation] = ModelBatches(
            "recommend", NAME, self.recommender.recommend, thread, MOST_REQUESTS, MOST_WAITING
        )
        self._found: ModelBatches[tuple[Request, int], Found] = ModelBatches(
            "search", NAME, self._search, thread, MOST_REQUESTS, MOST_WAITING
        )
        presence_of("playlist_autoencoder").announce()
        stages.tell()

    @bentoml.api
    async def recommend(self, asked: Asked) -> Annotated[Answered, ANSWER]:
        """For each request a Recommendation, or the error that says why there is none."""
        return await self._recommendations.answer(asked)

    @bentoml.api
    async def search(self, asked: Asked) -> Annotated[Answered, ANSWER]:
        """For each title and count what was Found, the playlists that fit it best, or the error that says why not."""
        return await self._found.answer(asked)

    def _search(self, queries: list[tuple[Request, int]]) -> list[Found]:
        return self.playlists.search([request for request, _ in queries], [count for _, count in queries])
