"""What a list keeps of the wishes, told by the list alone: nothing here knows how it was made."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aiplayer.playlist.artist_limit import artist_limit
from aiplayer.playlist.mixing import MixRequest
from aiplayer.playlist.wishes.arrangement import steps_against
from aiplayer.playlist.wishes.candidates import Candidate, is_of_genres, is_of_years
from aiplayer.playlist.wishes.energy import energy_of
from aiplayer.playlist.wishes.shares import share_of, whole_songs
from aiplayer.playlist.wishes.wish import MOST_SONGS, Length, Order, Wishes


@dataclass(frozen=True)
class Finding:
    """What became of a wish.

    Attributes:
        wish: Its name in requests.
        asked: What was wished, in plain values.
        got: What the list has of it, to be compared with that.
        kept: Whether the list satisfies the wish to the letter.
        why: Where it does not, the reason in a sentence.
    """

    wish: str
    asked: Any
    got: Any
    kept: bool
    why: str | None = None


def certify(playlist: Sequence[Candidate], mixing: MixRequest, named_artists: Sequence[str]) -> list[Finding]:
    """A finding for each wish that is given, and for what else of the request the list does not satisfy.

    Args:
        playlist: The list, in its order.
        mixing: What was asked for, with the wishes.
        named_artists: The artists whom the title names, who are free of the usual limit.
    """
    wishes = mixing.wishes
    findings = []
    if wishes.keep:
        findings.append(_keep(playlist, wishes))
    if wishes.genres_only:
        findings.append(_genres(playlist, wishes))
    if wishes.years:
        findings.append(_years(playlist, wishes))
    if wishes.length:
        findings.append(_length(playlist, wishes.length))
    if wishes.countries:
        findings.append(_countries(playlist, wishes))
    if wishes.artist_gap:
        findings.append(_artist_gap(playlist, wishes.artist_gap))
    if wishes.order != Order.RANKED:
        findings.append(_order(playlist, wishes.order))

    others = [_similarity(playlist, mixing), _songs_per_artist(playlist, mixing, named_artists)]
    if not wishes.length:
        others.append(Finding("song_count", mixing.song_count, len(playlist), len(playlist) == mixing.song_count))
    return findings + [finding for finding in others if not finding.kept]


def _keep(playlist: Sequence[Candidate], wishes: Wishes) -> Finding:
    places = {candidate.song.song_id: place for place, candidate in enumerate(playlist, start=1)}
    asked = [{"song_id": kept.song_id, "place": kept.place} for kept in wishes.keep]
    got = [{"song_id": kept.song_id, "place": places.get(kept.song_id)} for kept in wishes.keep]
    is_kept = all(kept.song_id in places and kept.place in (None, places[kept.song_id]) for kept in wishes.keep)
    return Finding("keep", asked, got, is_kept)


def _genres(playlist: Sequence[Candidate], wishes: Wishes) -> Finding:
    having = sum(is_of_genres(candidate.song, wishes) for candidate in playlist)
    genres = list(wishes.genres_only)
    present = [genre for genre in genres if any(genre in candidate.song.genres for candidate in playlist)]
    asked, got = {"genres": genres, "songs": len(playlist)}, {"genres": present, "songs": having}
    return Finding("genres_only", asked, got, having == len(playlist))


def _years(playlist: Sequence[Candidate], wishes: Wishes) -> Finding:
    having = sum(is_of_years(candidate.song, wishes) for candidate in playlist)
    years = [candidate.song.issued.year for candidate in playlist if candidate.song.issued]
    wanted = {"from": wishes.years.first, "to": wishes.years.last} if wishes.years else {}
    asked = {**wanted, "songs": len(playlist)}
    got = {"from": min(years, default=None), "to": max(years, default=None), "songs": having}
    return Finding("years", asked, got, having == len(playlist))


def _length(playlist: Sequence[Candidate], length: Length) -> Finding:
    durations = [candidate.song.duration_ms for candidate in playlist if candidate.song.duration_ms is not None]
    seconds = sum(durations) / 1000
    unknown = len(playlist) - len(durations)
    is_right = abs(seconds - length.seconds) <= length.tolerance_s
    asked = {"seconds": length.seconds, "tolerance_s": length.tolerance_s, "songs_of_unknown_duration": 0}
    got = {"seconds": seconds, "songs_of_unknown_duration": unknown}
    return Finding("length_min", asked, got, is_right and not unknown and len(playlist) <= MOST_SONGS)


def _countries(playlist: Sequence[Candidate], wishes: Wishes) -> Finding:
    bounds = whole_songs(wishes.countries, len(playlist))
    songs = Counter(share_of(candidate.song, wishes.countries.keys()) for candidate in playlist)
    asked = {name: {"percent": wishes.countries[name], "songs": bounds[name].least} for name in bounds}
    got = {name: {"percent": _percent(songs[name], len(playlist)), "songs": songs[name]} for name in bounds}
    is_kept = bool(playlist) and all(least <= songs[name] <= most for name, (least, most) in bounds.items())
    return Finding("countries", asked, got, is_kept)


def _artist_gap(playlist: Sequence[Candidate], gap: int) -> Finding:
    smallest = None
    for place, candidate in enumerate(playlist):
        for later in range(place + 1, len(playlist)):
            if candidate.artist_keys & playlist[later].artist_keys:
                between = later - place - 1
                smallest = between if smallest is None else min(smallest, between)
                break
    return Finding("artist_gap", gap, smallest, smallest is None or smallest >= gap)


def _order(playlist: Sequence[Candidate], order: Order) -> Finding:
    against = steps_against([energy_of(candidate.song) for candidate in playlist], order)
    steps = max(len(playlist) - 1, 0)
    asked = {"order": order.value, "steps_against": 0}
    return Finding("order", asked, {"order": order.value, "steps_against": against, "steps": steps}, against == 0)


def _similarity(playlist: Sequence[Candidate], mixing: MixRequest) -> Finding:
    """The share of the chosen playlists; where that is between two whole numbers, either keeps it."""
    chosen = sum(candidate.source == "seed" for candidate in playlist)
    exact = len(playlist) * mixing.similarity
    asked = {"percent": mixing.similarity, "songs": (exact + 50) // 100}
    got = {"percent": _percent(chosen, len(playlist)), "songs": chosen}
    return Finding("similarity", asked, got, abs(100 * chosen - exact) < 100)


def _songs_per_artist(playlist: Sequence[Candidate], mixing: MixRequest, named_artists: Sequence[str]) -> Finding:
    full = len(playlist) if mixing.wishes.length else mixing.song_count
    limit = artist_limit(named_artists, full, mixing.songs_per_artist)
    songs = Counter(key for candidate in playlist for key in limit.counted(candidate.song))
    most = max(songs.values(), default=0)
    return Finding("songs_per_artist", limit.most, most, most <= limit.most)


def _percent(songs: int, song_count: int) -> float:
    return round(100 * songs / song_count, 1) if song_count else 0.0
