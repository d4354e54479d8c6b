import asyncio
import json
import os
import subprocess
import time
from pathlib import Path

import pytest
from aiohttp import web

from aiplayer.settings import PROJECT
from infra.instances import BIN
from loadtests import latency
from tests.support.service import BAD_PROXIES
from tests.support.tiny_service import answer_recommend, answer_similar, tiny_service

pytestmark = pytest.mark.process


def run_locust(service_url: str, tmp_path: Path, *options: str) -> tuple[subprocess.CompletedProcess[str], dict]:
    """The ended program, and what it wrote of its results."""
    results = tmp_path / "results.json"
    command = [str(BIN / "locust"), "--locustfile", "loadtests/locustfile.py", "--headless", "--host", service_url]
    command += ["--results", str(results), *options]
    environment = os.environ | BAD_PROXIES
    ended = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, timeout=90)
    assert results.exists(), ended.stderr[-2000:]
    return ended, json.loads(results.read_bytes())


def test_creators_get_no_failure_in_a_short_run_whatever_the_proxies(service_url, tmp_path):
    """The locust journey itself, four users for eight seconds."""
    ended, told = run_locust(
        service_url, tmp_path, "--users", "4", "--run-time", "8s", "--html", str(tmp_path / "r.html")
    )
    routes = {route["route"]: route for route in told["routes"]}
    assert {"/similar", "/recommend", "/thumbnail"} <= routes.keys()
    assert sum(route["answered"] for route in routes.values()) >= 8
    assert sum(route["failed"] + route["refused"] for route in routes.values()) == 0
    assert "<html" in (tmp_path / "r.html").read_text(encoding="utf-8")
    # On a busy machine an answer may be too slow; that alone fails the run.
    assert all("p95" in sentence for sentence in told["broken"])
    assert ended.returncode == (1 if told["broken"] else 0)


def test_refused_creators_come_back_later_and_are_no_failures(tmp_path):
    """A service that refuses every second search, and asks to be left alone for a second."""
    searches = []

    async def similar(request: web.Request) -> web.Response:
        searches.append(time.monotonic())
        if len(searches) % 2:
            return web.json_response({"error": {"code": "too_busy"}}, status=429, headers={"Retry-After": "1"})
        return await answer_similar(request)

    async def run() -> tuple[subprocess.CompletedProcess[str], dict]:
        async with tiny_service(similar=similar, recommend=answer_recommend) as url:
            return await asyncio.to_thread(run_locust, url, tmp_path, "--users", "1", "--run-time", "10s")

    ended, told = asyncio.run(run())
    by_route = {route["route"]: route for route in told["routes"]}
    assert by_route["/similar"]["refused"] >= 1
    assert by_route["/similar"]["failed"] == 0
    assert searches[1] - searches[0] >= 1
    # There is nobody who paints.
    assert by_route["/thumbnail"]["failed"] > 0
    assert ended.returncode == 1
    assert "of the requests were refused" in ended.stdout
    assert "/thumbnail was never answered with success" in ended.stdout


def test_latencies_are_measured_whatever_the_proxies(service_url, monkeypatch):
    for variable, value in BAD_PROXIES.items():
        monkeypatch.setenv(variable, value)
    monkeypatch.setattr(latency, "ROUNDS", dict.fromkeys(latency.ROUNDS, 1))
    measured = latency.measure(service_url)
    assert measured.keys() == latency.ROUNDS.keys()
    assert all(len(times_ms) == 1 for times_ms in measured.values())
