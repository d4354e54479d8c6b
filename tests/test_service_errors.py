"""What the real service does with requests that nobody should send: one shape of error, and nothing that grows."""

import http.client
import json
import random
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import httpx
import pytest

from tests.support.nasty_bodies import nasty_bodies
from tests.support.service import TITLE

pytestmark = pytest.mark.process

POSTED = ("/similar", "/recommend", "/thumbnail", "/like", "/feedback")


def series(client: httpx.Client) -> set[str]:
    """The names and labels of everything in /metrics, without its values."""
    return {line.rpartition(" ")[0] for line in client.get("/metrics").text.splitlines()}


def test_metrics_do_not_grow_by_what_callers_send(client):
    kinds = (("GET", "/nowhere"), ("GET", "/playlists/99999999"), ("GET", "/playlists/x"), ("PUT", "/like"))
    for method, path in (*kinds, ("POST", "/static_content/x"), ("GET", "/metrics")):
        client.request(method, path)
    before = series(client)

    draw = random.Random(5)
    for number in range(400):
        name = "".join(draw.choices("abcdefgh", k=12))
        method = "".join(draw.choices("ABCDEFGH", k=8)) if number % 10 == 0 else "GET"
        path = (f"/{name}", f"/playlists/{10**8 + number}", f"/playlists/{name}", f"/static_content/{name}")[number % 4]
        client.request(method, path)
    added = series(client) - before
    assert not {line for line in added if "http_response_code" not in line}
    # What was seen for the first time is a route's template with one of its statuses.
    assert len({line.split("le=")[0] for line in added}) < 20
    assert not any("8" * 2 in line or "/static_content" in line for line in added)


def test_requests_are_counted_by_route(client):
    client.get("/playlists/1")
    counted = [line for line in series(client) if line.startswith("bentoml_service_request_total")]
    assert any('endpoint="/playlists/{playlist_id}"' in line and 'runner_name="ai_player"' in line for line in counted)
    assert any('runner_name="title_encoder"' in line for line in counted)


@pytest.mark.parametrize(
    ("path", "methods"),
    [("/healthz", "GET, HEAD, OPTIONS"), ("/docs.json", "GET, HEAD, OPTIONS"), ("/playlists/1", "GET, HEAD, OPTIONS")]
    + [(path, "OPTIONS, POST") for path in POSTED if path != "/thumbnail"]
    + [("/thumbnail", "GET, HEAD, OPTIONS, POST")],
)
def test_every_path_tells_its_methods(client, path, methods):
    wrong = client.patch(path)
    assert (wrong.status_code, wrong.headers["allow"]) == (405, methods)
    assert wrong.json()["error"]["code"] == "method_not_allowed"
    options = client.options(path)
    assert (options.status_code, options.headers["allow"], options.content) == (204, methods, b"")


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics", "/docs.json", "/playlists/1", "/nowhere"])
def test_head_is_answered_as_get(client, path):
    head = client.head(path)
    assert (head.status_code, head.content) == (client.get(path).status_code, b"")


@pytest.mark.parametrize("path", ["/nowhere", "/static_content/nothing.js", "/schema.json/x", "/similar/x"])
def test_what_is_not_there_has_the_one_shape(client, path):
    response = client.get(path)
    assert (response.status_code, response.json()["error"]["code"]) == (404, "not_found")


@pytest.mark.parametrize("path", POSTED)
def test_nasty_bodies_get_an_error_in_the_one_shape(client, path):
    for body, content_type in nasty_bodies(TITLE):
        response = client.post(path, content=body, headers={"Content-Type": content_type})
        shown = (path, content_type, body[:80])
        assert 400 <= response.status_code < 500, shown
        error = response.json()["error"]
        assert set(error) <= {"code", "message", "field"}, shown
        assert "Traceback" not in response.text, shown
        assert len(error["message"]) < 500, shown


def test_a_body_that_is_sent_in_pieces_or_not_at_all_is_refused(service_url):
    address = urlsplit(service_url)
    for headers in ({}, {"Content-Length": "0"}, {"Content-Type": "application/json"}):
        connection = http.client.HTTPConnection(address.hostname, address.port, timeout=30)
        connection.request("POST", "/similar", headers=headers)
        answer = connection.getresponse()
        assert 400 <= answer.status < 500
        assert set(json.loads(answer.read())) == {"error"}
        connection.close()


def test_what_the_schema_says_is_true(client):
    schema = client.get("/docs.json").json()
    for path in POSTED:
        responses = schema["paths"][path]["post"]["responses"]
        assert {"200", "400", "404", "405", "413", "422", "500", "503", "504"} <= set(responses)
        for status in set(responses) - {"200"}:
            reference = responses[status]["content"]["application/json"]["schema"]["$ref"]
            assert reference == "#/components/schemas/ErrorAnswer"

    # Clients that are generated know one type of content for all answers; that of several pictures is told in words.
    pictures = schema["paths"]["/thumbnail"]["post"]["responses"]["200"]
    assert (set(pictures["content"]), "JSON list" in pictures["description"]) == ({"image/png"}, True)
    for count, media_type in ((1, "image/png"), (2, "application/json")):
        answer = client.post("/thumbnail", json={"title": TITLE, "count": count})
        assert answer.headers["content-type"] == media_type

    title = schema["components"]["schemas"]["SimilarRequest"]["properties"]["title"]
    assert {"pattern", "minLength", "maxLength"} <= set(title)


def test_the_service_answers_others_while_it_does_heavy_work(client, service_url):
    """While large requests are served one after another, /healthz is quick; the limit has room for a busy machine."""
    ids = [p["playlist_id"] for p in client.post("/similar", json={"title": TITLE, "count": 50}).json()["playlists"]]
    many_fields = {"title": TITLE, **{f"field_{number}": 1 for number in range(50_000)}}
    heavy = [
        ("/similar", {"title": TITLE, "count": 100}),
        ("/recommend", {"title": TITLE, "playlist_ids": ids, "song_count": 100}),
        ("/similar", many_fields),
    ]
    with ThreadPoolExecutor(1) as clients:
        asked = clients.map(
            lambda request: httpx.post(service_url + request[0], json=request[1], timeout=60), heavy * 3
        )
        waits_s = [client.get("/healthz").elapsed.total_seconds() for _ in range(200)]
        statuses = [response.status_code for response in asked]
    assert statuses == [200, 200, 422] * 3
    assert sorted(waits_s)[len(waits_s) // 2] < 0.05
