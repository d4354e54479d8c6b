"""`var/models.json` names exactly what the runners load, for each database its own, and what they loaded before."""

from collections.abc import Iterable
from itertools import chain
from pathlib import Path

from aiplayer.files import write_whole
from aiplayer.settings import PINS_FILE, ModelPins, PinsFile
from training.publish.store import remove, store_of

# The set that is pinned for a database, and those before it, which are the way back.
KEPT_SETS = 3


def is_pinned(database: str, path: Path = PINS_FILE) -> bool:
    """Whether versions of its own are pinned for this database."""
    return database in PinsFile.read(path).databases


def pin(pins: ModelPins, database: str, path: Path = PINS_FILE) -> None:
    """Make these versions the ones that a service of this database loads at its next start.

    Args:
        pins: The versions.
        database: The database's key (`aiplayer.settings.database_key`).
        path: The file of pins; it is replaced in one step.
    """
    before = PinsFile.read(path)
    earlier = before.earlier.get(database, [])
    if database in before.databases:
        earlier = [before.databases[database], *earlier]
    earlier = [models for models in earlier if models != pins]

    pinned = PinsFile(
        models=pins,
        databases=before.databases | {database: pins},
        earlier=before.earlier | {database: earlier},
    )
    _write_pins(pinned, path)


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
    if store_of("").resolve() != (path.parent / "bentoml" / "models").resolve():
        return []

    pinned = PinsFile.read(path)
    kept = {database: sets[: KEPT_SETS - 1] for database, sets in pinned.earlier.items()}
    if kept == pinned.earlier:
        return []

    kept_tags = _tags([in_use, pinned.models, *pinned.databases.values(), *chain.from_iterable(kept.values())])
    outdated = sorted(_tags(chain.from_iterable(pinned.earlier.values())) - kept_tags)
    for tag in outdated:
        remove(tag)

    # At the end, so that what a kill leaves is removed by the next set-up.
    _write_pins(pinned.model_copy(update={"earlier": kept}), path)
    return outdated


def _tags(sets: Iterable[ModelPins]) -> set[str]:
    """The tags of all models of these sets."""
    return {tag for models in sets for tag in models.model_dump().values() if ":" in tag}


def _write_pins(pins: PinsFile, path: Path) -> None:
    write_whole(path, pins.model_dump_json(indent=2) + "\n")
