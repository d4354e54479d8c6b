"""What a running `make up` answers to whoever promotes a set; the sets are tiny programs."""

import socket
import stat
import uuid

import httpx
import pytest

from aiplayer import promotion
from aiplayer.errors import Unavailable
from aiplayer.pins import PinnedSet, PinsFile
from aiplayer.promotion import PromotionRequest, ask, running
from aiplayer.unix_sockets import connect_to
from infra.control import Control
from tests.support.tiny_gateway import of_recommender, tiny_live
from training.publish.pins import write_pins

pytestmark = pytest.mark.process

OLD = "good:1"


@pytest.fixture(scope="module")
def live():
    with tiny_live() as live:
        yield live


@pytest.fixture
def database():
    return f"test-{uuid.uuid4()}"


@pytest.fixture
def pins(tmp_path):
    return tmp_path / "models.json"


@pytest.fixture
def control(live, database, pins, tmp_path, monkeypatch):
    """The path of the control socket, in a folder that lies deeper than a Unix socket may."""
    monkeypatch.setattr(promotion, "FOLDER", tmp_path.joinpath(*["a-folder-of-some-length"] * 5))
    with Control(database, live, pins):
        (path,) = running(database)
        yield path


def request(recommender: str) -> PromotionRequest:
    return PromotionRequest(name=recommender, models=of_recommender(recommender), canary_percent=0, watch_s=0)


def answered_by(live) -> str:
    return httpx.get(f"http://127.0.0.1:{live.port}/").headers["x-model-set"]


def until_idle(live) -> None:
    """Wait until the promotion whose asker has left is over."""
    assert live._promoting.acquire(timeout=30)
    live._promoting.release()


def test_the_socket_is_there_for_its_user_alone_and_gone_at_the_end(live, database, tmp_path, monkeypatch):
    monkeypatch.setattr(promotion, "FOLDER", tmp_path / "control")
    with Control(database, live):
        (path,) = running(database)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert running(database) == []
    assert not path.exists()


def test_a_set_is_served_when_it_is_written_down_and_the_one_before_comes_back(live, control):
    for recommender in ("good:2", OLD):
        told, seen = [], []
        ask([control], request(recommender), told.append, lambda seen=seen: seen.append(answered_by(live)))
        assert seen == [recommender]
        assert answered_by(live) == recommender
        assert told[0] == f"starting the set {recommender} beside the one in use"
        assert told[-1] == "the old set answers what it was asked, and ends"


def test_a_broken_set_is_refused_with_the_reason(live, control):
    with pytest.raises(Unavailable, match=r"ended with status 1(.|\n)*this set is broken"):
        ask([control], request("dead:1"), lambda words: None, print)
    assert answered_by(live) == OLD


def test_a_set_that_cannot_be_written_down_goes_back(live, control):
    def fail() -> None:
        raise OSError("no room")

    with pytest.raises(OSError, match="no room"):
        ask([control], request("good:2"), lambda words: None, fail)
    until_idle(live)
    assert answered_by(live) == OLD


def test_whoever_was_killed_just_after_writing_it_down_has_promoted_it(live, control, database, pins):
    def write_down_and_die() -> None:
        pinned = PinnedSet(**of_recommender("good:2").model_dump())
        write_pins(PinsFile(databases={database: pinned}), pins)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ask([control], request("good:2"), lambda words: None, write_down_and_die)
    until_idle(live)
    assert answered_by(live) == "good:2"
    ask([control], request(OLD), lambda words: None, print)


def test_a_request_of_another_version_is_refused(control):
    with socket.socket(socket.AF_UNIX) as caller, caller.makefile("rwb") as stream:
        connect_to(caller, control)
        stream.write(b'{"name": "new", "colour": "red"}\n')
        stream.flush()
        assert b"This `make up` is of another version. Start it again." in stream.readline()
