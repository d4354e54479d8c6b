"""Whoever loads a model is told which file of it is damaged."""

import shutil
from pathlib import Path

import bentoml
import pytest

from aiplayer.errors import ModelMissing
from aiplayer.stored_model import digest_of_records, files_in
from runners.store import pinned_model, verified_model
from training.publish.store import digest_of_ingredients, store, store_of

NAME = "model_of_runners"


def write(folder: Path) -> None:
    (folder / "tables").mkdir()
    (folder / "tables" / "songs.npy").write_text("songs")
    (folder / "words.json").write_text("{}")


@pytest.fixture
def tag():
    yield store(NAME, digest_of_ingredients("runners"), write, {"catalogue": "abc"})
    shutil.rmtree(store_of(NAME))


@pytest.fixture
def tag_without_records():
    """As models were stored before."""
    with bentoml.models.create(f"{NAME}:draft") as draft:
        write(Path(draft.path))
    folder = Path(bentoml.models.get(f"{NAME}:draft").path)
    version = f"{'0' * 12}-{digest_of_records(files_in(folder))}"
    with bentoml.models.create(f"{NAME}:{version}") as model:
        write(Path(model.path))
    yield f"{NAME}:{version}"
    shutil.rmtree(store_of(NAME))


@pytest.mark.parametrize("kind", ["tag", "tag_without_records"])
def test_a_whole_model_is_given_out(request, kind):
    tag = request.getfixturevalue(kind)
    assert str(verified_model(tag, "recommender").tag) == tag


@pytest.mark.parametrize("file", ["tables/songs.npy", "words.json"])
def test_a_damaged_file_is_refused_by_name(tag, file):
    path = Path(bentoml.models.get(tag).path) / file
    path.write_bytes(bytes(path.stat().st_size))
    with pytest.raises(ModelMissing) as caught:
        verified_model(tag, "recommender")
    assert caught.value.message == (
        f"The file {file} of the recommender {tag} is damaged. Run `make setup`, or pull its set again: "
        "python -m training.publish pull NAME"
    )
    # The gateway reads labels alone.
    assert pinned_model(tag, "recommender").info.labels == {"catalogue": "abc"}


def test_a_missing_file_is_refused_by_name(tag):
    (Path(bentoml.models.get(tag).path) / "words.json").unlink()
    with pytest.raises(ModelMissing, match=r"The file words\.json of the recommender .* is missing"):
        verified_model(tag, "recommender")


def test_records_that_are_not_those_of_the_version_are_refused(tag):
    path = Path(bentoml.models.get(tag).path) / "model.yaml"
    path.write_text(path.read_text().replace("words.json", "other.json"))
    with pytest.raises(ModelMissing, match=r"The file model\.yaml of .* is damaged: it lists other files"):
        verified_model(tag, "recommender")


def test_a_damaged_model_without_records_is_refused(tag_without_records):
    (Path(bentoml.models.get(tag_without_records).path) / "words.json").write_text("[]")
    with pytest.raises(ModelMissing, match="its files are not those that its version names"):
        verified_model(tag_without_records, "recommender")


def test_a_version_of_someone_elses_naming_is_taken_as_it_is():
    with bentoml.models.create(f"{NAME}:mine") as model:
        write(Path(model.path))
    try:
        assert verified_model(f"{NAME}:mine", "recommender")
    finally:
        shutil.rmtree(store_of(NAME))
