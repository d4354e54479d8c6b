"""The real NGINX with our configuration, before small servers that say who they are and what came."""

import json
import socket
import ssl
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest

from aiplayer.errors import InvalidInput
from infra.nginx.running import UNCHANGED
from tests.support.nginx import API_DOMAIN, PAGE_DOMAIN, RunningNginx, running_nginx

pytestmark = pytest.mark.process

MANY = {"requests_per_second": 10_000, "burst": 10_000, "connections": 1_000}
CALLERS = 300
# A gateway that failed is asked again 2 s later, in NGINX's whole seconds.
FORGOTTEN_AFTER_S = 3.1
PICTURE = "/generations/7c9e6679-7425-40de-944b-e07fc1f90ae7/thumbnail"


class Upstream(ThreadingHTTPServer):
    """A gateway that answers with its name and what came; for a while it may break off what it is asked.

    Attributes:
        name: What it is called.
        asked: How often it was asked.
        breaks_off: Whether it closes connections without an answer.
    """

    daemon_threads = True

    def __init__(self, name: str) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.name = name
        self.asked = 0
        self.breaks_off = False
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def place(self) -> str:
        """Where it listens."""
        return f"127.0.0.1:{self.server_port}"

    def handle_error(self, *_) -> None:
        """Say nothing."""


class Answering(BaseHTTPRequestHandler):
    """Tells what came."""

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def _answer(self) -> None:
        upstream = self.server
        upstream.asked += 1
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        if upstream.breaks_off:
            self.close_connection = True
            self.connection.close()
            return
        told = {"name": upstream.name, "headers": dict(self.headers), "body": body.decode()[:100]}
        answer = json.dumps(told).encode()
        self.send_response(200)
        if self.path.startswith("/generations"):
            self.send_header("Cache-Control", "public, max-age=60")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_) -> None:
        """Say nothing."""


@pytest.fixture
def upstreams() -> Iterator[list[Upstream]]:
    started = [Upstream(name) for name in ("one", "two", "canary")]
    yield started
    for upstream in started:
        upstream.shutdown()
        upstream.server_close()


@pytest.fixture
def folder(tmp_path) -> Path:
    return tmp_path


@pytest.fixture
def nginx(folder, upstreams) -> Iterator[RunningNginx]:
    """NGINX before the gateways one and two; its page is one as well."""
    one, two, canary = (upstream.place for upstream in upstreams)
    with running_nginx(folder, gateways=[one, two], canaries=[canary], pages=[one], **MANY) as running:
        yield running


def told(response: httpx.Response) -> dict:
    assert response.status_code == 200, response.text
    return response.json()


def code_of(response: httpx.Response) -> tuple[int, str]:
    assert response.headers["Content-Type"] == "application/json"
    return response.status_code, response.json()["error"]["code"]


def test_tls_with_http_2_for_its_own_names_and_nobody_without_it(nginx):
    address = ("127.0.0.1", nginx.site.https_port)
    context = nginx.trust()
    context.set_alpn_protocols(["h2", "http/1.1"])
    with (
        socket.create_connection(address) as connection,
        context.wrap_socket(connection, server_hostname=API_DOMAIN) as tls,
    ):
        assert (tls.selected_alpn_protocol(), tls.version()) == ("h2", "TLSv1.3")
    with socket.create_connection(address) as connection, pytest.raises(ssl.SSLError):
        nginx.trust().wrap_socket(connection, server_hostname="stranger.example")

    answer = httpx.get(f"http://127.0.0.1:{nginx.site.http_port}/similar?x=1", headers={"Host": API_DOMAIN})
    assert answer.status_code == 308
    assert answer.headers["Location"] == f"https://{API_DOMAIN}:{nginx.site.https_port}/similar?x=1"


def test_the_service_is_told_for_whom_it_is_asked_and_the_browser_what_it_may(nginx):
    with nginx.client() as api, nginx.client(PAGE_DOMAIN) as page:
        answer = api.get("/playlists/7", headers={"X-Forwarded-For": "6.6.6.6"})
        came = told(answer)["headers"]
        # What a caller writes of itself does not count.
        assert (came["X-Forwarded-For"], came["X-Forwarded-Proto"], came["Host"]) == ("127.0.0.1", "https", API_DOMAIN)
        safe = {"strict-transport-security", "x-content-type-options", "referrer-policy", "content-security-policy"}
        assert safe <= set(answer.headers)
        assert safe <= set(page.get("/").headers)


def test_what_is_the_operators_is_closed_and_a_body_has_its_limit(nginx):
    with nginx.client() as api:
        for path in ("/metrics", "/readyz", "/metrics?x=1"):
            assert code_of(api.get(path)) == (404, "not_found")
        most = nginx.site.max_body_bytes
        assert told(api.post("/like", content=bytes(most)))["name"]
        assert code_of(api.post("/like", content=bytes(most + 1))) == (413, "body_too_large")


def test_one_address_may_ask_so_often_and_no_oftener(nginx):
    nginx.change(requests_per_second=1, burst=4)
    with nginx.client() as api:
        _until(lambda: api.get("/about").status_code == 429)
        assert code_of(api.get("/about")) == (429, "too_many_requests")
        assert api.get("/about").headers["Retry-After"] == "5"


def test_what_may_be_repeated_is_asked_of_another_gateway_and_nothing_else(nginx, upstreams):
    one, two, _ = upstreams
    one.breaks_off = two.breaks_off = True
    with nginx.client() as api:
        # Both are asked, and neither answers.
        assert code_of(api.post("/recommend", headers={"Idempotency-Key": "a"})) == (503, "unavailable")
        assert (one.asked, two.asked) == (1, 1)

    two.breaks_off = False
    time.sleep(FORGOTTEN_AFTER_S)
    with nginx.client() as api:
        answers = [api.get("/playlists/7") for _ in range(20)]
        answers += [api.post("/recommend", headers={"Idempotency-Key": "a"}, json={}) for _ in range(20)]
        assert {told(answer)["name"] for answer in answers} == {"two"}

    time.sleep(FORGOTTEN_AFTER_S)
    asked = one.asked + two.asked
    with nginx.client() as api:
        statuses = Counter(api.post("/recommend", json={}).status_code for _ in range(20))
    # The one that breaks off is asked once, and the request that it got is not sent again.
    assert one.asked + two.asked - asked == 20
    assert statuses == {200: 19, 503: 1}


def test_a_gateway_that_is_gone_costs_nobody_anything(nginx, upstreams):
    one = upstreams[0]
    one.shutdown()
    one.server_close()
    with nginx.client() as api:
        answers = [api.post("/recommend", json={"title": "비"}) for _ in range(30)]
    assert {told(answer)["name"] for answer in answers} == {"two"}
    assert told(answers[0])["body"] == '{"title":"비"}'


def test_a_caller_stays_with_a_version_and_the_canaries_get_their_share(nginx, upstreams):
    def versions() -> dict[str, str]:
        with nginx.client() as api:
            return {
                str(caller): "canary"
                if told(api.get("/about", headers={"X-Client-Id": f"caller {caller}"}))["name"] == "canary"
                else "stable"
                for caller in range(CALLERS)
            }

    assert Counter(versions().values()) == {"stable": CALLERS}
    nginx.change(canary_percent=20)
    time.sleep(0.5)
    of_callers = versions()
    # Four standard deviations.
    assert abs(Counter(of_callers.values())["canary"] - 0.2 * CALLERS) <= 4 * (0.2 * 0.8 * CALLERS) ** 0.5
    assert versions() == of_callers

    # A canary that is gone leaves its callers to the others.
    canary = upstreams[2]
    canary.shutdown()
    canary.server_close()
    assert Counter(versions().values()) == {"stable": CALLERS}


def test_a_picture_of_a_generation_is_painted_once(nginx, upstreams):
    def asked() -> int:
        return sum(upstream.asked for upstream in upstreams)

    with nginx.client() as api, ThreadPoolExecutor(8) as callers:
        answers = list(callers.map(lambda _: api.get(f"{PICTURE}?seed=3"), range(16)))
        assert asked() == 1
        assert {answer.content for answer in answers} == {answers[0].content}
        assert Counter(answer.headers["X-Cache"] for answer in answers) == {"MISS": 1, "HIT": 15}

        assert api.get(f"{PICTURE}?seed=4").headers["X-Cache"] == "MISS"
        # What a key opens is kept for nobody else.
        for _ in range(2):
            key = {"Authorization": "Bearer key"}
            assert api.get(f"{PICTURE}?seed=5", headers=key).headers["X-Cache"] == "BYPASS"
        assert api.get(f"{PICTURE}?seed=5").headers["X-Cache"] == "MISS"


def test_a_reload_under_load_costs_nobody_anything(nginx):
    """Each caller has a new connection every time, while the configuration changes ten times."""
    is_over = threading.Event()

    def ask() -> Counter[int]:
        statuses: Counter[int] = Counter()
        while not is_over.is_set():
            with nginx.client() as api:
                statuses[api.post("/recommend", json={"title": "비"}).status_code] += 1
        return statuses

    with ThreadPoolExecutor(4) as callers:
        counted = [callers.submit(ask) for _ in range(4)]
        try:
            for number in range(1, 11):
                assert "NGINX told" in nginx.change(burst=MANY["burst"] + number)
                time.sleep(0.3)
        finally:
            is_over.set()
    statuses = sum((count.result() for count in counted), Counter())
    assert set(statuses) == {200}
    assert statuses[200] > 100


def test_what_nginx_does_not_take_leaves_all_as_it_was(nginx, folder):
    before = (folder / "nginx.conf").read_text()
    assert nginx.change() == UNCHANGED
    with pytest.raises(InvalidInput, match=r"NGINX does not take this: .*missing"):
        nginx.change(certificate=str(folder / "missing.pem"))
    assert (folder / "nginx.conf").read_text() == before
    assert sorted(file.name for file in folder.glob("nginx.*")) == ["nginx.conf", "nginx.pid"]


def _until(happens: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not happens():
        assert time.monotonic() < deadline
