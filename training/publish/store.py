"""Puts trained models into the BentoML model store as versions that name what they were made from and what they hold.

A version is two digests: of everything that decides the model (source, data, recipe, seed), and of its files' bytes.
What is in the store already is found by the first and not made again; two models that differ in one byte differ in the
second. A version whose bytes are not those that it names is damaged, and made again.
"""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import bentoml
from yaml import YAMLError

DIGEST_CHARACTERS = 12
# What BentoML writes beside a model's files, with its labels and when it was made.
BENTOML_FILE = "model.yaml"


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
    for folder in store_of(name).glob(f"{made_from}-*/"):
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


def store_of(name: str) -> Path:
    """The folder with a folder of each version of a model."""
    home = Path(os.environ.get("BENTOML_HOME", "~/bentoml")).expanduser()
    return home / "models" / name


def _make_room(tag: str) -> None:
    """Remove what would keep BentoML from storing a version: a damaged one of that name, and the note of the newest."""
    name, _, version = tag.partition(":")
    folder = store_of(name) / version
    if folder.exists() and not is_whole(tag):
        shutil.rmtree(folder)

    # BentoML reads the version that stands here, which may be damaged; without the note it writes a new one.
    (store_of(name) / "latest").unlink(missing_ok=True)
