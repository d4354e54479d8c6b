"""The playlist autoencoder with its fellow branches: songs and hashtags for a title and any chosen playlists."""

import bentoml

from aiplayer.recommender.request import Recommendation, Request
from aiplayer.settings import Settings
from runners.store import LASTING_CONNECTION, check_made_for, pinned_model


@bentoml.service(name="playlist_autoencoder", traffic={"timeout": 60}, runner_connection=LASTING_CONNECTION)
class PlaylistAutoencoder:
    """The trained recommender; top-k happens here, so that only the best leave the process."""

    def __init__(self) -> None:
        from threadpoolctl import threadpool_limits

        from aiplayer.recommender.recommender import Recommender

        settings = Settings()
        threadpool_limits(settings.threads)
        model = pinned_model(settings.models.playlist_autoencoder, "recommender")
        check_made_for(model, "title_encoder", settings.models.title_encoder)
        self.recommender = Recommender.load(model.path)
        self.recommender.warm_up()

    @bentoml.api(batchable=True, max_batch_size=64, max_latency_ms=30_000)
    def recommend(self, requests: list[Request]) -> list[Recommendation]:
        """One recommendation a request, in order."""
        return self.recommender.recommend(requests)
