"""Which set of models a container serves, and how it gets there: packed, pulled by its name, or promoted in it."""

from collections.abc import Callable
from pathlib import Path

from aiplayer.errors import InvalidInput, ModelMissing
from aiplayer.pins import database_key
from aiplayer.settings import STATE, Settings
from infra.container.packed import Packed
from training.publish.manifest import SetManifest
from training.publish.pins import pin
from training.publish.production import PINS, kept_set
from training.publish.registry import is_registered, read_set, set_names
from training.publish.repository import open_repository
from training.publish.store import is_whole
from training.publish.transfer import LATEST, find_remote, pull

Tell = Callable[[str], None]


def pin_set(
    settings: Settings, packed: Packed, catalogue: str | None, tell: Tell, *, state: Path = STATE
) -> SetManifest:
    """Have the service of this database load a set, which is here with all its files afterwards.

    Args:
        settings: Name the database, the set where one is asked for, and the repository.
        packed: What the image holds.
        catalogue: The version of the catalogue that the database holds.
        tell: Is told what takes long.
        state: The folder of the sets and of the pins.

    Returns:
        The set.

    Raises:
        InvalidInput: it was made for another catalogue.
        ModelMissing: there is no set, or a file of it is damaged.
        Unavailable: the repository does not answer.
    """
    manifest = packed.manifest
    if manifest is not None:
        packed.install(manifest, state)
    if settings.set:
        manifest = _asked_for(settings, tell, state)
    elif kept := kept_set(settings, catalogue, state=state):
        # A person has chosen it in this container; its pins say so already.
        return kept
    if manifest is None:
        raise ModelMissing(
            "This image holds no set of models. Name one, AIPLAYER_SET=NAME, and where it is kept, "
            "AIPLAYER_MODEL_REPOSITORY=s3://bucket/prefix or a folder."
        )

    if manifest.catalogue != catalogue:
        raise InvalidInput(
            f"The set {manifest.name} was made for catalogue {manifest.catalogue}, and the database holds "
            f"{catalogue or 'none'}. Name a set of that catalogue: AIPLAYER_SET=NAME.",
            code="other_catalogue",
        )
    _pin(manifest, settings, state)
    return manifest


def pin_painters_set(settings: Settings, packed: Packed, tell: Tell, *, state: Path = STATE) -> SetManifest | None:
    """Have a painter, which asks no database, paint with what a set paints with.

    Args:
        settings: Name the set where one is asked for, and the repository.
        packed: What the image holds.
        tell: Is told what takes long.
        state: The folder of the sets and of the pins.

    Returns:
        The set; None where there is none, so that the settings alone say what paints.

    Raises:
        ModelMissing: the set that is asked for is not there, or a file of it is damaged.
        Unavailable: the repository does not answer.
    """
    manifest = packed.manifest
    if manifest is not None:
        packed.install(manifest, state)
    if settings.set:
        manifest = _asked_for(settings, tell, state)
    if manifest is not None:
        _pin(manifest, settings, state)
    return manifest


def _pin(manifest: SetManifest, settings: Settings, state: Path) -> None:
    """Have it loaded; the environment or the image decides at each start, and only `promote` decides for good."""
    pinned = manifest.pinned.model_copy(update={"promoted": False})
    pin(pinned, database_key(settings.database_url), state / PINS)


def _asked_for(settings: Settings, tell: Tell, state: Path) -> SetManifest:
    """The set of the setting, pulled where it is not here whole."""
    here = set_names(state)
    if settings.set != LATEST and any(name.startswith(settings.set) for name in here):
        manifest = read_set(settings.set, state)
        if _has_models(manifest):
            return manifest

    repository = open_repository("", settings)
    manifest = find_remote(settings.set, repository)
    if not (is_registered(manifest.name, state) and _has_models(manifest)):
        tell(f"pulling the set {manifest.name} from {repository.address}, {manifest.size_bytes / 1e6:,.1f} MB")
        pull(manifest, repository, lambda size: None, state=state)
    return manifest


def _has_models(manifest: SetManifest) -> bool:
    """Whether the model store has the set's models, with all their bytes."""
    return all(map(is_whole, manifest.models.model_dump().values()))
