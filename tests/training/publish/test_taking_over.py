"""A set is put into use by every `make up` of the database before it is written down; here one that plays along."""

import socket
import threading
from contextlib import closing, contextmanager

import pytest

from aiplayer import promotion
from aiplayer.errors import InvalidInput, Unavailable
from aiplayer.pins import PinsFile, database_key
from aiplayer.promotion import Line, PromotionRequest, control_socket, send_line
from aiplayer.unix_sockets import listen_at
from loadtests.tiny_sets import tiny_set
from training.publish.production import production_set, promote, rollback
from training.publish.taking_over import AT_ONCE, Canary, in_running_services

CAREFULLY = Canary(10, 30)


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(promotion, "FOLDER", tmp_path / "control")
    (tmp_path / "control").mkdir()


@contextmanager
def make_up(database, *answers: Line):
    """A `make up` that answers so, and what it was asked for."""
    asked: list[PromotionRequest] = []

    def serve() -> None:
        while not asked:
            connection, _ = listener.accept()
            with connection, connection.makefile("rwb") as stream:
                # Whoever only looks whether somebody listens says nothing.
                if line := stream.readline():
                    asked.append(PromotionRequest.model_validate_json(line))
                    for answer in answers:
                        send_line(stream, answer)
                    stream.readline()

    with closing(socket.socket(socket.AF_UNIX)) as listener:
        listen_at(listener, control_socket(database_key(database), 1))
        thread = threading.Thread(target=serve)
        thread.start()
        yield asked
        thread.join(10)
        assert not thread.is_alive()


def taking_over(database, canary=CAREFULLY, tell=print):
    return in_running_services(database_key(database), canary, tell)


def test_where_no_make_up_runs_it_is_only_written_down(state, database):
    made = tiny_set(1, state)
    promote(made.name, database, state=state, take_over=taking_over(database))
    assert production_set(database, "", state=state) == made


def test_a_running_one_is_asked_for_the_set_before_it_is_written_down(state, database):
    made, told = tiny_set(1, state), []
    lines = Line(kind="told", text="starting"), Line(kind="serving"), Line(kind="done")
    with make_up(database, *lines) as asked:
        promote(made.name, database, state=state, take_over=taking_over(database, tell=told.append))
    (request,) = asked
    assert (request.name, request.models, request.diffusion_weights) == (made.name, made.models, "")
    assert (request.canary_percent, request.watch_s) == CAREFULLY
    assert told == ["starting"]
    assert production_set(database, "", state=state) == made


def test_what_a_running_one_refuses_is_not_written_down_nor_rolled_back_to(state, database):
    first, second = tiny_set(1, state), tiny_set(2, state)
    for made in (first, second):
        promote(made.name, database, state=state)
    before = (state / "models.json").read_bytes()
    refused = Line(kind="refused", text="The new set is slow.")

    for change in (
        lambda: promote(first.name, database, state=state, take_over=taking_over(database)),
        lambda: rollback(database, "", state=state, take_over=taking_over(database, AT_ONCE)),
    ):
        with make_up(database, refused), pytest.raises(Unavailable, match=r"The new set is slow\."):
            change()
    assert (state / "models.json").read_bytes() == before


@pytest.mark.parametrize(
    ("canary", "reason"),
    [
        (Canary(101, 30), "101 is no share of the callers. Give 0 to 100 percent."),
        (Canary(-1, 30), "-1 is no share"),
        (Canary(float("nan"), 30), "nan is no share"),
        (Canary(10, -2), "-2 s is no time to watch a set. Give 0 to 86,400 s."),
    ],
)
def test_what_is_no_share_and_no_time_is_refused_before_anything_is_asked(state, database, canary, reason):
    with pytest.raises(InvalidInput) as caught:
        taking_over(database, canary)
    assert caught.value.message.startswith(reason)
    assert not PinsFile.read(state / "models.json").databases
