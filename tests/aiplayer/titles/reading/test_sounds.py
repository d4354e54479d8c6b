import time

import numpy as np
import pytest

from aiplayer.titles.reading.artist_table import common_words
from aiplayer.titles.reading.sounds import (
    SoundIndex,
    alignment_cost,
    cost_limit,
    hangul_spelling,
    latin_spellings,
    word_orders,
)

CATALOGUE = [
    "Mac DeMarco",
    "Taylor Swift",
    "Sigur Rós",
    "Yeol Eum Son",
    "CIX",
    "Antônio Carlos Jobim",
    "Parov Stelar",
    "선우정아",
    "김오키",
    "브로콜리너마저",
    "손열음",
    "태연 (TAEYEON)",
    "Love",
    "하트",
    "Drake",
    "Oasis",
    "Eagles",
    "세븐틴",
]
# Hangul syllables and letters without any meaning together.
SYLLABLES = "가나다라마바사아자카타파하고노도로모보소오조코토포호기니디리미비시이지키티피히"


@pytest.fixture(scope="module")
def index():
    return SoundIndex(CATALOGUE)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("맥 드마르코", "Mac DeMarco"),
        ("맥드마르코", "Mac DeMarco"),
        ("테일러 스위프트", "Taylor Swift"),
        ("시규어 로스", "Sigur Rós"),
        ("손열음", "Yeol Eum Son"),
        ("씨아이엑스", "CIX"),
        ("안토니우 카를루스 조빙", "Antônio Carlos Jobim"),
        ("파로브 스텔라", "Parov Stelar"),
        ("Sunwoojunga", "선우정아"),
        ("sunwoo jung a", "선우정아"),
        ("Kim Oki", "김오키"),
        ("Broccoli Neomajeo", "브로콜리너마저"),
        ("Son Yeol Eum", "손열음"),
        ("Yeol Eum Son", "손열음"),
        ("Taeyeon", "태연 (TAEYEON)"),
    ],
)
def test_a_name_is_found_by_its_sound_in_the_other_script(index, text, name):
    [(position, sure)] = index.find(text)
    assert CATALOGUE[position] == name
    assert 0.5 < sure <= 1


@pytest.mark.parametrize(
    "text",
    [
        "브레이크",
        "오이소박이",
        "이글루",
        "테일러링",
        "맥도날드",
        "선우",
        "손",
        "러브",
        "heart",
        "Seven",
        "taxi",
        "",
        "봄 night",
        "123",
    ],
)
def test_what_only_resembles_a_name_is_not_taken_for_it(index, text):
    assert index.find(text) == []


def test_a_name_in_the_same_script_is_not_looked_for(index):
    assert index.find("Mac DeMarko") == []
    assert index.find("선우정와") == []


def test_the_nearer_sound_is_the_surer():
    index = SoundIndex(["Mac DeMarco"])
    [(_, near)], [(_, far)] = index.find("맥 드마르코"), index.find("매크 데마르커")
    assert near > far


def test_artists_whose_names_are_spelled_alike_are_all_found():
    assert {position for position, _ in SoundIndex(["Mac DeMarco", "MAC DEMARCO"]).find("맥 드마르코")} == {0, 1}


def test_hardly_any_common_word_sounds_like_an_artist(index):
    taken = [word for word in common_words() if index.find(word)]
    assert len(taken) <= 0.01 * len(common_words())


@pytest.mark.parametrize(
    ("name", "spellings"),
    [
        ("Mac DeMarco", ["mac_demarco_"]),
        ("Ásgeir", ["asgeir_"]),
        ("D'Angelo", ["dangelo_"]),
        ("DJ Shadow", ["dijei_shadow_"]),
        ("F.I.A", ["epeuaiei_"]),
        ("CIX", ["cix_", "ssiaiekseu_"]),
        ("Sammy Davis Jr.", ["sammy_davis_junior_"]),
        ("Sum 41", []),
        ("아이유", []),
        ("", []),
    ],
)
def test_spellings_of_latin_names(name, spellings):
    assert latin_spellings(name) == spellings


def test_the_spelling_of_hangul_has_no_silent_onsets():
    assert hangul_spelling("아이유") == "\u1161\u1175\u1172"
    assert hangul_spelling("맥 Mac") == ""


def test_words_of_a_name_come_in_the_orders_that_names_have():
    assert word_orders("yeol_eum_son_") == ["yeol_eum_son_", "eum_son_yeol_", "son_yeol_eum_"]
    assert word_orders("the_poles_") == ["the_poles_", "poles_the_", "poles_"]
    assert word_orders("a_tribe_called_quest_") == ["a_tribe_called_quest_"]


def test_the_cost_of_an_alignment_is_that_of_its_cheapest_pieces():
    a, o = "\u1161", "\u1169"
    costs = {"a": {a: 0.25}, "o": {o: 0.5}, "ao": {a + o: 0.625}, "_": {"": 0.125}}
    assert alignment_cost("a_", a, costs, 9) == 0.375
    assert alignment_cost("ao_", a + o, costs, 9) == 0.75
    assert alignment_cost("oa_", o + a, costs, 9) == 0.875
    assert alignment_cost("oa_", o + a, costs, 0.8) == float("inf")


def test_a_short_name_may_differ_less():
    share_of_short = cost_limit("ado_", "아도") / 5
    share_of_long = cost_limit("demarcomac_", "맥드마르코맥드") / 17
    assert share_of_short < share_of_long / 3


@pytest.mark.heavy
def test_sixty_thousand_names_are_indexed_and_searched_in_time():
    random = np.random.default_rng(1)
    names = ["".join(row) for row in random.choice(list(SYLLABLES), (30_000, 5))]
    names += ["".join(row) for row in random.choice(list("bdgklmnprstaeiou"), (30_000, 9))]
    started = time.process_time()
    index = SoundIndex(names)
    assert time.process_time() - started < 6

    started = time.process_time()
    for text in ["졸바린드 프라케스", "도라미솔로", "zolvarind praketh", "doramisolo"] * 5:
        index.find(text)
    assert (time.process_time() - started) / 20 < 0.1
