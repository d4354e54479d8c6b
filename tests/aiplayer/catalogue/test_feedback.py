"""What a creator says of a generation is kept in parts, once, and never contradicts itself."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from aiplayer.catalogue import Generation, Opinion, Taught
from aiplayer.catalogue.tables import Feedback, UserLog
from aiplayer.errors import NotFound
from tests.support.catalogues import catalogue_of_songs

SHOWN = [1, 2, 3]
ANNE, BEN = "a" * 16, "b" * 16


@pytest.fixture
def catalogue(engine):
    return catalogue_of_songs(engine, range(1, 10))


@pytest.fixture
def generation_id(catalogue):
    generation = Generation("재즈", [7], [{"song_id": song_id} for song_id in SHOWN], ["재즈"])
    catalogue.remember([generation])
    return generation.generation_id


def stored(engine, generation_id) -> Feedback | None:
    with Session(engine) as session:
        return session.get(Feedback, generation_id)


def test_what_is_not_said_stays_as_it_is(catalogue, generation_id):
    for opinion, taught in (
        (Opinion(removed=[2, 9]), Taught(SHOWN, None, [2, 9], liked=False)),
        (Opinion(liked=True), Taught(SHOWN, None, [2, 9], liked=True)),
        (Opinion(songs=[3, 5]), Taught(SHOWN, [3, 5], [2, 9], liked=True)),
        (Opinion(liked=False), Taught(SHOWN, [3, 5], [2, 9], liked=False)),
        (Opinion(songs=[], removed=[], liked=True), Taught(SHOWN, [], [], liked=True)),
    ):
        assert catalogue.set_opinion(generation_id, opinion, ANNE) == taught


def test_a_song_is_never_in_the_list_and_struck_out(catalogue, generation_id):
    catalogue.set_opinion(generation_id, Opinion(songs=[1, 2, 3, 4], removed=[5, 6]), ANNE)
    put_back = catalogue.set_opinion(generation_id, Opinion(songs=[1, 2, 3, 4, 5]), ANNE)
    assert (put_back.songs, put_back.removed) == ([1, 2, 3, 4, 5], [6])
    struck_out = catalogue.set_opinion(generation_id, Opinion(removed=[6, 2]), ANNE)
    assert (struck_out.songs, struck_out.removed) == ([1, 3, 4, 5], [6, 2])


def test_saying_the_same_twice_changes_nothing_whoever_says_it(catalogue, engine, generation_id):
    opinion = Opinion(songs=[3, 1], removed=[2], liked=True)
    first = catalogue.set_opinion(generation_id, opinion, ANNE)
    kept = stored(engine, generation_id)
    assert (kept.client, kept.songs, kept.removed) == (ANNE, [3, 1], [2])

    assert catalogue.set_opinion(generation_id, opinion, BEN) == first
    again = stored(engine, generation_id)
    assert (again.client, again.created_at, again.updated_at) == (ANNE, kept.created_at, kept.updated_at)

    catalogue.set_opinion(generation_id, Opinion(liked=False), BEN)
    changed = stored(engine, generation_id)
    assert (changed.client, changed.created_at, changed.songs) == (BEN, kept.created_at, [3, 1])
    assert changed.updated_at > kept.updated_at


def test_what_is_said_at_one_time_is_all_kept(catalogue, generation_id):
    parts = [Opinion(liked=True), Opinion(songs=[3, 1]), Opinion(removed=[2])]
    with ThreadPoolExecutor(6) as threads:
        list(threads.map(lambda opinion: catalogue.set_opinion(generation_id, opinion, ANNE), parts * 4))
    assert catalogue.set_opinion(generation_id, Opinion(), ANNE) == Taught(SHOWN, [3, 1], [2], liked=True)


def test_a_like_tells_whose_it_is(catalogue, engine, generation_id):
    catalogue.set_liked(generation_id, True, ANNE)
    kept = stored(engine, generation_id)
    assert (kept.client, kept.songs, kept.removed) == (ANNE, None, None)
    with Session(engine) as session:
        row = session.get(UserLog, generation_id)
        assert row.liked
        assert row.liked_at is not None


@pytest.mark.parametrize(
    ("opinion", "field", "named"),
    [
        (Opinion(songs=[1, 77, 78], liked=True), "songs", "77, 78"),
        (Opinion(songs=[1], removed=[77]), "removed", "77"),
    ],
)
def test_an_unknown_song_is_named_and_nothing_is_kept(catalogue, engine, generation_id, opinion, field, named):
    with pytest.raises(NotFound, match=f"No song has the id {named}") as caught:
        catalogue.set_opinion(generation_id, opinion, ANNE)
    assert (caught.value.code, caught.value.field) == ("unknown_song", field)
    assert stored(engine, generation_id) is None
    with Session(engine) as session:
        assert not session.scalar(select(UserLog.liked).where(UserLog.generation_id == generation_id))


def test_an_id_never_given_out_is_told_before_an_unknown_song(catalogue):
    with pytest.raises(NotFound, match="POST /recommend") as caught:
        catalogue.set_opinion(uuid4(), Opinion(songs=[77]), ANNE)
    assert caught.value.code == "unknown_generation"
