"""A repository in a folder, such as one that several machines have mounted."""

import hashlib
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from aiplayer.errors import ModelMissing, NotFound, Unavailable
from aiplayer.file_records import FileRecord, sha256_of
from aiplayer.files import whole_file
from training.publish.manifest import SET_FILE
from training.publish.repository import GRACE_S, OBJECTS, SETS, StoredObject, Tell

BYTES_A_READ = 2**20


class FolderRepository:
    """Keeps sets in a folder; files are copied beside their place and renamed.

    Args:
        folder: The folder; it is made where it is missing.
    """

    def __init__(self, folder: Path) -> None:
        self.address = str(folder)
        self._folder = folder

    def set_names(self) -> list[str]:
        """The names of the sets that are there."""
        return sorted(path.parent.name for path in self._folder.glob(f"{SETS}/*/{SET_FILE}"))

    def read_set(self, name: str) -> bytes:
        """The content of a set's `set.json`."""
        try:
            return self._set(name).read_bytes()
        except FileNotFoundError as error:
            raise NotFound(f"There is no set {name} in {self.address}.") from error

    def write_set(self, name: str, content: bytes) -> None:
        """Put a set's `set.json` in place in one step."""
        with whole_file(self._set(name)) as draft:
            draft.write_bytes(content)

    def remove_set(self, name: str) -> None:
        """Remove a set's `set.json`."""
        self._set(name).unlink(missing_ok=True)
        if self._set(name).parent.is_dir() and not any(self._set(name).parent.iterdir()):
            self._set(name).parent.rmdir()

    def objects(self) -> dict[str, StoredObject]:
        """Each file that is there, by its sha256."""
        found = {path.name: path.stat() for path in (self._folder / OBJECTS).glob("*") if len(path.name) == 64}
        return {name: StoredObject(status.st_size, status.st_mtime) for name, status in found.items()}

    def upload(self, path: Path, record: FileRecord, tell: Tell) -> None:
        """Copy a file into its place, unless a whole one is there.

        Raises:
            ModelMissing: it is not what the record says.
        """
        place = self._object(record.sha256)
        if place.exists() and sha256_of(place) == record.sha256:
            tell(record.bytes)
            return

        digest = hashlib.sha256()
        with whole_file(place) as draft:
            with path.open("rb") as source, draft.open("wb") as copy:
                while part := source.read(BYTES_A_READ):
                    copy.write(part)
                    digest.update(part)
                    tell(len(part))
            if digest.hexdigest() != record.sha256:
                raise ModelMissing(f"The file {path} changed while it was copied. Run the same command again.")

    def read(self, sha256: str, start: int) -> Iterator[bytes]:
        """The bytes of a file from one on, in parts.

        Raises:
            ModelMissing: there is no such file.
            Unavailable: it cannot be read.
        """
        try:
            with self._object(sha256).open("rb") as file:
                file.seek(start)
                while part := file.read(BYTES_A_READ):
                    yield part
        except FileNotFoundError as error:
            raise ModelMissing(f"{self.address} lacks the object {sha256}. Push the set again.") from error
        except OSError as error:
            raise Unavailable(f"{self.address} cannot be read: {error.strerror}. Try again.") from error

    def remove_objects(self, sha256s: Iterable[str]) -> None:
        """Remove files, and drafts that were left longer ago than GRACE_S."""
        for sha256 in sha256s:
            self._object(sha256).unlink(missing_ok=True)
        for draft in (self._folder / OBJECTS).glob(".*.draft*"):
            if draft.stat().st_mtime < time.time() - GRACE_S:
                draft.unlink(missing_ok=True)

    def _object(self, sha256: str) -> Path:
        return self._folder / OBJECTS / sha256

    def _set(self, name: str) -> Path:
        return self._folder / SETS / name / SET_FILE
