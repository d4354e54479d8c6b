"""A Hugging Face hub on loopback: the two requests that fetching a model takes, as the real one answers them."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

from huggingface_hub.utils.sha import git_hash

COMMIT = "0123456789abcdef0123456789abcdef01234567"


@dataclass
class Repository:
    """A model.

    Attributes:
        files: Contents by name; files of weights are kept in LFS.
        card: The facts in the head of the model's README.
        gated: Whether files are only for those who accepted terms.
        sends: Contents that are sent in place of a file's own, by its name.
        breaks_off: Names of files whose first transfer ends in the middle.
        size: Computes the size that the hub announces of a file's content, in bytes.
    """

    files: dict[str, bytes]
    card: dict = field(default_factory=dict)
    gated: bool = False
    sends: dict[str, bytes] = field(default_factory=dict)
    breaks_off: set[str] = field(default_factory=set)
    size: Callable[[bytes], int] = len

    @classmethod
    def of_folder(cls, folder: Path, **facts: object) -> "Repository":
        """Make a repository of the files of a folder."""
        files = {}
        for path in folder.rglob("*"):
            if path.is_file():
                files[str(path.relative_to(folder))] = path.read_bytes()
        return cls(files, **facts)

    def announcement(self, name: str) -> dict:
        """Describe a file in the hub's words."""
        content = self.files[name]
        facts = {"rfilename": name, "size": self.size(content), "blobId": git_hash(content)}
        if name.endswith(".safetensors"):
            facts["lfs"] = {"sha256": sha256(content), "size": len(content), "pointerSize": 134}
        return facts


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


class Hub:
    """The server, in a thread of its own.

    Attributes:
        repositories: The models by their names, "owner/name".
        requests: The requests for files, as "GET unet/config.json".
        url: The server's address.
    """

    def __init__(self) -> None:
        self.repositories: dict[str, Repository] = {}
        self.requests: list[str] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self._server.hub = self
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> "Hub":
        Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    """Answers /api/models/NAME with a description, /NAME/resolve/COMMIT/FILE with a file."""

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        is_for_file = "/resolve/" in path
        if is_for_file:
            model, _, name = path.removeprefix("/").partition(f"/resolve/{COMMIT}/")
        else:
            model = path.removeprefix("/api/models/")

        repository = self.server.hub.repositories.get(model)
        if "wrong" in self.headers.get("Authorization", ""):
            self.refuse(401, "X-Error-Message", "Invalid credentials in Authorization header")
        elif repository is None:
            self.refuse(404, "X-Error-Code", "RepoNotFound")
        elif not is_for_file:
            self.describe(model, repository)
        elif repository.gated:
            self.refuse(403, "X-Error-Code", "GatedRepo")
        else:
            self.server.hub.requests.append(f"{self.command} {name}")
            self.send(repository, name)

    def refuse(self, status: int, header: str, value: str) -> None:
        self.send_response(status)
        self.send_header(header, value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def describe(self, model: str, repository: Repository) -> None:
        siblings = [repository.announcement(name) for name in repository.files]
        description = {"id": model, "sha": COMMIT, "siblings": siblings, "cardData": repository.card, "tags": []}
        content = json.dumps(description).encode()

        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def send(self, repository: Repository, name: str) -> None:
        announcement = repository.announcement(name)
        lfs = announcement.get("lfs", {})
        digest = lfs.get("sha256", announcement["blobId"])
        content = repository.sends.get(name, repository.files[name])

        self.send_response(200)
        self.send_header("X-Repo-Commit", COMMIT)
        self.send_header("ETag", f'"{digest}"')
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command == "GET":
            breaks_off = name in repository.breaks_off
            repository.breaks_off.discard(name)
            self.wfile.write(content[: len(content) // 2] if breaks_off else content)

    def log_message(self, *_: object) -> None:
        """Keep the tests' output clean."""
