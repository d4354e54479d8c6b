"""Equal models have one name, on every machine, and others another."""

import pytest

from aiplayer.model_set import model_set
from aiplayer.settings import ModelPins, Settings

PINS = ModelPins(title_encoder="title_encoder:a", title_index="title_index:b", playlist_autoencoder="recommender:c")


def named(pins: ModelPins = PINS, **settings: str):
    return model_set(Settings(models=pins, **settings))


def test_a_set_of_models_has_a_short_name_that_stays():
    assert named() == (
        "88963a01708a",
        "title_encoder:a",
        "title_index:b",
        "recommender:c",
        "scene-painter",
    )


@pytest.mark.parametrize("kind", ModelPins.model_fields)
def test_another_version_of_any_model_is_another_set(kind):
    assert named(PINS.model_copy(update={kind: "other:d"})).name != named().name


def test_what_paints_belongs_to_the_set_and_is_told_without_its_folder():
    small = named(diffusion_weights="small")
    file = named(diffusion_weights="/home/me/weights/mine.safetensors")
    assert len({named().name, small.name, file.name}) == 3
    assert (small.thumbnail, file.thumbnail) == ("small", "mine.safetensors")


def test_other_settings_are_no_part_of_it():
    assert named(log_format="json", database_url="sqlite:///elsewhere.db").name == named().name
