"""What creators typed is removed by age or one by one; what likes teach stays."""

from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from aiplayer.catalogue import (
    Catalogue,
    ClientSecrets,
    Generation,
    Opinion,
    Translations,
    connect,
    forget_generation,
    forget_older,
    migrate,
    removal,
)
from aiplayer.catalogue.inserts import title_digest
from aiplayer.catalogue.tables import ClientSecret, Feedback, SongMeta, Translation, UserLog, utc_now
from aiplayer.errors import NotFound

SONGS = [{"song_id": 3, "position": 1, "score": 0.5, "source": "new"}]


@pytest.fixture
def migrated(engine):
    migrate(engine)
    with Session(engine) as session, session.begin():
        session.add(SongMeta(song_id=3, song_name="So What", artists=[], genres=[]))
    return engine


def remember(engine, title: str, days_ago: int, liked: bool = False, opinion: Opinion | None = None) -> Generation:
    """A generation and the translation of its title, as if they were made some days ago.

    What was said of it was said just now.
    """
    catalogue = Catalogue(engine)
    generation = Generation(title, [7], SONGS, ["재즈"])
    catalogue.remember([generation])
    catalogue.set_thumbnail(generation.generation_id, {"prompt": f"photography, {title} in English"})
    if liked:
        catalogue.set_liked(generation.generation_id, True, "a" * 16)
    if opinion:
        catalogue.set_opinion(generation.generation_id, opinion, "b" * 16)
    Translations(engine).remember(title, f"{title} in English")

    with Session(engine) as session, session.begin():
        made_at = utc_now() - timedelta(days=days_ago)
        session.get(UserLog, generation.generation_id).created_at = made_at
        session.get(Translation, title_digest(title)).created_at = made_at
    return generation


def count(engine, table: type) -> int:
    with Session(engine) as session:
        return session.scalar(select(func.count()).select_from(table))


def test_older_generations_and_translations_are_removed(migrated):
    remember(migrated, "오래된 제목", days_ago=31)
    kept = remember(migrated, "새 제목", days_ago=29)
    forgotten = forget_older(migrated, days=30)
    assert (forgotten.generations, forgotten.titles_of_lessons, forgotten.translations) == (1, 0, 1)
    assert Catalogue(migrated).generation(kept.generation_id) == kept
    assert Translations(migrated).recall("새 제목") == "새 제목 in English"
    assert Translations(migrated).recall("오래된 제목") is None
    assert count(migrated, UserLog) == 1


def test_an_old_like_keeps_its_songs_and_tags_and_loses_its_title(migrated):
    liked = remember(migrated, "좋아한 제목", days_ago=31, liked=True)
    assert forget_older(migrated, days=30).titles_of_lessons == 1
    with Session(migrated) as session:
        row = session.get(UserLog, liked.generation_id)
        assert (row.title, row.thumbnail) == ("", None)
        assert (row.songs, row.tags, row.seed_playlists, row.liked) == (SONGS, ["재즈"], [7], True)
    assert forget_older(migrated, days=30).titles_of_lessons == 0

    # A picture that is painted for it later tells its title once more.
    Catalogue(migrated).set_thumbnail(liked.generation_id, {"prompt": "photography"})
    assert forget_older(migrated, days=30).titles_of_lessons == 1


@pytest.mark.parametrize("opinion", [Opinion(songs=[]), Opinion(songs=[3]), Opinion(removed=[3])])
def test_an_old_edit_keeps_what_it_teaches_and_loses_title_and_client(migrated, opinion):
    edited = remember(migrated, "고친 제목", days_ago=31, opinion=opinion)
    newer = remember(migrated, "새 제목", days_ago=29, opinion=opinion)
    forgotten = forget_older(migrated, days=30)
    assert (forgotten.generations, forgotten.titles_of_lessons) == (0, 1)
    with Session(migrated) as session:
        row, feedback = (session.get(table, edited.generation_id) for table in (UserLog, Feedback))
        assert (row.title, row.songs) == ("", SONGS)
        assert (feedback.songs, feedback.removed or [], feedback.client) == (
            opinion.songs,
            opinion.removed or [],
            None,
        )
        assert session.get(Feedback, newer.generation_id).client == "b" * 16


def test_a_like_that_was_taken_back_is_no_lesson(migrated):
    remember(migrated, "좋아했던 제목", days_ago=31, liked=True, opinion=Opinion(liked=False))
    assert forget_older(migrated, days=30).generations == 1
    assert count(migrated, Feedback) == 0


def test_no_secret_of_an_earlier_day_is_left(migrated):
    today = utc_now().date()
    secrets = ClientSecrets(migrated)
    kept = secrets.of_day(today)
    secrets.of_day(today - timedelta(days=1))
    forget_older(migrated, days=30)
    assert count(migrated, ClientSecret) == 1
    assert secrets.of_day(today) == kept


def test_a_translation_without_a_date_is_older_than_dates_are(migrated):
    Translations(migrated).remember("제목", "a title")
    with Session(migrated) as session, session.begin():
        session.get(Translation, title_digest("제목")).created_at = None
    assert forget_older(migrated, days=30).translations == 1


def test_many_rows_are_removed_in_parts(migrated, monkeypatch):
    monkeypatch.setattr(removal, "ROWS_A_TRANSACTION", 2)
    for number in range(5):
        remember(migrated, f"제목 {number}", days_ago=31)
    parts = []
    event.listen(migrated, "commit", lambda connection: parts.append(connection))
    forgotten = forget_older(migrated, days=30)
    assert (forgotten.generations, forgotten.translations) == (5, 5)
    assert len(parts) >= 6
    assert count(migrated, UserLog) == count(migrated, Translation) == 0


def test_one_generation_is_removed_liked_or_not(migrated):
    kept = remember(migrated, "남는 제목", days_ago=0)
    for liked in (False, True):
        gone = remember(migrated, "지운 제목", days_ago=0, liked=liked)
        forget_generation(migrated, gone.generation_id)
        assert count(migrated, Feedback) == 0
        with pytest.raises(NotFound):
            Catalogue(migrated).generation(gone.generation_id)
        assert Translations(migrated).recall("지운 제목") is None
        with pytest.raises(NotFound, match="POST /recommend"):
            forget_generation(migrated, gone.generation_id)
    assert Catalogue(migrated).generation(kept.generation_id) == kept
    assert Translations(migrated).recall("남는 제목") == "남는 제목 in English"


def test_an_id_never_given_out_cannot_be_removed(migrated):
    with pytest.raises(NotFound, match="POST /recommend"):
        forget_generation(migrated, uuid4())


@pytest.mark.parametrize("liked", [False, True])
def test_no_byte_of_a_removed_title_stays_in_the_files_of_sqlite(tmp_path, liked):
    engine = connect(f"sqlite:///{tmp_path / 'log.db'}")
    migrate(engine)
    title = "a title that nobody else has typed"
    for number in range(30):
        remember(engine, f"{title} {number}", days_ago=31, liked=liked)
    assert any(title.encode() in file.read_bytes() for file in Path(tmp_path).iterdir())
    forget_older(engine, days=30)
    assert not any(title.encode() in file.read_bytes() for file in Path(tmp_path).iterdir())
    engine.dispose()
