"""`var/models.json` names exactly what the runners load, for each database its own, and what they loaded before."""

from collections.abc import Iterable
from itertools import chain
from pathlib import Path

from pydantic import ValidationError

from aiplayer.errors import ModelMissing
from aiplayer.files import write_whole
from aiplayer.pins import ModelPins, PinnedSet, PinsFile
from aiplayer.settings import PINS_FILE
from training.publish.manifest import SetManifest
from training.publish.registry import forget_set, list_sets
from training.publish.store import remove, store_of

# The set that is pinned for a database, and those before it, which are the way back.
KEPT_SETS = 3


def is_pinned(database: str, path: Path = PINS_FILE) -> bool:
    """Whether versions of its own are pinned for this database."""
    return database in PinsFile.read(path).databases


def production(database: str, path: Path = PINS_FILE) -> PinnedSet | None:
    """The set that a database is served with; None before the first set-up for it."""
    return PinsFile.read(path).databases.get(database)


def earlier_sets(database: str, path: Path = PINS_FILE) -> list[PinnedSet]:
    """The sets that a database was served with before, the newest first."""
    return PinsFile.read(path).earlier.get(database, [])


def read_pins(path: Path = PINS_FILE) -> PinsFile:
    """The file's pins, for whoever would do harm without them.

    Raises:
        ModelMissing: the file is there and cannot be read.
    """
    try:
        return PinsFile.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return PinsFile()
    except ValidationError as error:
        raise ModelMissing(f"{path} is damaged. Run `make setup`, which writes it anew.") from error


def pin(
    models: ModelPins, database: str, path: Path = PINS_FILE, *, diffusion: str | None = None, going_back: bool = False
) -> None:
    """Make these versions the ones that a service of this database loads at its next start.

    Args:
        models: The versions. A PinnedSet may say what paints; else that stays as it is for the database.
        database: The database's key (`aiplayer.settings.database_key`).
        path: The file of pins; it is replaced in one step.
        diffusion: What paints beside models that were pinned before without saying so; it is written down with them.
        going_back: Put the set that is left behind the newest of the earlier ones, so that who goes back once more
            comes to one before it.
    """
    before = PinsFile.read(path)
    replaced = before.databases.get(database)
    pinned = _pinned(models, replaced)

    earlier = before.earlier.get(database, [])
    if diffusion is not None:
        earlier = [kept.painted_by(diffusion) for kept in earlier]
        replaced = replaced and replaced.painted_by(diffusion)
    earlier = [kept for kept in earlier if not _equal(kept, pinned)]
    if replaced and not _equal(replaced, pinned):
        earlier.insert(1 if going_back else 0, replaced)

    changed = PinsFile(
        models=pinned.models,
        databases=before.databases | {database: pinned},
        earlier=before.earlier | {database: earlier},
    )
    write_pins(changed, path)


def _pinned(models: ModelPins, replaced: PinnedSet | None) -> PinnedSet:
    if isinstance(models, PinnedSet):
        return models
    return PinnedSet(**models.model_dump(), diffusion_weights=replaced.diffusion_weights if replaced else None)


def _equal(one: PinnedSet, other: PinnedSet) -> bool:
    """Whether two sets serve the same; who has chosen them does not matter."""
    return (one.models, one.diffusion_weights) == (other.models, other.diffusion_weights)


def remove_outdated(in_use: ModelPins, path: Path = PINS_FILE) -> list[str]:
    """Remove the versions of sets that were pinned for a database before its last KEPT_SETS, and of no kept set.

    What was never pinned stays, and so does all in a store that BENTOML_HOME puts elsewhere than beside the file of
    pins: it may serve others, whose pins are not known here.

    Args:
        in_use: Versions to keep besides, as the environment may name them.
        path: The file of pins.

    Returns:
        The tags that were removed.
    """
    if not is_own_store(path.parent):
        return []

    pinned = PinsFile.read(path)
    kept = {database: sets[: KEPT_SETS - 1] for database, sets in pinned.earlier.items()}
    if kept == pinned.earlier:
        return []

    outdated = [models for database, sets in pinned.earlier.items() for models in sets[KEPT_SETS - 1 :]]
    needed = [*pinned.databases.values(), *chain.from_iterable(kept.values())]
    stay, go = _divided(list_sets(path.parent), needed, outdated)
    kept_tags = tags_of([in_use, pinned.models, *needed, *(manifest.models for manifest in stay)])
    removed = sorted(tags_of(outdated) - kept_tags)
    # A set goes before its models, so that a kill leaves no set without them.
    for manifest in go:
        forget_set(manifest.name, path.parent)
    for tag in removed:
        remove(tag)

    # At the end, so that what a kill leaves is removed by the next set-up.
    write_pins(pinned.model_copy(update={"earlier": kept}), path)
    return removed


def _divided(
    manifests: list[SetManifest], needed: list[PinnedSet], outdated: list[PinnedSet]
) -> tuple[list[SetManifest], list[SetManifest]]:
    """The sets that stay, and those that are outdated, needed by nobody, and no parent of one that stays."""
    go = [
        manifest
        for manifest in manifests
        if any(manifest.is_pinned_as(pinned) for pinned in outdated)
        and not any(manifest.is_pinned_as(pinned) for pinned in needed)
    ]
    parents = {manifest.parent for manifest in manifests if manifest not in go}
    go = [manifest for manifest in go if manifest.name not in parents]
    return [manifest for manifest in manifests if manifest not in go], go


def is_own_store(state: Path) -> bool:
    """Whether the model store lies beside the pins, so that no others can use it."""
    return store_of("").resolve() == (state / "bentoml" / "models").resolve()


def tags_of(sets: Iterable[ModelPins]) -> set[str]:
    """The tags of all models of these sets."""
    return {
        tag
        for models in sets
        for tag in (models.title_encoder, models.title_index, models.playlist_autoencoder)
        if ":" in tag
    }


def write_pins(pins: PinsFile, path: Path) -> None:
    """Replace the file of pins in one step."""
    write_whole(path, pins.model_dump_json(indent=2, exclude_defaults=True) + "\n")
