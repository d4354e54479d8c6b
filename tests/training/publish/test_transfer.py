"""Sets go to a folder or to S3 and come back byte for byte, each file once, and damaged ones are refused by name."""

import pytest

from aiplayer.errors import InvalidInput, ModelMissing, NotFound, Unavailable
from aiplayer.thumbnails.diffusion.files import locations
from loadtests.tiny_s3 import BUCKET
from loadtests.tiny_sets import tiny_models, tiny_set
from training.publish.folder import FolderRepository
from training.publish.registry import attachment, is_registered, read_set
from training.publish.sets import folders_of, make_set, verify
from training.publish.store import bentoml_home, is_whole, store_of
from training.publish.transfer import find_remote, pull, push

LARGE_BYTES = 12_000_000


class Told:
    """Adds up what a command tells of its progress."""

    def __init__(self) -> None:
        self.bytes = 0

    def __call__(self, size: int) -> None:
        self.bytes += size


def damage(repository, sha256: str) -> None:
    """Put other bytes of the same number in the place of an object."""
    if isinstance(repository, FolderRepository):
        path = repository._folder / "objects" / sha256
        path.write_bytes(bytes(path.stat().st_size))
    else:
        size = repository.objects()[sha256].bytes
        repository._client.put_object(Bucket=BUCKET, Key=repository._object(sha256), Body=bytes(size))


def test_a_set_comes_back_as_it_was(repository, state, elsewhere):
    made = tiny_set(1, state, attachments={"card.md": b"# Card"}, large_bytes=LARGE_BYTES)
    told = Told()
    assert push(made, repository, told, state=state) == len(set(made.records()))
    assert told.bytes == made.size_bytes

    other, told = elsewhere(), Told()
    pull(find_remote(made.name[:6], repository), repository, told, state=other)
    assert told.bytes == sum(record.bytes for record in made.records())
    pulled = read_set(made.name, other)
    assert pulled == made
    verify(pulled, other)
    assert all(is_whole(tag) for tag in made.models.model_dump().values())
    assert attachment(pulled, "card.md", other) == b"# Card"
    assert list((bentoml_home() / "tmp").iterdir()) == []


def test_equal_files_of_several_sets_are_stored_once(repository, state):
    first, second = tiny_set(1, state), tiny_set(2, state)
    push(first, repository, Told(), state=state)
    # The encoder, the licence and the empty file are there already.
    assert push(second, repository, Told(), state=state) == 3
    assert len(repository.objects()) == len({*first.records(), *second.records()})
    assert push(second, repository, Told(), state=state) == 0


def test_the_set_that_was_made_last_is_the_latest(repository, state):
    for number in (2, 1):
        newest = tiny_set(number, state)
        push(newest, repository, Told(), state=state)
    assert find_remote("latest", repository).name == newest.name
    with pytest.raises(NotFound, match="There is no set 'xyz' in "):
        find_remote("xyz", repository)


def test_an_empty_repository_has_no_latest_set(repository):
    with pytest.raises(NotFound, match=r"There is no set 'latest' in .*: none"):
        find_remote("latest", repository)


@pytest.mark.parametrize("file", ["table.npy", "words.json"])
def test_an_object_that_is_damaged_is_refused_by_name(repository, state, elsewhere, file):
    made = tiny_set(1, state)
    push(made, repository, Told(), state=state)
    damage(repository, made.files["playlist_autoencoder"][file].sha256)

    other = elsewhere()
    with pytest.raises(ModelMissing, match=rf"The file {file} of the recommender is damaged in .*Push the set"):
        pull(made, repository, Told(), state=other)
    assert not is_registered(made.name, other)
    assert not store_of("playlist_autoencoder").exists()


def test_a_damaged_object_is_mended_by_pushing_again(repository, state, elsewhere, monkeypatch):
    made = tiny_set(1, state)
    push(made, repository, Told(), state=state)
    damage(repository, made.files["title_index"]["title_index.npz"].sha256)
    assert push(made, repository, Told(), again=True, state=state) == len(set(made.records()))
    pull(made, repository, Told(), state=elsewhere())


def test_a_missing_object_is_told(repository, state, elsewhere):
    made = tiny_set(1, state)
    push(made, repository, Told(), state=state)
    repository.remove_objects([made.files["title_index"]["title_index.npz"].sha256])
    with pytest.raises(ModelMissing, match=r"lacks the object .*Push the set again"):
        pull(made, repository, Told(), state=elsewhere())


def test_a_damaged_set_is_not_pushed(repository, state):
    made = tiny_set(1, state)
    (folders_of(made)["title_index"] / "title_index.npz").write_bytes(b"x")
    with pytest.raises(ModelMissing, match=r"The file title_index\.npz of the title index"):
        push(made, repository, Told(), state=state)
    assert repository.set_names() == []
    assert repository.objects() == {}


def test_a_download_goes_on_where_it_was_killed(repository, state, elsewhere, monkeypatch):
    made = tiny_set(1, state, large_bytes=LARGE_BYTES)
    push(made, repository, Told(), state=state)
    other, read, starts = elsewhere(), repository.read, []

    def read_and_die(sha256: str, start: int):
        starts.append(start)
        for number, content in enumerate(read(sha256, start)):
            yield content
            if number == 2:
                raise Unavailable("the cable was pulled")

    with monkeypatch.context() as patch:
        patch.setattr(repository, "read", read_and_die)
        with pytest.raises(Unavailable, match="cable"):
            pull(made, repository, Told(), state=other)
    assert not is_registered(made.name, other)
    monkeypatch.setattr(repository, "read", lambda sha256, start: (starts.append(start), read(sha256, start))[1])
    pull(made, repository, Told(), state=other)
    assert 3 * 2**20 in starts
    verify(read_set(made.name, other), other)


def test_weights_of_the_operators_own_are_found_by_the_path_they_had(
    repository, state, elsewhere, tmp_path, monkeypatch
):
    weights = tmp_path / "weights" / "mine.safetensors"
    weights.parent.mkdir()
    weights.write_bytes(b"weights")
    folder = tmp_path / "weights" / "folder"
    (folder / "unet").mkdir(parents=True)
    (folder / "unet" / "config.json").write_text("{}")
    (folder / "model_index.json").write_text("{}")
    sets = [make_set(tiny_models(1), str(path), state=state) for path in (weights, folder)]
    for made in sets:
        push(made, repository, Told(), state=state)
    weights.parent.rename(tmp_path / "away")

    other = elsewhere()
    monkeypatch.setattr(locations, "FETCHED", other / "weights")
    for made in sets:
        for _ in range(2):
            pull(made, repository, Told(), state=other)
        verify(read_set(made.name, other), other)
    assert locations.path_of(str(weights)).read_bytes() == b"weights"
    assert (locations.path_of(str(folder)) / "unet" / "config.json").read_text() == "{}"


def test_other_weights_in_their_place_are_not_replaced(repository, state, tmp_path):
    weights = tmp_path / "mine.safetensors"
    weights.write_bytes(b"weights")
    made = make_set(tiny_models(1), str(weights), state=state)
    push(made, repository, Told(), state=state)
    weights.write_bytes(b"others!")
    with pytest.raises(ModelMissing, match=r"The file mine\.safetensors of the diffusion weights .* Move it away"):
        pull(made, repository, Told(), state=state)
    assert weights.read_bytes() == b"others!"


def test_another_set_of_the_same_name_is_refused(repository, state, tmp_path):
    weights = tmp_path / "mine.safetensors"
    weights.write_bytes(b"weights")
    made = make_set(tiny_models(1), str(weights), state=state)
    push(made, repository, Told(), state=state)
    weights.write_bytes(b"others!")
    (state / "sets" / made.name / "set.json").unlink()
    changed = make_set(made.models, str(weights), state=state)
    with pytest.raises(InvalidInput, match=r"has a set .* with other files, and a set never changes"):
        push(changed, repository, Told(), state=state)
    with pytest.raises(InvalidInput, match=r"Another set .* is registered here, with other files"):
        pull(made, repository, Told(), state=state)
