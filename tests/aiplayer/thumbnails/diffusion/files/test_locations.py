"""What the setting `diffusion_weights` may be: "small", a path, or a name on the hub."""

from pathlib import Path

import pytest

from aiplayer.errors import InvalidInput, ModelMissing
from aiplayer.thumbnails.diffusion.files import locations
from aiplayer.thumbnails.diffusion.files.locations import folder_name, path_of, pulled_place


@pytest.fixture(autouse=True)
def fetched(tmp_path, monkeypatch):
    monkeypatch.setattr(locations, "FETCHED", tmp_path / "weights")
    monkeypatch.chdir(tmp_path)
    return tmp_path / "weights"


@pytest.mark.parametrize("path", ["/models/tiny", "./models/tiny", "models", "my/models/tiny", "../models"])
def test_a_path_is_a_path(path):
    assert path_of(path) == Path(path)


def test_small_is_the_model_that_comes_with_the_project(tmp_path):
    (tmp_path / "small").mkdir()
    assert path_of("small").is_file()


def test_a_folder_that_exists_wins_over_a_name(tmp_path):
    (tmp_path / "owner" / "name").mkdir(parents=True)
    assert path_of("owner/name") == Path("owner/name")


def test_a_name_is_the_path_of_what_was_fetched_to_the_end(fetched):
    (fetched / "owner--a.b_c-1").mkdir(parents=True)
    with pytest.raises(ModelMissing) as refused:
        path_of("owner/a.b_c-1")
    assert refused.value.message == (
        "There is no folder owner/a.b_c-1, and the weights of that name on the hub are not complete in "
        f"{fetched / 'owner--a.b_c-1'}. Run: make weights MODEL=owner/a.b_c-1"
    )
    (fetched / "owner--a.b_c-1" / "sha256.json").touch()
    assert path_of("owner/a.b_c-1") == fetched / "owner--a.b_c-1"


@pytest.mark.parametrize("name", ["", "name", "a/b/c", "a--b/c", "../a", "a/..", "a/-b", "https://a/b", "a/b\n"])
def test_a_name_that_the_hub_does_not_allow_is_refused(name):
    with pytest.raises(InvalidInput, match=r"is no name of a model on the hub\. Use owner/name\.") as refused:
        folder_name(name)
    assert refused.value.field == "model"


@pytest.mark.parametrize("weights", ["/models/tiny.safetensors", "owner/name"])
def test_what_came_with_a_set_is_found_by_the_path_it_had_there(weights, tmp_path):
    pulled = pulled_place(weights)
    pulled.parent.mkdir(parents=True)
    pulled.touch()
    assert path_of(weights) == pulled
    assert pulled.name == Path(weights).name
