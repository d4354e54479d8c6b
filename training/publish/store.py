"""Puts trained models into the BentoML model store as versions that name what they were made from and what they hold.

A version is two digests: of everything that decides the model (source, data, recipe, seed), and of its files' bytes.
What is in the store already is found by the first and not made again; two models that differ in one byte differ in the
second. A version whose bytes are not those that it names is damaged, and made again.
"""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import bentoml
from bentoml._internal.models.model import ModelStore
from yaml import YAMLError

from aiplayer.file_records import Records
from aiplayer.stored_model import DIGEST_CHARACTERS, as_metadata, bytes_digest, digest_of_records, files_in

# Else BentoML tells its makers of every model that is stored, and reads every certificate of the machine for that.
os.environ.setdefault("BENTOML_DO_NOT_TRACK", "True")
# Begins the names of folders that a kill may leave.
DRAFTS = "draft-"


def digest_of_ingredients(*ingredients: object) -> str:
    """The digest of everything that decides a model: the first half of its version."""
    return hashlib.sha256("\n".join(map(str, ingredients)).encode()).hexdigest()[:DIGEST_CHARACTERS]


def digest_of_bytes(folder: Path) -> str:
    """The digest of a model's files, by name and content, but for BentoML's own: the second half of its version."""
    return digest_of_records(files_in(folder))


def is_whole(tag: str) -> bool:
    """Whether the model store holds this version with all the bytes that it names.

    A set-up that was killed leaves a version half copied, and a full disk an empty file.
    """
    try:
        model = bentoml.models.get(tag, _model_store=model_store())
    except (bentoml.exceptions.BentoMLException, YAMLError, ValueError):
        return False

    return digest_of_bytes(Path(model.path)) == bytes_digest(tag)


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
            whole.append(bentoml.models.get(tag, _model_store=model_store()))
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
    with drafts() as folder:
        written = folder / "written"
        written.mkdir()
        write(written)

        records = files_in(written)
        tag = f"{name}:{made_from}-{digest_of_records(records)}"
        put(tag, written, records, labels)
    return tag


def put(tag: str, written: Path, records: Records, labels: Mapping[str, str]) -> None:
    """Move a model's files into the store, where the version is seen whole or not at all.

    Args:
        tag: `name:made_from-bytes`; a whole version that is there already stays, a damaged one makes room.
        written: The folder with the model's files, in a folder of `drafts`; they are moved out of it.
        records: Those of its files.
        labels: What the model's runner checks before it loads it.
    """
    if is_whole(tag):
        return
    name, _, version = tag.partition(":")
    beside = written.parent / "store"
    beside.mkdir(exist_ok=True)
    with bentoml.models.create(
        tag, labels=dict(labels), metadata=as_metadata(records), _model_store=ModelStore(beside)
    ):
        pass

    draft = beside / name / version
    for path in records:
        (draft / path).parent.mkdir(parents=True, exist_ok=True)
        os.replace(written / path, draft / path)
    remove(tag)
    store_of(name).mkdir(parents=True, exist_ok=True)
    os.replace(draft, store_of(name) / version)


@contextmanager
def drafts() -> Iterator[Path]:
    """A folder on the disk of the model store, for what is not whole yet; it is removed at the end."""
    folder = bentoml_home() / "tmp"
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=DRAFTS, dir=folder) as draft:
        yield Path(draft)


def remove(tag: str) -> None:
    """Remove a version, damaged or whole, and the note of the newest one.

    BentoML reads the version that the note names, which may be this one; without the note it looks for the newest.
    """
    name, _, version = tag.partition(":")
    (store_of(name) / "latest").unlink(missing_ok=True)
    shutil.rmtree(store_of(name) / version, ignore_errors=True)


def bentoml_home() -> Path:
    """BentoML's folder, as the environment names it."""
    return Path(os.environ.get("BENTOML_HOME", "~/bentoml")).expanduser()


def model_store() -> ModelStore:
    """The model store, as the environment names it now."""
    return ModelStore(store_of(""))


def store_of(name: str) -> Path:
    """The folder with a folder of each version of a model."""
    return bentoml_home() / "models" / name
