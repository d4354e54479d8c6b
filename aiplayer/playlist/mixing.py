"""From ranked songs to the playlist that the creator gets."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

from aiplayer.catalogue import Playlist, Song
from aiplayer.playlist.artist_limit import ArtistLimit, artist_limit
from aiplayer.playlist.recordings import recording_keys
from aiplayer.playlist.wishes.wish import NO_WISHES, Wishes
from aiplayer.recommender.request import RankedSong, Recommendation

# Songs of full artists are passed over. Over the demo catalogue 20 songs were found among the best 26, and 100 songs of
# 100 artists among the best 237; songs that are ranked and not used cost little.
CANDIDATES_A_SONG = 3
MORE_CANDIDATES = 20
# Where a catalogue holds its recordings in many releases, so many times more are asked for, and never more than most.
FURTHER_CANDIDATES = 4
MOST_CANDIDATES = 10_000


@dataclass(frozen=True)
class MixRequest:
    """How a playlist is mixed.

    Attributes:
        similarity: The share of songs from the chosen playlists, 0 to 100 percent; 0 where no playlist was chosen.
        song_count: How many songs.
        songs_per_artist: Most songs of one artist; None for the usual limit.
        excluded_songs: Songs that must not come back in another release.
        wishes: What else is wished.
    """

    similarity: int
    song_count: int
    songs_per_artist: int | None = None
    excluded_songs: Sequence[Song] = ()
    wishes: Wishes = NO_WISHES


@dataclass(frozen=True)
class Pick:
    """A song of the answer: taken from a chosen playlist ("seed") or new."""

    song: RankedSong
    source: Literal["seed", "new"]


class UsableSongs(NamedTuple):
    """Songs of the chosen playlists and new ones, best first, that an answer may hold."""

    chosen: list[RankedSong]
    new: list[RankedSong]


def candidate_count(song_count: int) -> int:
    """How many new songs to ask the recommender for, so that the artist limit leaves enough."""
    return CANDIDATES_A_SONG * song_count + MORE_CANDIDATES


def usable_songs(
    request: MixRequest, recommendation: Recommendation, catalogue: Mapping[int, Song], today: date
) -> UsableSongs:
    """The songs that are out, each recording once: of its releases the best chosen one, else the best new.

    Args:
        request: How the playlist is mixed.
        recommendation: The recommender's songs.
        catalogue: All these songs by their ids.
        today: Songs that are issued later are left out.
    """
    chosen = released(recommendation.chosen, catalogue, today)
    new = released(recommendation.new, catalogue, today)

    once = first_of_each_recording((*chosen, *new), catalogue, request.excluded_songs)
    chosen = [song for song in chosen if song.song_id in once]
    new = [song for song in new if song.song_id in once]
    return UsableSongs(chosen, new)


def more_candidates(asked: int, request: MixRequest, recommendation: Recommendation, usable: UsableSongs) -> int | None:
    """How many new songs to ask for in place of `asked`; None where there are enough, or no more to be had.

    Args:
        asked: How many new songs the recommender was asked for.
        request: How the playlist is mixed; only its number of songs matters.
        recommendation: The recommender's songs.
        usable: Those of them that can be used.
    """
    return None if len(usable.new) >= request.song_count else next_count(asked, recommendation)


def next_count(asked: int, recommendation: Recommendation) -> int | None:
    """The next greater number of new songs to ask for; None where there are no more to be had.

    Args:
        asked: How many the recommender was asked for.
        recommendation: Its answer.
    """
    if len(recommendation.new) < asked or asked >= MOST_CANDIDATES:
        return None
    return min(FURTHER_CANDIDATES * asked, MOST_CANDIDATES)


def mix_playlist(
    request: MixRequest, named_artists: Sequence[str], usable: UsableSongs, catalogue: Mapping[int, Song]
) -> list[Pick]:
    """The songs of the answer, the best first: within the artist limit, in the share wanted.

    Args:
        request: How the playlist is mixed.
        named_artists: The artists whom the title names, who are free of the limit.
        usable: The songs that can be used.
        catalogue: All these songs by their ids.
    """
    limit = artist_limit(named_artists, request.song_count, request.songs_per_artist)
    chosen, new = line_up(usable.chosen, usable.new, request.song_count, catalogue, limit)
    return mix(chosen, new, request.similarity, request.song_count)


def first_of_each_recording(
    songs: Iterable[RankedSong], catalogue: Mapping[int, Song], excluded_songs: Iterable[Song] = ()
) -> set[int]:
    """The ids of the songs that are no other release of an earlier one, nor of an excluded one.

    Args:
        songs: The songs, in the order of preference.
        catalogue: All these songs by their ids.
        excluded_songs: Songs that must not come back in another release.
    """
    heard: set[tuple[str, str]] = set()
    for song in excluded_songs:
        heard |= recording_keys(song.name, song.artists)

    once = set()
    for ranked in songs:
        song = catalogue[ranked.song_id]
        keys = recording_keys(song.name, song.artists)
        if heard.isdisjoint(keys):
            once.add(ranked.song_id)
            heard |= keys
    return once


def released(songs: Sequence[RankedSong], catalogue: Mapping[int, Song], today: date) -> list[RankedSong]:
    """The songs that are issued today or earlier, or nobody knows when."""
    songs_out = []
    for song in songs:
        issued = catalogue[song.song_id].issued
        if issued is None or issued <= today:
            songs_out.append(song)
    return songs_out


def line_up(
    chosen: Sequence[RankedSong],
    new: Sequence[RankedSong],
    song_count: int,
    catalogue: Mapping[int, Song],
    limit: ArtistLimit,
) -> tuple[list[RankedSong], list[RankedSong]]:
    """Order both sides so that no artist has too many songs, however the answer is shared between them.

    An answer is the first s chosen songs and the first `song_count` - s new ones, so whatever s is, more of one side
    only adds songs of that side and takes away songs of the other. Chosen songs go first: they enter by score, each
    while its artists are below the limit. A new song enters, by score, when its artists are below the limit beside
    all chosen songs that can stand in one answer with it: the i-th of one side and the j-th of the other can where
    i + j <= `song_count`. Where no song of a side has room, its best one enters all the same.

    Args:
        chosen: Songs of the chosen playlists, best first.
        new: Songs of no chosen playlist, best first.
        song_count: How many songs the answer holds.
        catalogue: All these songs by their ids.
        limit: How many songs of one artist the answer may hold.

    Returns:
        Chosen and new songs in the order in which they enter, at most `song_count` of each.
    """
    artists = {song.song_id: limit.counted(catalogue[song.song_id]) for song in (*chosen, *new)}
    chosen_in_order = _in_turn(chosen, song_count, artists, limit.most)
    new_in_order = _beside(chosen_in_order, new, song_count, artists, limit.most)
    return chosen_in_order, new_in_order


def _in_turn(songs: Sequence[RankedSong], count: int, artists: Mapping[int, set[str]], most: int) -> list[RankedSong]:
    """The best `count` songs within the limit, then those that it left out."""
    songs_by_artist: Counter[str] = Counter()
    within, left_out = [], []
    for song in songs:
        if _has_room(artists[song.song_id], songs_by_artist, most):
            within.append(song)
            songs_by_artist.update(artists[song.song_id])
        else:
            left_out.append(song)
    return (within + left_out)[:count]


def _beside(
    chosen: Sequence[RankedSong],
    new: Sequence[RankedSong],
    count: int,
    artists: Mapping[int, set[str]],
    most: int,
) -> list[RankedSong]:
    """At most `count` new songs, each as soon as it has room beside the chosen songs that are still there."""
    songs_by_artist: Counter[str] = Counter()
    for song in chosen:
        songs_by_artist.update(artists[song.song_id])

    waiting, entered = list(new), []
    for place in range(min(count, len(new))):
        # The answer that holds one more new song holds one chosen song less: the last that it had room for.
        leaving = count - place - 1
        if leaving < len(chosen):
            songs_by_artist.subtract(artists[chosen[leaving].song_id])

        # The best song with room, or the best of all where none has any.
        entering = 0
        for position, song in enumerate(waiting):
            if _has_room(artists[song.song_id], songs_by_artist, most):
                entering = position
                break
        song = waiting.pop(entering)
        entered.append(song)
        songs_by_artist.update(artists[song.song_id])
    return entered


def _has_room(artists: set[str], songs_by_artist: Counter, most: int) -> bool:
    return all(songs_by_artist[artist] < most for artist in artists)


def mix(chosen: Sequence[RankedSong], new: Sequence[RankedSong], similarity: int, song_count: int) -> list[Pick]:
    """Take a share of the songs from the chosen playlists and the rest from the new ones; the best come first.

    Args:
        chosen: Songs of the chosen playlists, in the order of `line_up`.
        new: Songs of no chosen playlist, in the order of `line_up`.
        similarity: 0 to 100, the percentage of songs from `chosen`.
        song_count: How many songs; fewer come back only where a side has too few to keep the share.
    """
    chosen_count = (song_count * similarity + 50) // 100
    picks = [Pick(song, "seed") for song in chosen[:chosen_count]]
    picks += [Pick(song, "new") for song in new[: song_count - chosen_count]]
    return sorted(picks, key=lambda pick: _descending_score(pick.song))


def _descending_score(song: RankedSong) -> float:
    return -song.score


def because(pick: Pick, title: str, playlists: Sequence[Playlist], catalogue: Mapping[int, Song]) -> str:
    """What moved a song up, in the words that the creator knows: a playlist's title, a song, a #tag or a word.

    Args:
        pick: The song.
        title: The title of the new playlist, which is the reason where there is no other.
        playlists: The chosen playlists.
        catalogue: The songs of the chosen playlists, at least, by their ids.
    """
    song = pick.song
    if pick.source == "seed":
        for playlist in playlists:
            if any(member.song_id == song.song_id for member in playlist.songs):
                return playlist.title

    if song.because_song_id is not None and song.because_song_id in catalogue:
        cause = catalogue[song.because_song_id]
        return " · ".join(filter(None, (cause.name, ", ".join(cause.artists))))
    if song.because_tag:
        return f"#{song.because_tag}"
    return song.because_word or title
