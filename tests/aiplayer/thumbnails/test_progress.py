"""How far a batch is, and its end where nobody waits for it."""

import pytest

from aiplayer.thumbnails.progress import Progress, Stopped


def test_what_was_told_last_is_the_share():
    progress = Progress()
    assert progress.share == 0
    progress.tell(0.25)
    assert progress.share == 0.25


def test_a_part_tells_its_share_of_the_whole():
    progress = Progress()
    # The third and the fourth of five pictures.
    tell = progress.of_part(2, 4, count=5)
    shares = []
    for share in (0, 0.5, 1):
        tell(share)
        shares.append(progress.share)
    assert shares == pytest.approx([0.4, 0.6, 0.8])


def test_whoever_tells_after_the_stop_is_ended_and_tells_nothing():
    progress = Progress()
    progress.tell(0.5)
    progress.stop()
    for tell in (progress.tell, progress.of_part(0, 1, 1)):
        with pytest.raises(Stopped):
            tell(0.75)
    assert progress.share == 0.5
