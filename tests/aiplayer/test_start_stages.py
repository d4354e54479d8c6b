"""What a process tells of its start can be read from its log."""

import logging

from aiplayer.start_stages import StartStages, read_stages


def test_what_is_told_can_be_read(caplog):
    caplog.set_level(logging.INFO)
    stages = StartStages("title encoder")
    stages.done("import")
    stages.done("warm-up")
    stages.tell()
    (record,) = caplog.records
    name, seconds = read_stages(f"2026-11-30T15:00:00+0000 [INFO] [service:title_encoder:1] {record.getMessage()}")
    assert name == "title encoder"
    assert list(seconds) == ["import", "warm-up"]
    assert all(0 <= amount < 1 for amount in seconds.values())


def test_other_lines_tell_nothing():
    assert read_stages("2026-11-30T15:00:00+0000 [INFO] [cli] Starting production HTTP BentoServer") is None
