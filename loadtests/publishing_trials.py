"""The commands that `loadtests.publishing` kills, the machines they run on, and what must be whole after a kill."""

import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from aiplayer.pins import database_key
from aiplayer.settings import PROJECT
from loadtests.kills import NOT_COPIED, Checkout, Unmended
from loadtests.tiny_s3 import BUCKET
from loadtests.tiny_sets import tiny_database, tiny_set
from training.publish.manifest import SetManifest
from training.publish.pins import production
from training.publish.production import PINS, promote
from training.publish.pruning import stored_tags
from training.publish.registry import forget_set, list_sets, set_names
from training.publish.repository import Repository
from training.publish.s3 import S3Repository
from training.publish.s3_client import s3_client
from training.publish.sets import verify
from training.publish.store import is_whole, remove
from training.publish.transfer import push, read_remote

COMMAND = "training.publish"


@dataclass(frozen=True)
class Machine:
    """A copy of the project, with a state and a database of its own."""

    checkout: Checkout
    database: str

    @property
    def state(self) -> Path:
        """The folder of its state."""
        return self.checkout.folder / "var"

    @contextmanager
    def here(self) -> Iterator[None]:
        """Work with the model store of this machine while the block lasts."""
        with patch.dict(os.environ, {"BENTOML_HOME": str(self.state / "bentoml")}):
            yield


@dataclass(frozen=True)
class Trial:
    """A command that is killed.

    Attributes:
        name: Its name.
        machine: Where it runs.
        arguments: What is run.
        is_done: Whether what it does can be seen; raises Unmended where something half can be seen.
        undo: Makes all as it was before.
    """

    name: str
    machine: Machine
    arguments: tuple[str, ...]
    is_done: Callable[[], bool]
    undo: Callable[[], None]


def set_up_machine(folder: Path, endpoint: str, prefix: str) -> Machine:
    """Copy the project, without its state, and make it use a bucket.

    Args:
        folder: Where to.
        endpoint: The address of the server that has the bucket.
        prefix: What the keys in the bucket begin with.
    """
    shutil.copytree(PROJECT, folder, ignore=NOT_COPIED)
    (folder / "aiplayer.toml").write_text(
        f'model_repository = "s3://{BUCKET}/{prefix}"\nmodel_repository_endpoint = "{endpoint}"\n'
        'model_repository_region = "us-east-1"\n'
    )
    return Machine(Checkout(folder), tiny_database(folder / "var"))


def trials(folder: Path, endpoint: str, large_bytes: int) -> list[Trial]:
    """The commands, each with all that it needs."""
    one, other = (set_up_machine(folder / name, endpoint, folder.name) for name in ("one", "other"))
    repository = S3Repository(s3_client(endpoint, "us-east-1"), BUCKET, folder.name)
    with one.here():
        old, new = (tiny_set(number, one.state, large_bytes=large_bytes) for number in (1, 2))
        push(old, repository, lambda size: None, state=one.state)
    other.checkout.run(COMMAND, "pull", old.name)
    other.checkout.run(COMMAND, "promote", old.name)

    def forget_remote() -> None:
        repository.remove_set(new.name)
        repository.remove_objects({record.sha256 for record in {*new.records()} - {*old.records()}})

    def forget_here() -> None:
        with other.here():
            forget_set(new.name, other.state)
            for tag in {*new.models.model_dump().values()} - {*old.models.model_dump().values()}:
                remove(tag)

    def demote() -> None:
        with other.here():
            promote(old.name, other.database, state=other.state)

    return [
        Trial("push", one, ("push", new.name), lambda: in_repository(repository, old, new), forget_remote),
        Trial("pull", other, ("pull", new.name), lambda: in_machine(other, old, new), forget_here),
        Trial("promote", other, ("promote", new.name), lambda: in_production(other, old, new), demote),
    ]


def in_repository(repository: Repository, old: SetManifest, new: SetManifest) -> bool:
    """Whether the new set is in the repository; every set there has all its files.

    Raises:
        Unmended: a set lacks a file, or a file holds something else.
    """
    names = repository.set_names()
    if old.name not in names:
        raise Unmended(f"the set {old.name} is gone from the repository")
    for name in names:
        for record in set(read_remote(name, repository).records()):
            content = b"".join(repository.read(record.sha256, 0)) if record.bytes else b""
            if hashlib.sha256(content).hexdigest() != record.sha256:
                raise Unmended(f"the object {record.sha256} of the set {name} is damaged")
    return new.name in names


def in_machine(machine: Machine, old: SetManifest, new: SetManifest) -> bool:
    """Whether the new set is registered; every set and every model that can be seen is whole.

    Raises:
        Unmended: one is not, or the old set is no longer production.
    """
    with machine.here():
        for manifest in list_sets(machine.state):
            verify(manifest, machine.state)
        half = [tag for tag in stored_tags() if not is_whole(tag)]
        if half:
            raise Unmended(f"the model store shows half models: {', '.join(half)}")
        if in_production(machine, old, new):
            raise Unmended("another set is production")
        return new.name in set_names(machine.state)


def in_production(machine: Machine, old: SetManifest, new: SetManifest) -> bool:
    """Whether the new set is production; if not, the old one is. Either verifies.

    Raises:
        Unmended: it is neither.
    """
    pinned = production(database_key(machine.database), machine.state / PINS)
    serving = [manifest for manifest in (old, new) if pinned and manifest.is_pinned_as(pinned)]
    if len(serving) != 1:
        raise Unmended("neither the old set nor the new one is production")
    with machine.here():
        verify(serving[0], machine.state)
    return serving[0] == new
