"""The audit of the locks: the real pip-audit, beside a small database of this test."""

import json
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from aiplayer.settings import PROJECT

pytestmark = pytest.mark.process

HASH = f"--hash=sha256:{'0' * 64}"
LOCK = f"# made by hand\naiohttp==3.0.0 \\\n    {HASH}\nyarl==1.0.0 {HASH}\n"
# As OSV writes one.
VULNERABILITY = {
    "id": "PYSEC-2024-1",
    "aliases": ["CVE-2024-1"],
    "summary": "a header splits a request",
    "published": "2024-01-01T00:00:00Z",
    "affected": [
        {
            "package": {"name": "aiohttp", "ecosystem": "PyPI"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "3.0.1"}]}],
        }
    ],
}


class Database(BaseHTTPRequestHandler):
    """Knows one vulnerability, of the package and version that its server names."""

    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        is_affected = (asked["package"]["name"], asked["version"]) == self.server.affected
        answer = json.dumps({"vulns": [VULNERABILITY]} if is_affected else {}).encode()
        self.send_response(self.server.status)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        pass


@pytest.fixture
def database():
    with ThreadingHTTPServer(("127.0.0.1", 0), Database) as server:
        server.affected, server.status = None, 200
        Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def lock(tmp_path):
    path = tmp_path / "small.lock"
    path.write_text(LOCK)
    return path


def audit(lock, url):
    command = [sys.executable, "-m", "infra.audit", str(lock), "--database", url]
    ended = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True)
    return ended.returncode, ended.stdout, ended.stderr


def address(server) -> str:
    return f"http://127.0.0.1:{server.server_port}/v1/query"


def no_answer(url: str) -> str:
    return f"error: {url} does not answer, so nothing was checked. Try again where it can be reached.\n"


def test_packages_without_a_known_vulnerability_pass(database, lock):
    database.affected = ("aiohttp", "3.0.1")
    assert audit(lock, address(database)) == (0, "packages looked up: 2, known vulnerabilities: 0\n", "")


def test_a_known_vulnerability_is_told_with_the_version_that_mends_it(database, lock):
    database.affected = ("aiohttp", "3.0.0")
    told = "aiohttp 3.0.0: PYSEC-2024-1 CVE-2024-1, fixed in 3.0.1\npackages looked up: 2, known vulnerabilities: 1\n"
    assert audit(lock, address(database)) == (1, told, "")


def test_a_database_that_cannot_be_reached_is_no_vulnerability(database, lock):
    url = address(database)
    database.server_close()
    assert audit(lock, url) == (3, "", no_answer(url))


def test_a_database_that_fails_is_no_vulnerability(database, lock):
    database.status = 503
    assert audit(lock, address(database)) == (3, "", no_answer(address(database)))


def test_a_lock_without_hashes_is_refused(database, lock):
    lock.write_text("aiohttp==3.0.0\n")
    status, out, error = audit(lock, address(database))
    assert (status, out) == (3, "")
    assert error.startswith("error: pip-audit could not check the locks.")
    assert "aiohttp" in error
