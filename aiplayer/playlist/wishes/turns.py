"""Songs in turn, so that those of one artist stand apart: by a rule that is exact where no song has a fixed place."""

from collections import Counter
from collections.abc import Sequence


def in_turn(artists: Sequence[int | None], gap: int) -> list[int] | None:
    """Keep to an order as far as a gap between songs of one artist allows.

    At each place stands the first song that is left and leaves a way to place all others. There is a way if and only if
    it works to take, again and again, an artist with the most songs left among those who may play. For let A be that
    artist and B the one who plays in A's stead. From here on A's songs and B's change places, one for one, up to the
    first pair in which A's comes before B's, or to the last song of B. Both still keep their gaps.

    Args:
        artists: For each song, in the order that is wished, the number of its artist; None for one who has no other.
        gap: At least so many songs stand between two of one artist.

    Returns:
        Positions of songs in their order; None where none keeps the gap.
    """
    left = Counter(artist for artist in artists if artist is not None)
    free = sum(artist is None for artist in artists)
    ready: dict[int, int] = {}
    if not _can_go_on(left, free, ready, 0, gap):
        return None

    waiting = list(range(len(artists)))
    order: list[int] = []
    while waiting:
        place = len(order)
        tried: set[int | None] = set()
        for song in waiting:
            artist = artists[song]
            if artist in tried or (artist is not None and ready.get(artist, 0) > place):
                continue
            tried.add(artist)
            later, ready_then, free_then = Counter(left), dict(ready), free
            if artist is None:
                free_then -= 1
            else:
                later[artist] -= 1
                ready_then[artist] = place + gap + 1
            if _can_go_on(later, free_then, ready_then, place + 1, gap):
                left, ready, free = later, ready_then, free_then
                waiting.remove(song)
                order.append(song)
                break
    return order


def _can_go_on(songs_left: Counter[int], free: int, ready: dict[int, int], place: int, gap: int) -> bool:
    """Whether all songs that are left can be placed from `place` on.

    Args:
        songs_left: How many songs each artist has left.
        free: How many songs are left whose artists have no other.
        ready: From which place on each artist may play again.
        place: The next place.
        gap: The songs between two of one artist.
    """
    left, ready = Counter(songs_left), dict(ready)
    count = left.total() + free
    for here in range(place, place + count):
        able = [artist for artist, songs in left.items() if songs and ready.get(artist, 0) <= here]
        if able:
            artist = max(able, key=lambda able_artist: left[able_artist])
            left[artist] -= 1
            ready[artist] = here + gap + 1
        elif free:
            free -= 1
        else:
            return False
    return True
