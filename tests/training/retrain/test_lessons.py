"""What creators liked and changed becomes lessons; nobody teaches more than a share."""

from datetime import datetime
from uuid import UUID

import pytest

from aiplayer.catalogue import Lesson as TaughtGeneration
from training.retrain.lessons import (
    EDITED_WEIGHT,
    FEWEST_OF_CLIENT,
    LIKED_WEIGHT,
    MOST_CLIENTS,
    SHARE_OF_CLIENT,
    choose_lessons,
    is_asked,
    lesson_of,
)

SHOWN = [1, 2, 3, 4]
KNOWN = range(10_000)
LEARNED_TITLE = next(title for title in ("rain", "snow", "sea", "dawn") if not is_asked(title))
ASKED_TITLE = next(f"title {number}" for number in range(100) if is_asked(f"title {number}"))


def taught(number: int = 0, title: str = LEARNED_TITLE, **facts) -> TaughtGeneration:
    """A generation of SHOWN that was liked as it came."""
    told = {
        "generation_id": UUID(int=number),
        "title": title,
        "shown": SHOWN,
        "songs": None,
        "removed": [],
        "tags": ["calm"],
        "seed_playlists": [],
        "liked": True,
        "is_disliked": False,
        "client": "somebody",
        "model_set": "earlier",
        "created_at": datetime(2026, 11, 1),
        "taught_at": datetime(2026, 11, 2),
    }
    return TaughtGeneration(**told | facts)


def test_a_like_says_that_the_songs_belong_to_the_title():
    lesson = lesson_of(taught(), KNOWN)
    assert (lesson.title, lesson.songs, lesson.dropped, lesson.weight) == (LEARNED_TITLE, SHOWN, [], LIKED_WEIGHT)


def test_what_was_struck_out_of_a_liked_list_is_no_part_of_it():
    lesson = lesson_of(taught(removed=[2, 9]), KNOWN)
    assert (lesson.songs, lesson.dropped) == ([1, 3, 4], [2, 9])


def test_an_edited_list_says_what_stays_and_what_goes_whether_it_is_liked_or_not():
    for liked in (True, False):
        lesson = lesson_of(taught(songs=[4, 1, 7], liked=liked), KNOWN)
        assert (lesson.songs, lesson.dropped, lesson.weight) == ([4, 1, 7], [2, 3], EDITED_WEIGHT)


def test_songs_that_were_struck_out_teach_also_where_nothing_is_liked():
    lesson = lesson_of(taught(removed=[2], liked=False), KNOWN)
    assert (lesson.songs, lesson.dropped) == ([], [2])


def test_of_a_list_whose_like_was_taken_back_only_what_was_struck_out_teaches():
    lesson = lesson_of(taught(songs=[4, 1, 7], removed=[3], liked=False, is_disliked=True), KNOWN)
    assert (lesson.songs, lesson.dropped) == ([], [3])


def test_songs_that_the_catalogue_has_no_more_are_left_out():
    lesson = lesson_of(taught(songs=[4, 7, 1], removed=[3]), known_songs={1, 3, 7})
    assert (lesson.songs, lesson.dropped) == ([7, 1], [3])
    assert lesson_of(taught(), known_songs={}) is None


def test_a_like_that_was_taken_back_teaches_nothing():
    lessons = choose_lessons([taught(liked=False, is_disliked=True)], KNOWN, playlist_count=1_000)
    assert not lessons.learned
    assert (lessons.counts.read, lessons.counts.empty) == (1, 1)


def test_one_client_is_heard_for_its_share_and_the_others_whole():
    bursts = [taught(number, songs=[number, number + 1]) for number in range(500)]
    others = [taught(1_000 + number, songs=[5_000 + number, 1], client=f"client {number}") for number in range(7)]
    lessons = choose_lessons([*bursts, *others], KNOWN, playlist_count=2_000)
    assert lessons.counts.capped == 500 - SHARE_OF_CLIENT * 2_000
    assert lessons.counts.learned == SHARE_OF_CLIENT * 2_000 + 7
    assert choose_lessons(reversed([*bursts, *others]), KNOWN, 2_000).digests() == lessons.digests()


def test_a_small_catalogue_hears_some_of_everybody():
    lessons = choose_lessons([taught(number, songs=[number, 99]) for number in range(30)], KNOWN, playlist_count=10)
    assert lessons.counts.learned == FEWEST_OF_CLIENT


def test_copies_are_one_lesson_that_counts_for_each_client_up_to_a_few():
    of_one = [taught(number) for number in range(10)]
    of_two = [taught(20, songs=[8, 9]), taught(21, songs=[9, 8], client="other")]
    of_many = [taught(100 + number, songs=[6, 7], client=f"client {number}") for number in range(MOST_CLIENTS + 5)]
    lessons = choose_lessons([*of_one, *of_two, *of_many], KNOWN, playlist_count=1_000)

    weights = [lesson.weight for lesson in lessons.learned]
    assert weights == [LIKED_WEIGHT, 2 * EDITED_WEIGHT, MOST_CLIENTS * EDITED_WEIGHT]
    assert lessons.counts.copies == 9 + 1 + MOST_CLIENTS + 4


@pytest.mark.parametrize(
    ("generation", "is_kept"),
    [
        (taught(title=ASKED_TITLE), True),
        (taught(title=ASKED_TITLE, model_set="in use", songs=[1, 2, 3, 9]), True),
        # Nobody could give back a list as well as those who made it.
        (taught(title=ASKED_TITLE, model_set="in use"), False),
        (taught(title=LEARNED_TITLE), False),
    ],
)
def test_some_titles_are_kept_to_ask_about(generation, is_kept):
    lessons = choose_lessons([generation], KNOWN, playlist_count=1_000, set_in_use="in use")
    assert (len(lessons.asked), len(lessons.learned)) == (int(is_kept), int(not is_kept))


def test_about_one_title_in_five_is_asked_about_whatever_its_case_and_spaces():
    titles = [f"playlist {number}" for number in range(1_000)]
    assert 150 < sum(map(is_asked, titles)) < 250
    assert all(is_asked(f"  {title.upper()} ") == is_asked(title) for title in titles[:50])


def test_the_digest_is_that_of_what_is_learned():
    some = choose_lessons([taught(1)], KNOWN, 1_000)
    assert choose_lessons([], KNOWN, 1_000).digest() == ""
    assert some.digest() == choose_lessons([taught(2)], KNOWN, 1_000).digest()
    assert some.digest() != choose_lessons([taught(1, songs=[1, 2])], KNOWN, 1_000).digest()
