"""Small sets of songs with random wishes, and a search through all lists of them that knows nothing of the solver."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import combinations
from random import Random

from aiplayer.catalogue import Song
from aiplayer.playlist.mixing import MixRequest
from aiplayer.playlist.wishes.candidates import Candidate
from aiplayer.playlist.wishes.wish import KeptSong, Length, Wishes, Years
from aiplayer.recommender.request import RankedSong

GENRES = ("ballad", "jazz", "rock", "dance")


def candidate(song_id: int, score: float = 0.5, source: str = "new", place: int | None = None, **facts) -> Candidate:
    """A candidate; `facts` are fields of its song, and `kept=True` makes it a kept one."""
    is_kept = facts.pop("kept", False) or place is not None
    song = Song(**{"song_id": song_id, "name": f"Song {song_id}", "artists": [], "genres": [], "issued": None} | facts)
    return Candidate(song, RankedSong(song_id, score), source, is_kept, place)


def random_candidates(random: Random, count: int, kept: int) -> list[Candidate]:
    """Songs of few artists, years, countries and genres, some of unknown facts; the first `kept` must be kept."""
    candidates = []
    for song_id in range(count):
        facts = {
            "artists": [f"artist {random.randrange(count // 2)}"],
            "genres": random.sample(GENRES, random.randint(0, 2)),
            "issued": random.choice([None, date(1985, 1, 1), date(1995, 5, 5), date(1995, 6, 1), date(2005, 1, 1)]),
            "duration_ms": random.choice([None, *(random.randint(150_000, 280_000) for _ in range(5))]),
            "country": random.choice([None, "KR", "KR", "US", "JP"]),
        }
        source = random.choice(["seed", "new"])
        candidates.append(candidate(song_id, random.random(), source, kept=song_id < kept, **facts))
    return candidates


def random_request(random: Random, kept: int, last_place: int) -> MixRequest:
    """A request with some wishes; each of the `kept` songs has a place up to `last_place`, or none."""
    places = random.sample(range(1, last_place + 1), kept)
    keep = tuple(KeptSong(song_id, random.choice([None, places[song_id]])) for song_id in range(kept))
    countries = random.choice([{}, {"KR": 50}, {"KR": 60, "other": 40}, {"US": 30, "JP": 20}, {"KR": 40, "other": 20}])
    wishes = Wishes(
        keep=keep,
        years=random.choice([None, None, Years(1990, 1999), Years(None, 1999)]),
        countries=countries,
        genres_only=random.choice([(), (), ("jazz", "rock")]),
        length=random.choice([None, None, Length(60.0 * random.randint(9, 20), 5)]),
        artist_gap=random.choice([0, 0, 1, 2, 3]),
    )
    similarity = random.choice([0, 30, 50, 100])
    return MixRequest(similarity, random.randint(last_place, 7), random.choice([None, 1, 2]), wishes=wishes)


def all_lists(candidates: Sequence[Candidate], most: int) -> Iterator[tuple[Candidate, ...]]:
    """Every set of songs that holds the kept ones, of at most so many songs."""
    kept = tuple(song for song in candidates if song.is_kept)
    others = [song for song in candidates if not song.is_kept]
    for count in range(max(most - len(kept), 0) + 1):
        for beside in combinations(others, count):
            yield kept + beside


def is_possible_order(songs: Sequence[Candidate], gap: int, before: tuple[Candidate, ...] = ()) -> bool:
    """Whether some order of the songs has kept ones at their places and a gap between those of one artist."""
    if len(before) == len(songs):
        return True
    place = len(before) + 1
    here = [song for song in songs if song.place == place]
    recent = {artist for song in before[max(place - 1 - gap, 0) :] for artist in song.song.artists}
    able = here or [song for song in songs if song.place is None or song.place > len(songs)]
    return any(
        is_possible_order(songs, gap, (*before, song))
        for song in able
        if song not in before and recent.isdisjoint(song.song.artists)
    )
