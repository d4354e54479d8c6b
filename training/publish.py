"""Puts trained models into the BentoML model store as versions that name what they were made from and what they hold.

A version is two digests: of everything that decides the model (source, data, recipe, seed), and of its files' bytes.
What is in the store already is found by the first and not made again; two models that differ in one byte differ in the
second. A version whose bytes are not those that it names is damaged, and made again. `var/models.json` names exactly
what the runners load.
"""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable
from itertools import chain
from pathlib import Path

import bentoml
from yaml import YAMLError

from aiplayer.files import write_whole
from aiplayer.settings import PINS_FILE, ModelPins, PinsFile

DIGEST_CHARACTERS = 12
# What BentoML writes beside a model's files, with its labels and when it was made.
BENTOML_FILE = "model.yaml"
# The set that is pinned for a database, and those before it, which are the way back.
KEPT_SETS = 3


def digest_of_ingredients(*ingredients: object) -> str:
    """The digest of everything that decides a model: the first half of its version."""
    return hashlib.sha256("\n".join(map(str, ingredients)).encode()).hexdigest()[:DIGEST_CHARACTERS]


def digest_of_bytes(folder: Path) -> str:
    """The digest of a model's files, by name and content, but for BentoML's own: the second half of its version."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path != folder / BENTOML_FILE:
            content = hashlib.sha256(path.read_bytes()).hexdigest()
            digest.update(f"{path.relative_to(folder).as_posix()} {content}\n".encode())
    return digest.hexdigest()[:DIGEST_CHARACTERS]


def is_whole(tag: str) -> bool:
    """Whether the model store holds this version with all the bytes that it names.

    A set-up that was killed leaves a version half copied, and a full disk an empty file.
    """
    try:
        model = bentoml.models.get(tag)
    except (bentoml.exceptions.BentoMLException, YAMLError, ValueError):
        return False

    _, _, bytes_digest = tag.rpartition("-")
    return digest_of_bytes(Path(model.path)) == bytes_digest


def find_stored(name: str, made_from: str) -> str | None:
    """The tag of the newest whole model in the store that was made from these ingredients; None without any.

    Args:
        name: The model's name.
        made_from: The digest of its ingredients.
    """
    whole = []
    for folder in _store_of(name).glob(f"{made_from}-*/"):
        tag = f"{name}:{folder.name}"
        if is_whole(tag):
            whole.append(bentoml.models.get(tag))
    if not whole:
        return None
    return str(max(whole, key=lambda model: model.creation_time).tag)


def store(name: str, made_from: str, write: Callable[[Path], object], labels: dict[str, str]) -> str:
    """Store a model; nothing is stored where writing it fails, and a damaged version of that name makes room.

    Args:
        name: The model's name.
        made_from: The digest of its ingredients.
        write: Writes the model's files into the folder that it is given.
        labels: What the model's runner checks before it loads it.

    Returns:
        `name:made_from-bytes`, the model's tag.
    """
    with tempfile.TemporaryDirectory(prefix=f"{name}-") as draft:
        folder = Path(draft)
        write(folder)
        tag = f"{name}:{made_from}-{digest_of_bytes(folder)}"
        _make_room(tag)
        with bentoml.models.create(tag, labels=labels) as model:
            shutil.copytree(folder, model.path, dirs_exist_ok=True)
    return tag


def _store_of(name: str) -> Path:
    """The folder with a folder of each version of a model."""
    home = Path(os.environ.get("BENTOML_HOME", "~/bentoml")).expanduser()
    return home / "models" / name


def _make_room(tag: str) -> None:
    """Remove what would keep BentoML from storing a version: a damaged one of that name, and the note of the newest."""
    name, _, version = tag.partition(":")
    folder = _store_of(name) / version
    if folder.exists() and not is_whole(tag):
        shutil.rmtree(folder)

    # BentoML reads the version that stands here, which may be damaged; without the note it writes a new one.
    (_store_of(name) / "latest").unlink(missing_ok=True)


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
    if _store_of("").resolve() != (path.parent / "bentoml" / "models").resolve():
        return []

    pinned = PinsFile.read(path)
    kept = {database: sets[: KEPT_SETS - 1] for database, sets in pinned.earlier.items()}
    if kept == pinned.earlier:
        return []

    kept_tags = _tags([in_use, pinned.models, *pinned.databases.values(), *chain.from_iterable(kept.values())])
    outdated = sorted(_tags(chain.from_iterable(pinned.earlier.values())) - kept_tags)
    for tag in outdated:
        name, _, version = tag.partition(":")
        shutil.rmtree(_store_of(name) / version, ignore_errors=True)
        # The note may name this version; BentoML finds the newest without it.
        (_store_of(name) / "latest").unlink(missing_ok=True)

    # At the end, so that what a kill leaves is removed by the next set-up.
    _write_pins(pinned.model_copy(update={"earlier": kept}), path)
    return outdated


def _tags(sets: Iterable[ModelPins]) -> set[str]:
    """The tags of all models of these sets."""
    return {tag for models in sets for tag in models.model_dump().values() if ":" in tag}


def _write_pins(pins: PinsFile, path: Path) -> None:
    write_whole(path, pins.model_dump_json(indent=2) + "\n")
