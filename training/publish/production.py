"""Which set a database is served with: promoted, rolled back, and left in peace by set-up."""

from pathlib import Path

from aiplayer.catalogue import Catalogue, connect
from aiplayer.errors import InvalidInput, NotFound
from aiplayer.model_set import set_name
from aiplayer.pins import PinnedSet, database_key
from aiplayer.settings import STATE, Settings
from training.publish.manifest import SetManifest
from training.publish.pins import earlier_sets, pin, production, read_pins
from training.publish.registry import is_registered, read_set
from training.publish.sets import make_set, verify
from training.publish.taking_over import TakeOver, at_next_start

PINS = "models.json"


def promote(
    name: str, database: str, diffusion: str = "", *, state: Path = STATE, take_over: TakeOver = at_next_start
) -> SetManifest:
    """Make a set the one that a service of this database loads; the pins change in one step.

    Args:
        name: The set's name, or the beginning of it.
        database: The database's URL.
        diffusion: What paints beside models that were pinned without saying so.
        state: The folder of the sets and of the pins.
        take_over: How it takes the place of the one in use.

    Returns:
        The set.

    Raises:
        InvalidInput: it is mixed, or made for another catalogue.
        ModelMissing: a file of it is missing or damaged.
        NotFound: it is not registered here.
        Unavailable: a service that runs refuses it; then all stays as it is.
    """
    manifest = read_set(name, state)
    check_promotable(manifest, database, state)
    take_over(manifest, lambda: pin(manifest.pinned, database_key(database), state / PINS, diffusion=diffusion))
    return manifest


def rollback(database: str, diffusion: str, *, state: Path = STATE, take_over: TakeOver = at_next_start) -> SetManifest:
    """Make the set that was production before production again.

    Args:
        database: The database's URL.
        diffusion: What paints beside models that were pinned without saying so.
        state: The folder of the sets and of the pins.
        take_over: How it takes the place of the one in use.

    Raises:
        InvalidInput, ModelMissing, Unavailable: as `promote`; then all stays as it is.
        NotFound: there was none before.
    """
    current = production_set(database, diffusion, state=state)
    before = (set_of(pinned, diffusion, state) for pinned in earlier_sets(database_key(database), state / PINS))
    manifest = next((manifest for manifest in before if manifest.name != current.name), None)
    if manifest is None:
        raise NotFound("No other set was production of this database before. `list` shows what can be promoted.")
    check_promotable(manifest, database, state)
    take_over(
        manifest,
        lambda: pin(manifest.pinned, database_key(database), state / PINS, diffusion=diffusion, going_back=True),
    )
    return manifest


def check_promotable(manifest: SetManifest, database: str, state: Path = STATE) -> None:
    """Refuse a set that could not serve this database.

    Raises:
        InvalidInput: it is mixed, or made for another catalogue.
        ModelMissing: a file of it is missing or damaged, or the pins cannot be read.
    """
    # Else the pins of other databases would be lost with a file that cannot be read.
    read_pins(state / PINS)
    engine = connect(database)
    try:
        catalogue = Catalogue(engine).version()
    finally:
        engine.dispose()
    if manifest.catalogue != catalogue:
        raise InvalidInput(
            f"The set {manifest.name} was made for catalogue {manifest.catalogue}, and the database holds "
            f"{catalogue or 'none'}. Promote a set of that catalogue, or make one with `make setup`.",
            code="other_catalogue",
        )
    verify(manifest, state)


def production_set(database: str, diffusion: str, *, state: Path = STATE) -> SetManifest:
    """The set that a database is served with; it is registered where it is not yet.

    Args:
        database: The database's URL.
        diffusion: What paints beside models that were pinned without saying so.
        state: The folder of the sets and of the pins.

    Raises:
        NotFound: nothing is pinned for the database.
    """
    pinned = production(database_key(database), state / PINS)
    if pinned is None:
        raise NotFound("No models are pinned for this database. Run `make setup` once.")
    return set_of(pinned, diffusion, state)


def set_of(pinned: PinnedSet, diffusion: str, state: Path = STATE) -> SetManifest:
    """The set of models that are pinned, registered where it is not yet.

    Args:
        pinned: The models.
        diffusion: What paints where they do not say so.
        state: The folder of the sets.
    """
    paints = diffusion if pinned.diffusion_weights is None else pinned.diffusion_weights
    name = set_name(pinned.models, paints)
    return read_set(name, state) if is_registered(name, state) else make_set(pinned.models, paints, state=state)


def kept_set(settings: Settings, catalogue: str | None, *, state: Path = STATE) -> SetManifest | None:
    """The set that a person has chosen for this database, which set-up leaves as it is while it can serve.

    Args:
        settings: Name the database and what paints.
        catalogue: The version of the catalogue that the database holds.
        state: The folder of the sets and of the pins.

    Returns:
        The set; None where nobody has chosen one, or the catalogue is another by now.

    Raises:
        ModelMissing: a file of it is missing or damaged.
    """
    pinned = production(database_key(settings.database_url), state / PINS)
    if pinned is None or not pinned.promoted:
        return None
    manifest = set_of(pinned, settings.diffusion_weights, state)
    if manifest.catalogue != catalogue:
        return None
    verify(manifest, state)
    return manifest
