"""A set is promoted and rolled back in one step, and what could not serve is refused."""

import pytest

from aiplayer import settings as settings_module
from aiplayer.errors import InvalidInput, ModelMissing, NotFound
from aiplayer.model_set import model_set
from aiplayer.pins import PinsFile, database_key
from aiplayer.settings import Settings
from loadtests.tiny_sets import tiny_models, tiny_set
from training.publish.pins import pin, production
from training.publish.production import kept_set, production_set, promote, rollback
from training.publish.registry import read_set
from training.publish.sets import folders_of, make_set


@pytest.fixture
def settings(state, database, monkeypatch):
    """The settings of a service of this state folder, as it would read them now."""
    monkeypatch.setattr(settings_module, "PINS_FILE", state / "models.json")
    return lambda: Settings(database_url=database)


def set_up(number: int, state, database) -> str:
    """Pin models as set-up does; the name of their set."""
    models = tiny_models(number)
    pin(models, database_key(database), state / "models.json")
    return make_set(models, "", state=state).name


def test_the_service_then_has_the_name_of_the_set(state, database, settings):
    made = tiny_set(1, state)
    assert promote(made.name[:5], database, state=state) == made
    assert settings().models == made.models
    assert model_set(settings()).name == made.name


def test_what_paints_is_promoted_too_and_the_environment_wins(state, database, settings, monkeypatch):
    small = make_set(tiny_models(1), "small", state=state)
    promote(small.name, database, state=state)
    assert settings().diffusion_weights == "small"
    assert model_set(settings()).name == small.name
    monkeypatch.setenv("AIPLAYER_DIFFUSION_WEIGHTS", "owner/name")
    assert settings().diffusion_weights == "owner/name"


def test_a_set_that_is_painted_elsewhere_leaves_the_painter_to_the_settings(state, database, settings):
    promote(make_set(tiny_models(1), "elsewhere", state=state).name, database, state=state)
    assert settings().diffusion_weights == ""


def test_rolling_back_goes_one_further_each_time(state, database, settings):
    names = [set_up(number, state, database) for number in (1, 2, 3)]
    assert [rollback(database, "", state=state).name for _ in range(2)] == [names[1], names[0]]
    assert model_set(settings()).name == names[0]
    promote(names[2], database, state=state)
    assert rollback(database, "", state=state).name == names[0]


def test_a_set_that_was_pinned_with_and_without_its_painter_is_one(state, database):
    first, second = set_up(1, state, database), set_up(2, state, database)
    promote(second, database, state=state)
    assert rollback(database, "", state=state).name == first
    assert len(PinsFile.read(state / "models.json").earlier[database_key(database)]) == 1


def test_the_first_set_has_none_before_it(state, database):
    with pytest.raises(NotFound, match="No models are pinned for this database"):
        rollback(database, "", state=state)
    set_up(1, state, database)
    with pytest.raises(NotFound, match="No other set was production of this database before"):
        rollback(database, "", state=state)


def damage(manifest) -> None:
    path = folders_of(manifest)["title_index"] / "title_index.npz"
    path.write_bytes(bytes(path.stat().st_size))


def test_a_damaged_set_is_neither_promoted_nor_rolled_back_to(state, database):
    first, second = set_up(1, state, database), set_up(2, state, database)
    damage(read_set(first, state))
    before = (state / "models.json").read_bytes()
    for change in (lambda: promote(first, database, state=state), lambda: rollback(database, "", state=state)):
        with pytest.raises(ModelMissing, match=r"The file title_index\.npz of the title index of the set"):
            change()
    assert (state / "models.json").read_bytes() == before
    assert production_set(database, "", state=state).name == second


def test_pins_that_cannot_be_read_are_not_overwritten(state, database):
    made = tiny_set(1, state)
    (state / "models.json").write_text("{")
    with pytest.raises(ModelMissing, match=r"models\.json is damaged. Run `make setup`"):
        promote(made.name, database, state=state)
    assert (state / "models.json").read_text() == "{"


def test_a_set_of_another_catalogue_is_not_promoted(state, database):
    made = tiny_set(1, state, catalogue="another")
    with pytest.raises(InvalidInput) as caught:
        promote(made.name, database, state=state)
    assert caught.value.message.startswith(
        f"The set {made.name} was made for catalogue another, and the database holds tiny-catalogue."
    )


def test_a_set_whose_labels_are_mixed_is_not_promoted(state, database):
    made = tiny_set(1, state)
    path = state / "sets" / made.name / "set.json"
    path.write_text(path.read_text().replace('"title_encoder": "title_encoder:', '"title_encoder": "other:', 2))
    with pytest.raises((InvalidInput, ModelMissing), match=r"mixed|damaged"):
        promote(made.name, database, state=state)
    assert production(database_key(database), state / "models.json") is None


def test_set_up_leaves_a_promoted_set_until_the_catalogue_changes(state, database, settings):
    set_up(1, state, database)
    assert kept_set(settings(), "tiny-catalogue", state=state) is None
    promoted = promote(tiny_set(2, state).name, database, state=state)
    assert kept_set(settings(), "tiny-catalogue", state=state) == promoted
    assert kept_set(settings(), "another", state=state) is None
    damage(promoted)
    with pytest.raises(ModelMissing, match=r"title_index\.npz"):
        kept_set(settings(), "tiny-catalogue", state=state)


def test_a_file_of_pins_from_before_is_read(state, database):
    (state / "models.json").write_text(
        '{"models": {"title_encoder": "a:1"}, "databases": {"x": {"title_encoder": "a:1", "title_index": "b:1",'
        ' "playlist_autoencoder": "c:1"}}, "earlier": {"x": [{"title_encoder": "a:0"}]}}'
    )
    pins = PinsFile.read(state / "models.json")
    assert pins.databases["x"].models.title_index == "b:1"
    assert pins.databases["x"].diffusion_weights is None
    assert pins.earlier["x"][0].models.title_encoder == "a:0"
