"""The page while a picture takes long: it says how far it is, can be stopped, and keeps nobody from the songs."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.service import running_page

pytestmark = pytest.mark.process

TITLE = "late night city drive"
PATIENCE_MS = 120_000


@pytest.fixture(scope="module")
def slow_page_url(slow_service_url: str) -> Iterator[str]:
    with running_page(slow_service_url) as url:
        yield url


def make(browser: Browser, url: str, locale: str, title: str, button: str) -> Page:
    """A page on which a playlist was made, whose picture is not there yet."""
    page = browser.new_page(locale=locale)
    page.set_default_timeout(PATIENCE_MS)
    page.goto(url)
    page.get_by_role("button", name=title, exact=True).click()
    page.get_by_role("button", name=button).click()
    return page


def share(page: Page) -> float:
    """How full the progress bar is, 0 to 100."""
    return float(page.get_by_role("progressbar").get_attribute("aria-valuenow"))


def test_the_songs_are_there_while_the_picture_is_painted_and_the_bar_says_how_far_it_is(
    browser: Browser, slow_page_url: str
) -> None:
    page = make(browser, slow_page_url, "en-US", TITLE, "Make my playlist")
    bar = page.get_by_role("progressbar")
    expect(bar).to_be_visible(timeout=PATIENCE_MS)
    expect(page.get_by_role("heading", name="20 songs")).to_be_visible(timeout=PATIENCE_MS)
    expect(page.get_by_text(re.compile("Painting the thumbnail…"))).to_be_visible(timeout=PATIENCE_MS)
    expect(bar).not_to_have_attribute("aria-valuenow", "0", timeout=PATIENCE_MS)
    assert 0 < share(page) < 100
    expect(page.get_by_text(re.compile(r"About \d+ (seconds|minutes) left"))).to_be_visible(timeout=PATIENCE_MS)

    page.get_by_role("button", name="Like", exact=True).click()
    expect(page.get_by_role("button", name="Liked")).to_be_visible(timeout=PATIENCE_MS)
    expect(bar).to_be_visible(timeout=PATIENCE_MS)

    expect(page.get_by_role("img", name=re.compile(TITLE))).to_be_visible(timeout=PATIENCE_MS)
    expect(bar).to_have_count(0, timeout=PATIENCE_MS)
    expect(page.get_by_role("button", name="Download thumbnail")).to_be_visible(timeout=PATIENCE_MS)
    expect(page.get_by_role("alert")).to_have_count(0, timeout=PATIENCE_MS)
    page.close()


def test_a_picture_that_takes_too_long_is_stopped_and_painted_later(browser: Browser, slow_page_url: str) -> None:
    title = "신나는 여름 바다 드라이브"
    page = make(browser, slow_page_url, "ko-KR", title, "내 플레이리스트 만들기")
    bar = page.get_by_role("progressbar")
    expect(bar).to_be_visible(timeout=PATIENCE_MS)
    page.get_by_role("button", name="그만 그리기").click()
    expect(bar).to_have_count(0, timeout=PATIENCE_MS)
    expect(page.get_by_role("heading", name="노래 20곡")).to_be_visible(timeout=PATIENCE_MS)
    expect(page.get_by_role("img", name=re.compile(title))).to_have_count(0, timeout=PATIENCE_MS)
    expect(page.get_by_role("alert")).to_have_count(0, timeout=PATIENCE_MS)

    page.get_by_role("button", name="썸네일 그리기").click()
    expect(page.get_by_role("img", name=re.compile(title))).to_be_visible(timeout=PATIENCE_MS)
    page.close()
