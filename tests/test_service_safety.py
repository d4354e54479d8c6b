"""What the real service does for whoever it is exposed to, without any setting."""

import time

import httpx
import pytest

from aiplayer.settings import STATE
from tests.support.service import TITLE

pytestmark = pytest.mark.process

ANSWERS = [
    ("GET", "/", 200),
    ("GET", "/healthz", 200),
    ("GET", "/readyz", 200),
    ("GET", "/metrics", 200),
    ("GET", "/docs.json", 200),
    ("HEAD", "/about", 200),
    ("GET", "/nowhere", 404),
    ("GET", "/static_content/x.js", 404),
    ("PUT", "/similar", 405),
    ("OPTIONS", "/similar", 204),
    ("POST", "/similar", 422),
]


@pytest.mark.parametrize(("method", "path", "status"), ANSWERS)
def test_every_answer_has_the_headers_of_a_careful_service(client, method, path, status):
    response = client.request(method, path)
    assert response.status_code == status
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["referrer-policy"] == "no-referrer"
    assert response.headers["cross-origin-resource-policy"] == "same-origin"
    assert "frame-ancestors 'none'" in response.headers["content-security-policy"]
    assert "server" not in response.headers
    assert not [name for name in response.headers if name.startswith("access-control")]


@pytest.mark.parametrize("body", [{"title": TITLE}, {"title": ""}])
@pytest.mark.parametrize("path", ["/similar", "/recommend", "/thumbnail"])
def test_no_cache_keeps_an_answer_to_a_post(client, path, body):
    assert client.post(path, json=body).headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", ["/similar", "/like", "/encode", "/healthz", "/metrics", "/static_content/x", "/x"])
@pytest.mark.parametrize(
    "content_type", ["application/vnd.bentoml+pickle", "multipart/form-data; boundary=x", "text/plain"]
)
def test_only_json_is_taken_on_every_path(client, path, content_type):
    response = client.post(path, content=b"cposix\nsystem\n(S'true'\ntR.", headers={"Content-Type": content_type})
    assert (response.status_code, response.json()["error"]["code"]) == (415, "unsupported_media_type")


def test_a_content_type_that_nobody_can_read_gets_a_whole_answer(client):
    response = client.post("/similar", json={"title": TITLE}, headers={"Content-Type": b"application/json\xff"})
    assert (response.status_code, response.json()["error"]["code"]) == (415, "unsupported_media_type")


def test_without_keys_any_is_as_good_as_none(client):
    assert client.get("/about", headers={"Authorization": "Bearer anything"}).status_code == 200


def test_every_refusal_is_declared(client):
    schema = client.get("/docs.json").json()
    for operations in schema["paths"].values():
        for operation in operations.values():
            assert {"401", "415", "429"} <= set(operation["responses"])
    assert "security" not in schema


def test_the_log_holds_no_title_and_no_address(client: httpx.Client):
    client.get("/about?title=secretrain&x=%0Aforged", headers={"X-Forwarded-For": "198.51.100.77"})
    client.post("/similar?title=secretrain", json={"title": "secretrain"}, headers={"User-Agent": "secretrain"})
    client.get("/last", headers={"X-Request-Id": "last-of-all"})

    log = ""
    deadline = time.monotonic() + 10
    # The service answers first and writes then.
    while "last-of-all" not in log and time.monotonic() < deadline:
        time.sleep(0.1)
        log = (STATE / "log" / "test-service.log").read_text(encoding="utf-8")
    assert "last-of-all" in log
    assert "secretrain" not in log
    assert "198.51.100.77" not in log
    assert not [line for line in log.splitlines() if line.startswith("forged")]
