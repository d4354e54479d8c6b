"""The commands of the Makefile, as a person types them, on the set-up of this checkout."""

import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import time
from contextlib import nullcontext

import httpx
import psutil
import pytest
from PIL import Image

from aiplayer.devices import Part
from aiplayer.errors import InvalidInput, Unavailable
from aiplayer.settings import PROJECT, STATE
from infra import instances, local, log_lines
from infra.instances import BIN, free_port, wait_until_ready
from infra.local import parse_arguments
from infra.programs import ENVIRONMENT, Program
from tests.support.service import BAD_PROXIES, demo_environment

pytestmark = pytest.mark.process

PYTHON = str(BIN / "python")
# BentoML's parent, the gateway, the three runners, and the page.
WORKERS = 6
API_KEYS = '[{"name": "page", "secret": "page-secret-0123"}]'


@pytest.fixture
def environment(database_url):
    return {**os.environ, **ENVIRONMENT, **demo_environment(database_url)}


def run(*arguments: str, environment: dict) -> subprocess.CompletedProcess:
    command = [PYTHON, "-m", "infra.local", *arguments]
    return subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, timeout=120)


def up(port: int, ui_port: int, environment: dict) -> subprocess.Popen:
    """`make up &`, as a shell starts it: with Ctrl-C ignored."""
    command = [PYTHON, "-m", "infra.local", "up", "--port", str(port), "--ui-port", str(ui_port)]
    background = ["sh", "-c", 'trap "" INT; exec "$@"', "sh", *command]
    return subprocess.Popen(background, cwd=PROJECT, env=environment, stdout=subprocess.PIPE, text=True)


def test_demo_writes_and_prints_a_playlist_behind_proxies_that_nothing_can_use_and_needs_no_key(environment, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        exposed = {"AIPLAYER_API_KEYS": API_KEYS, "AIPLAYER_REQUESTS_PER_MINUTE": "1"}
        exposed |= {"AIPLAYER_ADMIN_PORT": str(taken.getsockname()[1])}
        translating = environment | BAD_PROXIES | {"AIPLAYER_TRANSLATE_TITLES": "true"} | exposed
        ended = run("demo", "--title", 'late night "city" drive', f"--out={tmp_path}", environment=translating)
    assert ended.returncode == 0, ended.stderr
    log = (STATE / "log" / "demo.log").read_text(encoding="utf-8")
    assert log.count("titles are not translated") == 1
    assert "admin_port" not in log
    playlist = json.loads((tmp_path / "playlist.json").read_text(encoding="utf-8"))
    assert playlist["title"] == 'late night "city" drive'
    assert len(playlist["songs"]) == 20
    assert all(song["name"] in ended.stdout or song["name"][:10] in ended.stdout for song in playlist["songs"])
    with Image.open(tmp_path / "thumbnail.png") as image:
        assert image.size == (playlist["thumbnail"]["width"], playlist["thumbnail"]["height"]) == (1280, 720)


@pytest.mark.parametrize("title", ["", " ", "\u200b"])
def test_no_service_is_started_for_a_title_that_nobody_can_see(title, tmp_path):
    with pytest.raises(InvalidInput, match=r"The title is empty\. Write one"):
        local.demo(title, free_port(), tmp_path)


@pytest.mark.parametrize("title", ["--help", "-x", "--port=1", "a b", ""])
def test_a_title_may_look_like_an_option(title):
    assert parse_arguments(["demo", f"--title={title}"]).title == title


@pytest.mark.parametrize("status", [0, 3])
def test_the_log_of_the_last_run_is_kept(tmp_path, status):
    for run_number in (1, 2):
        program = Program("program", ["sh", "-c", f"echo run {run_number}; exit {status}"], {})
        program.log = tmp_path / "program.log"
        with program:
            assert program.process.wait(10) == status
    assert (tmp_path / "program.log").read_text() == "run 2\n"
    assert (tmp_path / "program.log.1").read_text() == "run 1\n"


def test_a_catalogue_that_the_models_were_not_made_for_is_refused_at_start(environment, database_url, tmp_path):
    copy = tmp_path / "other.db"
    with sqlite3.connect(database_url.removeprefix("sqlite:///")) as source, sqlite3.connect(copy) as target:
        source.backup(target)
        target.execute("UPDATE catalogue_version SET own_playlists = 'other'")
    source.close()
    target.close()
    url = {"AIPLAYER_DATABASE_URL": f"sqlite:///{copy}"}
    ended = run("demo", "--title", "x", environment=environment | url)
    assert ended.returncode == 1
    assert re.match(r"error: The database holds catalogue \w+-other, and the models were made for \w+\.", ended.stderr)
    assert ended.stderr.count("\n") == 1


def test_models_of_different_catalogues_are_refused_at_start(environment):
    pin = {"AIPLAYER_MODELS__TITLE_INDEX": "title_index:000000000000"}
    ended = run("demo", "--title", "x", environment=environment | pin)
    assert ended.returncode == 1
    assert ended.stderr.startswith("error: The title index title_index:000000000000 is not in the model store.")


SLOW_SERVICE = """
import sys, time
from http.server import BaseHTTPRequestHandler, HTTPServer

class Ready(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()

for part in range(int(sys.argv[2])):
    print(f"2026-11-29 [INFO] [thumbnail:1] starting: part {part}", flush=True)
    time.sleep(1)
time.sleep(float(sys.argv[3]))
HTTPServer(("127.0.0.1", int(sys.argv[1])), Ready).serve_forever()
"""


@pytest.mark.parametrize(("parts", "silence_s", "problem"), [(4, 0, None), (1, 30, "not ready after 3 s of part 0;")])
def test_a_start_may_take_long_while_it_says_what_it_does(monkeypatch, parts, silence_s, problem):
    monkeypatch.setattr(instances, "START_TIMEOUT_S", 3)
    port, told = free_port(), []
    command = [PYTHON, "-c", SLOW_SERVICE, str(port), str(parts), str(silence_s)]
    expected = pytest.raises(Unavailable, match=problem) if problem else nullcontext()
    with Program("test-slow", command, {}) as program, expected:
        wait_until_ready(f"http://127.0.0.1:{port}", program, tell=told.append)
    assert told == [f"part {part}" for part in range(parts)]


def test_what_a_program_says_is_told_once_and_a_refusal_ends_the_wait(tmp_path):
    news = "2026-11-29 [INFO] [thumbnail:1] starting: part {}"
    refusal = "aiplayer.errors.ModelMissing: The recommender is not in the model store."
    program = Program("program", ["sh", "-c", f"echo '{news.format(1)}'; echo '{news.format(2)}'"], {})
    program.log = tmp_path / "program.log"
    with program:
        program.process.wait(10)
        assert program.news() == ["part 1", "part 2"]
        assert program.news() == []

        with program.log.open("a") as log:
            log.write(f"{news.format(3)}\n{refusal}\n")
        with pytest.raises(Unavailable, match="The recommender is not in the model store"):
            program.news()


CRASHING_SERVICE = """
import subprocess, sys, time

while True:
    subprocess.run([sys.executable, "-c", "import time; time.sleep(1); raise MemoryError('no room')", "--service-name"])
"""


def test_a_worker_that_ends_while_it_starts_is_told_and_not_waited_for():
    expected = pytest.raises(Unavailable, match=r"A part of the test-crashing ended while it started(.|\n)*no room")
    with Program("test-crashing", [PYTHON, "-c", CRASHING_SERVICE], {}) as program, expected:
        wait_until_ready(f"http://127.0.0.1:{free_port()}", program)


@pytest.mark.parametrize("log_format", ["text", "json"])
def test_a_setting_that_the_thumbnail_model_refuses_is_told_at_once(environment, log_format):
    refused = {"AIPLAYER_DIFFUSION_WEIGHTS": "small", "AIPLAYER_DIFFUSION_WIDTH_PX": "1000"}
    refused["AIPLAYER_LOG_FORMAT"] = log_format
    ended = run("demo", "--title", "x", environment=environment | refused)
    assert ended.returncode == 1
    assert ended.stderr == "error: diffusion_width_px is 1000. Use a multiple of 32, at least 64.\n"


def test_a_card_that_is_wanted_where_there_is_none_is_told_in_one_line(environment):
    ended = run(
        "demo", "--title", "x", environment=environment | {"AIPLAYER_DEVICE": "cuda", "CUDA_VISIBLE_DEVICES": ""}
    )
    assert ended.returncode == 1
    assert ended.stderr.startswith("error: AIPLAYER_DEVICE is cuda, and no card is visible. Look at nvidia-smi and at ")
    assert ended.stderr.count("\n") == 1


def test_a_taken_port_is_named_with_the_setting_that_changes_it(environment):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ended = run("up", "--port", str(taken.getsockname()[1]), environment=environment)
    assert ended.returncode == 1
    assert "set PORT to another" in ended.stderr


def test_a_taken_port_of_the_operator_is_named_as_well(environment):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        admin_port = {"AIPLAYER_ADMIN_PORT": str(taken.getsockname()[1])}
        ended = run("up", "--port", str(free_port()), environment=environment | admin_port)
    assert ended.returncode == 1
    assert "set AIPLAYER_ADMIN_PORT to another" in ended.stderr


def test_up_serves_service_and_page_and_ctrl_c_also_twice_leaves_nothing_behind(environment):
    port, ui_port = free_port(), free_port()
    keys = {"AIPLAYER_API_KEYS": API_KEYS, "AIPLAYER_SERVICE_KEY": "page-secret-0123"}
    with up(port, ui_port, environment | BAD_PROXIES | keys) as program:
        lines = [program.stdout.readline() for _ in range(3)]
        assert str(ui_port) in lines[0]
        assert str(port) in lines[1]
        placements = {f"{part} on the CPU" for part in Part}
        assert set(lines[2].rstrip("\n").split("; ")) == placements
        assert httpx.get(f"http://127.0.0.1:{port}/readyz").status_code == 200
        assert httpx.get(f"http://127.0.0.1:{ui_port}/_stcore/health").status_code == 200
        started = psutil.Process(program.pid).children(recursive=True)
        assert len(started) >= WORKERS
        program.send_signal(signal.SIGINT)
        time.sleep(0.3)
        program.send_signal(signal.SIGINT)
        program.wait(30)
        assert [process for process in started if process.is_running()] == []


def test_a_path_forges_no_line_of_the_log(client):
    answer = client.get("/x%0Aaiplayer.errors.ModelMissing: forged%1B[2J%E2%80%A8")
    line_end = f"(request={answer.headers['X-Request-Id']})\n"
    log = ""
    deadline = time.monotonic() + 10
    # The service answers first and writes then.
    while line_end not in log and time.monotonic() < deadline:
        time.sleep(0.1)
        log = (STATE / "log" / "test-service.log").read_text(encoding="utf-8")
    (line,) = [line for line in log.splitlines(keepends=True) if line.endswith(line_end)]
    assert "] GET other 404 not_found in " in line
    assert "forged" not in log
    assert log_lines.refusal(log) is None


def test_up_that_is_ended_while_it_loads_leaves_nothing_behind_and_takes_no_time(environment):
    with up(free_port(), free_port(), environment) as program:
        started = []
        while len(started) < WORKERS:
            time.sleep(0.1)
            started = psutil.Process(program.pid).children(recursive=True)
        program.send_signal(signal.SIGTERM)
        program.wait(10)
        assert [process for process in started if process.is_running()] == []
