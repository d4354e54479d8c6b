"""The table of likes says what can be told, and of what it cannot."""

import io

from rich.console import Console

from aiplayer.catalogue import LikeCount
from training.publish.like_table import likes_table


def lines(counts, production: str) -> list[str]:
    page = io.StringIO()
    Console(file=page, width=200).print(likes_table(counts, production))
    return page.getvalue().splitlines()


def test_sets_stand_beside_the_one_in_production():
    counts = {
        "aaa": LikeCount(1_000, 300),
        "bbb": LikeCount(2_000, 1_000),
        "ccc": LikeCount(50, 14),
        "ddd": LikeCount(900, 90),
    }
    heading, *rows = lines(counts, "aaa")
    assert heading.split()[-1] == "aaa"
    assert [row.split()[0] for row in rows] == ["bbb", "aaa", "ddd", "ccc"]
    told = dict(zip(["bbb", "aaa", "ddd", "ccc"], rows, strict=True))
    assert "50.0%" in told["bbb"]
    assert "liked more" in told["bbb"]
    assert "in production" in told["aaa"]
    assert "liked less" in told["ddd"]
    assert "cannot be told yet" in told["ccc"]


def test_before_the_new_set_has_answered_there_is_nothing_to_compare():
    assert "nothing to see yet" in lines({"aaa": LikeCount(10, 1)}, "new")[1]
