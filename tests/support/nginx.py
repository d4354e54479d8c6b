"""The real NGINX before whatever a test has started, with a certificate of the test's own."""

import getpass
import os
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from infra.instances import free_port
from infra.nginx.running import apply
from infra.nginx.site import Site
from tests.support.certificates import self_signed
from tests.support.service import require_program

PAGE_DOMAIN, API_DOMAIN = "play.localhost", "api.play.localhost"


class ByName(httpx.HTTPTransport):
    """Asks whoever listens at an address for a domain."""

    def __init__(self, domain: str, **options: Any) -> None:
        super().__init__(**options)
        self._domain = domain

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """httpx's."""
        request.headers["Host"] = self._domain
        request.extensions["sni_hostname"] = self._domain
        return super().handle_request(request)


class RunningNginx:
    """NGINX before a site, which may be changed while it runs.

    Args:
        folder: Where all its files lie.
        site: What of the site a test says itself.

    Attributes:
        site: What is served.
    """

    def __init__(self, folder: Path, **site: object) -> None:
        self.folder = folder
        self.program = require_program("nginx", package="nginx-light")
        certificate, key = folder / "certificate.pem", folder / "key.pem"
        for file, content in zip((certificate, key), self_signed(PAGE_DOMAIN, API_DOMAIN), strict=True):
            file.write_bytes(content)
        places = {"listen": "127.0.0.1", "https_port": free_port(), "http_port": free_port(), "folder": str(folder)}
        domains = {"page_domain": PAGE_DOMAIN, "api_domain": API_DOMAIN}
        of_tls = {"certificate": str(certificate), "certificate_key": str(key)}
        self.site = Site(**places, **domains, **of_tls, **site)

    def change(self, **site: object) -> str:
        """Serve another site from now on; what was done."""
        self.site = Site(**(self.site.model_dump() | site))
        return apply(self.site, self.folder / "nginx.conf", self.program)

    def trust(self) -> ssl.SSLContext:
        """What believes the certificate."""
        return ssl.create_default_context(cafile=str(self.folder / "certificate.pem"))

    def client(self, domain: str = API_DOMAIN, **options: Any) -> httpx.Client:
        """A client of the API or of the page, whose names no DNS knows."""
        url = f"https://127.0.0.1:{self.site.https_port}"
        return httpx.Client(base_url=url, transport=ByName(domain, verify=self.trust()), **options)

    @contextmanager
    def running(self) -> Iterator[None]:
        """It runs meanwhile."""
        self.change()
        with nginx_process(self.program, self.folder / "nginx.conf", self.site.http_port):
            yield


@contextmanager
def nginx_process(program: str, config: Path, port: int) -> Iterator[None]:
    """NGINX with a configuration, from when it answers at a port on."""
    # Started as root, it would write as another user, who may not enter our folder.
    own_user = f"user {getpass.getuser()};" if os.getuid() == 0 else ""
    command = [program, "-c", str(config), "-g", f"daemon off; {own_user}"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        _await(f"http://127.0.0.1:{port}/", process)
        yield
    finally:
        process.terminate()
        process.communicate(timeout=30)


def _await(url: str, process: subprocess.Popen) -> None:
    for _ in range(200):
        try:
            httpx.get(url, trust_env=False)
        except httpx.ConnectError:
            assert process.poll() is None, process.communicate()[1]
            time.sleep(0.05)
        else:
            return


@contextmanager
def running_nginx(folder: Path, **site: object) -> Iterator[RunningNginx]:
    """NGINX before a site."""
    nginx = RunningNginx(folder, **site)
    with nginx.running():
        yield nginx
