"""A running `make up` is found and asked, and all of them serve a set or none; played here by threads."""

import os
import socket
import threading
from contextlib import closing, contextmanager

import pytest

from aiplayer import promotion
from aiplayer.errors import Unavailable
from aiplayer.pins import ModelPins
from aiplayer.promotion import WRITTEN_DOWN, Line, PromotionRequest, ask, control_socket, running, send_line
from aiplayer.unix_sockets import listen_at

REQUEST = PromotionRequest(name="new", models=ModelPins(title_encoder="e:1"), canary_percent=5, watch_s=0)
TOLD, SERVING, DONE = Line(kind="told", text="starting"), Line(kind="serving"), Line(kind="done")
REFUSED = Line(kind="refused", text="It is slow.")
WAIT = "wait for what is said"


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(promotion, "FOLDER", tmp_path)
    return tmp_path


@contextmanager
def make_up(path, *script):
    """A `make up` that sends these lines; what it was asked, and what was said afterwards."""
    heard = []

    def serve() -> None:
        connection, _ = listener.accept()
        with connection, connection.makefile("rwb") as stream:
            heard.append(PromotionRequest.model_validate_json(stream.readline()))
            for line in script:
                if line is WAIT:
                    heard.append(stream.readline())
                else:
                    send_line(stream, line)

    with closing(socket.socket(socket.AF_UNIX)) as listener:
        listen_at(listener, path)
        thread = threading.Thread(target=serve)
        thread.start()
        yield heard
        thread.join(10)
        assert not thread.is_alive()


def test_it_writes_down_when_the_set_serves_and_waits_until_the_old_one_has_ended(folder):
    told = []
    with make_up(folder / "a", TOLD, SERVING, WAIT, TOLD, DONE) as heard:
        ask([folder / "a"], REQUEST, told.append, lambda: told.append("written"))
    assert told == ["starting", "written", "starting"]
    assert heard == [REQUEST, WRITTEN_DOWN]


def test_several_are_written_down_once_when_all_serve_it(folder):
    written = []
    script = (SERVING, WAIT, DONE)
    with make_up(folder / "a", *script) as first, make_up(folder / "b", *script) as second:
        ask([folder / "a", folder / "b"], REQUEST, print, lambda: written.append(True))
    assert written == [True]
    assert first == second == [REQUEST, WRITTEN_DOWN]


def test_where_one_refuses_the_others_are_told_nothing_and_go_back(folder):
    written = []
    with (
        make_up(folder / "a", SERVING, WAIT) as first,
        make_up(folder / "b", TOLD, REFUSED),
        pytest.raises(Unavailable, match=r"^It is slow\.$") as caught,
    ):
        ask([folder / "a", folder / "b"], REQUEST, print, lambda: written.append(True))
    assert caught.value.code == "promotion_refused"
    assert written == []
    assert first == [REQUEST, b""]


def test_without_any_it_is_only_written_down():
    written = []
    ask([], REQUEST, print, lambda: written.append(True))
    assert written == [True]


def test_what_cannot_be_written_down_is_not_confirmed(folder):
    def fail() -> None:
        raise OSError("no room")

    with make_up(folder / "a", SERVING, WAIT) as heard, pytest.raises(OSError, match="no room"):
        ask([folder / "a"], REQUEST, print, fail)
    assert heard == [REQUEST, b""]


@pytest.mark.parametrize("script", [(), (TOLD,), (SERVING, WAIT)])
def test_one_that_ends_meanwhile_is_told_in_one_sentence(folder, script):
    with (
        make_up(folder / "a", *script),
        pytest.raises(Unavailable, match=r"`make up` ended while the set was promoted"),
    ):
        ask([folder / "a"], REQUEST, print, print)


def test_one_that_has_just_ended_too(folder):
    with pytest.raises(Unavailable, match=r"`make up` ended while"):
        ask([folder / "nobody"], REQUEST, print, print)


def test_only_the_living_of_a_database_are_found_and_what_the_dead_left_is_removed():
    mine, dead, other = control_socket("mine", os.getpid()), control_socket("mine", 1), control_socket("other", 1)
    with (
        closing(socket.socket(socket.AF_UNIX)) as living,
        closing(socket.socket(socket.AF_UNIX)) as of_other,
    ):
        listen_at(living, mine)
        listen_at(of_other, other)
        with closing(socket.socket(socket.AF_UNIX)) as killed:
            listen_at(killed, dead)
        assert running("mine") == [mine]
        assert not dead.exists()
        assert other.exists()


@pytest.mark.parametrize("values", [{"canary_percent": 101}, {"watch_s": -1}, {"further": 1}])
def test_a_request_that_means_nothing_is_refused(values):
    with pytest.raises(ValueError, match=r"canary_percent|watch_s|further"):
        PromotionRequest(name="new", models=ModelPins(), **values)
