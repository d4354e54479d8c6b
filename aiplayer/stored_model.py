"""What the name and the labels of a stored model say of its files.

A version is `made_from-bytes`: two digests of 12 hexadecimal digits, the second of them of the files. The model store
keeps a record of each file besides, in BentoML's metadata; models that were stored before that have the digest alone.
"""

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from aiplayer.errors import ModelMissing
from aiplayer.file_records import FileRecord, Records, check_files, in_order, records_of

DIGEST_CHARACTERS = 12
# What BentoML writes beside a model's files, with its labels and when it was made.
BENTOML_FILE = "model.yaml"
FILES = "files"
VERSION = re.compile(rf"[0-9a-f]{{{DIGEST_CHARACTERS}}}-(?P<bytes>[0-9a-f]{{{DIGEST_CHARACTERS}}})")
REMEDY = "Run `make setup`, or pull its set again: python -m training.publish pull NAME"


def files_in(folder: Path) -> dict[str, FileRecord]:
    """The records of a model's files, without BentoML's own; each is read once."""
    return records_of(folder, without=(BENTOML_FILE,))


def digest_of_records(records: Records) -> str:
    """The digest of a model's files, by name and content: the second half of its version."""
    digest = hashlib.sha256()
    for name in in_order(list(records)):
        digest.update(f"{name} {records[name].sha256}\n".encode())
    return digest.hexdigest()[:DIGEST_CHARACTERS]


def as_metadata(records: Records) -> dict[str, dict[str, list[int | str]]]:
    """The records as BentoML's metadata hold them: `{"files": {path: [bytes, sha256]}}`."""
    return {FILES: {name: [record.bytes, record.sha256] for name, record in records.items()}}


def recorded_files(tag: str, metadata: Mapping[str, Any]) -> dict[str, FileRecord] | None:
    """The records that a model was stored with; None for one that was stored without any.

    Args:
        tag: The model's `name:version`.
        metadata: BentoML's metadata of it.

    Raises:
        ModelMissing: they are not those that the version names.
    """
    stored = metadata.get(FILES)
    if stored is None:
        return None

    try:
        records = {str(name): FileRecord(bytes=size, sha256=sha256) for name, (size, sha256) in stored.items()}
    except (AttributeError, TypeError, ValueError):
        records = {}
    if digest_of_records(records) != bytes_digest(tag):
        raise ModelMissing(f"The file {BENTOML_FILE} of {tag} is damaged: it lists other files. {REMEDY}")
    return records


def bytes_digest(tag: str) -> str | None:
    """The digest of its files that a tag names; None for a version that was not named by this project."""
    version = VERSION.fullmatch(tag.partition(":")[2])
    return version["bytes"] if version else None


def check_stored(folder: Path, tag: str, metadata: Mapping[str, Any], what: str) -> None:
    """Compare a stored model with what it must hold; each file is read once.

    Args:
        folder: The model's folder in the store.
        tag: Its `name:version`.
        metadata: BentoML's metadata of it.
        what: How a person calls the model.

    Raises:
        ModelMissing: a file is missing or damaged; the message names it where the model was stored with records.
    """
    records = recorded_files(tag, metadata)
    if records is not None:
        check_files(folder, records, f"the {what} {tag}", REMEDY)
        return

    expected = bytes_digest(tag)
    if expected and digest_of_records(files_in(folder)) != expected:
        raise ModelMissing(f"The {what} {tag} is damaged: its files are not those that its version names. {REMEDY}")
