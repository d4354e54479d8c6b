"""Puts trained models into the BentoML model store under versions that say what they were made of.

A version is a digest of everything that decides the model (source, data, recipe), so publishing the same thing twice
stores it once, and `var/models.json` names exactly what the runners load.
"""

import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path

import bentoml

from aiplayer.settings import PINS_FILE, ModelPins


def tag_of(name: str, *ingredients: object) -> str:
    """`name:version`, the version being a digest of the ingredients."""
    digest = hashlib.sha256("\n".join(map(str, ingredients)).encode()).hexdigest()
    return f"{name}:{digest[:12]}"


def is_stored(tag: str) -> bool:
    """Whether the model store holds this exact version."""
    try:
        return bool(bentoml.models.get(tag))
    except bentoml.exceptions.NotFound:
        return False


def store(tag: str, write: Callable[[Path], None], labels: dict[str, str]) -> None:
    """Store what `write` puts into the folder it is given; nothing is stored where it fails."""
    with bentoml.models.create(tag, labels=labels) as model:
        write(Path(model.path))


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
    path.parent.mkdir(parents=True, exist_ok=True)
    pinned = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    databases = pinned.get("databases", {}) | {database: pins.model_dump()}
    draft = path.with_suffix(".draft")
    content = {"models": pins.model_dump(), "databases": databases}
    draft.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    os.replace(draft, path)
