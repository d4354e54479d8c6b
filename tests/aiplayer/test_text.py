import time
import tracemalloc
import unicodedata

import pytest

from aiplayer.text import (
    compose,
    is_unseen,
    name_key,
    name_words,
    spaced_words,
    title_ngrams,
    trim,
    word_ngrams,
)


def test_words_have_one_spelling():
    assert spaced_words("  Ｌａｔｅ Night\tJAZZ ") == ["late", "night", "jazz"]


def test_n_grams_stay_within_a_word_whose_ends_count():
    assert set(word_ngrams("비가")) == {"비", "가", " 비", "비가", "가 ", " 비가", "비가 ", " 비가 "}


def test_a_word_is_found_whatever_particle_it_carries():
    assert {" 여름", "여름"} <= set(title_ngrams("여름밤의 파티")) & set(title_ngrams("한 여름"))


def test_a_title_has_each_n_gram_once_and_none_without_words():
    ngrams = title_ngrams("la la land")
    assert len(ngrams) == len(set(ngrams))
    assert title_ngrams("  ") == []


def test_words_that_were_typed_leave_nothing_in_memory():
    tracemalloc.start()
    try:
        title_ngrams("warm up")
        before, _ = tracemalloc.get_traced_memory()
        for number in range(500):
            title_ngrams(f"{number}" * 60)
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert after - before < 100_000


def test_a_text_is_composed_before_it_is_counted():
    assert compose(unicodedata.normalize("NFD", "가각" * 50), 200) == "가각" * 50
    # This letter has the most parts of all.
    assert compose("\u03b1\u0313\u0300\u0345" * 200, 200) == "ᾂ" * 200


@pytest.mark.parametrize("text", ["x" * 201, "가" * 201, unicodedata.normalize("NFD", "각" * 201), "x" * 5_000])
def test_a_text_that_is_too_long_stays_too_long(text):
    assert len(compose(text, 200)) > 200


def test_no_stack_of_marks_takes_long():
    zalgo = "a" + "\u0301\u0327" * 500_000
    started = time.process_time()
    assert len(compose(zalgo, 200)) > 200
    assert not is_unseen(zalgo)
    assert name_key(compose(zalgo, 200)) == "a"
    assert time.process_time() - started < 1


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "\u3000", "\u2028", "\t", "\u00a0"),
        *("\u3164", "\u115f", "\u1160", "\uffa0", "\u2800", "\u200b\u200b", "\ufeff", "\u00ad", "\u180e", "\u2060"),
        *("\ufe0f", "\U000e0101", "\U000e0041\U000e007f", "\u034f", "\u2065", "\U0001d159", "\ufff9", "\ufffe"),
        *("\u0301\u0302", "\u20dd", "\u3164 \u200d\u115f"),
    ],
)
def test_what_shows_nothing_is_unseen(text):
    assert is_unseen(text)


@pytest.mark.parametrize(
    "text", ["가", "ㄱ", "\u1100\u1161", "a\u0301", "!", "👩\u200d🎤", "❤\ufe0f", "\u3164가", "♪", "7"]
)
def test_what_shows_something_is_not(text):
    assert not is_unseen(text)


def test_what_shows_nothing_is_trimmed_but_not_what_belongs_to_an_emoji_or_a_letter():
    assert trim(" \ufeff\u200b비 오는\u200b 날\u3164\u2060 \u2800") == "비 오는\u200b 날"
    for text in ("❤\ufe0f", "👩\u200d🎤", "🏴\U000e0067\U000e0062\U000e007f", "a\u0301", "1\ufe0f\u20e3", "#7"):
        assert trim(f"\u200b{text} ") == text
    assert trim("\u3164 \u200b") == ""


@pytest.mark.parametrize(
    "spellings",
    [
        ("Guns N' Roses", "Guns N’ Roses", "GUNS N` ROSES", "Guns N´ Roses", "guns n ʼ roses", "Ｇuns N＇ Roses"),
        ("a-ha", "a‐ha", "a‑ha", "A–ha", "a—ha", "aha"),
        ("AC/DC", "AC DC", "ACDC", "ac·dc"),
        ("Beyoncé", "Beyonce", "BEYONCE\u0301", "beyonce\u0301"),
        ("Simon & Garfunkel", "Simon and Garfunkel", "simon&garfunkel"),
        ("Florence + The Machine", "Florence & the Machine"),
        ("Røyksopp", "Royksopp"),
        ("Sigur Rós", "sigur ros"),
        ("Ёлка", "Елка"),
        ("Νότης", "νοτης"),
        ("브로콜리너마저", "브로콜리 너마저", unicodedata.normalize("NFD", "브로콜리 너마저")),
        ("アジカン", "ｱｼﾞｶﾝ"),
        ("아이\u200b유", "\u3164아이유"),
    ],
)
def test_a_name_has_one_key_however_people_write_it(spellings):
    assert len({name_key(spelling) for spelling in spellings}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("가", "각"),
        ("아이유", "아이우"),
        ("が", "か"),
        ("कि", "का"),
        ("!!!", "???"),
        ("1975", "1976"),
        ("пена", "рена"),
    ],
)
def test_different_names_have_different_keys(one, other):
    assert name_key(one) != name_key(other)


def test_a_name_of_signs_alone_has_a_key_and_no_words():
    assert (name_key("! ! !"), name_key("+/-")) == ("!!!", "+/-")
    assert name_words("rain!!!") == ["rain"]
