"""The client against a small HTTP server that answers whatever the test says."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from frontend.client import ServiceClient, ServiceError

GENERATION = {"generation_id": "0be8c388-3335-422f-b2cc-4f5653868693", "songs": [], "tags": ["재즈"]}
JOB = {"job_id": "7", "state": "painting", "share": 0.25, "seconds_left": 9.0}

Answering = Callable[..., ServiceClient]


@pytest.fixture
def answering() -> Iterator[Answering]:
    """Builds a client of a server that answers everything with this status and body, after a while."""
    started = []

    def start(status: int, body: bytes, delay_s: float = 0.0, timeout_s: float = 5.0, key: str = "") -> ServiceClient:
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.server.authorization = self.headers["Authorization"]
                self.server.client_id = self.headers["X-Client-Id"]
                self.server.received = (self.path, json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self.answer()

            def do_GET(self) -> None:
                self.server.received = (self.path, None)
                self.answer()

            def do_DELETE(self) -> None:
                self.server.received = (self.path, "deleted")
                self.answer()

            def answer(self) -> None:
                time.sleep(delay_s)
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None: ...

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        client = ServiceClient(f"http://127.0.0.1:{server.server_port}", timeout_s, key)
        client.server = server
        started.append(client)
        return client

    yield start
    for client in started:
        client.close()
        client.server.shutdown()
        client.server.server_close()


def test_recommend_sends_its_options_and_returns_the_generation(answering: Answering) -> None:
    client = answering(200, json.dumps(GENERATION).encode())
    assert client.recommend("재즈", similarity=0) == GENERATION
    assert client.server.received == ("/recommend", {"title": "재즈", "similarity": 0})


def test_a_picture_is_begun_looked_after_and_cancelled_by_its_job(answering: Answering) -> None:
    client = answering(202, json.dumps(JOB).encode())
    assert client.begin_picture("재즈", overlay=True) == JOB
    assert client.server.received == ("/thumbnail/jobs", {"title": "재즈", "overlay": True})
    assert client.picture_job("7") == JOB
    assert client.server.received == ("/thumbnail/jobs/7", None)
    client.cancel_picture("7")
    assert client.server.received == ("/thumbnail/jobs/7", "deleted")


@pytest.mark.parametrize(("client_id", "sent"), [("", None), ("anne", "anne")])
def test_likes_and_feedback_tell_whose_they_are(answering: Answering, client_id: str, sent: str | None) -> None:
    number = GENERATION["generation_id"]
    client = answering(200, b'{"kept": [3]}')
    client.like(number, False, client_id)
    assert client.server.received == ("/like", {"generation_id": number, "liked": False})
    assert client.server.client_id == sent

    assert client.feedback(number, client_id, songs=[3], liked=True) == {"kept": [3]}
    assert client.server.received == ("/feedback", {"generation_id": number, "songs": [3], "liked": True})
    assert client.server.client_id == sent


def test_the_service_says_how_long_a_picture_takes(answering: Answering) -> None:
    assert answering(200, b'{"picture_s": 93.5}').picture_s() == 93.5


def test_whoever_answers_too_late_is_not_waited_for(answering: Answering) -> None:
    with pytest.raises(ServiceError, match="No answer within 0 seconds") as caught:
        answering(200, b"{}", delay_s=0.3, timeout_s=0.1).similar("재즈")
    assert caught.value.code == "timeout"


@pytest.mark.parametrize("translates", [True, False])
def test_the_service_is_asked_whether_titles_go_to_google(answering: Answering, translates: bool) -> None:
    client = answering(200, json.dumps({"translates_titles": translates}).encode())
    assert client.translates_titles() is translates
    assert client.server.received == ("/about", None)


def test_an_error_of_the_service_keeps_its_message_code_and_field(answering: Answering) -> None:
    problem = {"error": {"code": "invalid_value", "message": "title is too long.", "field": "title"}}
    with pytest.raises(ServiceError) as caught:
        answering(422, json.dumps(problem).encode()).similar("재즈")
    assert (caught.value.message, caught.value.code, caught.value.field) == (
        "title is too long.",
        "invalid_value",
        "title",
    )


@pytest.mark.parametrize("body", [b"<html>", b"[]", b"{}", b"\xff"])
def test_a_stranger_that_answers_200_is_told_apart_from_the_service(answering: Answering, body: bytes) -> None:
    client = answering(200, body)
    calls = [
        partial(call, "재즈") for call in (client.similar, client.recommend, client.begin_picture, client.picture_job)
    ]
    for call in (*calls, client.translates_titles):
        with pytest.raises(ServiceError, match="is not AI Player") as caught:
            call()
        assert caught.value.code == "not_the_service"


@pytest.mark.parametrize(("key", "sent"), [("", None), ("page-secret", "Bearer page-secret")])
def test_a_key_is_sent_where_there_is_one(answering: Answering, key: str, sent: str | None) -> None:
    client = answering(202, json.dumps(JOB).encode(), key=key)
    client.begin_picture("재즈")
    assert client.server.authorization == sent
    assert "page-secret" not in repr(vars(client))


@pytest.mark.parametrize("code", ["key_missing", "key_unknown"])
def test_a_service_that_wants_a_key_is_told_with_the_setting_that_sends_one(answering: Answering, code: str) -> None:
    refusal = {"error": {"code": code, "message": "Send it as `Authorization: Bearer KEY`."}}
    with pytest.raises(ServiceError, match="Set AIPLAYER_SERVICE_KEY to one that it knows") as caught:
        answering(401, json.dumps(refusal).encode(), key="page-secret").similar("재즈")
    assert caught.value.code == code
    assert "page-secret" not in caught.value.message


def test_a_proxy_that_fails_in_html_is_reported_by_its_status(answering: Answering) -> None:
    with pytest.raises(ServiceError, match=r"The service answered 502\.") as caught:
        answering(502, b"<html>Bad Gateway</html>").similar("재즈")
    assert caught.value.code == "http_error"


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("HTTP_PROXY", "http://127.0.0.1:9"),
        ("http_proxy", "http://127.0.0.1:9"),
        ("ALL_PROXY", "socks://127.0.0.1:7890"),
        ("all_proxy", "socks5://127.0.0.1:7890"),
        ("HTTPS_PROXY", "nonsense://[::"),
        ("SSL_CERT_FILE", "/nowhere/certificates.pem"),
    ],
)
def test_a_service_on_this_machine_is_called_past_any_proxy(
    answering: Answering, monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv(variable, value)
    assert answering(200, json.dumps(GENERATION).encode()).recommend("재즈") == GENERATION


def test_a_service_elsewhere_is_called_through_the_proxy(answering: Answering, monkeypatch: pytest.MonkeyPatch) -> None:
    proxy = answering(200, json.dumps(GENERATION).encode())
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{proxy.server.server_port}")
    monkeypatch.delenv("http_proxy", raising=False)
    with ServiceClient("http://gpu.example:3000", timeout_s=5) as client:
        assert client.recommend("재즈") == GENERATION
    assert proxy.server.received[0] == "http://gpu.example:3000/recommend"


def test_nothing_that_answers_is_unreachable(answering: Answering) -> None:
    client = answering(200, b"")
    client.server.shutdown()
    client.server.server_close()
    with pytest.raises(ServiceError, match="Nothing answers at") as caught:
        client.similar("재즈")
    assert caught.value.code == "unreachable"
    assert not client.is_ready()


def closing_first(answer: bytes) -> tuple[socket.socket, list[bytes]]:
    """A server that closes its first connection without an answer, and what it was asked."""
    listening, asked = socket.create_server(("127.0.0.1", 0)), []

    def serve() -> None:
        for number in range(2):
            with suppress(OSError), listening.accept()[0] as connection:
                asked.append(connection.recv(10_000))
                if number:
                    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(answer), answer))

    threading.Thread(target=serve, daemon=True).start()
    return listening, asked


@pytest.mark.parametrize("call", ["similar", "translates_titles"])
def test_what_may_be_asked_twice_is_asked_again_where_a_connection_ends_without_an_answer(call):
    listening, asked = closing_first(b'{"playlists": [], "translates_titles": true}')
    with listening, ServiceClient(f"http://127.0.0.1:{listening.getsockname()[1]}") as client:
        assert getattr(client, call)(*["재즈"] * (call == "similar"))
    assert len(asked) == 2
    keys = {line for request in asked for line in request.split(b"\r\n") if line.startswith(b"Idempotency-Key: ")}
    assert len(keys) == (1 if call == "similar" else 0)


def test_a_picture_is_begun_once():
    listening, asked = closing_first(b"{}")
    with listening, ServiceClient(f"http://127.0.0.1:{listening.getsockname()[1]}") as client:
        with pytest.raises(ServiceError):
            client.begin_picture("재즈")
        assert len(asked) == 1
        assert b"Idempotency-Key" not in asked[0]
