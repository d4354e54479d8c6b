"""Picks the songs of a demo playlist, as a person who knows what it is about would."""

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import chain

import numpy as np

from training.demo.songs import DemoSong
from training.demo.themes import Theme

# Kinds of theme that every song of a playlist must fit, but for a stranger's choice.
FIRM_KINDS = {"season", "era", "genre", "origin", "occasion", "own", "like", "pair"}
# Kinds of theme that are whole as they are: nobody puts a stranger's song there.
CLOSED_KINDS = {"own", "pair", "occasion"}
# Songs with these moods belong to no playlist but those whose themes welcome them.
OCCASIONS = {"christmas"}

# Songs of a playlist: their number is log-normal.
SHORTEST, LONGEST = 10, 60
USUAL_LENGTH = 24
LENGTH_SPREAD = 0.45
# An artist's own playlist may be shorter.
SHORTEST_OWN = 6
# A playlist of firm themes alone holds their best-known songs, at most this share of all: nobody lists everything.
HITS_SHARE = 0.45
# A playlist is no longer than this, times the songs that fit all of its themes.
MOST_SONGS_A_FIT = 1.3
# Themes go together where so many songs fit all of them.
FEWEST_COMMON_SONGS = 6
# A stranger's choice is near a song of the playlist in origin, genre, time and moods, and not of its themes.
STRANGE_SHARE = 0.03
STRANGE_YEARS = 6
STRANGE_MOODS = 2
# How much a song's place in a playlist owes to its themes, and how much to chance.
FIT_WEIGHT = 2.0
CHANCE_WEIGHT = 0.6
FAME_WEIGHT = 3.0
FAME_SEED = 7


class Picker:
    """Picks songs for themes.

    Args:
        songs: All songs; ids are positions.
    """

    def __init__(self, songs: Sequence[DemoSong]):
        self._songs = songs
        self._of_occasions = {mood: {song.song_id for song in songs if mood in song.moods} for mood in OCCASIONS}
        self._by_style: dict[tuple[str, str], list[int]] = defaultdict(list)
        for song in songs:
            self._by_style[song.origin, song.genres[0]].append(song.song_id)
        self._fame = _fame(songs)

    def pick(self, about: Sequence[Theme], random: np.random.Generator) -> list[int]:
        """Pick songs of all firm themes and near all others, those first that fit best.

        Args:
            about: The themes of the playlist.
            random: The generator to draw from.

        Returns:
            Ids of different songs in the playlist's order; none where the themes do not go together.
        """
        refused = self._refused(about)
        soft = [theme for theme in about if theme.kind not in FIRM_KINDS]
        allowed = [theme.song_ids | theme.near if theme in soft else theme.song_ids for theme in about]
        candidates = frozenset.intersection(*allowed) - refused

        # How many of the soft themes each song fits.
        tally = Counter(chain.from_iterable(theme.song_ids for theme in soft))
        fits = {song_id: tally[song_id] for song_id in sorted(candidates)}
        common_count = list(fits.values()).count(len(soft))
        shortest = shortest_length(about)
        if len(candidates) < shortest or common_count < min(FEWEST_COMMON_SONGS, shortest):
            return []

        most = LONGEST if soft else max(shortest, round(HITS_SHARE * len(candidates)))
        length = min(_draw_length(common_count, len(candidates), shortest, random), most)
        core = frozenset.union(*(theme.core for theme in about))
        chances = random.gumbel(size=len(fits))
        scores = {}
        for (song_id, count), chance in zip(fits.items(), chances, strict=True):
            fame = 0.0 if soft else self._fame[song_id]
            scores[song_id] = FIT_WEIGHT * (count + (song_id in core)) + FAME_WEIGHT * fame + CHANCE_WEIGHT * chance
        picked = sorted(scores, key=scores.__getitem__, reverse=True)[:length]

        if not any(theme.kind in CLOSED_KINDS or theme.welcomes for theme in about):
            self._let_strangers_choose(picked, refused | candidates, random)
        random.shuffle(picked)
        return picked

    def _refused(self, about: Sequence[Theme]) -> frozenset[int]:
        """Find the songs that do not belong with these themes, whatever else they fit."""
        welcome = frozenset.union(*(theme.welcomes for theme in about))
        unwelcome = (song_ids for mood, song_ids in self._of_occasions.items() if mood not in welcome)
        return frozenset().union(*(theme.refused for theme in about), *unwelcome)

    def _let_strangers_choose(self, picked: list[int], closed: frozenset[int], random: np.random.Generator) -> None:
        """Put a few songs of nearby style and time in the place of those that fit least.

        Args:
            picked: The playlist, those first that fit best; it is changed.
            closed: Songs that no stranger chooses.
            random: The generator to draw from.
        """
        stranger_count = random.binomial(len(picked), STRANGE_SHARE)
        places = range(len(picked) - stranger_count, len(picked))
        for place in places:
            model = self._songs[picked[int(random.integers(len(picked)))]]
            strangers = []
            for song_id in self._by_style[model.origin, model.genres[0]]:
                song = self._songs[song_id]
                is_near = abs(song.year - model.year) <= STRANGE_YEARS
                is_near &= len(set(song.moods) & set(model.moods)) >= STRANGE_MOODS
                if is_near and song_id not in closed and song_id not in picked:
                    strangers.append(song_id)
            if strangers:
                picked[place] = strangers[int(random.integers(len(strangers)))]


def shortest_length(about: Sequence[Theme]) -> int:
    """How few songs a playlist about these themes may have."""
    return SHORTEST_OWN if any(theme.kind == "own" for theme in about) else SHORTEST


def _draw_length(common_count: int, candidate_count: int, shortest: int, random: np.random.Generator) -> int:
    """Draw how many songs a playlist has.

    Args:
        common_count: Number of songs that fit all of its themes.
        candidate_count: Number of songs that it may have.
        shortest: The fewest songs that it may have.
        random: The generator to draw from.
    """
    length = round(math.exp(random.normal(math.log(USUAL_LENGTH), LENGTH_SPREAD)))
    most_by_fit = max(shortest, round(MOST_SONGS_A_FIT * common_count))
    return min(max(length, shortest), LONGEST, candidate_count, most_by_fit)


def _fame(songs: Sequence[DemoSong]) -> np.ndarray:
    """How well known each song is, float64 [songs], 0 to 2.

    songs.csv has the best-known songs of an artist first; how well known an artist is beside others is drawn.
    """
    by_artist: dict[str, list[int]] = defaultdict(list)
    for song in songs:
        by_artist[song.artists[0]].append(song.song_id)

    random = np.random.default_rng(FAME_SEED)
    fame = np.zeros(len(songs))
    for song_ids in by_artist.values():
        fame[song_ids] = random.random() + 1 - np.arange(len(song_ids)) / len(song_ids)
    return fame
