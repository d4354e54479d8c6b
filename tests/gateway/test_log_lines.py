import logging

import pytest

from gateway.log_lines import keep_to_one_line


@pytest.fixture
def logger():
    logger = logging.getLogger("tests.gateway.one_line")
    yield logger
    logger.filters.clear()


@pytest.mark.parametrize(
    ("path", "written"),
    [
        ("/similar", "/similar"),
        ("/재즈 100%", "/재즈 100%"),
        ("/x\nERROR forged", r"/x\nERROR forged"),
        ("/x\r\x1b[2J\x85\u2028\0", r"/x\r\x1b[2J\x85\u2028\x00"),
        ("/\ud800", r"/\ud800"),
    ],
)
def test_a_message_stays_one_line(logger, caplog, path, written):
    keep_to_one_line(logger.name)
    logger.error("GET %s: %d", path, 404)
    assert caplog.messages == [f"GET {written}: 404"]
