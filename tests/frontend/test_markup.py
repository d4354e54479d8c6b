"""What people typed and the service answered, as HTML."""

import pytest

from frontend import markup
from frontend.client import ServiceError
from frontend.texts import LANGUAGES, TEXTS, Words, language_of

NASTY = '<script>alert(1)</script> & "q"'
SONG = {"song_id": 1, "name": NASTY, "artists": [NASTY, "아이유"], "genres": [], "source": "new", "because": NASTY}
PLAYLIST = {"playlist_id": 1, "title": NASTY, "score": 0.754, "tags": [NASTY], "songs": [SONG]}
ENGLISH = Words("en")


@pytest.mark.parametrize(
    "html",
    [
        markup.section_heading(NASTY, NASTY),
        markup.notice(ServiceError(NASTY), NASTY, ENGLISH),
        markup.hint(NASTY),
        markup.playlist_head(PLAYLIST, ENGLISH),
        markup.plain_songs([SONG]),
        markup.chosen_songs([SONG], ENGLISH),
    ],
)
def test_nothing_that_was_typed_becomes_markup(html: str) -> None:
    assert "<script>" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp;" in html


@pytest.mark.parametrize(("score", "shown"), [(0.754, "75% match"), (1.0, "100% match"), (-0.2, "0% match")])
def test_a_cosine_is_shown_as_percent(score: float, shown: str) -> None:
    assert f">{shown}<" in markup.playlist_head(PLAYLIST | {"score": score}, ENGLISH)


def test_songs_without_artists_are_known_by_number_only() -> None:
    nameless = {"name": "Song 7", "artists": []}
    assert markup.are_numbers_only([nameless])
    assert not markup.are_numbers_only([nameless, SONG])
    assert not markup.are_numbers_only([])


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("비 오는 날, 재즈", "비_오는_날_재즈.png"),
        ("../../etc/passwd", "etc_passwd.png"),
        ("✨?", "thumbnail.png"),
        ("a" * 200, f"{'a' * 80}.png"),
        ("शाम की धुन ❤️", "शाम_की_धुन.png"),
        ("lo-fi — 1️⃣", "lo-fi_1.png"),
    ],
)
def test_a_file_name_fits_every_file_system(title: str, name: str) -> None:
    assert markup.file_name(title) == name


def test_every_text_is_there_in_every_language() -> None:
    assert {name for name, texts in TEXTS.items() if len(texts) != len(LANGUAGES) or not all(texts)} == set()


@pytest.mark.parametrize(
    ("locale", "language"), [("ko", "ko"), ("ko-KR", "ko"), ("en-US", "en"), ("fr", "en"), (None, "en")]
)
def test_korean_browsers_get_the_korean_page(locale: str | None, language: str) -> None:
    assert language_of(locale) == language


def test_a_bar_says_how_much_is_done_to_eyes_and_ears():
    bar = markup.progress(0.364, 'Painting "<city>"…')
    assert 'role="progressbar"' in bar
    assert 'aria-valuenow="36"' in bar
    assert "width:36%" in bar
    assert "&lt;city&gt;" in bar
    assert "<city>" not in bar
