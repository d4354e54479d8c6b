"""From ranked candidates to the playlist that the creator gets."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from aiplayer.catalogue import Playlist, Song
from aiplayer.playlist.artist_limit import ArtistLimit, artist_limit
from gateway.schemas import RecommendRequest

# Songs of full artists are passed over. Over the demo catalogue 20 songs were found among the best 26, and 100 songs of
# 100 artists among the best 237; songs that are asked for and not used cost little.
CANDIDATES_A_SONG = 3
MORE_CANDIDATES = 20


@dataclass(frozen=True)
class Candidate:
    """A song that the recommender ranked, and the song, tag or word of the title that spoke for it most."""

    song_id: int
    score: float
    because_song_id: int | None = None
    because_tag: str | None = None
    because_word: str | None = None


@dataclass(frozen=True)
class Pick:
    """A song of the answer: taken from a chosen playlist ("seed") or new."""

    candidate: Candidate
    source: Literal["seed", "new"]


def candidate_count(song_count: int) -> int:
    """How many new songs to ask the recommender for, so that the artist limit leaves enough."""
    return CANDIDATES_A_SONG * song_count + MORE_CANDIDATES


def arrange(
    request: RecommendRequest,
    chosen: Sequence[Candidate],
    new: Sequence[Candidate],
    songs: Mapping[int, Song],
    title_tags: Sequence[str],
    today: date,
) -> tuple[list[Candidate], list[Candidate]]:
    """`line_up` of the songs that are out, with the artist limit that the request and its title ask for.

    Args:
        request: What the creator asked.
        chosen: Songs of the chosen playlists, best first.
        new: Songs of no chosen playlist, best first.
        songs: The songs of all candidates by their ids.
        title_tags: Tags that the title names.
        today: Songs that are issued later are left out.
    """
    chosen, new = (released(side, songs, today) for side in (chosen, new))
    best = [songs[candidate.song_id] for candidate in sorted((*chosen, *new), key=_by_score)]
    limit = artist_limit(request.title, best, request.song_count, title_tags, request.songs_per_artist)
    return line_up(chosen, new, request.song_count, songs, limit)


def released(candidates: Sequence[Candidate], songs: Mapping[int, Song], today: date) -> list[Candidate]:
    """The songs that are issued today or earlier, or nobody knows when."""
    return [song for song in candidates if (issued := songs[song.song_id].issued) is None or issued <= today]


def line_up(
    chosen: Sequence[Candidate],
    new: Sequence[Candidate],
    song_count: int,
    songs: Mapping[int, Song],
    limit: ArtistLimit,
) -> tuple[list[Candidate], list[Candidate]]:
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
        songs: The songs of all candidates by their ids.
        limit: How many songs of one artist the answer may hold.

    Returns:
        Chosen and new songs in the order in which they enter, at most `song_count` of each.
    """
    artists = {candidate.song_id: limit.counted(songs[candidate.song_id]) for candidate in (*chosen, *new)}
    seeds = _in_turn(chosen, song_count, artists, limit.most)
    return seeds, _beside(seeds, new, song_count, artists, limit.most)


def _in_turn(
    candidates: Sequence[Candidate], count: int, artists: Mapping[int, set[str]], most: int
) -> list[Candidate]:
    """The best `count` songs within the limit, then those that it left out."""
    counts, within, left_out = Counter(), [], []
    for candidate in candidates:
        if _has_room(artists[candidate.song_id], counts, most):
            within.append(candidate)
            counts.update(artists[candidate.song_id])
        else:
            left_out.append(candidate)
    return (within + left_out)[:count]


def _beside(
    seeds: Sequence[Candidate], new: Sequence[Candidate], count: int, artists: Mapping[int, set[str]], most: int
) -> list[Candidate]:
    """At most `count` new songs, each as soon as it has room; at every step one more seed leaves."""
    counts = Counter(artist for seed in seeds for artist in artists[seed.song_id])
    waiting, entered = list(new), []
    for place in range(min(count, len(new))):
        for leaving in seeds[count - place - 1 : count - place]:
            counts.subtract(artists[leaving.song_id])
        rooms = (row for row, song in enumerate(waiting) if _has_room(artists[song.song_id], counts, most))
        entered.append(waiting.pop(next(rooms, 0)))
        counts.update(artists[entered[-1].song_id])
    return entered


def _has_room(artists: set[str], counts: Counter, most: int) -> bool:
    return all(counts[artist] < most for artist in artists)


def mix(chosen: Sequence[Candidate], new: Sequence[Candidate], similarity: int, song_count: int) -> list[Pick]:
    """Take a share of the songs from the chosen playlists and the rest from the new ones; the best come first.

    Args:
        chosen: Songs of the chosen playlists, in the order of `line_up`; empty where none was chosen.
        new: Songs of no chosen playlist, in the order of `line_up`.
        similarity: 0 to 100, the percentage of songs from `chosen`; without any the whole list is new.
        song_count: How many songs; fewer come back only where a side has too few to keep the share.
    """
    from_chosen = (song_count * similarity + 50) // 100 if chosen else 0
    picks = [Pick(candidate, "seed") for candidate in chosen[:from_chosen]]
    picks += [Pick(candidate, "new") for candidate in new[: song_count - from_chosen]]
    return sorted(picks, key=lambda pick: _by_score(pick.candidate))


def _by_score(candidate: Candidate) -> float:
    return -candidate.score


def because(pick: Pick, title: str, playlists: Sequence[Playlist], songs: dict[int, Song]) -> str:
    """What moved a song up, in the words that the creator knows: a playlist's title, a song, a #tag or a word."""
    candidate = pick.candidate
    if pick.source == "seed":
        return next(p.title for p in playlists if any(song.song_id == candidate.song_id for song in p.songs))
    if candidate.because_song_id in songs:
        song = songs[candidate.because_song_id]
        return " · ".join(filter(None, (song.name, ", ".join(song.artists))))
    return f"#{candidate.because_tag}" if candidate.because_tag else candidate.because_word or title
