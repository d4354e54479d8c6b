"""What likes and edits teach is read in order; how well a set of models is liked is counted without bias."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from aiplayer.catalogue import Generation, Lesson, LikeCount, Opinion, forget_older, lessons
from aiplayer.catalogue.tables import Feedback, UserLog, utc_now
from aiplayer.model_set import ModelSet
from tests.support.catalogues import catalogue_of_songs

MODELS = ModelSet("88963a01708a", "title_encoder:a", "title_index:b", "playlist_autoencoder:c", "scene-painter")
OTHER_MODELS = MODELS._replace(name="0123456789ab")
NOON = datetime(2026, 11, 29, 12)


@pytest.fixture
def catalogue(engine):
    return catalogue_of_songs(engine, range(1, 10))


@pytest.fixture
def given(catalogue, engine):
    """Gives songs 3, 1 and 2 at a time, and has something said of them."""

    def give(
        created_at: datetime = NOON, opinion: Opinion | None = None, models: ModelSet | None = MODELS, number: int = 1
    ) -> UUID:
        songs = [{"song_id": song_id, "position": place} for place, song_id in enumerate((3, 1, 2), start=1)]
        generation = Generation("재즈", [7], songs, ["밤"], UUID(int=number), models)
        catalogue.remember([generation])
        if opinion:
            catalogue.set_opinion(generation.generation_id, opinion, "a" * 16)
        with Session(engine) as session, session.begin():
            session.get(UserLog, generation.generation_id).created_at = created_at
        return generation.generation_id

    return give


def test_a_lesson_tells_what_was_shown_and_what_became_of_it(catalogue, engine, given):
    generation_id = given(opinion=Opinion(songs=[2, 3, 5], removed=[1], liked=True))
    with Session(engine) as session:
        taught_at = session.get(Feedback, generation_id).updated_at
    assert list(catalogue.lessons()) == [
        Lesson(
            generation_id=generation_id,
            title="재즈",
            shown=[3, 1, 2],
            songs=[2, 3, 5],
            removed=[1],
            tags=["밤"],
            seed_playlists=[7],
            liked=True,
            is_disliked=False,
            client="a" * 16,
            model_set=MODELS.name,
            created_at=NOON,
            taught_at=taught_at,
        )
    ]


def test_what_nobody_liked_or_edited_teaches_nothing(catalogue, given):
    given(number=1)
    given(number=2, opinion=Opinion(liked=False))
    given(number=3, opinion=Opinion(removed=[]))
    like = given(number=4, opinion=Opinion(liked=True))
    emptied = given(number=5, opinion=Opinion(songs=[]))
    struck_out = given(number=6, opinion=Opinion(removed=[9]))
    read = {lesson.generation_id: (lesson.songs, lesson.removed) for lesson in catalogue.lessons()}
    assert read == {like: (None, []), emptied: ([], []), struck_out: (None, [9])}


def test_lessons_come_by_their_generations_age_however_many_a_part_holds(catalogue, given, monkeypatch):
    monkeypatch.setattr(lessons, "ROWS_A_PART", 2)
    for number, hours in ((1, 3), (4, 1), (3, 1), (2, 2), (5, 0)):
        given(NOON + timedelta(hours=hours), Opinion(liked=True), number=number)
    assert [lesson.generation_id.int for lesson in catalogue.lessons()] == [5, 3, 4, 2, 1]


def test_what_was_taught_since_a_moment_is_read_however_old_its_generation_is(catalogue, engine, given):
    before = utc_now() - timedelta(seconds=1)
    old = given(NOON - timedelta(days=300), Opinion(liked=True), number=1)
    older_than_feedback = given(number=2, opinion=Opinion(liked=True))
    with Session(engine) as session, session.begin():
        session.delete(session.get(Feedback, older_than_feedback))
        session.get(UserLog, older_than_feedback).liked_at = NOON
    assert [lesson.generation_id for lesson in catalogue.lessons(before)] == [old]
    assert list(catalogue.lessons(utc_now() + timedelta(seconds=1))) == []

    (like,) = [lesson for lesson in catalogue.lessons(NOON) if lesson.generation_id == older_than_feedback]
    assert (like.client, like.songs, like.taught_at) == (None, None, NOON)


def test_likes_are_counted_by_the_set_of_models(catalogue, given):
    for number, (models, liked) in enumerate(
        ((MODELS, True), (MODELS, False), (MODELS, True), (OTHER_MODELS, False), (None, True)), start=1
    ):
        given(utc_now(), Opinion(liked=liked), models, number)
    assert catalogue.likes_by_set() == {MODELS.name: LikeCount(3, 2), OTHER_MODELS.name: LikeCount(1, 0)}


def test_likes_that_outlive_what_nobody_liked_count_no_more(catalogue, engine, given):
    """Else an old set of models would seem to be liked always."""
    for number, days in ((1, 31), (2, 31), (3, 1), (4, 1)):
        given(utc_now() - timedelta(days=days), Opinion(liked=number % 2 == 0), number=number)
    forget_older(engine, days=30)
    assert len(list(catalogue.lessons())) == 2
    assert catalogue.likes_by_set() == {MODELS.name: LikeCount(2, 1)}
