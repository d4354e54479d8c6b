"""Where sets are kept for other machines: what a repository does, and which one an address means.

A repository holds each file once, as `objects/SHA256`, and of each set `sets/NAME/set.json`, which is written last: a
set is there with all its files or not at all.
"""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple, Protocol

from aiplayer.errors import InvalidInput
from aiplayer.file_records import FileRecord
from aiplayer.repository_settings import S3, checked_repository
from aiplayer.settings import Settings

# So long an upload that nobody has ended may still go on, and a file that no set has may get one.
GRACE_S = 86_400.0


class StoredObject(NamedTuple):
    """A file in a repository.

    Attributes:
        bytes: Its size.
        stored_at: When it was put there, in seconds since 1970.
    """

    bytes: int
    stored_at: float


Tell = Callable[[int], None]
"""Called with the number of bytes that are done since it was called last."""
OBJECTS, SETS = "objects", "sets"


class Repository(Protocol):
    """Keeps files by their sha256, and sets by their names."""

    address: str
    """How a person calls it; holds no secret."""

    def set_names(self) -> list[str]:
        """The names of the sets that are there."""

    def read_set(self, name: str) -> bytes:
        """The content of a set's `set.json`."""

    def write_set(self, name: str, content: bytes) -> None:
        """Put a set's `set.json` in place in one step, when all its files are there."""

    def remove_set(self, name: str) -> None:
        """Remove a set's `set.json`; its files stay."""

    def objects(self) -> dict[str, StoredObject]:
        """Each file that is there, by its sha256."""

    def upload(self, path: Path, record: FileRecord, tell: Tell) -> None:
        """Put a file in place in one step, going on where an upload was killed.

        Raises:
            ModelMissing: what arrived is not what the record says.
        """

    def read(self, sha256: str, start: int) -> Iterator[bytes]:
        """The bytes of a file from one on, in parts."""

    def remove_objects(self, sha256s: Iterable[str]) -> None:
        """Remove files, and what uploads have left that were killed longer ago than GRACE_S."""


def open_repository(url: str, settings: Settings) -> Repository:
    """The repository of an address, or that of the settings.

    Args:
        url: `s3://bucket/prefix` or the path of a folder; empty for the setting `model_repository`.
        settings: Name the repository, its endpoint and its region.

    Raises:
        InvalidInput: the address cannot be used, or none is given.
    """
    try:
        address = checked_repository(url) or settings.model_repository
    except ValueError as error:
        raise InvalidInput(f"The repository {error}.", field="url") from None
    if not address:
        raise InvalidInput(
            "No repository is named. Set AIPLAYER_MODEL_REPOSITORY, or give --to or --from: s3://bucket/prefix, or a "
            "folder."
        )

    if place := S3.fullmatch(address):
        from training.publish.s3 import S3Repository
        from training.publish.s3_client import s3_client

        client = s3_client(settings.model_repository_endpoint, settings.model_repository_region)
        return S3Repository(client, place["bucket"], (place["prefix"] or "").strip("/"))
    from training.publish.folder import FolderRepository

    return FolderRepository(Path(address))
