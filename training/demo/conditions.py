"""Which songs a theme means: the conditions of themes.toml."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from aiplayer.errors import InvalidInput
from training.demo.songs import DemoSong

KEYS = ("years", "origins", "other_origins", "genres", "first_genres", "moods", "artists", "titles", "fewest_artists")

Condition = dict[str, Any]


class SongFinder:
    """Finds the songs that meet the conditions of themes.toml.

    Args:
        songs: All songs.
    """

    def __init__(self, songs: Iterable[DemoSong]):
        self._all: set[int] = set()
        self._by_year: dict[int, set[int]] = defaultdict(set)
        self._by_artist_count: dict[int, set[int]] = defaultdict(set)
        # Ids of songs, by the key of a condition and one of its values.
        self._by_value: dict[tuple[str, str], set[int]] = defaultdict(set)
        for song in songs:
            self._add(song)

    def songs_of(self, conditions: Condition | list[Condition], theme: str) -> frozenset[int]:
        """Find the songs that meet a condition, or one of several.

        Args:
            conditions: A condition of themes.toml, or a list of them.
            theme: The theme's name, for errors.

        Raises:
            InvalidInput: a condition has a key that there is not, or names what no song has.
        """
        alternatives = conditions if isinstance(conditions, list) else [conditions]
        return frozenset().union(*(self._songs_of_one(condition, theme) for condition in alternatives))

    def songs_with_any(self, condition: Condition, theme: str) -> frozenset[int]:
        """Find the songs that meet any part of a condition, such as one of its moods or one of its genres."""
        return self.songs_of([{key: value} for key, value in condition.items()], theme)

    def _add(self, song: DemoSong) -> None:
        self._all.add(song.song_id)
        self._by_year[song.year].add(song.song_id)
        self._by_artist_count[len(song.artists)].add(song.song_id)
        values_by_key = {
            "origins": (song.origin,),
            "genres": song.genres,
            "first_genres": song.genres[:1],
            "moods": song.moods,
            "artists": song.artists,
            "titles": song.names,
        }
        for key, values in values_by_key.items():
            for value in values:
                self._by_value[key, value].add(song.song_id)

    def _songs_of_one(self, condition: Condition, theme: str) -> set[int]:
        """Find the songs that have one of each thing that a condition lists."""
        found = set(self._all)
        for key, value in condition.items():
            if key == "years":
                first_year, last_year = value
                found &= set().union(*(self._by_year[year] for year in range(first_year, last_year + 1)))
            elif key == "fewest_artists":
                found &= set().union(*(ids for count, ids in self._by_artist_count.items() if count >= value))
            elif key == "other_origins":
                found -= self._with_one_of("origins", value, theme)
            elif key in KEYS:
                found &= self._with_one_of(key, value, theme)
            else:
                raise InvalidInput(
                    f"Theme {theme} has the condition {key!r}; there are {', '.join(KEYS)}. Correct themes.toml.",
                    code="bad_theme",
                )
        return found

    def _with_one_of(self, key: str, values: list[str], theme: str) -> set[int]:
        found = set()
        for value in values:
            if (key, value) not in self._by_value:
                raise InvalidInput(
                    f"Theme {theme} names {value!r} among its {key}, which no song of songs.csv has. "
                    "Write it as songs.csv does; a title is 'artist - title'.",
                    code="bad_theme",
                )
            found |= self._by_value[key, value]
        return found
