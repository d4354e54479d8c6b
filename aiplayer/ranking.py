"""From ranked candidates to the playlist that the creator gets."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from aiplayer.catalogue import Playlist, Song


@dataclass(frozen=True)
class Candidate:
    """A song that the recommender ranked, and the song or tag that spoke for it most."""

    song_id: int
    score: float
    because_song_id: int | None = None
    because_tag: str | None = None


@dataclass(frozen=True)
class Pick:
    """A song of the answer: taken from a chosen playlist ("seed") or new."""

    candidate: Candidate
    source: Literal["seed", "new"]


def mix(chosen: Sequence[Candidate], new: Sequence[Candidate], similarity: int, song_count: int) -> list[Pick]:
    """Take a share of the songs from the chosen playlists and the rest from the new ones, best first.

    Args:
        chosen: Songs of the chosen playlists, best first; empty where none was chosen.
        new: Songs of no chosen playlist, best first.
        similarity: 0 to 100, the percentage of songs from `chosen`; without any the whole list is new.
        song_count: How many songs; fewer come back only where a side has too few to keep the share.
    """
    from_chosen = (song_count * similarity + 50) // 100 if chosen else 0
    picks = [Pick(candidate, "seed") for candidate in chosen[:from_chosen]]
    picks += [Pick(candidate, "new") for candidate in new[: song_count - from_chosen]]
    return sorted(picks, key=lambda pick: -pick.candidate.score)


def because(pick: Pick, title: str, playlists: Sequence[Playlist], songs: dict[int, Song]) -> str:
    """What moved a song up, in the words that the creator knows: a playlist's title, a song, a #tag, or the title."""
    candidate = pick.candidate
    if pick.source == "seed":
        return next(p.title for p in playlists if any(song.song_id == candidate.song_id for song in p.songs))
    if candidate.because_song_id in songs:
        song = songs[candidate.because_song_id]
        return " · ".join(filter(None, (song.name, ", ".join(song.artists))))
    return f"#{candidate.because_tag}" if candidate.because_tag else title
