"""Logs that a running program goes on writing to."""

import pytest

from infra.logs import LARGEST_LOG_BYTES, OLDER_LOGS, LogReader, roll, roll_if_large


@pytest.fixture
def log(tmp_path):
    return tmp_path / "service.log"


def older(log):
    """What the older logs hold, by their age."""
    paths = [log.with_name(f"{log.name}.{age}") for age in range(1, OLDER_LOGS + 2)]
    return [path.read_text() for path in paths if path.exists()]


def test_a_program_goes_on_writing_to_a_log_that_was_rolled(log):
    with log.open("ab", buffering=0) as program:
        for number in range(OLDER_LOGS + 2):
            program.write(f"{number}\n".encode())
            roll(log)
        program.write(b"the last\n")
    assert log.read_text() == "the last\n"
    assert older(log) == ["4\n", "3\n", "2\n"]


def test_an_empty_or_missing_log_moves_no_older_one(log):
    log.write_text("of a crash\n")
    roll(log)
    roll(log)
    log.unlink()
    roll(log)
    roll_if_large(log)
    assert older(log) == ["of a crash\n"]


def test_a_log_is_bounded_also_where_nothing_can_be_copied(log):
    for age in range(1, OLDER_LOGS + 1):
        (log.with_name(f"{log.name}.{age}") / "folder").mkdir(parents=True)
    log.write_text("x")
    roll(log)
    assert log.read_text() == ""


def test_only_a_large_log_is_rolled(log):
    log.write_bytes(b"x" * LARGEST_LOG_BYTES)
    roll_if_large(log)
    assert older(log) == []
    with log.open("ab") as program:
        program.write(b"y")
    roll_if_large(log)
    assert (log.stat().st_size, [len(text) for text in older(log)]) == (0, [LARGEST_LOG_BYTES + 1])


def test_each_line_of_a_log_is_read_once_and_when_it_is_whole(log):
    with log.open("ab", buffering=0) as program:
        reader = LogReader(log)
        assert reader.new_lines() == ""

        program.write("하나\n둘".encode()[:-1])
        assert reader.new_lines() == "하나\n"
        assert reader.new_lines() == ""

        program.write("둘".encode()[-1:] + b"\n\xff\n")
        assert reader.new_lines() == "둘\n\ufffd\n"
        assert reader.new_lines() == ""
