"""Beside the recommender in use, a new one has to hold what it can do, and to follow what creators taught."""

from types import SimpleNamespace

import numpy as np
import pytest

from aiplayer.recommender.request import RankedSong, Recommendation
from training.recommender.from_catalogue import Lesson
from training.recommender.playlists import Playlists
from training.retrain.contenders import Contender, size_of
from training.retrain.gate import FEWEST_LESSONS, judge
from training.retrain.questions import lesson_questions, playlist_cases

pytestmark = pytest.mark.heavy

SONGS = list(range(100))
KEPT, DROPPED = [3, 4, 5], [1, 2]
NO_LESSONS = lesson_questions([])


class Recommender:
    """Ranks songs in an order of its own, to whatever it is asked."""

    def __init__(self, order: list[int], pause_s: float = 0.0):
        self.order = order
        self.pause_s = pause_s
        self.vocabulary = SimpleNamespace(song_count=len(SONGS))

    def recommend(self, requests):
        answers = []
        for request in requests:
            new = [RankedSong(song, 0.5) for song in self.order if song not in request.exclude_song_ids]
            answers.append(Recommendation(new[: request.song_count], [], ["calm", "rain"], [], []))
        return answers


def contender(order: list[int], size_bytes: int = 1_000) -> Contender:
    return Contender(Recommender(order), lambda titles: np.ones((len(titles), 4), dtype=np.float32), size_bytes)


def cases(count: int = 40):
    """Playlists of the first songs."""
    return playlist_cases(
        Playlists(
            range(count),
            [SONGS[:12]] * count,
            [["calm", "rain"]] * count,
            [["quiet"]] * count,
            np.zeros((count, 4), dtype=np.float32),
        )
    )


def lessons(count: int):
    return lesson_questions([Lesson(f"title {number}", KEPT, DROPPED) for number in range(count)])


GOOD, BAD = contender(SONGS), contender(SONGS[::-1])
FOLLOWS = contender([*KEPT, *SONGS[6:30], 0, *DROPPED, *SONGS[30:]])


def test_one_that_knows_the_playlists_less_is_refused_and_the_reasons_name_the_cases():
    verdict = judge(GOOD, BAD, cases(), NO_LESSONS, needs_gain=False)
    assert not verdict.is_passed
    assert any(reason.startswith("title_only, songs: ") for reason in verdict.reasons)
    assert not judge(BAD, GOOD, cases(), NO_LESSONS, needs_gain=False).reasons


def test_one_that_follows_what_was_taught_passes():
    verdict = judge(GOOD, FOLLOWS, [], lessons(FEWEST_LESSONS))
    kept, repeated = (check for check in verdict.checks if check.name.startswith("taught"))
    assert verdict.is_passed
    assert kept.new > kept.old
    assert kept.holds
    # All that was dropped was among the first songs, and is no more.
    assert (repeated.old, repeated.new, repeated.holds) == (1.0, 0.0, True)


def test_one_that_follows_it_no_better_or_worse_is_refused():
    assert "not followed better" in judge(GOOD, GOOD, [], lessons(FEWEST_LESSONS)).reasons[0]
    worse = judge(FOLLOWS, GOOD, [], lessons(FEWEST_LESSONS), needs_gain=False)
    assert [reason.partition(":")[0] for reason in worse.reasons] == ["taught", "taught"]


def test_few_lessons_prove_nothing():
    (reason,) = judge(GOOD, FOLLOWS, [], lessons(FEWEST_LESSONS - 1)).reasons
    assert reason.startswith(f"{FEWEST_LESSONS - 1} lessons")


def test_where_something_has_to_be_forgotten_no_gain_is_wanted():
    assert judge(GOOD, GOOD, cases(), NO_LESSONS, needs_gain=False).is_passed


@pytest.mark.parametrize(
    ("new", "name"),
    [
        (contender(SONGS, size_bytes=2_000), "size, MB"),
        (Contender(Recommender(SONGS, pause_s=0.02), GOOD.embed, 1_000), "time of an answer, ms"),
    ],
)
def test_one_that_is_larger_or_slower_is_refused(new, name, monkeypatch):
    pause_s = new.recommender.pause_s
    clock = SimpleNamespace(now=0.0)
    monkeypatch.setattr("training.retrain.costs.time.thread_time", lambda: clock.now)
    for recommender in (GOOD.recommender, new.recommender):
        answer, cost = recommender.recommend, 0.01 + (pause_s if recommender is new.recommender else 0)

        def timed(requests, answer=answer, cost=cost):
            clock.now += cost
            return answer(requests)

        monkeypatch.setattr(recommender, "recommend", timed)
    assert [reason.partition(":")[0] for reason in judge(GOOD, new, cases(), NO_LESSONS, False).reasons] == [name]


def test_one_that_recommends_fewer_songs_is_refused():
    narrow = contender([*SONGS[:60], *SONGS[:40]])
    reasons = judge(GOOD, narrow, cases(), NO_LESSONS, needs_gain=False).reasons
    assert any(reason.startswith("coverage: ") for reason in reasons)


def test_playlists_are_asked_about_as_in_the_arena():
    by_name = {case.name: case for case in cases(3)}
    for name, shows in {"song_only": (6, 0, ""), "song_tag": (6, 1, ""), "tag_title": (0, 1, "quiet")}.items():
        case = by_name[name]
        for question, songs, tags in zip(case.questions, case.songs, case.tags, strict=True):
            assert (len(question.songs), len(question.tags), question.title) == shows
            assert songs | set(question.songs) == set(SONGS[:12])
            assert not songs & set(question.songs)
            assert tags | set(question.tags) == {"calm", "rain"}
            assert not tags & set(question.tags)
    title_only = by_name["title_only"]
    assert title_only.songs[0] == frozenset(SONGS[:12])
    assert [case.questions for case in cases(3)] == [case.questions for case in cases(3)]


def test_the_size_is_that_of_all_files(tmp_path):
    (tmp_path / "one").write_bytes(b"12")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "two").write_bytes(b"345")
    assert size_of(tmp_path) == 5
