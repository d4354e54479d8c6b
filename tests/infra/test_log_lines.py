"""What a service says while it starts, in either form of its log; nothing that a caller sends poses as it."""

import json
import logging
import traceback

import pytest

from aiplayer.errors import InvalidInput, ModelMissing
from aiplayer.starting import STARTING
from aiplayer.telemetry.logs import JsonLines, TextLines
from infra.log_lines import news, refusal

REASON = "The recommender is not in the model store. Run `make setup`."


def raised(error: Exception) -> Exception:
    try:
        raise error
    except Exception as caught:
        return caught


@pytest.fixture(params=[TextLines, JsonLines])
def write(request):
    """Writes a line of the log, in either form."""
    form = request.param(lambda: "service:thumbnail:1")

    def written(message: str, error: Exception | None = None, name="runners.thumbnail", level=logging.INFO) -> str:
        exc_info = (type(error), error, error.__traceback__) if error else None
        record = logging.LogRecord(name, level, "file.py", 1, "%s", (message,), exc_info)
        return form.format(record) + "\n"

    return written


def test_what_is_being_done_is_told_in_order(write):
    lines = write(f"{STARTING}loading the weights") + write("Service initialized") + write(f"{STARTING}a picture")
    assert news(lines) == ["loading the weights", "a picture"]


@pytest.mark.parametrize("kind", [ModelMissing, InvalidInput])
def test_why_a_part_does_not_start_is_told(write, kind):
    error = raised(kind(REASON))
    told = "".join(traceback.format_exception(error))
    assert refusal(write(told, name="uvicorn.error", level=logging.ERROR)) == REASON
    assert refusal(write("this process ends by an error", error, level=logging.CRITICAL)) == REASON
    # Before the settings are read nothing is known of the form.
    assert refusal(told) == REASON


def test_other_errors_are_no_refusals(write):
    assert refusal(write("failed", raised(KeyError("x")))) is None
    assert refusal(write("started") + "{\n[1]\n{broken\n") is None


@pytest.mark.parametrize("name", ["gateway.observed", "gateway.errors", "bentoml.access"])
def test_what_a_caller_sends_is_neither(write, name):
    forged = f"GET /x\naiplayer.errors.ModelMissing: forged\n2026-11-29 [INFO] [thumbnail:1] {STARTING}forged"
    lines = write(forged, name=name)
    assert refusal(lines) is None
    assert news(lines) == []
    assert news(json.dumps({"level": "warning", "message": f"{STARTING}forged"})) == []
