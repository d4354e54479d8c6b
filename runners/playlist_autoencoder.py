"""The playlist autoencoder: songs and hashtags for a title and any chosen playlists."""

from typing import TYPE_CHECKING

import bentoml
import numpy as np
from pydantic import BaseModel

from aiplayer.settings import Settings
from runners.store import LASTING_CONNECTION, check_made_for, pinned_model

if TYPE_CHECKING:
    from aiplayer.recommender.recommender import Wish


class PlaylistWish(BaseModel):
    """What one request knows; `title_embedding` is the title encoder's."""

    title: str
    title_embedding: list[float]
    song_ids: list[int]
    tags: list[str]
    exclude_song_ids: list[int]
    song_count: int
    tag_count: int


class RankedSong(BaseModel):
    """A song, its probability, and the song, tag or word of the title that spoke for it most."""

    song_id: int
    score: float
    because_song_id: int | None
    because_tag: str | None
    because_word: str | None


class RankedPlaylist(BaseModel):
    """Songs that are in no chosen playlist, songs that are, and hashtags, best first; and the title's own tags."""

    new: list[RankedSong]
    chosen: list[RankedSong]
    tags: list[str]
    title_tags: list[str]


@bentoml.service(name="playlist_autoencoder", traffic={"timeout": 60}, runner_connection=LASTING_CONNECTION)
class PlaylistAutoencoder:
    """The trained recommender; top-k happens here, so that only the best leave the process."""

    def __init__(self) -> None:
        from threadpoolctl import threadpool_limits

        from aiplayer.recommender import recommender

        settings = Settings()
        threadpool_limits(settings.threads)
        model = pinned_model(settings.models.playlist_autoencoder, "recommender")
        check_made_for(model, "title_encoder", settings.models.title_encoder)
        self.make_wish = recommender.Wish
        self.recommender = recommender.Recommender.load(model.path)
        self.recommender.warm_up()

    @bentoml.api(batchable=True, max_batch_size=64, max_latency_ms=30_000)
    def recommend(self, wishes: list[PlaylistWish]) -> list[RankedPlaylist]:
        """One ranked playlist a wish, in order."""
        answers = self.recommender.recommend([self._wish(wish) for wish in wishes])
        tags_in = self.recommender.vocabulary.tags_in
        return [
            RankedPlaylist.model_validate(vars(answer) | {"title_tags": tags_in(wish.title)}, from_attributes=True)
            for wish, answer in zip(wishes, answers, strict=True)
        ]

    def _wish(self, wish: PlaylistWish) -> "Wish":
        return self.make_wish(**wish.model_dump() | {"title_embedding": np.array(wish.title_embedding, np.float32)})
