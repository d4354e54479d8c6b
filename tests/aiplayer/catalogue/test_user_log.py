"""What was given is kept with the models that gave it, and can be liked."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from aiplayer.catalogue import Catalogue, Generation, migrate
from aiplayer.catalogue.tables import ModelSetVersions, UserLog
from aiplayer.errors import NotFound
from aiplayer.model_set import ModelSet

SONGS = [
    {"song_id": 3, "position": 1, "score": 0.5, "source": "seed"},
    {"song_id": 8, "position": 2, "score": 0.4, "source": "new"},
]
MODELS = ModelSet("88963a01708a", "title_encoder:a", "title_index:b", "playlist_autoencoder:c", "scene-painter")
OTHER_MODELS = MODELS._replace(name="0123456789ab", title_index="title_index:d")


@pytest.fixture
def catalogue(engine):
    migrate(engine)
    return Catalogue(engine)


def test_a_like_is_kept_once_and_can_be_taken_back(catalogue, engine):
    generation = Generation("재즈", [7], SONGS, ["재즈"])
    catalogue.remember([generation])
    catalogue.set_liked(generation.generation_id, True)
    with Session(engine) as session:
        first = session.get(UserLog, generation.generation_id).liked_at
    catalogue.set_liked(generation.generation_id, True)
    with Session(engine) as session:
        row = session.get(UserLog, generation.generation_id)
        assert (row.liked, row.liked_at) == (True, first)
    catalogue.set_liked(generation.generation_id, False)
    with Session(engine) as session:
        row = session.get(UserLog, generation.generation_id)
        assert (row.liked, row.liked_at) == (False, None)


def test_what_was_given_can_be_read_again(catalogue):
    for models in (None, MODELS):
        generation = Generation("재즈", [7], SONGS, ["재즈"], model_set=models)
        catalogue.remember([generation])
        assert catalogue.generation(generation.generation_id) == generation


def test_an_id_never_given_out_cannot_be_liked_read_or_painted(catalogue):
    for call in (
        lambda id: catalogue.set_liked(id, True),
        catalogue.generation,
        lambda id: catalogue.set_thumbnail(id, {}),
    ):
        with pytest.raises(NotFound, match="POST /recommend"):
            call(uuid4())


def test_what_is_older_than_positions_stands_in_its_order(catalogue):
    old = [{"song_id": 3, "score": 0.5, "source": "new"}, {"song_id": 8, "score": 0.4, "source": "new"}]
    generation = Generation("재즈", [7], old, [])
    catalogue.remember([generation])
    kept = catalogue.generation(generation.generation_id)
    assert [(song["song_id"], song["position"]) for song in kept.songs] == [(3, 1), (8, 2)]


def test_the_versions_of_each_set_of_models_are_kept_once(catalogue, engine):
    def remember(models: ModelSet) -> None:
        # A catalogue of its own knows nothing of what others have kept.
        Catalogue(engine).remember([Generation("재즈", [], SONGS, [], model_set=models)])

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(remember, [MODELS, OTHER_MODELS] * 4))
    with Session(engine) as session:
        first_use = {row.name: row.first_used_at for row in session.scalars(select(ModelSetVersions))}
        assert len(session.scalars(select(UserLog.model_set)).all()) == 8
    assert first_use.keys() == {MODELS.name, OTHER_MODELS.name}

    remember(MODELS)
    with Session(engine) as session:
        assert session.get(ModelSetVersions, MODELS.name).first_used_at == first_use[MODELS.name]


def test_versions_that_were_not_kept_for_a_fault_are_kept_with_the_next_generation(catalogue):
    twice = Generation("재즈", [], SONGS, [], model_set=MODELS)
    with pytest.raises(IntegrityError):
        catalogue.remember([twice, twice])
    kept = Generation("재즈", [], SONGS, [], model_set=MODELS)
    catalogue.remember([kept])
    assert catalogue.generation(kept.generation_id).model_set == MODELS
