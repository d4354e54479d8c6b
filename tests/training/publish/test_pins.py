"""Which versions of models are kept, and which are removed from the store when newer ones have been pinned."""

import shutil

import pytest

from aiplayer.settings import ModelPins, PinsFile
from training.publish import store
from training.publish.pins import pin, remove_outdated

FILE = "models.json"


@pytest.fixture
def state(tmp_path, monkeypatch):
    """A state folder of a test's own, with the store beside the file of pins."""
    monkeypatch.setenv("BENTOML_HOME", str(tmp_path / "bentoml"))
    return tmp_path


def models(number: int, encoder: int = 0) -> ModelPins:
    return ModelPins(
        title_encoder=f"title_encoder:{encoder}",
        title_index=f"title_index:{number}",
        playlist_autoencoder=f"playlist_autoencoder:{number}",
    )


def store_and_pin(state, database: str, pins: ModelPins) -> list[str]:
    """What set-up does at its end; the tags that it removes."""
    for tag in pins.model_dump().values():
        folder = state / "bentoml" / "models" / tag.replace(":", "/")
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "weights").write_text(tag)
        (folder.parent / "latest").write_text(folder.name)
    pin(pins, database, state / FILE)
    return remove_outdated(pins, state / FILE)


def stored(state) -> set[str]:
    return {f"{path.parent.parent.name}:{path.parent.name}" for path in state.glob("bentoml/models/*/*/weights")}


def test_the_last_three_sets_of_a_database_are_kept(state):
    for number in range(1, 6):
        removed = store_and_pin(state, "a", models(number))
        outdated = number - 3
        assert removed == ([f"playlist_autoencoder:{outdated}", f"title_index:{outdated}"] if outdated > 0 else [])
    assert stored(state) == {
        "title_encoder:0",
        *(f"{name}:{number}" for name in ("title_index", "playlist_autoencoder") for number in (3, 4, 5)),
    }
    assert [kept.models for kept in PinsFile.read(state / FILE).earlier["a"]] == [models(4), models(3)]


def test_an_encoder_goes_with_the_last_set_that_was_made_for_it(state):
    for number, encoder in enumerate((1, 1, 2, 2, 2)):
        removed = store_and_pin(state, "a", models(number, encoder))
    assert "title_encoder:1" in removed
    assert "title_encoder:2" in stored(state)


def test_what_another_database_is_served_with_is_kept(state):
    store_and_pin(state, "b", models(1))
    for number in range(1, 6):
        store_and_pin(state, "a", models(number))
    assert {"title_index:1", "playlist_autoencoder:1"} <= stored(state)
    assert "title_index:2" not in stored(state)


def test_a_set_that_comes_back_is_not_outdated(state):
    for number in (1, 2, 3, 1, 2, 1, 4):
        store_and_pin(state, "a", models(number))
    assert {"title_index:4", "title_index:1", "title_index:2"} == {tag for tag in stored(state) if "index" in tag}


def test_what_the_environment_pins_and_what_was_never_pinned_stay(state):
    unpinned = state / "bentoml" / "models" / "title_index" / "unpinned"
    unpinned.mkdir(parents=True)
    (unpinned / "weights").touch()
    for number in range(1, 6):
        for tag in models(number).model_dump().values():
            (state / "bentoml" / "models" / tag.replace(":", "/")).mkdir(parents=True, exist_ok=True)
        pin(models(number), "a", state / FILE)
    assert remove_outdated(models(1), state / FILE) == ["playlist_autoencoder:2", "title_index:2"]
    assert unpinned.exists()
    assert (state / "bentoml/models/title_index/1").exists()


def test_what_a_kill_has_left_is_removed_by_the_next_set_up(state, monkeypatch):
    def killed(*arguments: object, **options: object) -> None:
        raise KeyboardInterrupt

    for number in range(1, 4):
        store_and_pin(state, "a", models(number))
    with monkeypatch.context() as patch:
        patch.setattr(store.shutil, "rmtree", killed)
        with pytest.raises(KeyboardInterrupt):
            store_and_pin(state, "a", models(4))
    assert remove_outdated(models(4), state / FILE) == ["playlist_autoencoder:1", "title_index:1"]
    assert "title_index:1" not in stored(state)
    assert remove_outdated(models(4), state / FILE) == []


def test_a_store_that_others_may_use_is_left_alone(state, tmp_path_factory, monkeypatch):
    for number in range(1, 4):
        store_and_pin(state, "a", models(number))
    elsewhere = tmp_path_factory.mktemp("store")
    shutil.copytree(state / "bentoml", elsewhere, dirs_exist_ok=True)
    monkeypatch.setenv("BENTOML_HOME", str(elsewhere))
    pin(models(4), "a", state / FILE)
    assert remove_outdated(models(4), state / FILE) == []
    assert (elsewhere / "models/title_index/1").exists()
