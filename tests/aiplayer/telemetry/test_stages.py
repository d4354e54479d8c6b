"""Stages of a request are measured, and reading it ends where the first of them begins."""

import pytest

from aiplayer.telemetry.requests import RequestRecord, begin_request, current_request_id, end_request, note_error
from aiplayer.telemetry.stages import DATABASE, MIXING, READING, STAGES, Stage, stage_seconds
from tests.support.metrics import measured


def counted(stage: str) -> float:
    return measured("aiplayer_stage_seconds_count", stage=stage)


def test_a_stage_counts_once_also_where_it_fails():
    before = counted(DATABASE)
    with Stage(DATABASE):
        pass
    with pytest.raises(LookupError), Stage(DATABASE):
        raise LookupError
    assert counted(DATABASE) == before + 2


def test_reading_a_request_ends_once_where_its_first_stage_begins():
    before = counted(READING)
    token = begin_request(RequestRecord("id", "POST", "/similar"))
    for stage in (DATABASE, MIXING, DATABASE):
        with Stage(stage):
            pass
    end_request(token)
    with Stage(DATABASE):
        pass
    assert counted(READING) == before + 1


def test_every_stage_is_told_before_it_has_been_and_no_other_can_be():
    assert set(stage_seconds()) == set(STAGES)
    with pytest.raises(KeyError), Stage("a title that was typed"):
        pass


def test_an_error_is_counted_and_kept_with_its_request():
    before = measured("aiplayer_errors_total", code="too_busy")
    request = RequestRecord("id", "POST", "/similar")
    token = begin_request(request)
    note_error("too_busy")
    assert current_request_id() == "id"
    end_request(token)
    note_error("too_busy")
    assert request.error_code == "too_busy"
    assert measured("aiplayer_errors_total", code="too_busy") == before + 2
    assert current_request_id() == ""
