"""The page as its visitors use it: a real browser, the real page, the real service."""

import io
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect

pytestmark = pytest.mark.process

KOREAN_TITLE = "비 오는 날 카페에서 듣는 재즈"
ENGLISH_TITLE = "late night city drive"
MARKUP_TITLE = "<b>*x*_[y](z)$ :red[hot] $a$"
PNG_MAGIC = b"\x89PNG\r\n\x1a\n"
PATIENCE_MS = 20_000

OpenPage = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser, page_url: str) -> Iterator[OpenPage]:
    """Opens the page as a new visitor whose browser speaks `locale`; every call is a browser of its own."""
    contexts = []

    def opened(locale: str, width_px: int = 1280) -> Page:
        context = browser.new_context(locale=locale, viewport={"width": width_px, "height": 900}, accept_downloads=True)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.goto(page_url)
        expect(page.get_by_role("textbox")).to_be_visible(timeout=PATIENCE_MS)
        return page

    yield opened
    for context in contexts:
        context.close()


def search(page: Page, title: str, button: str) -> None:
    page.get_by_role("textbox").fill(title)
    page.get_by_role("button", name=button).click()


def playlists(page: Page) -> Locator:
    """The titles of the similar playlists."""
    return page.get_by_role("heading", level=3)


def songs(page: Page) -> Locator:
    """The rows of the made playlist: those that say where the song comes from."""
    return page.get_by_role("listitem").filter(has_text=re.compile("고른 곡|새로운 곡|From yours|New"))


def thumbnail(page: Page, title: str) -> Locator:
    return page.get_by_role("img", name=re.compile(re.escape(title)))


def natural_size(image: Locator) -> list[int]:
    image.evaluate("image => image.decode()")
    return image.evaluate("image => [image.naturalWidth, image.naturalHeight]")


def test_a_korean_creator_goes_from_title_to_thumbnail(open_page: OpenPage) -> None:
    page = open_page("ko-KR")
    search(page, KOREAN_TITLE, "비슷한 플레이리스트 찾기")
    expect(playlists(page)).to_have_count(3, timeout=PATIENCE_MS)
    expect(page.get_by_text("Google 번역")).to_have_count(0)
    expect(page.get_by_text(re.compile(r"^\d+% 일치$"))).to_have_count(3)

    page.get_by_text("바탕으로 쓰기").first.click()
    expect(page.get_by_role("checkbox", name="바탕으로 쓰기").first).to_be_checked()
    expect(page.get_by_text("고른 플레이리스트 1개에서 약 6곡, 새로운 노래 약 14곡.")).to_be_visible()
    page.get_by_role("button", name="내 플레이리스트 만들기").click()

    expect(page.get_by_role("heading", name=KOREAN_TITLE, level=2)).to_be_visible(timeout=PATIENCE_MS)
    expect(songs(page)).to_have_count(20)
    expect(songs(page).filter(has_text="고른 곡")).to_have_count(6)
    expect(thumbnail(page, KOREAN_TITLE)).to_be_visible()
    assert natural_size(thumbnail(page, KOREAN_TITLE)) == [1280, 720]
    expect(page.get_by_text(re.compile(r"^#\S+( #\S+)+$"))).to_be_visible()
    expect(page.get_by_text(re.compile(r"^01\. .+ - .+\n02\. "))).to_be_visible()

    page.get_by_role("button", name="좋아요").click()
    page.get_by_role("button", name="좋아했어요").click()
    expect(page.get_by_role("button", name="좋아요")).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)

    with page.expect_download() as download:
        page.get_by_role("button", name="썸네일 내려받기").click()
    assert download.value.suggested_filename == "비_오는_날_카페에서_듣는_재즈.png"
    png = Path(download.value.path()).read_bytes()
    assert png.startswith(PNG_MAGIC)
    assert Image.open(io.BytesIO(png)).size == (1280, 720)


def test_an_english_creator_switches_the_language_and_keeps_what_was_done(open_page: OpenPage) -> None:
    page = open_page("ko-KR")
    search(page, ENGLISH_TITLE, "비슷한 플레이리스트 찾기")
    expect(playlists(page)).to_have_count(3, timeout=PATIENCE_MS)
    page.get_by_text("바탕으로 쓰기").first.click()

    page.get_by_role("radio", name="English").click()
    expect(page.get_by_role("button", name="Make my playlist")).to_be_visible()
    expect(page.get_by_role("textbox", name="Playlist title")).to_have_value(ENGLISH_TITLE)
    expect(page.get_by_role("checkbox", name="Use as a base").first).to_be_checked()
    page.get_by_role("slider", name="Similarity (%)").press("Home")
    expect(page.get_by_text("About 0 songs from what you ticked (1) and 20 new ones.")).to_be_visible()

    page.get_by_role("button", name="Make my playlist").click()
    expect(page.get_by_role("heading", name="20 songs")).to_be_visible(timeout=PATIENCE_MS)
    expect(songs(page).filter(has_text="New")).to_have_count(20)
    assert natural_size(thumbnail(page, ENGLISH_TITLE)) == [1280, 720]
    assert page.evaluate("document.documentElement.lang") == "en"


def test_another_picture_is_painted_on_request(open_page: OpenPage) -> None:
    page = open_page("en-US")
    page.get_by_role("button", name=ENGLISH_TITLE).click()
    page.get_by_role("button", name="Make my playlist").click()
    first = thumbnail(page, ENGLISH_TITLE).get_attribute("src")
    page.get_by_role("button", name="Another picture").click()
    expect(thumbnail(page, ENGLISH_TITLE)).not_to_have_attribute("src", first, timeout=PATIENCE_MS)
    assert natural_size(thumbnail(page, ENGLISH_TITLE)) == [1280, 720]


def test_a_missing_title_gets_a_hint(open_page: OpenPage) -> None:
    page = open_page("en-US")
    search(page, "   ", "Find similar playlists")
    expect(page.get_by_role("alert")).to_have_text("Type a title first, or start from one of the examples.")
    expect(playlists(page)).to_have_count(0)

    page.get_by_role("button", name="cozy autumn morning").click()
    expect(playlists(page)).to_have_count(3, timeout=PATIENCE_MS)
    expect(page.get_by_role("alert")).to_have_count(0)


def test_markup_in_a_title_is_shown_as_it_was_typed(open_page: OpenPage) -> None:
    page = open_page("en-US", width_px=390)
    search(page, MARKUP_TITLE, "Find similar playlists")
    expect(page.get_by_text(f"“{MARKUP_TITLE}”")).to_be_visible(timeout=PATIENCE_MS)
    page.get_by_role("button", name="Make my playlist").click()
    expect(page.get_by_role("heading", name=MARKUP_TITLE, exact=True)).to_be_visible(timeout=PATIENCE_MS)
    expect(thumbnail(page, MARKUP_TITLE)).to_be_visible()
    assert page.get_by_test_id("stMain").evaluate("main => main.scrollWidth <= main.clientWidth"), "nothing sticks out"


def test_two_visitors_at_once_see_only_their_own(open_page: OpenPage, database_url: str) -> None:
    korean, english = open_page("ko-KR"), open_page("en-US")
    search(korean, KOREAN_TITLE, "비슷한 플레이리스트 찾기")
    search(english, ENGLISH_TITLE, "Find similar playlists")
    korean.get_by_role("button", name="내 플레이리스트 만들기").click()
    english.get_by_role("button", name="Make my playlist").click()

    expect(korean.get_by_role("heading", name=KOREAN_TITLE, level=2)).to_be_visible(timeout=PATIENCE_MS)
    expect(english.get_by_role("heading", name=ENGLISH_TITLE, level=2)).to_be_visible(timeout=PATIENCE_MS)
    expect(english.get_by_role("heading", name=KOREAN_TITLE)).to_have_count(0)
    expect(korean.get_by_role("heading", name=ENGLISH_TITLE)).to_have_count(0)
    assert not set(playlists(korean).all_inner_texts()) & set(playlists(english).all_inner_texts())

    english.get_by_role("button", name="Like").click()
    expect(english.get_by_role("button", name="Liked")).to_be_visible()
    korean.get_by_role("button", name="다른 그림").click()
    expect(korean.get_by_role("button", name="좋아요")).to_be_visible()

    korean.get_by_role("button", name="좋아요").click()
    expect(korean.get_by_role("button", name="좋아했어요")).to_be_visible()
    with closing(sqlite3.connect(database_url.removeprefix("sqlite:///"))) as connection:
        newest = connection.execute("SELECT client FROM feedback ORDER BY created_at DESC LIMIT 2").fetchall()
    assert len({digest for (digest,) in newest}) == 2, "they come from one address, and are two"


def test_a_word_that_names_several_things_is_one_chip_and_is_clicked_away_as_a_whole(open_page: OpenPage) -> None:
    page = open_page("en-US")
    search(page, "쓸쓸한 가을 저녁", "Find similar playlists")
    chips = page.get_by_test_id("stButtonGroup").filter(has_text="Season").get_by_role("button").filter(has_text="·")
    expect(chips).to_have_text(["Mood · 쓸쓸한", "Season · 가을", "Hour · 저녁"], timeout=PATIENCE_MS)
    meant = page.get_by_role("button", pressed=True).filter(has_text="·")
    expect(meant).to_have_count(3)

    chips.filter(has_text="Hour").click()
    expect(meant).to_have_text(["Mood · 쓸쓸한", "Season · 가을"], timeout=PATIENCE_MS)
    expect(chips).to_have_count(3)
    expect(playlists(page)).to_have_count(3)
    expect(page.get_by_role("alert")).to_have_count(0)
