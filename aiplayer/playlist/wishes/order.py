"""In which order the songs of a list stand: kept songs at their places, then artists apart, then by energy or rank."""

from collections.abc import Mapping, Sequence

from aiplayer.playlist.wishes.arrangement import place_energies
from aiplayer.playlist.wishes.candidates import Candidate, by_artist
from aiplayer.playlist.wishes.energy import energy_of
from aiplayer.playlist.wishes.placing import Alike, placed
from aiplayer.playlist.wishes.program import Deadline
from aiplayer.playlist.wishes.turns import in_turn
from aiplayer.playlist.wishes.wish import Order, Wishes

# What songs of artists without others have in common, in an order by rank.
NOBODY = -1


def ordered(songs: Sequence[Candidate], wishes: Wishes, deadline: Deadline) -> list[Candidate]:
    """The songs as they follow each other, with the greatest gap up to the one that is wished.

    Args:
        songs: The songs of the list.
        wishes: Kept songs with a place behind the end of the list stand anywhere.
        deadline: When the best that was found until then is taken.
    """
    songs = sorted(songs, key=lambda song: -song.ranked.score)
    line = Line(songs, wishes)
    for gap in range(min(wishes.artist_gap, max(len(songs) - 1, 0)), 0, -1):
        order = line.with_gap(gap, deadline)
        if order is not None:
            return [songs[position] for position in order]
    return [songs[position] for position in line.without_gap()]


def keeps_gap(playlist: Sequence[Candidate], gap: int) -> bool:
    """Whether at least `gap` other songs stand between each two of one artist."""
    last: dict[str, int] = {}
    for place, candidate in enumerate(playlist):
        for artist in candidate.artist_keys:
            if artist in last and place - last[artist] <= gap:
                return False
            last[artist] = place
    return True


class Line:
    """The songs of a list, and what is wished of their order.

    Args:
        songs: The songs, the best first.
        wishes: The wishes.
    """

    def __init__(self, songs: Sequence[Candidate], wishes: Wishes):
        self._songs = songs
        self._count = len(songs)
        self._fixed = {
            song.place - 1: position
            for position, song in enumerate(songs)
            if song.place is not None and song.place <= len(songs)
        }
        self._artists: list[set[int]] = [set() for _ in songs]
        for artist, positions in enumerate(by_artist(songs)):
            for position in positions:
                self._artists[position].add(artist)
        self._by_energy = wishes.order != Order.RANKED
        self._energies = [energy_of(song.song) for song in songs]
        self._wanted = self._place_energies(wishes.order) if self._by_energy else {}

    def _free_songs(self) -> list[int]:
        fixed = set(self._fixed.values())
        return [position for position in range(self._count) if position not in fixed]

    def _free_places(self) -> list[int]:
        return [place for place in range(self._count) if place not in self._fixed]

    def _place_energies(self, order: Order) -> dict[int, float]:
        energies = [self._energies[position] for position in self._free_songs()]
        return place_energies(energies, order, self._free_places(), self._count)

    def without_gap(self) -> list[int]:
        """The songs in the order that is wished, but for those that have a place."""
        free, places = self._free_songs(), self._free_places()
        if self._by_energy:
            # The calmest songs at the calmest places: of all ways this misses the energies of the places by least.
            free.sort(key=lambda position: self._energies[position])
            places.sort(key=lambda place: self._wanted[place])
        order = self._fixed | dict(zip(places, free, strict=True))
        return [order[place] for place in range(self._count)]

    def with_gap(self, gap: int, deadline: Deadline) -> list[int] | None:
        """An order that keeps a gap; None where none does, or none was found in time."""
        wished = self.without_gap()
        if keeps_gap([self._songs[position] for position in wished], gap):
            return wished

        artists = self._lone_artists()
        in_order = None
        if artists is not None and not self._fixed:
            turns = in_turn([artists[position] for position in wished], gap)
            if turns is None:
                return None
            in_order = [wished[turn] for turn in turns]
            if not self._by_energy:
                return in_order
        exact = placed(self._groups(), self._fixed_groups(), gap, deadline)
        return min((order for order in (exact, in_order) if order is not None), key=self._missed, default=None)

    def _lone_artists(self) -> dict[int, int | None] | None:
        """The one artist of each song that has others; None where a song has several such artists."""
        if any(len(artists) > 1 for artists in self._artists):
            return None
        return {position: next(iter(artists), None) for position, artists in enumerate(self._artists)}

    def _cost(self, position: int, place: int) -> float:
        if self._by_energy:
            return abs(self._energies[position] - self._wanted[place])
        return abs(position - place)

    def _missed(self, order: Sequence[int]) -> float:
        """By how much an order misses the one that is wished; songs with a place miss nothing."""
        return sum(self._cost(order[place], place) for place in self._free_places())

    def _groups(self) -> list[Alike]:
        """The songs without a place: those of the same artists and energy are alike.

        Of an order by rank, songs of artists with others are each a group, and all the rest one that costs nothing,
        for these fill the places that are left in their own order.
        """
        groups: dict[tuple[frozenset[int], float], list[int]] = {}
        for position in self._free_songs():
            artists = self._artists[position]
            alone = position if artists else NOBODY
            kind = self._energies[position] if self._by_energy else alone
            groups.setdefault((frozenset(artists), kind), []).append(position)
        return [Alike(songs, artists, self._costs(songs[0], artists)) for (artists, _), songs in groups.items()]

    def _costs(self, position: int, artists: frozenset[int]) -> dict[int, float]:
        is_anywhere_well = not self._by_energy and not artists
        return {place: 0.0 if is_anywhere_well else self._cost(position, place) for place in self._free_places()}

    def _fixed_groups(self) -> Mapping[int, Alike]:
        return {
            place: Alike([position], frozenset(self._artists[position]), {}) for place, position in self._fixed.items()
        }
