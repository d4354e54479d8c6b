"""A tiny app inside the log of requests: nothing of a caller's words is in it."""

import logging

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from gateway.access_log import AccessLog
from gateway.log_lines import OneLine


async def answer(request: Request) -> Response:
    return PlainTextResponse(f"{request.url.path} {request.query_params} {len(await request.body())}")


app = Starlette(routes=[Route("/{path:path}", answer, methods=["GET", "POST"])])
# As BentoML makes it.
options = dict.fromkeys(["has_request_content_length", "has_request_content_type"], True)
options |= dict.fromkeys(["has_response_content_length", "has_response_content_type"], True)
client = TestClient(AccessLog(app, skip_paths=["/healthz"], **options), client=("203.0.113.7", 4711))


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch):
    logger = logging.getLogger("bentoml.access")
    one_line = OneLine()
    logger.addFilter(one_line)
    monkeypatch.setattr(logger, "propagate", True)
    with caplog.at_level(logging.INFO, logger.name):
        yield lambda: caplog.messages.pop()
    logger.removeFilter(one_line)


def test_a_line_tells_method_path_status_sizes_and_time(logged):
    assert client.post("/similar", content=b"12345").text == "/similar  5"
    begin, _, time_ms = logged().rpartition(" ")
    assert begin == (
        "_ (scheme=http,method=POST,path=/similar,length=5) (status=200,type=text/plain; charset=utf-8,length=11)"
    )
    assert time_ms.endswith("ms")


def test_no_query_no_address_and_no_header_of_the_caller_is_logged(logged):
    headers = {"Content-Type": "text/rain", "Authorization": "Bearer rain", "User-Agent": "rain", "X-API-Key": "rain"}
    assert "rain" in client.get("/similar?title=rain", headers=headers).text
    line = logged()
    assert "path=/similar," in line
    assert "rain" not in line
    assert "203.0.113.7" not in line


def test_a_content_type_that_nobody_can_read_breaks_no_answer(logged):
    assert client.post("/similar", content=b"1", headers={"Content-Type": b"application/json\xff"}).status_code == 200
    assert "path=/similar," in logged()


def test_a_path_is_cut_and_stays_in_one_line(logged):
    client.get("/" + "x" * 5_000)
    assert len(logged()) < 300
    client.get("/x%0AERROR forged%1B[2J")
    assert r"path=/x\nERROR forged\x1b[2J," in logged()


def test_what_load_balancers_ask_is_not_logged(caplog):
    assert client.get("/healthz").status_code == 200
    assert caplog.messages == []
