"""Sets on their way between this machine and a repository.

Whenever such a command is killed, what was there before is as it was, and the same command goes on where it was.
"""

import hashlib
import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from aiplayer.errors import InvalidInput, ModelMissing, Unavailable
from aiplayer.file_records import FileRecord, check_files
from aiplayer.settings import STATE
from aiplayer.stored_model import bytes_digest
from aiplayer.thumbnails.diffusion.files.locations import pulled_place
from training.publish.manifest import CALLED, DIFFUSION, MODEL_KINDS, SetManifest, diffusion_folder, refuse_mixed
from training.publish.registry import chosen, folder_of, is_registered, parsed, read_set, register
from training.publish.repository import Repository, Tell
from training.publish.sets import folders_of, verify
from training.publish.store import bentoml_home, is_whole, put

BYTES_A_READ = 2**20
LATEST = "latest"
# Begins the name of the folder that holds what a pull has fetched until it ends.
PULLING = "pull-"


def push(manifest: SetManifest, repository: Repository, tell: Tell, *, again: bool = False, state: Path = STATE) -> int:
    """Copy a set into a repository, its `set.json` last.

    Args:
        manifest: The set.
        repository: Where to.
        tell: Is told of every byte of the set, also of those that are there already.
        again: Copy files that are there already too, for they are damaged.
        state: The folder of the sets.

    Returns:
        The number of files that were copied.

    Raises:
        InvalidInput: the repository has another set of this name.
        ModelMissing: a file is missing or damaged; the message names it.
    """
    verify(manifest, state)
    is_there = manifest.name in repository.set_names()
    if is_there and not read_remote(manifest.name, repository).is_equal(manifest):
        raise InvalidInput(
            f"{repository.address} has a set {manifest.name} with other files, and a set never changes. "
            "Give diffusion weights that have changed another name, or push to another place."
        )

    copied = _upload(manifest, repository, tell, {} if again else _present(repository), state)
    if not is_there:
        repository.write_set(manifest.name, f"{manifest.model_dump_json(indent=1)}\n".encode())
    # Whoever has pruned the repository meanwhile saw no set yet that needs these files.
    return copied + _upload(manifest, repository, lambda size: None, _present(repository), state)


def _present(repository: Repository) -> dict[str, int]:
    return {sha256: stored.bytes for sha256, stored in repository.objects().items()}


def _upload(manifest: SetManifest, repository: Repository, tell: Tell, present: Mapping[str, int], state: Path) -> int:
    """Copy the files that are not present, by size; the number of them."""
    sources: dict[FileRecord, Path] = {}
    for kind, folder in folders_of(manifest).items():
        sources.update({record: folder / path for path, record in manifest.files[kind].items()})
    attached = folder_of(manifest.name, state)
    sources.update({record: attached / name for name, record in manifest.attachments.items()})

    copied = 0
    for record, path in sources.items():
        if present.get(record.sha256) == record.bytes:
            tell(record.bytes)
        else:
            repository.upload(path, record, tell)
            copied += 1
    return copied


def read_remote(name: str, repository: Repository) -> SetManifest:
    """A set of a repository.

    Raises:
        ModelMissing: its `set.json` is damaged, or that of another set.
    """
    manifest = parsed(repository.read_set(name), f"The set {name} in {repository.address}")
    if manifest.name != name:
        raise ModelMissing(f"The set {name} in {repository.address} is in truth {manifest.name}. Push it again.")
    return manifest


def find_remote(name: str, repository: Repository) -> SetManifest:
    """A set of a repository by its name, by the beginning of it, or the one that was made last.

    Raises:
        InvalidInput: several names begin so.
        NotFound: none does.
        ModelMissing: its `set.json` is damaged.
    """
    names = repository.set_names()
    if name == LATEST and names:
        return max((read_remote(name, repository) for name in names), key=lambda manifest: manifest.made_at)
    return read_remote(chosen(name, names, f"in {repository.address}"), repository)


def pull(manifest: SetManifest, repository: Repository, tell: Tell, *, state: Path = STATE) -> None:
    """Copy a set from a repository: its models into the model store, each in one step, and at last the set itself.

    Args:
        manifest: The set, from `find_remote`.
        repository: Where from.
        tell: Is told of every byte of the set, also of those that are here already.
        state: The folder of the sets.

    Raises:
        InvalidInput: the set is mixed, or another one of this name is registered here.
        ModelMissing: a file arrived damaged, or one that is here is another; the message names it.
        Unavailable: the repository stopped answering.
    """
    refuse_mixed(manifest.models, manifest.labels)
    if is_registered(manifest.name, state) and not read_set(manifest.name, state).is_equal(manifest):
        raise InvalidInput(
            f"Another set {manifest.name} is registered here, with other files. If that of the repository is the right "
            f"one, remove {folder_of(manifest.name, state)} and pull it again."
        )

    fetched = pulling_folder(manifest.name)
    fetched.mkdir(parents=True, exist_ok=True)
    for kind in MODEL_KINDS:
        _pull_model(kind, manifest, repository, fetched, tell)
    if DIFFUSION in manifest.files:
        _pull_weights(manifest, repository, fetched, tell)
    attachments = {}
    for name, record in manifest.attachments.items():
        fetch(record, name, repository, fetched, tell)
        attachments[name] = (fetched / record.sha256).read_bytes()

    register(manifest, attachments, state)
    shutil.rmtree(fetched)


def pulling_folder(name: str) -> Path:
    """Where a pull keeps what it has fetched, on the disk of the model store."""
    return bentoml_home() / "tmp" / f"{PULLING}{name}"


def _pull_model(kind: str, manifest: SetManifest, repository: Repository, fetched: Path, tell: Tell) -> None:
    tag, records = getattr(manifest.models, kind), manifest.files[kind]
    if bytes_digest(tag) is None:
        raise InvalidInput(f"The {CALLED[kind]} {tag} names no digest of its files, so it is not taken from elsewhere.")
    if is_whole(tag):
        tell(sum(record.bytes for record in records.values()))
        return

    written = _gathered(kind, records, repository, fetched, tell)
    put(tag, written, records, manifest.labels[kind])
    if not is_whole(tag):
        # A disk that has lost what was written to it; nothing of it is believed.
        shutil.rmtree(fetched)
        raise ModelMissing(f"The {CALLED[kind]} {tag} was damaged on this disk. Run the same command again.")


def _pull_weights(manifest: SetManifest, repository: Repository, fetched: Path, tell: Tell) -> None:
    """Put the operator's own diffusion weights where the setting of the other machine finds them here."""
    records, place = manifest.files[DIFFUSION], pulled_place(manifest.diffusion)
    try:
        folder = diffusion_folder(manifest.diffusion)
    except ModelMissing:
        folder = place
    if any((folder / path).exists() for path in records):
        remedy = "Move it away and pull the set again."
        check_files(folder, records, f"the diffusion weights {folder} of this machine", remedy)
        tell(sum(record.bytes for record in records.values()))
        return

    written = _gathered(DIFFUSION, records, repository, fetched, tell)
    place.parent.mkdir(parents=True, exist_ok=True)
    draft = place.with_name(f".{place.name}.draft")
    if draft.is_dir():
        shutil.rmtree(draft)
    is_file = list(records) == [place.name]
    shutil.move(written / place.name if is_file else written, draft)
    os.replace(draft, place)


def _gathered(kind: str, records: Mapping[str, FileRecord], repository: Repository, fetched: Path, tell: Tell) -> Path:
    """A folder with these files; what was fetched stays beside it until the whole pull ends."""
    for path, record in records.items():
        fetch(record, f"{path} of the {CALLED[kind]}", repository, fetched, tell)

    around = fetched / kind
    shutil.rmtree(around, ignore_errors=True)
    for path, record in records.items():
        (around / "written" / path).parent.mkdir(parents=True, exist_ok=True)
        os.link(fetched / record.sha256, around / "written" / path)
    return around / "written"


def fetch(record: FileRecord, what: str, repository: Repository, folder: Path, tell: Tell) -> None:
    """Copy one file of a repository into a folder, under its sha256; it goes on where a killed one was.

    Raises:
        ModelMissing: what arrived is not what the record says; the message names the file.
        Unavailable: the repository stopped answering.
    """
    place, part = folder / record.sha256, folder / f"{record.sha256}.part"
    if place.exists():
        tell(record.bytes)
        return

    if part.exists() and part.stat().st_size > record.bytes:
        part.unlink()
    digest = hashlib.sha256()
    with part.open("ab+") as file:
        file.seek(0)
        while content := file.read(BYTES_A_READ):
            digest.update(content)
        size = file.tell()
        tell(size)
        if size < record.bytes:
            for content in repository.read(record.sha256, size):
                file.write(content)
                digest.update(content)
                size += len(content)
                tell(len(content))
    if size < record.bytes:
        raise Unavailable(f"{repository.address} stopped in the middle of {what}. Run the same command again.")
    if digest.hexdigest() != record.sha256:
        part.unlink()
        raise ModelMissing(
            f"The file {what} is damaged in {repository.address} (objects/{record.sha256}). Nothing was changed here. "
            "Push the set with --again from a machine that has it, and pull it again."
        )
    os.replace(part, place)
