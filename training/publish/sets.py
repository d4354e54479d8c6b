"""A set of models is made, and held against the files that it must have."""

import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType

import bentoml
from bentoml.models import Model
from yaml import YAMLError

from aiplayer.errors import ModelMissing
from aiplayer.file_records import FileRecord, Records, check_files
from aiplayer.model_set import set_name
from aiplayer.pins import ModelPins
from aiplayer.settings import PROJECT, STATE
from aiplayer.stored_model import BENTOML_FILE, bytes_digest, digest_of_records, files_in, recorded_files
from training.publish.manifest import (
    CALLED,
    DIFFUSION,
    MODEL_KINDS,
    SetManifest,
    diffusion_folder,
    diffusion_records,
    has_own_weights,
    refuse_mixed,
)
from training.publish.registry import folder_of, register, remedy
from training.publish.store import model_store, store_of

NOTHING: Mapping[str, bytes] = MappingProxyType({})


def make_set(
    models: ModelPins,
    diffusion: str,
    parent: str | None = None,
    attachments: Mapping[str, bytes] = NOTHING,
    *,
    state: Path = STATE,
) -> SetManifest:
    """Register models as a set; an equal one that is registered already stays as it is and is returned.

    Args:
        models: The versions, which are in the model store.
        diffusion: What paints beside them: the setting `diffusion_weights`, or "elsewhere".
        parent: The name of the set that this one was made from.
        attachments: What is told of the set, by file name: `card.md`, `card.json`, `changes.html`.
        state: The folder with the folder of sets.

    Raises:
        InvalidInput: the models are mixed, or a set of this name says something else.
        ModelMissing: a model is not in the store, or damaged.
    """
    stored = {kind: stored_model(getattr(models, kind), kind) for kind in MODEL_KINDS}
    labels = {kind: dict(model.info.labels) for kind, model in stored.items()}
    refuse_mixed(models, labels)

    own_weights = {DIFFUSION: dict(diffusion_records(diffusion))} if has_own_weights(diffusion) else {}
    manifest = SetManifest(
        name=set_name(models, diffusion),
        models=models,
        diffusion=diffusion,
        catalogue=labels["title_index"].get("catalogue", ""),
        parent=parent,
        made_at=datetime.now(UTC),
        code=_commit(),
        labels=labels,
        files={kind: dict(_files_of(model, CALLED[kind])) for kind, model in stored.items()} | own_weights,
        attachments={name: _record(content) for name, content in attachments.items()},
    )
    return register(manifest, attachments, state)


def verify(manifest: SetManifest, state: Path = STATE) -> None:
    """Compare every file of a set with what it must hold; each is read once.

    Raises:
        InvalidInput: the models are mixed.
        ModelMissing: a file is missing or damaged; the message names it.
    """
    refuse_mixed(manifest.models, manifest.labels)
    for kind, folder in folders_of(manifest).items():
        whose = f"the {CALLED[kind]} of the set {manifest.name}"
        check_files(folder, manifest.files[kind], whose, remedy(manifest))
        if (
            kind != DIFFUSION
            and stored_model(getattr(manifest.models, kind), kind).info.labels != manifest.labels[kind]
        ):
            raise ModelMissing(f"The file {BENTOML_FILE} of {whose} is damaged. {remedy(manifest)}")
    check_files(folder_of(manifest.name, state), manifest.attachments, f"the set {manifest.name}", remedy(manifest))


def folders_of(manifest: SetManifest) -> dict[str, Path]:
    """The folder of each kind of model whose files the set has, as they lie on this machine."""
    folders = {}
    for kind in manifest.files:
        if kind == DIFFUSION:
            folders[kind] = diffusion_folder(manifest.diffusion)
        else:
            name, _, version = getattr(manifest.models, kind).partition(":")
            folders[kind] = store_of(name) / version
    return folders


def stored_model(tag: str, kind: str) -> Model:
    """A model of the store.

    Raises:
        ModelMissing: the store lacks it, or what BentoML wrote beside it is damaged.
    """
    try:
        return bentoml.models.get(tag, _model_store=model_store())
    except bentoml.exceptions.NotFound as error:
        raise ModelMissing(
            f"The {CALLED[kind]} {tag} is not in the model store. Pull its set, or `make setup`."
        ) from error
    except (bentoml.exceptions.BentoMLException, YAMLError, ValueError) as error:
        raise ModelMissing(f"The file {BENTOML_FILE} of the {CALLED[kind]} {tag} is damaged. Pull its set.") from error


def _files_of(model: Model, called: str) -> Records:
    """The records that a model was stored with; of one without any its files are read."""
    tag = str(model.tag)
    records = recorded_files(tag, model.info.metadata)
    if records is None:
        records = files_in(Path(model.path))
        if bytes_digest(tag) not in (None, digest_of_records(records)):
            raise ModelMissing(f"The {called} {tag} is damaged: its files are not those of its version. `make setup`.")
    return records


def _record(content: bytes) -> FileRecord:
    return FileRecord(bytes=len(content), sha256=sha256(content).hexdigest())


def _commit() -> str:
    """The commit that is checked out, "" outside git."""
    if not (PROJECT / ".git").exists():
        return ""
    try:
        ended = subprocess.run(["git", "-C", str(PROJECT), "rev-parse", "HEAD"], capture_output=True, text=True)
    except OSError:
        return ""
    return ended.stdout.strip() if ended.returncode == 0 else ""
