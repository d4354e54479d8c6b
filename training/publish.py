"""Puts trained models into the BentoML model store as versions that name what they were made from and what they hold.

A version is two digests: of everything that decides the model (source, data, recipe, seed), and of its files' bytes.
What is in the store already is found by the first and not made again; two models that differ in one byte differ in the
second. `var/models.json` names exactly what the runners load.
"""

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import bentoml

from aiplayer.files import write_whole
from aiplayer.settings import PINS_FILE, ModelPins

DIGEST_CHARACTERS = 12


def digest_of_ingredients(*ingredients: object) -> str:
    """The digest of everything that decides a model: the first half of its version."""
    return hashlib.sha256("\n".join(map(str, ingredients)).encode()).hexdigest()[:DIGEST_CHARACTERS]


def digest_of_bytes(folder: Path) -> str:
    """The digest of all files of a folder, by name and content: the second half of a model's version."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            content = hashlib.sha256(path.read_bytes()).hexdigest()
            digest.update(f"{path.relative_to(folder).as_posix()} {content}\n".encode())
    return digest.hexdigest()[:DIGEST_CHARACTERS]


def is_stored(tag: str) -> bool:
    """Whether the model store holds this exact version."""
    try:
        return bool(bentoml.models.get(tag))
    except bentoml.exceptions.NotFound:
        return False


def find_stored(name: str, made_from: str) -> str | None:
    """The tag of the newest stored model that was made from these ingredients; None without any.

    Args:
        name: The model's name.
        made_from: The digest of its ingredients.
    """
    try:
        models = bentoml.models.list(name)
    except bentoml.exceptions.NotFound:
        return None
    matching = [model for model in models if (model.tag.version or "").startswith(f"{made_from}-")]
    if not matching:
        return None
    return str(max(matching, key=lambda model: model.creation_time).tag)


def store(name: str, made_from: str, write: Callable[[Path], object], labels: dict[str, str]) -> str:
    """Store a model; nothing is stored where writing it fails.

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
        with bentoml.models.create(tag, labels=labels) as model:
            shutil.copytree(folder, model.path, dirs_exist_ok=True)
    return tag


def is_pinned(database: str, path: Path = PINS_FILE) -> bool:
    """Whether versions of its own are pinned for this database."""
    return path.exists() and database in json.loads(path.read_text(encoding="utf-8")).get("databases", {})


def pin(pins: ModelPins, database: str, path: Path = PINS_FILE) -> None:
    """Make these versions the ones that a service of this database loads at its next start.

    Args:
        pins: The versions.
        database: The database's key (`aiplayer.settings.database_key`).
        path: The file of pins; it is replaced in one step.
    """
    pinned = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    databases = pinned.get("databases", {}) | {database: pins.model_dump()}
    content = {"models": pins.model_dump(), "databases": databases}
    write_whole(path, json.dumps(content, indent=2) + "\n")
