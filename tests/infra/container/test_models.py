"""Which set a container serves: the packed one, the one that is asked for, or the one that was promoted in it."""

import shutil
from pathlib import Path

import pytest
from bentoml._internal.configuration.containers import BentoMLContainer

from aiplayer.errors import InvalidInput, ModelMissing, NotFound
from aiplayer.pins import database_key
from aiplayer.settings import Settings
from infra.container.models import pin_painters_set, pin_set
from infra.container.packed import Packed
from infra.image.packing import pack_set
from loadtests.tiny_sets import CATALOGUE, tiny_database, tiny_set
from training.publish.folder import FolderRepository
from training.publish.manifest import SetManifest
from training.publish.pins import production
from training.publish.production import promote
from training.publish.registry import attachment, read_set
from training.publish.sets import folders_of, verify
from training.publish.transfer import push

# BentoML remembers the first home that it is asked in, which must not be that of one of these tests.
BentoMLContainer.model_store.get()


class Container:
    """A state folder, and what is asked of it.

    Args:
        folder: The state folder.
        repository: The folder of a repository.
    """

    def __init__(self, folder: Path, repository: Path) -> None:
        self.state = folder
        self.repository = repository
        self.url = tiny_database(folder)
        self.told: list[str] = []

    def start(self, packed: Packed, wanted: str = "", catalogue: str = CATALOGUE) -> str:
        """The name of the set that is served."""
        settings = Settings(database_url=self.url, model_repository=str(self.repository), set=wanted)
        served = pin_set(settings, packed, catalogue, self.told.append, state=self.state)
        pinned = production(database_key(self.url), self.state / "models.json")
        assert served.is_pinned_as(pinned)
        verify(served, self.state)
        return served.name


@pytest.fixture
def machine(tmp_path, monkeypatch) -> Path:
    """The state folder of a machine that makes sets."""
    monkeypatch.setenv("BENTOML_HOME", str(tmp_path / "machine" / "bentoml"))
    return tmp_path / "machine"


@pytest.fixture
def container(machine, tmp_path, monkeypatch):
    """Makes what follows happen in a container."""

    def move() -> Container:
        monkeypatch.setenv("BENTOML_HOME", str(tmp_path / "state" / "bentoml"))
        return Container(tmp_path / "state", tmp_path / "repository")

    return move


def packed_in(folder: Path, manifest: SetManifest, machine: Path) -> Packed:
    """A bento that holds a set and no code, as `python -m infra.image` packs it."""
    shutil.copytree(machine / "bentoml" / "models", folder / "models")
    (folder / "bento.yaml").touch()
    pack_set(manifest, folder, machine)
    return Packed(folder)


def test_the_packed_set_is_served_from_where_it_is_packed(machine, container, tmp_path):
    made = tiny_set(1, machine, attachments={"card.md": b"# Card"})
    packed = packed_in(tmp_path / "bento", made, machine)
    started = container()
    assert started.start(packed) == made.name
    assert attachment(read_set(made.name, started.state), "card.md", started.state) == b"# Card"
    assert all(folder.resolve().is_relative_to(packed.models) for folder in folders_of(made).values())
    assert started.told == []


def test_a_newer_image_serves_its_own_set(machine, container, tmp_path):
    first, second = tiny_set(1, machine), tiny_set(2, machine)
    older = packed_in(tmp_path / "older", first, machine)
    newer = packed_in(tmp_path / "newer", second, machine)
    started = container()
    assert started.start(older) == first.name
    shutil.rmtree(tmp_path / "older")
    assert started.start(newer) == second.name


def test_a_set_is_pulled_by_its_name_once(machine, container, tmp_path):
    packed = packed_in(tmp_path / "bento", tiny_set(1, machine), machine)
    asked_for = tiny_set(2, machine)
    push(asked_for, FolderRepository(tmp_path / "repository"), lambda size: None, state=machine)
    started = container()
    assert started.start(packed, asked_for.name[:6]) == asked_for.name
    assert started.told == [f"pulling the set {asked_for.name} from {tmp_path / 'repository'}, 0.0 MB"]

    shutil.rmtree(tmp_path / "repository")
    assert started.start(packed, asked_for.name) == asked_for.name
    assert len(started.told) == 1
    assert started.start(packed) != asked_for.name


def test_latest_is_the_newest_of_the_repository_at_each_start(machine, container, tmp_path):
    repository = FolderRepository(tmp_path / "repository")
    first, second = tiny_set(1, machine), tiny_set(2, machine)
    push(first, repository, lambda size: None, state=machine)
    nothing_packed = Packed(tmp_path / "nowhere")
    started = container()
    assert started.start(nothing_packed, "latest") == first.name

    repository.write_set(second.name, second.model_dump_json().encode())
    for kind, folder in folders_of_machine(second, machine).items():
        for path, record in second.files[kind].items():
            repository.upload(folder / path, record, lambda size: None)
    assert started.start(nothing_packed, "latest") == second.name


def folders_of_machine(manifest: SetManifest, machine: Path) -> dict[str, Path]:
    tags = manifest.models.model_dump()
    return {kind: machine / "bentoml" / "models" / tag.replace(":", "/") for kind, tag in tags.items()}


def test_a_set_that_was_promoted_in_the_container_stays(machine, container, tmp_path):
    packed = packed_in(tmp_path / "bento", tiny_set(1, machine), machine)
    other = tiny_set(2, machine)
    push(other, FolderRepository(tmp_path / "repository"), lambda size: None, state=machine)
    started = container()
    started.start(packed, other.name)
    started.start(packed)
    promote(other.name, started.url, state=started.state)
    assert started.start(packed) == other.name


def test_what_cannot_be_served_is_told_in_one_line(machine, container, tmp_path):
    made = tiny_set(1, machine)
    packed = packed_in(tmp_path / "bento", made, machine)
    started = container()
    with pytest.raises(ModelMissing, match=r"This image holds no set of models\. Name one, AIPLAYER_SET=NAME"):
        started.start(Packed(tmp_path / "nowhere"))
    with pytest.raises(NotFound, match="There is no set '0123' in "):
        started.start(packed, "0123")
    message = f"The set {made.name} was made for catalogue {CATALOGUE}, and the database holds mine. Name a set of that"
    with pytest.raises(InvalidInput, match=message):
        started.start(packed, catalogue="mine")


def test_a_painter_paints_with_what_the_set_paints_with_and_asks_no_database(machine, tmp_path, monkeypatch):
    set_of_scenes, asked_for = tiny_set(1, machine), tiny_set(2, machine)
    packed = packed_in(tmp_path / "bento", set_of_scenes, machine)
    repository = tmp_path / "repository"
    push(asked_for, FolderRepository(repository), lambda size: None, state=machine)
    monkeypatch.setenv("BENTOML_HOME", str(tmp_path / "state" / "bentoml"))
    settings = Settings(model_repository=str(repository))
    told: list[str] = []

    def start(settings: Settings, packed: Packed) -> SetManifest | None:
        return pin_painters_set(settings, packed, told.append, state=tmp_path / "state")

    assert start(settings, Packed(tmp_path / "nowhere")) is None
    served = start(settings, packed)
    assert served == set_of_scenes
    pinned = production(database_key(settings.database_url), tmp_path / "state" / "models.json")
    assert (served.is_pinned_as(pinned), pinned.diffusion_weights) == (True, set_of_scenes.diffusion)
    assert start(Settings(model_repository=str(repository), set=asked_for.name[:6]), packed) == asked_for
    assert told == [f"pulling the set {asked_for.name} from {repository}, 0.0 MB"]
