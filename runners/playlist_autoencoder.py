"""The playlist autoencoder with its fellow branches: similar playlists, songs and hashtags for a title."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Annotated

import bentoml

from aiplayer.recommender.request import Found, Recommendation, Request
from aiplayer.settings import Settings
from runners.batching import Batches
from runners.store import ANSWER, LASTING_CONNECTION, check_made_for, pinned_model

MOST_REQUESTS = 32
MOST_WAITING = 512


@dataclass(frozen=True)
class PlaylistQuery:
    """A title, and how many similar playlists it wants."""

    request: Request
    count: int


@bentoml.service(name="playlist_autoencoder", traffic={"timeout": 60}, runner_connection=LASTING_CONNECTION)
class PlaylistAutoencoder:
    """The trained recommender; top-k happens here, so that only the best leave the process."""

    def __init__(self) -> None:
        from threadpoolctl import threadpool_limits

        from aiplayer.recommender.playlist_search import PlaylistSearch
        from aiplayer.recommender.recommender import Recommender
        from aiplayer.titles.index import TitleIndex

        settings = Settings()
        threadpool_limits(settings.threads)
        model = pinned_model(settings.models.playlist_autoencoder, "recommender")
        check_made_for(model, "title_encoder", settings.models.title_encoder)
        self.recommender = Recommender.load(model.path)
        index = pinned_model(settings.models.title_index, "title index")
        check_made_for(index, "title_encoder", settings.models.title_encoder)
        self.playlists = PlaylistSearch(self.recommender, TitleIndex.load(index.path))
        self.recommender.warm_up()

        thread = ThreadPoolExecutor(1, "playlist_autoencoder")
        self._recommendations = Batches("recommend", self.recommender.recommend, thread, MOST_REQUESTS, MOST_WAITING)
        self._found = Batches("search", self._search, thread, MOST_REQUESTS, MOST_WAITING)

    @bentoml.api
    async def recommend(self, requests: list[Request], patience_s: float) -> Annotated[list[Recommendation], ANSWER]:
        """One recommendation a request, in order."""
        return list(await self._recommendations.results(requests, patience_s))

    @bentoml.api
    async def search(self, queries: list[PlaylistQuery], patience_s: float) -> Annotated[list[Found], ANSWER]:
        """The playlists that fit each title best, in order."""
        return list(await self._found.results(queries, patience_s))

    def _search(self, queries: list[PlaylistQuery]) -> list[Found]:
        return self.playlists.search([query.request for query in queries], [query.count for query in queries])
