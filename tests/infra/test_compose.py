"""The composition: what each container may do, what it waits for, and NGINX as it stands in front."""

import json
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest
import yaml

from aiplayer.settings import PROJECT, Settings
from infra.image.context import DOCKERFILE
from infra.instances import free_port
from tests.support.nginx import nginx_process
from tests.support.service import require_program

FOLDER = PROJECT / "infra" / "compose"
COMPOSE = yaml.safe_load((PROJECT / "infra" / "compose.yaml").read_text(encoding="utf-8"))
SERVICES = COMPOSE["services"]


@pytest.mark.parametrize("name", SERVICES)
def test_a_container_may_do_no_more_than_it_must(name):
    service = SERVICES[name]
    assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"])
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["restart"] == "unless-stopped"
    assert {"mem_limit", "pids_limit"} <= service.keys()
    assert all(port.startswith("127.0.0.1:") for port in service.get("ports", []))
    assert "privileged" not in service


@pytest.mark.parametrize("name", SERVICES)
def test_a_container_starts_when_what_it_needs_is_healthy(name):
    for needed, condition in SERVICES[name].get("depends_on", {}).items():
        assert condition == {"condition": "service_healthy"}
        assert "healthcheck" in SERVICES[needed] or needed in ("api", "page")
    # Those that we make say in their images how they are.
    assert DOCKERFILE.read_text().count("\nHEALTHCHECK ") == 2


def test_what_is_mounted_is_there():
    volumes = [volume.split(":") for service in SERVICES.values() for volume in service.get("volumes", [])]
    for source, *_, mode in (volume for volume in volumes if volume[0].startswith(".")):
        assert (PROJECT / "infra" / source).exists(), source
        assert mode == "ro", source
    assert {source for source, *_ in volumes if not source.startswith(".")} == COMPOSE["volumes"].keys()


def test_the_settings_are_ours_and_only_nginx_is_believed():
    for name in ("api", "page"):
        variables = {variable.removeprefix("AIPLAYER_").lower() for variable in SERVICES[name]["environment"]}
        assert variables <= Settings.model_fields.keys()
    address = SERVICES["nginx"]["networks"]["front"]["ipv4_address"]
    assert SERVICES["api"]["environment"]["AIPLAYER_TRUSTED_PROXIES"] == address


@pytest.mark.process
def test_secrets_are_made_once_each_in_a_file_of_its_own(tmp_path):
    script = shutil.copy(FOLDER / "make_secrets.sh", tmp_path)
    first = subprocess.run(["sh", script], check=True, capture_output=True, text=True).stdout
    secrets = {path.name: path.read_text() for path in (tmp_path / "secrets").iterdir()}
    assert secrets.keys() == COMPOSE["secrets"].keys()
    assert first.count("\n") == len(secrets)
    assert (tmp_path / "secrets").stat().st_mode & 0o777 == 0o700

    url = f"mysql+pymysql://aiplayer:{secrets['mysql_password']}@mysql:3306/aiplayer"
    assert secrets["aiplayer_database_url"] == url
    (key,) = Settings(api_keys=secrets["aiplayer_api_keys"]).api_keys
    assert key.secret.get_secret_value() == secrets["aiplayer_service_key"]

    (tmp_path / "secrets" / "grafana_password").unlink()
    again = subprocess.run(["sh", script], check=True, capture_output=True, text=True).stdout
    assert again == "made grafana_password\n"
    assert {path.name for path in (tmp_path / "secrets").iterdir()} == secrets.keys()


def test_the_alerts_are_those_of_the_documentation():
    (group,) = yaml.safe_load((FOLDER / "alerts.yml").read_text(encoding="utf-8"))["groups"]
    documented = (PROJECT / "docs" / "operations.md").read_text(encoding="utf-8")
    for rule in group["rules"]:
        assert f"| `{rule['expr']}` |" in documented
        # What to do then, in the runbook.
        assert f"| `{rule['alert']}` |" in documented


class Echo(BaseHTTPRequestHandler):
    """Answers with what came."""

    def do_GET(self) -> None:
        self._echo()

    def do_POST(self) -> None:
        self._echo()

    def _echo(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        told = {"path": self.path, "headers": dict(self.headers), "bytes": len(self.rfile.read(length))}
        body = json.dumps(told).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def nginx(tmp_path_factory) -> Iterator[dict[str, str]]:
    """The real NGINX with the real file, before a service that echoes (`api`) and before one that is away (`away`)."""
    program = require_program("nginx", package="nginx-light")
    echo = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    threading.Thread(target=echo.serve_forever, daemon=True).start()
    services = {"api": echo.server_port, "away": free_port()}

    urls = {}
    with ExitStack() as stack:
        stack.callback(echo.server_close)
        stack.callback(echo.shutdown)
        for name, service_port in services.items():
            port = free_port()
            file = written_for(tmp_path_factory.mktemp("nginx"), port, service_port)
            stack.enter_context(nginx_process(program, file, port))
            urls[name] = f"http://127.0.0.1:{port}"
        yield urls


def written_for(folder: Path, port: int, service_port: int) -> Path:
    """The file of NGINX for ports of this machine."""
    text = (FOLDER / "nginx.conf").read_text(encoding="utf-8")
    places = {
        "listen 8080": f"listen 127.0.0.1:{port}",
        "listen 8081": f"listen 127.0.0.1:{free_port()}",
        "http://api:3000": f"http://127.0.0.1:{service_port}",
        "/tmp/": f"{folder}/",
    }
    for place, here in places.items():
        assert place in text
        text = text.replace(place, here)
    file = folder / "nginx.conf"
    file.write_text(text, encoding="utf-8")
    return file


def code_of(response: httpx.Response) -> tuple[int, str]:
    assert response.headers["Content-Type"] == "application/json"
    assert re.search(r"\. \S.*\.$", response.json()["error"]["message"])
    return response.status_code, response.json()["error"]["code"]


def test_nginx_tells_the_service_for_whom_it_asks(nginx):
    given = {"X-Forwarded-For": "6.6.6.6", "Host": "player.example"}
    headers = httpx.get(f"{nginx['api']}/playlists/7?x=1", headers=given).json()["headers"]
    # The service takes the last address that is no proxy, so what the caller wrote does not count.
    assert headers["X-Forwarded-For"] == "6.6.6.6, 127.0.0.1"
    assert (headers["Host"], headers["X-Forwarded-Proto"]) == ("player.example", "http")
    assert "Connection" not in headers
    upgrade = {"Upgrade": "websocket", "Connection": "Upgrade"}
    headers = httpx.get(nginx["api"], headers=upgrade).json()["headers"]
    assert (headers["Upgrade"], headers["Connection"]) == ("websocket", "upgrade")


def test_what_is_the_operators_is_closed(nginx):
    for path in ("/metrics", "/readyz", "/metrics?x=1"):
        assert code_of(httpx.get(nginx["api"] + path)) == (404, "not_found")
    assert httpx.get(f"{nginx['api']}/healthz").json()["path"] == "/healthz"


def test_a_body_may_be_as_large_as_the_service_takes(nginx):
    largest = Settings.model_fields["max_body_bytes"].default
    assert httpx.post(f"{nginx['api']}/like", content=bytes(largest)).json()["bytes"] == largest
    assert code_of(httpx.post(f"{nginx['api']}/like", content=bytes(largest + 1))) == (413, "body_too_large")


def test_a_service_that_is_away_is_an_error_of_the_usual_shape(nginx):
    response = httpx.get(f"{nginx['away']}/similar")
    assert code_of(response) == (503, "unavailable")
    assert response.headers["Retry-After"] == "5"
