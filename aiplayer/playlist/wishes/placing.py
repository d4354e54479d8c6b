"""Songs at places by an integer program: exact where songs have fixed places, or several artists."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aiplayer.playlist.wishes.program import Deadline, Program


@dataclass(frozen=True)
class Alike:
    """Songs that may change places with each other.

    Attributes:
        songs: Positions of songs, the one that comes first before the others.
        artists: Numbers of their artists, as far as these have other songs.
        costs: What it costs to have one at a place, by place.
    """

    songs: list[int]
    artists: frozenset[int]
    costs: Mapping[int, float]


def placed(groups: Sequence[Alike], fixed: Mapping[int, Alike], gap: int, deadline: Deadline) -> list[int] | None:
    """The order that costs least among those that keep the gap.

    Args:
        groups: The songs without a fixed place.
        fixed: Songs by their places, each a group of one.
        gap: At least so many songs stand between two of one artist.
        deadline: When the best that was found until then is taken.

    Returns:
        Positions of songs in their order; None where no order keeps the gap, or none was found in time.
    """
    count = sum(len(group.songs) for group in groups) + len(fixed)
    places = [place for place in range(count) if place not in fixed]

    program = Program(deadline, share=0.8)
    stands = [dict(zip(places, program.choices(len(places)), strict=True)) for _ in groups]
    for place in places:
        program.bound({here[place]: 1 for here in stands}, 1, 1)
    for group, here in zip(groups, stands, strict=True):
        program.bound(dict.fromkeys(here.values(), 1), len(group.songs), len(group.songs))

    artists = frozenset().union(*(group.artists for group in (*groups, *fixed.values())))
    for artist in sorted(artists):
        own = [here for group, here in zip(groups, stands, strict=True) if artist in group.artists]
        for start in range(max(count - gap, 1)):
            window = range(start, min(start + gap + 1, count))
            taken = sum(place in fixed and artist in fixed[place].artists for place in window)
            if taken > 1:
                return None
            program.bound({here[place]: 1 for here in own for place in window if place in here}, high=1 - taken)

    costs = {here[place]: group.costs[place] for group, here in zip(groups, stands, strict=True) for place in places}
    values = program.least(costs) if places else None
    if places and values is None:
        return None

    order = {place: group.songs[0] for place, group in fixed.items()}
    for group, here in zip(groups, stands, strict=True):
        own_places = [place for place in places if values is not None and values[here[place]] > 0.5]
        order |= dict(zip(own_places, group.songs, strict=True))
    return [order[place] for place in range(count)]
