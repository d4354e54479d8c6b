"""The page while nothing answers behind it."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, expect

pytestmark = pytest.mark.process

PROJECT = Path(__file__).resolve().parents[2]
START_TIMEOUT_S = 30
PATIENCE_MS = 20_000


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def lonely_page_url() -> Iterator[str]:
    """A page whose service is not running."""
    url = f"http://127.0.0.1:{(port := free_port())}"
    environment = os.environ | {"AIPLAYER_SERVICE_URL": f"http://127.0.0.1:{free_port()}", "PYTHONPATH": str(PROJECT)}
    command = [sys.executable, "-m", "streamlit", "run", "frontend/app.py", "--server.port", str(port)]
    page = subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + START_TIMEOUT_S
        while not answers(f"{url}/_stcore/health"):
            assert time.monotonic() < deadline, "the page did not start"
            time.sleep(0.1)
        yield url
    finally:
        page.kill()
        page.wait(timeout=START_TIMEOUT_S)


def answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=1).is_success
    except httpx.HTTPError:
        return False


def test_the_page_says_that_the_service_is_away_and_keeps_the_title(browser: Browser, lonely_page_url: str) -> None:
    page = browser.new_page(locale="en-US")
    page.goto(lonely_page_url)
    expect(page.get_by_role("textbox")).to_be_visible(timeout=PATIENCE_MS)
    expect(page.get_by_text(re.compile("sent to Google Translate.*AIPLAYER_TRANSLATE_TITLES=false"))).to_be_visible()
    page.get_by_role("textbox").fill("late night city drive")
    page.get_by_role("button", name="Find similar playlists").click()
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("The service cannot be reached. Try again in a moment.", timeout=PATIENCE_MS)
    expect(page.get_by_role("textbox")).to_have_value("late night city drive")

    page.get_by_role("radio", name="한국어").click()
    expect(alert).to_contain_text("서비스에 연결할 수 없어요.")
    expect(page.get_by_text(re.compile("Google 번역에 보내요.*AIPLAYER_TRANSLATE_TITLES=false"))).to_be_visible()
    expect(page.get_by_role("textbox", name="플레이리스트 제목")).to_have_value("late night city drive")
    page.close()
