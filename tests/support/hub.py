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
        files: By name; those with weights are kept in LFS.
        card: What its README says of it.
        gated: Whether files are only for those who accepted terms.
        sends: What is sent in place of a file, by its name.
        breaks_off: Files whose first transfer ends in the middle.
        size: What the hub says of a file's size.
    """

    files: dict[str, bytes]
    card: dict = field(default_factory=dict)
    gated: bool = False
    sends: dict[str, bytes] = field(default_factory=dict)
    breaks_off: set[str] = field(default_factory=set)
    size: Callable[[bytes], int] = len

    @classmethod
    def of_folder(cls, folder: Path, **facts) -> "Repository":
        """The files of a folder."""
        paths = (path for path in folder.rglob("*") if path.is_file())
        return cls({str(path.relative_to(folder)): path.read_bytes() for path in paths}, **facts)

    def announcement(self, name: str) -> dict:
        """A file in the hub's words."""
        content = self.files[name]
        said = {"rfilename": name, "size": self.size(content), "blobId": git_hash(content)}
        if not name.endswith(".safetensors"):
            return said
        return said | {"lfs": {"sha256": sha256(content), "size": len(content), "pointerSize": 134}}


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


class Hub:
    """The server, in a thread of its own; `requests` are those for files, as "GET unet/config.json"."""

    def __init__(self):
        self.repositories: dict[str, Repository] = {}
        self.requests: list[str] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self._server.hub = self
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> "Hub":
        Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    def do_HEAD(self):
        self.do_GET()

    def do_GET(self):
        path = urlsplit(self.path).path
        is_file = "/resolve/" in path
        model, _, name = path[1:].partition(f"/resolve/{COMMIT}/") if is_file else (path[12:], "", "")
        repository = self.server.hub.repositories.get(model)
        if "wrong" in self.headers.get("Authorization", ""):
            self.refuse(401, "X-Error-Message", "Invalid credentials in Authorization header")
        elif repository is None:
            self.refuse(404, "X-Error-Code", "RepoNotFound")
        elif not is_file:
            self.describe(model, repository)
        elif repository.gated:
            self.refuse(403, "X-Error-Code", "GatedRepo")
        else:
            self.server.hub.requests.append(f"{self.command} {name}")
            self.send(repository, name)

    def refuse(self, status: int, header: str, value: str):
        self.send_response(status)
        self.send_header(header, value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def describe(self, model: str, repository: Repository):
        siblings = [repository.announcement(name) for name in repository.files]
        said = {"id": model, "sha": COMMIT, "siblings": siblings, "cardData": repository.card, "tags": []}
        content = json.dumps(said).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def send(self, repository: Repository, name: str):
        announced = repository.announcement(name)
        content = repository.sends.get(name, repository.files[name])
        self.send_response(200)
        self.send_header("X-Repo-Commit", COMMIT)
        self.send_header("ETag", f'"{announced.get("lfs", {}).get("sha256", announced["blobId"])}"')
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command == "GET":
            breaks_off = name in repository.breaks_off
            repository.breaks_off.discard(name)
            self.wfile.write(content[: len(content) // 2] if breaks_off else content)

    def log_message(self, *_):
        pass
