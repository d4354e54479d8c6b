"""A list with wishes: which songs, in which order, and the certificate."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from aiplayer.catalogue import Playlist, Song
from aiplayer.playlist.mixing import MixRequest, Pick, UsableSongs
from aiplayer.playlist.wishes.candidates import Candidate, by_artist, fitting
from aiplayer.playlist.wishes.certificate import Finding, certify
from aiplayer.playlist.wishes.demands import Crowd
from aiplayer.playlist.wishes.order import keeps_gap, ordered
from aiplayer.playlist.wishes.program import Deadline
from aiplayer.playlist.wishes.reasons import explained
from aiplayer.playlist.wishes.selection import select
from aiplayer.recommender.request import RankedSong, Recommendation

# For the choice of songs, and as long for their order; mostly a tenth of it is needed.
SOLVING_S = 1.0
# How often other songs are chosen for those that have no order.
MOST_TRIES = 8


class WishedPlaylist(NamedTuple):
    """A list, and what it keeps of the wishes."""

    picks: list[Pick]
    certificate: list[Finding]


def make_wished_playlist(
    mixing: MixRequest, named_artists: Sequence[str], candidates: Sequence[Candidate], solving_s: float = SOLVING_S
) -> WishedPlaylist:
    """The best list that keeps the wishes, as far as these can be kept.

    Args:
        mixing: How the playlist is mixed, with the wishes.
        named_artists: The artists whom the title names, who are free of the usual limit.
        candidates: The songs that can be used, and those that must be kept.
        solving_s: After so many seconds the best songs that were found are taken, and as late again their best order.
    """
    playlist = best_list(fitting(candidates, mixing.wishes), mixing, named_artists, solving_s)
    findings = certify(playlist, mixing, named_artists)
    return WishedPlaylist(
        [Pick(candidate.ranked, candidate.source) for candidate in playlist],
        explained(findings, playlist, candidates, mixing),
    )


def best_list(
    candidates: Sequence[Candidate], mixing: MixRequest, named_artists: Sequence[str], solving_s: float
) -> list[Candidate]:
    """The songs in their order; others are chosen where these have no order with the artist gap.

    Its arguments are those of `make_wished_playlist`, but the candidates all fit the wishes or must be kept.
    """
    wishes = mixing.wishes
    choosing, ordering = Deadline(solving_s), Deadline(2 * solving_s)
    first: list[Candidate] | None = None
    crowded: list[Crowd] = []
    while True:
        chosen = select(candidates, mixing, named_artists, choosing, crowded)
        playlist = ordered(chosen, wishes, ordering)
        first = playlist if first is None else first
        # Where no kept song has a place and no song several artists, such songs were chosen for want of others.
        is_known = not wishes.last_place and all(len(candidate.song.artists) <= 1 for candidate in chosen)
        if keeps_gap(playlist, wishes.artist_gap) or (is_known and not crowded):
            return playlist

        crowd = crowd_of(chosen)
        if crowd in crowded or len(crowded) == MOST_TRIES or not choosing.left_s:
            return first
        crowded.append(crowd)


def crowd_of(songs: Sequence[Candidate]) -> Crowd:
    """The songs of a list whose artists have others in it."""
    positions = {position for same in by_artist(songs) for position in same}
    return Crowd(frozenset(songs[position].song.song_id for position in positions), len(songs))


def gather_candidates(
    mixing: MixRequest,
    recommendation: Recommendation,
    usable: UsableSongs,
    playlists: Sequence[Playlist],
    catalogue: Mapping[int, Song],
) -> list[Candidate]:
    """The kept songs, and all that can be used beside them.

    Args:
        mixing: How the playlist is mixed, with the wishes.
        recommendation: The recommender's songs; kept ones are among those that it calls chosen.
        usable: Those of them that can be used, without kept ones.
        playlists: The chosen playlists.
        catalogue: All these songs by their ids.
    """
    ranked = {song.song_id: song for song in (*recommendation.chosen, *recommendation.new)}
    of_playlists = {song.song_id for playlist in playlists for song in playlist.songs}

    candidates = []
    for kept in mixing.wishes.keep:
        song_id = kept.song_id
        candidates.append(
            Candidate(
                song=catalogue[song_id],
                ranked=ranked.get(song_id, RankedSong(song_id, score=0.0)),
                source="seed" if song_id in of_playlists else "new",
                is_kept=True,
                place=kept.place,
            )
        )
    candidates += [Candidate(catalogue[song.song_id], song, "seed") for song in usable.chosen]
    candidates += [Candidate(catalogue[song.song_id], song, "new") for song in usable.new]
    return candidates
