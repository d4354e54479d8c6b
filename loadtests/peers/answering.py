"""What the service answers, in one process: the domain's own classes, called one after another.

It is what a peer serves. What belongs to serving, such as threads, batches and processes, is the peer's own.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Self

import numpy as np

from aiplayer.catalogue import Catalogue, Generation, Playlist, Song, connect
from aiplayer.playlist.mixing import MixRequest, UsableSongs, mix_playlist, more_candidates, usable_songs
from aiplayer.recommender.playlist_search import PlaylistSearch
from aiplayer.recommender.recommender import Recommender
from aiplayer.recommender.request import Recommendation, Request
from aiplayer.settings import Settings
from aiplayer.titles.encoder import Encoder, load_to_serve
from aiplayer.titles.index import TitleIndex
from gateway.answers import (
    ignored_things,
    kept_songs,
    mix_request,
    read_things,
    recommended_songs,
    recommender_request,
    similar_json,
)
from gateway.schemas import LikeRequest, RecommendAnswer, RecommendRequest, SimilarRequest
from runners.store import verified_model


@dataclass(frozen=True)
class Models:
    """The pinned models, in this process.

    Attributes:
        encoder: Titles to embeddings.
        recommender: Songs and tags.
        playlists: Similar playlists.
        made_for: The version of the catalogue that they were made for.
    """

    encoder: Encoder
    recommender: Recommender
    playlists: PlaylistSearch
    made_for: str

    @classmethod
    def load(cls, settings: Settings) -> Self:
        """Read them from the model store, and warm them up as the service does.

        Raises:
            ModelMissing: one is not in the store.
        """
        from threadpoolctl import threadpool_limits

        threadpool_limits(settings.threads)
        pins = settings.models
        encoder = load_to_serve(verified_model(pins.title_encoder, "title encoder").path, settings.threads)
        recommender = Recommender.load(verified_model(pins.playlist_autoencoder, "recommender").path)
        index = verified_model(pins.title_index, "title index")
        playlists = PlaylistSearch(recommender, TitleIndex.load(index.path))

        recommender.warm_up()
        encoder.embed(["warm"])
        return cls(encoder, recommender, playlists, index.info.labels["catalogue"])


def load_catalogue(settings: Settings, models: Models) -> Catalogue:
    """The database of the settings.

    Raises:
        Unavailable: it holds another catalogue than the models were made for.
    """
    catalogue = Catalogue(connect(settings.database_url.get_secret_value(), settings.database_timeout_s))
    catalogue.require_version(models.made_for)
    return catalogue


@dataclass(frozen=True)
class Asked:
    """A request for songs with what the catalogue knows of it.

    Attributes:
        request: The request.
        playlists: The chosen playlists.
        mixing: How the answer is mixed.
        unknown_artists: Excluded artists whom the catalogue does not know.
    """

    request: RecommendRequest
    playlists: list[Playlist]
    mixing: MixRequest
    unknown_artists: list[str]


class Answering:
    """Answers requests, one or many at once; the same answers as the service.

    Args:
        models: The models.
        catalogue: The database.
    """

    def __init__(self, models: Models, catalogue: Catalogue):
        self._models = models
        self._catalogue = catalogue

    @classmethod
    def load(cls, settings: Settings) -> Self:
        """With the models and the database of the settings."""
        models = Models.load(settings)
        return cls(models, load_catalogue(settings, models))

    def similar(self, requests: Sequence[SimilarRequest]) -> list[bytes]:
        """The answer to each request of POST /similar, as JSON."""
        embeddings = self._models.encoder.embed([request.title for request in requests])
        wishes = []
        for request, embedding in zip(requests, embeddings, strict=True):
            wishes.append(Request(embedding, request.title, ignored=ignored_things(request.ignore)))
        all_found = self._models.playlists.search(wishes, [request.count for request in requests])

        answers = []
        for found in all_found:
            playlists = self._catalogue.playlists([hit.playlist_id for hit in found.playlists])
            answers.append(similar_json(playlists, found))
        return answers

    def recommend(self, requests: Sequence[RecommendRequest]) -> list[RecommendAnswer]:
        """The answer to each request of POST /recommend; each is remembered, so that it can be liked."""
        embeddings = self._models.encoder.embed([request.title for request in requests])
        all_asked, wishes = [], []
        for request, embedding in zip(requests, embeddings, strict=True):
            asked, wish = self._look_up(request, embedding)
            all_asked.append(asked)
            wishes.append(wish)

        recommendations = self._models.recommender.recommend(wishes)
        answers = []
        for asked, wish, recommendation in zip(all_asked, wishes, recommendations, strict=True):
            answers.append(self._answer(asked, wish, recommendation))
        return answers

    def like(self, request: LikeRequest) -> None:
        """Store a like, or take it back."""
        self._catalogue.set_liked(request.generation_id, request.liked)

    def _look_up(self, request: RecommendRequest, embedding: np.ndarray) -> tuple[Asked, Request]:
        """What the catalogue knows of a request, and what the recommender is asked."""
        playlists = self._catalogue.playlists(list(dict.fromkeys(request.playlist_ids)))
        songs_by_artist = self._catalogue.songs_by(request.exclude_artists)
        excluded_songs = self._catalogue.songs(request.exclude_song_ids)

        unknown_artists = [artist for artist, song_ids in songs_by_artist.items() if not song_ids]
        asked = Asked(request, playlists, mix_request(request, playlists, excluded_songs), unknown_artists)
        excluded_ids = set(request.exclude_song_ids).union(*songs_by_artist.values())
        return asked, recommender_request(request, playlists, excluded_ids, embedding)

    def _answer(self, asked: Asked, wish: Request, recommendation: Recommendation) -> RecommendAnswer:
        """Mix the playlist, remember it, and tell it."""
        recommendation, usable, songs = self._enough_songs(asked, wish, recommendation)
        picks = mix_playlist(asked.mixing, recommendation.named_artists, usable, songs)
        answer = recommended_songs(picks, asked.request.title, asked.playlists, songs)

        generation = Generation(
            title=asked.request.title,
            seed_playlists=[playlist.playlist_id for playlist in asked.playlists],
            songs=kept_songs(answer),
            tags=recommendation.tags,
        )
        self._catalogue.remember([generation])
        return RecommendAnswer(
            generation_id=generation.generation_id,
            songs=answer,
            tags=recommendation.tags,
            read=read_things(recommendation.read),
            unknown_artists=asked.unknown_artists,
        )

    def _enough_songs(
        self, asked: Asked, wish: Request, recommendation: Recommendation
    ) -> tuple[Recommendation, UsableSongs, dict[int, Song]]:
        """The recommendation, its songs that can be used, and all of them by ids.

        The recommender is asked for more until there are enough new ones, as the service does.
        """
        songs = {song.song_id: song for playlist in asked.playlists for song in playlist.songs}
        today = datetime.now(UTC).date()
        while True:
            new_songs = self._catalogue.songs([song.song_id for song in recommendation.new])
            songs |= {song.song_id: song for song in new_songs}
            usable = usable_songs(asked.mixing, recommendation, songs, today)
            more = more_candidates(wish.song_count, asked.mixing, recommendation, usable)
            if more is None:
                return recommendation, usable, songs

            wish = replace(wish, song_count=more)
            (recommendation,) = self._models.recommender.recommend([wish])
