"""From a request of HTTP to what the domain is asked, and from what it found to the answer."""

from typing import Any, NamedTuple
from uuid import UUID

import numpy as np

from aiplayer.catalogue import Generation, Playlist, Song
from aiplayer.playlist.mixing import MixRequest, Pick, UsableSongs, because, candidate_count, mix_playlist
from aiplayer.playlist.wishes.candidates import RANKED
from aiplayer.playlist.wishes.wish import NO_WISHES, Wishes
from aiplayer.recommender.request import Found, Recommendation, Request
from aiplayer.titles.reading.mentions import Mention
from gateway.schemas import IgnoredThing, ReadThing, RecommendAnswer, RecommendedSong, RecommendRequest, SimilarPlaylist
from gateway.wish_schemas import CertificateEntry

SCORE_DIGITS = 6


class Recommended(NamedTuple):
    """A playlist: what is answered, and what is kept of it."""

    answer: RecommendAnswer
    generation: Generation


def recommender_request(
    request: RecommendRequest,
    playlists: list[Playlist],
    excluded_ids: set[int],
    embedding: np.ndarray,
    wishes: Wishes = NO_WISHES,
) -> Request:
    """What the recommender is asked; songs that must be kept steer the rest as those of chosen playlists do."""
    members = [song.song_id for playlist in playlists for song in playlist.songs]
    count = candidate_count(request.song_count)
    return Request(
        title_embedding=embedding,
        title=request.title,
        song_ids=list(dict.fromkeys([*members, *(kept.song_id for kept in wishes.keep)])),
        tags=list(dict.fromkeys(tag for playlist in playlists for tag in playlist.tags)),
        exclude_song_ids=sorted(excluded_ids),
        song_count=max(count, RANKED) if wishes.are_given else count,
        tag_count=request.tag_count,
        ignored=ignored_things(request.ignore),
    )


def mix_request(
    request: RecommendRequest, playlists: list[Playlist], excluded_songs: list[Song], wishes: Wishes = NO_WISHES
) -> MixRequest:
    """How the answer is mixed; where no playlist is chosen, every song is new."""
    return MixRequest(
        similarity=request.similarity if playlists else 0,
        song_count=request.song_count,
        songs_per_artist=request.songs_per_artist,
        excluded_songs=excluded_songs,
        wishes=wishes,
    )


def ignored_things(ignore: list[IgnoredThing]) -> list[tuple[str, str]]:
    """What the creator has struck out of the reading, as (kind, value)."""
    return [(thing.kind, thing.value) for thing in ignore]


def read_things(mentions: list[Mention]) -> list[ReadThing]:
    """What was read of the title."""
    return [ReadThing(kind=mention.kind, value=mention.value, span=mention.span) for mention in mentions]


def similar_json(playlists: list[Playlist], found: Found) -> bytes:
    """A `SimilarAnswer` as JSON; playlist by playlist, for in one piece 20,000 songs would hold up other threads."""
    parts = []
    for playlist, hit in zip(playlists, found.playlists, strict=True):
        similar = SimilarPlaylist.model_validate(vars(playlist) | {"score": round(hit.score, SCORE_DIGITS)})
        parts.append(similar.model_dump_json().encode())
    read = [thing.model_dump_json().encode() for thing in read_things(found.read)]
    return b'{"playlists":[' + b",".join(parts) + b'],"read":[' + b",".join(read) + b"]}"


def recommend_json(answer: RecommendAnswer, generation_id: UUID) -> bytes:
    """An answer as JSON, with the number under which it is kept."""
    return answer.model_copy(update={"generation_id": generation_id}).model_dump_json().encode()


def recommended(
    title: str,
    mixing: MixRequest,
    recommendation: Recommendation,
    usable: UsableSongs,
    songs: dict[int, Song],
    playlists: list[Playlist],
    unknown_artists: list[str],
) -> Recommended:
    """What is answered and kept of a playlist.

    Args:
        title: The playlist's title.
        mixing: How it is mixed.
        recommendation: What the recommender answered.
        usable: The songs that can be used.
        songs: All these songs by their ids.
        playlists: The chosen playlists.
        unknown_artists: Those of the excluded artists whom the catalogue does not know.
    """
    picks, certificate = _picks(mixing, recommendation, usable, songs, playlists)
    chosen = recommended_songs(picks, title, playlists, songs)
    generation = Generation(
        title=title,
        seed_playlists=[playlist.playlist_id for playlist in playlists],
        songs=kept_songs(chosen),
        tags=recommendation.tags,
    )
    answer = RecommendAnswer(
        generation_id=generation.generation_id,
        songs=chosen,
        tags=recommendation.tags,
        read=read_things(recommendation.read),
        unknown_artists=unknown_artists,
        certificate=certificate,
    )
    return Recommended(answer, generation)


def _picks(
    mixing: MixRequest,
    recommendation: Recommendation,
    usable: UsableSongs,
    songs: dict[int, Song],
    playlists: list[Playlist],
) -> tuple[list[Pick], list[CertificateEntry]]:
    """The songs of the answer, and what they keep of the wishes."""
    named_artists = recommendation.named_artists
    if not mixing.wishes.are_given:
        return mix_playlist(mixing, named_artists, usable, songs), []

    # SciPy's solver takes half a second and 40 MB, which a gateway without wishes is spared.
    from aiplayer.playlist.wishes.wished_playlist import gather_candidates, make_wished_playlist

    candidates = gather_candidates(mixing, recommendation, usable, playlists, songs)
    picks, findings = make_wished_playlist(mixing, named_artists, candidates)
    return picks, [CertificateEntry.model_validate(vars(finding)) for finding in findings]


def kept_songs(songs: list[RecommendedSong]) -> list[dict[str, Any]]:
    """What is kept of the songs that are answered, in their order."""
    return [
        {"song_id": song.song_id, "position": position, "score": song.score, "source": song.source}
        for position, song in enumerate(songs, start=1)
    ]


def recommended_songs(
    picks: list[Pick], title: str, playlists: list[Playlist], songs: dict[int, Song]
) -> list[RecommendedSong]:
    """The songs of the answer with their names and the reasons for them."""
    answer = []
    for pick in picks:
        song = songs[pick.song.song_id]
        recommended = RecommendedSong(
            song_id=song.song_id,
            name=song.name,
            artists=song.artists,
            genres=song.genres,
            score=round(pick.song.score, SCORE_DIGITS),
            source=pick.source,
            because=because(pick, title, playlists, songs),
        )
        answer.append(recommended)
    return answer
