import unicodedata

import pytest

from aiplayer.playlist.exports import hashtags


def test_hashtags_lose_what_would_end_them():
    assert hashtags(["재즈", "rainy day", "f(x)", "!?"]) == "#재즈 #rainyday #fx"


@pytest.mark.parametrize(
    ("tag", "hashtag"),
    [
        ("फ़िल्मी गाने", "#फ़िल्मीगाने"),
        ("เพลงรัก", "#เพลงรัก"),
        ("cafe\u0301", "#café"),
        ("재즈 ❤️", "#재즈"),
        ("1️⃣위", "#1위"),
        ("\u0301", ""),
    ],
)
def test_a_hashtag_keeps_the_signs_on_its_letters(tag, hashtag):
    assert hashtags([tag]) == unicodedata.normalize("NFC", hashtag)


def test_a_hashtag_stands_once_whatever_its_case_and_width():
    assert hashtags(["Jazz", "jazz", "ＪＡＺＺ", "lo-fi", "lofi"]) == "#Jazz #lofi"


def test_there_are_no_more_hashtags_than_youtube_takes():
    words = hashtags(f"tag{number}" for number in range(100)).split(" ")
    assert len(words) == 60
    assert words[-1] == "#tag59"
