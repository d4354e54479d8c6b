"""Lines of the log, as a person and as a program reads them: one line a record, whatever it holds."""

import json
import logging
import sys

import pytest

from aiplayer.telemetry.logs import SELDOM_S, JsonLines, Seldom, TextLines, one_line
from aiplayer.telemetry.requests import RequestRecord, begin_request, end_request

NASTY = "a\nb\r\x1b[2J\u2028\x85c\x00"


def record(message: str, *arguments: object, name: str = "gateway.test", **fields: object) -> logging.LogRecord:
    made = logging.LogRecord(name, logging.WARNING, "file.py", 1, message, arguments, None)
    vars(made).update(fields)
    return made


def failed(message: str) -> logging.LogRecord:
    made = record(message)
    try:
        raise KeyError("a\nb")
    except KeyError:
        made.exc_info = sys.exc_info()
    return made


@pytest.fixture
def request_record():
    request = RequestRecord("id-7", "GET", "/playlists/{playlist_id}")
    token = begin_request(request)
    yield request
    end_request(token)


def text(made: logging.LogRecord) -> str:
    return TextLines(lambda: "thumbnail:1").format(made)


def entry(made: logging.LogRecord) -> dict:
    line = JsonLines(lambda: "thumbnail:1").format(made)
    assert line.isascii()
    assert line.isprintable()
    return json.loads(line)


def test_a_line_for_a_person_names_level_and_process():
    line = text(record("%d songs", 7))
    assert line.endswith(" [WARNING] [thumbnail:1] 7 songs")
    assert line.partition(" ")[0].count(":") == 2


def test_a_line_for_a_program_names_time_level_logger_process_and_message():
    told = entry(record("%d songs", 7))
    assert told.pop("time").endswith("+00:00")
    assert told == {"level": "warning", "logger": "gateway.test", "process": "thumbnail:1", "message": "7 songs"}


def test_a_request_stands_in_both(request_record):
    assert text(record("slow")).endswith("slow (request=id-7)")
    told = entry(record("slow"))
    assert (told["request_id"], told["route"]) == ("id-7", "/playlists/{playlist_id}")


def test_the_requests_of_a_batch_stand_in_both():
    batch = record("slow", requests=["a", "b"], work="encode", batch_size=2)
    assert text(batch).endswith("slow (request=a,b)")
    assert entry(batch)["requests"] == ["a", "b"]
    assert (entry(batch)["work"], entry(batch)["batch_size"]) == ("encode", 2)


@pytest.mark.parametrize("form", [text, lambda made: JsonLines(lambda: "x").format(made)])
def test_nothing_breaks_a_line(form):
    line = form(record("%s failed", NASTY))
    assert len(line.splitlines()) == 1
    assert line.isprintable()


def test_an_error_has_its_traceback():
    lines = text(failed("broken")).splitlines()
    assert lines[0].endswith("] broken")
    assert lines[1] == "Traceback (most recent call last):"
    assert lines[-1] == r"KeyError: 'a\nb'"
    assert entry(failed("broken"))["exception"].endswith(r"KeyError: 'a\nb'")


def test_fields_of_others_are_left_out():
    assert set(entry(record("hello", title="비 오는 날", client="10.0.0.1", taskName="x"))) == {
        "time",
        "level",
        "logger",
        "process",
        "message",
    }


def test_what_is_printed_stays_as_it_is():
    assert one_line("비 오는 날, 'jazz' ✓") == "비 오는 날, 'jazz' ✓"
    assert one_line("a\tb\n") == r"a\tb\n"


def test_what_is_said_again_and_again_is_told_once_a_minute():
    now = 0.0
    seldom = Seldom(lambda: now)
    assert seldom.filter(record("the collector is away"))
    assert not seldom.filter(record("the collector is away"))
    now = SELDOM_S
    assert seldom.filter(record("the collector is away"))
