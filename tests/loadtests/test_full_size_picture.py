"""The measuring of one picture as a job, with the miniature in place of a full-size model."""

import pytest

from loadtests.full_size_picture import measure, show
from tests.support.service import demo_environment, of_long_pictures

pytestmark = pytest.mark.process


def test_a_picture_is_painted_with_its_progress_and_another_is_stopped(database_url, published, capsys):
    measured = measure(demo_environment(database_url) | of_long_pictures(published.folder))
    assert 0 < measured.picture_s < 120
    assert measured.painted_s > 0
    shares = [share for _, share, _ in measured.progress]
    assert len(shares) >= 2
    assert shares == sorted(shares)
    assert 0 <= shares[0] < shares[-1] < 1
    # A step of the miniature takes less than a second.
    assert measured.cancelled_s < 30

    show(measured)
    told = capsys.readouterr().out
    assert "idle after DELETE" in told
    assert len(told.splitlines()) == 1 + len(measured.progress) + 5
