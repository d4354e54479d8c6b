"""A fork of the supervisor is what a program would be that BentoML had started."""

import json
import os
import signal
import socket
import sys
import time
from pathlib import Path

import psutil
import pytest

from gateway import forked_worker
from gateway.forked_worker import ForkedWorker

pytestmark = pytest.mark.skipif(not forked_worker.IS_POSSIBLE, reason="forks are for Linux")

COMMAND = [sys.executable, "-m", "_bentoml_impl.worker.service", "service:AIPlayer", "--service-name", "thumbnail"]
ENDS_WITHIN_S = 20


def status_of(worker: ForkedWorker) -> int:
    deadline = time.monotonic() + ENDS_WITHIN_S
    while worker.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)
    return worker.returncode


@pytest.fixture
def fork(tmp_path, monkeypatch):
    """Forks a worker that does something in place of serving."""

    def start(serve, **environment: str) -> ForkedWorker:
        monkeypatch.setattr(forked_worker.worker, "main", serve)
        return ForkedWorker(COMMAND, cwd=str(tmp_path), env=environment, preexec_fn=os.setsid, close_fds=False)

    return start


def test_it_has_the_arguments_the_environment_and_the_folder_of_what_was_to_be_started(fork, tmp_path):
    def serve(arguments, standalone_mode):
        name = psutil.Process().cmdline()
        told = {"arguments": arguments, "environment": dict(os.environ), "name": name, "session": os.getsid(0)}
        Path("told.json").write_text(json.dumps(told), encoding="utf-8")

    worker = fork(serve, ONLY="this")
    assert status_of(worker) == 0
    told = json.loads((tmp_path / "told.json").read_text(encoding="utf-8"))
    assert told["arguments"] == COMMAND[3:]
    assert told["environment"] == {"ONLY": "this"}
    assert told["name"][: len(COMMAND)] == COMMAND
    assert told["session"] == worker.pid


def test_it_holds_the_files_that_were_meant_for_it_and_no_others(fork, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as own, socket.create_server(("127.0.0.1", 0)) as of_another:
        own.set_inheritable(True)

        def serve(arguments, standalone_mode):
            listening = [one.laddr.port for one in psutil.Process().net_connections("tcp") if one.status == "LISTEN"]
            Path("told.json").write_text(json.dumps(listening), encoding="utf-8")
            # The object that held it may close it once more, and nothing else is closed by that.
            kept = open("kept", "w")  # noqa: SIM115
            of_another.close()
            kept.write("kept")
            kept.close()

        assert status_of(fork(serve)) == 0
        assert json.loads((tmp_path / "told.json").read_text()) == [own.getsockname()[1]]
        assert (tmp_path / "kept").read_text() == "kept"


def test_a_signal_ends_it_as_it_would_any_program(fork):
    def on_signal(*_):
        raise AssertionError("this is the supervisor's")

    before = signal.signal(signal.SIGTERM, on_signal)
    try:
        worker = fork(lambda arguments, standalone_mode: time.sleep(ENDS_WITHIN_S))
        assert worker.poll() is None
        # It may not have come to its own signals yet.
        time.sleep(0.2)
        worker.terminate()
        assert status_of(worker) == -signal.SIGTERM
    finally:
        signal.signal(signal.SIGTERM, before)


def test_an_error_is_told_and_is_its_status(fork, capfd):
    def refuse(arguments, standalone_mode):
        raise RuntimeError("no model")

    assert status_of(fork(refuse)) == 1
    assert "RuntimeError: no model" in capfd.readouterr().err

    def leave(arguments, standalone_mode):
        raise SystemExit(3)

    assert status_of(fork(leave)) == 3


def test_one_that_circus_has_asked_for_already_has_ended(fork):
    worker = fork(lambda arguments, standalone_mode: None)
    os.waitpid(worker.pid, 0)
    assert worker.poll() == 0
