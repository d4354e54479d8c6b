"""Removes sets and models that nobody needs: here, and in a repository."""

import shutil
import time
from collections.abc import Collection
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from aiplayer.errors import InvalidInput
from aiplayer.pins import ModelPins, PinnedSet, PinsFile
from aiplayer.settings import STATE
from training.publish.manifest import MODEL_KINDS, SET_FILE, SetManifest
from training.publish.pins import is_own_store, read_pins, tags_of, write_pins
from training.publish.production import PINS
from training.publish.registry import forget_set, list_sets
from training.publish.repository import GRACE_S, Repository
from training.publish.store import DRAFTS, bentoml_home, remove, store_of
from training.publish.transfer import PULLING, read_remote


class Pruned(NamedTuple):
    """What was removed.

    Attributes:
        sets: The names of sets.
        files: The tags of models; in a repository the sha256 of files.
    """

    sets: list[str]
    files: list[str]


def prune(keep: int, in_use: ModelPins, *, state: Path = STATE) -> Pruned:
    """Remove the sets and models that no database is served with, was served with lately, or was made from.

    Args:
        keep: How many earlier sets of each database are kept.
        in_use: Versions to keep besides, as the environment may name them.
        state: The folder of the sets and of the pins.

    Raises:
        InvalidInput: nothing is pinned, the model store may serve others, or a pull was interrupted.
        ModelMissing: the pins or a set cannot be read; then it is not known what is needed.
    """
    pins = read_pins(state / PINS)
    _refuse_half_way(pins, state)
    manifests = list_sets(state)

    pinned = needed_pins(pins, keep)
    kept = kept_sets(manifests, pinned, PinnedSet(**in_use.model_dump()))
    outdated = [manifest.name for manifest in manifests if manifest not in kept]
    kept_tags = tags_of([in_use, pins.models, *pinned, *(manifest.models for manifest in kept)])
    tags = sorted(stored_tags() - kept_tags)

    for name in outdated:
        forget_set(name, state)
    for tag in tags:
        remove(tag)
    _remove_drafts(state)
    write_pins(
        pins.model_copy(update={"earlier": {database: sets[:keep] for database, sets in pins.earlier.items()}}),
        state / PINS,
    )
    return Pruned(outdated, tags)


def prune_repository(repository: Repository, keep: int, needed: Collection[str], grace_s: float = GRACE_S) -> Pruned:
    """Remove the sets of a repository that this machine does not need, but for the newest, and then their files.

    Args:
        repository: The repository.
        keep: How many of the newest sets are kept besides.
        needed: The names of the sets that stay.
        grace_s: How long a file stays that no set has, for one may be under way to it.

    Raises:
        ModelMissing: a set cannot be read; then it is not known which files are needed.
    """
    manifests = [read_remote(name, repository) for name in repository.set_names()]
    manifests.sort(key=lambda manifest: manifest.made_at, reverse=True)
    kept = [manifest for rank, manifest in enumerate(manifests) if rank < keep or manifest.name in needed]
    parents = {manifest.parent for manifest in kept}
    kept = [manifest for manifest in manifests if manifest in kept or manifest.name in parents]

    outdated = [manifest.name for manifest in manifests if manifest not in kept]
    for name in outdated:
        repository.remove_set(name)

    kept_files = {record.sha256 for manifest in kept for record in manifest.records()}
    oldest = time.time() - grace_s
    files = [
        sha256
        for sha256, stored in repository.objects().items()
        if sha256 not in kept_files and stored.stored_at <= oldest
    ]
    repository.remove_objects(files)
    return Pruned(outdated, files)


def needed_pins(pins: PinsFile, keep: int) -> list[PinnedSet]:
    """The sets that the databases are served with, and so many that each was served with before."""
    return [*pins.databases.values(), *chain.from_iterable(sets[:keep] for sets in pins.earlier.values())]


def kept_sets(manifests: list[SetManifest], pinned: list[PinnedSet], *besides: PinnedSet) -> list[SetManifest]:
    """The sets that are pinned, and those that they were made from."""
    kept = [manifest for manifest in manifests if any(map(manifest.is_pinned_as, [*pinned, *besides]))]
    parents = {manifest.parent for manifest in kept}
    return [manifest for manifest in manifests if manifest in kept or manifest.name in parents]


def _refuse_half_way(pins: PinsFile, state: Path) -> None:
    """Refuse to remove anything where it is not known what is needed."""
    if not pins.databases:
        raise InvalidInput("No models are pinned, so it is not known which are needed. Run `make setup` once.")
    if not is_own_store(state):
        raise InvalidInput("BENTOML_HOME names a store that others may use; nothing is removed from it.")
    for folder in (bentoml_home() / "tmp").glob(f"{PULLING}*"):
        name = folder.name.removeprefix(PULLING)
        raise InvalidInput(
            f"The pull of the set {name} was interrupted. End it by `pull {name}`, or remove {folder}; then prune."
        )


def stored_tags() -> set[str]:
    """The tags of all models in the store that can be part of a set."""
    return {f"{kind}:{folder.name}" for kind in MODEL_KINDS for folder in store_of(kind).glob("*/")}


def _remove_drafts(state: Path) -> None:
    """Remove what killed commands have left; whoever prunes is alone."""
    for folder in (bentoml_home() / "tmp").glob(f"{DRAFTS}*"):
        shutil.rmtree(folder, ignore_errors=True)
    for folder in (state / "sets").glob("*/"):
        if not (folder / SET_FILE).exists():
            shutil.rmtree(folder, ignore_errors=True)
