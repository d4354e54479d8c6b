"""What a creator has changed, told from the list that was shown and the one that is left."""

import random
from itertools import combinations

import pytest

from aiplayer.playlist.edits import Edits, edits_of

SHOWN = [1, 2, 3, 4, 5]


def test_a_list_that_was_left_alone_is_kept():
    assert edits_of(SHOWN, SHOWN, []) == Edits(kept=SHOWN, added=[], replaced=[], moved=[], dropped=[])


def test_before_the_list_is_known_only_what_was_struck_out_is():
    assert edits_of(SHOWN, None, [4, 2, 77]) == Edits(kept=[], added=[], replaced=[], moved=[], dropped=[2, 4])
    assert edits_of(SHOWN, None, []).dropped == []


def test_an_empty_list_has_dropped_everything():
    assert edits_of(SHOWN, [], []) == Edits(kept=[], added=[], replaced=[], moved=[], dropped=SHOWN)


@pytest.mark.parametrize(
    ("final", "removed", "replaced"),
    [
        # In its place, also where songs before it are gone.
        ([1, 2, 9, 4, 5], [], [(3, 9)]),
        ([2, 9, 4, 5], [1], [(3, 9)]),
        ([9, 2, 3, 4, 8], [], [(1, 9), (5, 8)]),
        # At another place it is only new.
        ([1, 2, 4, 5, 9], [], []),
        ([1, 9, 2, 3, 4, 5], [], []),
        # Of several the first by the first; what is left over is new, or gone.
        ([1, 8, 9, 4, 5], [], [(2, 8), (3, 9)]),
        ([1, 9, 8, 7, 3, 4, 5], [], [(2, 9)]),
        ([1, 9, 4, 5], [], [(2, 9)]),
        # What was struck out is replaced only where there is one for each.
        ([1, 9, 4, 5], [2], [(3, 9)]),
        ([1, 9, 4, 5], [2, 3], []),
        ([1, 9, 3, 4, 5], [2], [(2, 9)]),
        # A song that was moved stands in nobody's way.
        ([5, 1, 2, 9, 4], [], [(3, 9)]),
    ],
)
def test_a_new_song_in_the_place_of_a_dropped_one_replaces_it(final, removed, replaced):
    edits = edits_of(SHOWN, final, removed)
    assert edits.replaced == replaced
    assert edits.kept + edits.added == [s for s in final if s in SHOWN] + [s for s in final if s not in SHOWN]
    assert edits.dropped == [song for song in SHOWN if song not in final]


@pytest.mark.parametrize(
    ("final", "moved"),
    [
        ([5, 1, 2, 3, 4], [(5, 5, 1)]),
        ([2, 3, 4, 5, 1], [(1, 1, 5)]),
        # The one that came up has moved.
        ([1, 3, 2, 4, 5], [(3, 3, 2)]),
        ([5, 2, 3, 4, 1], [(5, 5, 1), (1, 1, 5)]),
        # What closes up behind a dropped song has not, nor what makes room for a new one.
        ([2, 3, 4, 5], []),
        ([9, 1, 2, 3, 4, 5], []),
        ([9, 3, 2, 5], [(3, 3, 2)]),
    ],
)
def test_the_fewest_moves_explain_the_order(final, moved):
    assert edits_of(SHOWN, final, []).moved == moved


def test_no_fewer_moves_would_explain_it():
    """Compared with trying all ways to leave songs where they are."""
    draw = random.Random(3)
    for _ in range(200):
        shown = draw.sample(range(100), 7)
        final = draw.sample(shown + list(range(200, 203)), 6)
        edits = edits_of(shown, final, [])
        kept_places = [shown.index(song) for song in edits.kept]
        most_left = max(
            size
            for size in range(len(kept_places) + 1)
            if any(list(part) == sorted(part) for part in combinations(kept_places, size))
        )
        assert len(edits.moved) == len(edits.kept) - most_left
        assert {*edits.kept, *edits.dropped} == set(shown)
        assert {*edits.kept, *edits.added} == set(final)
        assert {pair.song_id for pair in edits.replaced} <= set(edits.dropped)
        assert {pair.by for pair in edits.replaced} <= set(edits.added)
