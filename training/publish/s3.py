"""A repository in a bucket of S3, Amazon's or another server that speaks it.

boto3 copies files in parts by itself, but forgets them when its process is killed. So large files are uploaded part by
part here, and what S3 has already is asked for first.
"""

import base64
import hashlib
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO, Any

from aiplayer.errors import ModelMissing, NotFound, Unavailable
from aiplayer.file_records import FileRecord
from training.publish.manifest import SET_FILE
from training.publish.repository import GRACE_S, OBJECTS, SETS, StoredObject, Tell
from training.publish.s3_client import our_errors

BYTES_A_PART = 16 * 2**20
BYTES_A_READ = 2**20
MOST_KEYS_A_CALL = 1_000


class S3Repository:
    """Keeps sets under a prefix of a bucket.

    Args:
        client: boto3's client.
        bucket: The bucket's name.
        prefix: What all keys begin with, without slashes around it.
        bytes_a_part: The size of the parts of large files; S3 takes none under 5 MiB.
    """

    def __init__(self, client: Any, bucket: str, prefix: str, bytes_a_part: int = BYTES_A_PART) -> None:
        self.address = f"s3://{bucket}/{prefix}".rstrip("/")
        self._client = client
        self._bucket = bucket
        self._prefix = f"{prefix}/" if prefix else ""
        self._bytes_a_part = bytes_a_part

    def set_names(self) -> list[str]:
        """The names of the sets that are there."""
        names = [key.split("/") for key, _ in self._list(f"{SETS}/")]
        return sorted(parts[0] for parts in names if parts[1:] == [SET_FILE])

    def read_set(self, name: str) -> bytes:
        """The content of a set's `set.json`."""
        with our_errors(self.address, NotFound(f"There is no set {name} in {self.address}.")):
            content: bytes = self._call(self._client.get_object, self._set(name))["Body"].read()
            return content

    def write_set(self, name: str, content: bytes) -> None:
        """Put a set's `set.json` in place; S3 shows it whole or not at all."""
        with our_errors(self.address):
            sha256 = _base64(hashlib.sha256(content).digest())
            self._call(self._client.put_object, self._set(name), Body=content, ChecksumSHA256=sha256)

    def remove_set(self, name: str) -> None:
        """Remove a set's `set.json`."""
        with our_errors(self.address):
            self._call(self._client.delete_object, self._set(name))

    def objects(self) -> dict[str, StoredObject]:
        """Each file that is there, by its sha256."""
        return dict(self._list(f"{OBJECTS}/"))

    def upload(self, path: Path, record: FileRecord, tell: Tell) -> None:
        """Put a file in place; a large one in parts, of which those that are there already are left out.

        Raises:
            ModelMissing: the file changed while it was sent.
        """
        key = self._object(record.sha256)
        with our_errors(self.address), path.open("rb") as file:
            if record.bytes > self._bytes_a_part:
                self._upload_parts(file, key, record, tell)
                return
            content = file.read()
            if hashlib.sha256(content).hexdigest() != record.sha256:
                raise _changed(path)
            sha256 = _base64(bytes.fromhex(record.sha256))
            self._call(self._client.put_object, key, Body=content, ChecksumSHA256=sha256)
            tell(record.bytes)

    def read(self, sha256: str, start: int) -> Iterator[bytes]:
        """The bytes of a file from one on, in parts.

        Raises:
            ModelMissing: there is no such file.
        """
        missing = ModelMissing(f"{self.address} lacks the object {sha256}. Push the set again.")
        with our_errors(self.address, missing):
            answer = self._call(self._client.get_object, self._object(sha256), Range=f"bytes={start}-")
            yield from answer["Body"].iter_chunks(BYTES_A_READ)

    def remove_objects(self, sha256s: Iterable[str]) -> None:
        """Remove files, and what uploads have left that were killed longer ago than GRACE_S."""
        keys = [self._object(sha256) for sha256 in sha256s]
        with our_errors(self.address):
            for first in range(0, len(keys), MOST_KEYS_A_CALL):
                named = [{"Key": key} for key in keys[first : first + MOST_KEYS_A_CALL]]
                answer = self._client.delete_objects(Bucket=self._bucket, Delete={"Objects": named, "Quiet": True})
                if answer.get("Errors"):
                    raise Unavailable(
                        f"{self.address} refuses to remove {len(answer['Errors'])} files. It needs s3:DeleteObject."
                    )
            for upload in self._uploads(self._object("")):
                if upload["Initiated"].timestamp() < time.time() - GRACE_S:
                    self._call(self._client.abort_multipart_upload, upload["Key"], UploadId=upload["UploadId"])

    def _upload_parts(self, file: IO[bytes], key: str, record: FileRecord, tell: Tell) -> None:
        upload_id, present = self._begun(key)
        whole = hashlib.sha256()
        parts: list[dict[str, Any]] = []
        while content := file.read(self._bytes_a_part):
            whole.update(content)
            number = len(parts) + 1
            sha256 = _base64(hashlib.sha256(content).digest())
            tag = _tag_of(present.get(number), content, sha256)
            if tag is None:
                part = {"UploadId": upload_id, "PartNumber": number, "Body": content, "ChecksumSHA256": sha256}
                tag = self._call(self._client.upload_part, key, **part)["ETag"]
            parts.append({"PartNumber": number, "ETag": tag, "ChecksumSHA256": sha256})
            tell(len(content))

        if whole.hexdigest() != record.sha256:
            self._call(self._client.abort_multipart_upload, key, UploadId=upload_id)
            raise _changed(Path(file.name))
        self._call(self._client.complete_multipart_upload, key, UploadId=upload_id, MultipartUpload={"Parts": parts})

    def _begun(self, key: str) -> tuple[str, dict[int, dict[str, Any]]]:
        """The upload of a file that was killed, else a new one; and its parts by number, as S3 describes them."""
        uploads = [upload for upload in self._uploads(key) if upload["Key"] == key]
        if not uploads:
            begun = self._call(self._client.create_multipart_upload, key, ChecksumAlgorithm="SHA256")
            return begun["UploadId"], {}

        upload_id = max(uploads, key=lambda upload: upload["Initiated"])["UploadId"]
        pages = self._client.get_paginator("list_parts").paginate(Bucket=self._bucket, Key=key, UploadId=upload_id)
        return upload_id, {part["PartNumber"]: part for page in pages for part in page.get("Parts", [])}

    def _uploads(self, prefix: str) -> list[dict[str, Any]]:
        pages = self._client.get_paginator("list_multipart_uploads").paginate(Bucket=self._bucket, Prefix=prefix)
        return [upload for page in pages for upload in page.get("Uploads", [])]

    def _list(self, folder: str) -> list[tuple[str, StoredObject]]:
        """What is under a folder, by the keys without it."""
        prefix = f"{self._prefix}{folder}"
        with our_errors(self.address):
            pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=prefix)
            found = [entry for page in pages for entry in page.get("Contents", [])]
        return [
            (entry["Key"].removeprefix(prefix), StoredObject(entry["Size"], entry["LastModified"].timestamp()))
            for entry in found
        ]

    def _call(self, call: Callable[..., Any], key: str, **arguments: Any) -> Any:
        return call(Bucket=self._bucket, Key=key, **arguments)

    def _object(self, sha256: str) -> str:
        return f"{self._prefix}{OBJECTS}/{sha256}"

    def _set(self, name: str) -> str:
        return f"{self._prefix}{SETS}/{name}/{SET_FILE}"


def _tag_of(part: dict[str, Any] | None, content: bytes, sha256: str) -> str | None:
    """The tag of a part that is there already and holds this content; None where it must be sent.

    A server that does not tell the sha256 of a part tells its MD5 as the tag.
    """
    if part is None:
        return None
    tag: str = part["ETag"]
    is_same = (
        part["ChecksumSHA256"] == sha256
        if "ChecksumSHA256" in part
        else tag.strip('"') == hashlib.md5(content, usedforsecurity=False).hexdigest()
    )
    return tag if is_same else None


def _changed(path: Path) -> ModelMissing:
    return ModelMissing(f"The file {path} changed while it was sent. Run the same command again.")


def _base64(digest: bytes) -> str:
    return base64.b64encode(digest).decode()
