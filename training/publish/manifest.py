"""What a set of models is: versions that were made for each other, with every byte that belongs to them."""

import re
from collections.abc import Mapping
from pathlib import Path, PurePath
from typing import Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from aiplayer.errors import InvalidInput
from aiplayer.file_records import FileRecord, Records, is_inside, record_of, records_of
from aiplayer.model_set import ELSEWHERE, set_name
from aiplayer.pins import ModelPins, PinnedSet
from aiplayer.stored_model import bytes_digest, digest_of_records
from aiplayer.thumbnails.diffusion.files.locations import SMALL, path_of

NAME = "^[0-9a-f]{12}$"
PLAIN_NAME = re.compile(r"\w[\w.-]*", re.ASCII)
SET_FILE = "set.json"
DIFFUSION = "diffusion"
MODEL_KINDS = tuple(ModelPins.model_fields)
CALLED = {
    "title_encoder": "title encoder",
    "title_index": "title index",
    "playlist_autoencoder": "recommender",
    DIFFUSION: "diffusion weights",
}


class SetManifest(BaseModel):
    """A set of models, as its `set.json` says it; it is never changed.

    Attributes:
        name: As `aiplayer.model_set` derives it from the versions.
        models: The versions.
        diffusion: What paints beside them: the setting `diffusion_weights`, or "elsewhere".
        catalogue: The version of the catalogue that the models were made for.
        parent: The name of the set that this one was made from.
        made_at: When it was registered, UTC.
        code: The commit of the project; empty outside git.
        labels: What the models' runners check, for each kind of model.
        files: For each kind of model its files; of the diffusion weights only where they are the operator's own.
        attachments: What was told of the set, such as `card.md`; files beside `set.json`.
    """

    model_config = ConfigDict(frozen=True)

    name: str = Field(pattern=NAME)
    models: ModelPins
    diffusion: str = ""
    catalogue: str
    parent: str | None = Field(default=None, pattern=NAME)
    made_at: AwareDatetime
    code: str = ""
    labels: dict[str, dict[str, str]]
    files: dict[str, dict[str, FileRecord]]
    attachments: dict[str, FileRecord] = {}

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        """What came over a network may name any file: only those of a set of this name are taken."""
        if self.name != set_name(self.models, self.diffusion):
            raise ValueError("the name is not that of these models")
        if not {*MODEL_KINDS} <= self.files.keys() <= {*MODEL_KINDS, DIFFUSION}:
            raise ValueError("the files are not those of the models")
        if not all(is_inside(path) for files in self.files.values() for path in files):
            raise ValueError("a file lies outside its folder")
        if not all(PLAIN_NAME.fullmatch(name) and name != SET_FILE for name in self.attachments):
            raise ValueError("an attachment has no plain name")
        for kind, tag in self.models.model_dump().items():
            name, _, version = tag.partition(":")
            if not (PLAIN_NAME.fullmatch(name) and PLAIN_NAME.fullmatch(version)):
                raise ValueError("a model has no exact version")
            if bytes_digest(tag) not in (None, digest_of_records(self.files[kind])):
                raise ValueError(f"the files of the {CALLED[kind]} are not those of its version")
        return self

    @property
    def size_bytes(self) -> int:
        """The size of all its files; one that stands twice counts once."""
        return sum(record.bytes for record in set(self.records()))

    @property
    def pinned(self) -> PinnedSet:
        """The set as a person pins it for a database."""
        weights = None if self.diffusion == ELSEWHERE else self.diffusion
        return PinnedSet(**self.models.model_dump(), diffusion_weights=weights, promoted=True)

    def records(self) -> list[FileRecord]:
        """Those of all files, also of the attachments."""
        return [record for files in (*self.files.values(), self.attachments) for record in files.values()]

    def is_pinned_as(self, pinned: PinnedSet) -> bool:
        """Whether this is the set that is pinned there."""
        return pinned.is_of(self.models, self.diffusion)

    def is_equal(self, other: "SetManifest") -> bool:
        """Whether both hold the same models and files, whoever registered them and when."""
        return (self.name, self.files, self.labels) == (other.name, other.files, other.labels)


def refuse_mixed(models: ModelPins, labels: Mapping[str, Mapping[str, str]]) -> None:
    """Refuse models that were not made for each other.

    Args:
        models: The versions.
        labels: Of each kind of model what it was stored with.

    Raises:
        InvalidInput: two of them disagree; the message says which.
    """
    for kind in ("title_index", "playlist_autoencoder"):
        made_for = labels[kind].get("title_encoder")
        if made_for != models.title_encoder:
            raise InvalidInput(
                f"These models are mixed: the {CALLED[kind]} {getattr(models, kind)} was made for title encoder "
                f"{made_for}, and the set has {models.title_encoder}. Run `make setup`, which makes models that fit.",
                code="mixed_set",
            )

    index, recommender = (labels[kind].get("catalogue") for kind in ("title_index", "playlist_autoencoder"))
    if index != recommender:
        raise InvalidInput(
            f"These models are mixed: the title index {models.title_index} was made for catalogue {index}, the "
            f"recommender {models.playlist_autoencoder} for catalogue {recommender}. Run `make setup`, which makes "
            "models that fit.",
            code="mixed_set",
        )


def has_own_weights(diffusion: str) -> bool:
    """Whether what paints is neither part of the project nor elsewhere, so that its files belong to the set."""
    return diffusion not in ("", SMALL, ELSEWHERE)


def diffusion_folder(diffusion: str) -> Path:
    """The folder that the files of the operator's own diffusion weights lie in."""
    path = path_of(diffusion)
    return path if path.is_dir() else path.parent


def diffusion_records(diffusion: str) -> Records:
    """The files of the operator's own diffusion weights, of a folder all.

    Raises:
        InvalidInput: there is no such file or folder.
    """
    path = path_of(diffusion)
    if path.is_dir():
        return records_of(path)
    if not path.is_file():
        raise InvalidInput(f"There are no diffusion weights {path}.", field="diffusion_weights")
    return {PurePath(path).name: record_of(path)}
