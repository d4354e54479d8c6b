import pytest

from aiplayer.text import name_key
from aiplayer.titles.reading.artist_names import ArtistNames, Form
from aiplayer.titles.reading.artist_table import ArtistRow

CATALOGUE = [
    "방탄소년단",
    "Coldplay",
    "태연 (TAEYEON)",
    "비",
    "Frédéric Chopin",
    "Morning",
    "까데호",
    "LiSA",
    "Morning Glasshouse",
]


@pytest.fixture(scope="module")
def names():
    return ArtistNames(CATALOGUE)


def meanings(names, text):
    return names.forms.get(name_key(text), ())


def in_catalogue(names, text):
    return [CATALOGUE[artist] for form in meanings(names, text) for artist in form.artists]


@pytest.mark.parametrize(
    ("text", "artist"),
    [
        ("BTS", "방탄소년단"),
        ("방탄", "방탄소년단"),
        ("콜드플레이", "Coldplay"),
        ("콜플", "Coldplay"),
        ("TAEYEON", "태연 (TAEYEON)"),
        ("태연", "태연 (TAEYEON)"),
        ("쇼팽", "Frédéric Chopin"),
        ("chopin", "Frédéric Chopin"),
        ("까데호", "까데호"),
        ("Morning Glasshouse", "Morning Glasshouse"),
    ],
)
def test_a_name_in_either_script_means_the_catalogues_artist(names, text, artist):
    assert in_catalogue(names, text) == [artist]
    assert meanings(names, text)[0].name == artist
    assert not meanings(names, text)[0].is_word


@pytest.mark.parametrize(("text", "artist"), [("비", "비"), ("Rain", "비"), ("morning", "Morning")])
def test_a_name_that_is_a_word_says_so(names, text, artist):
    assert in_catalogue(names, text) == [artist]
    assert meanings(names, text)[0].is_word


def test_a_known_artist_whom_the_catalogue_lacks_is_named(names):
    assert meanings(names, "테일러 스위프트") == (Form("Taylor Swift", (), False),)


def test_what_nobody_is_called_means_nothing(names):
    assert meanings(names, "비 오는 날") == ()


def test_of_namesakes_the_one_of_the_same_spelling_is_meant():
    names = ArtistNames(["LISA", "LiSA"])
    assert {form.artists for form in meanings(names, "리사")} == {(0,), (1,)}
    assert [form.artists for form in meanings(names, "블랙핑크 리사")] == [(0,)]


def test_a_row_that_shares_a_word_alone_is_not_joined():
    rain = ArtistRow(latin=("RAIN",), hangul=("비",), also=("정지훈",), words=("RAIN", "비"))
    names = ArtistNames(["Rain (Indie Duo)", "RAIN", "비 (RAIN)"], [rain])
    assert meanings(names, "정지훈") == (Form("RAIN", (1, 2), False),)
    assert meanings(names, "rain") == (Form("RAIN", (1, 2), True), Form("Rain (Indie Duo)", (0,), True))


def test_a_usual_form_is_preferred_to_a_short_one():
    rows = [
        ArtistRow(latin=("Girls Band",), hangul=("걸즈밴드",), also=("Sosi",), words=()),
        ArtistRow(latin=("Sosi",), hangul=("소시음",), also=(), words=()),
    ]
    names = ArtistNames(["Sosi"], rows)
    assert meanings(names, "소시음") == (Form("Sosi", (0,), False),)
    assert meanings(names, "걸즈밴드") == (Form("Girls Band", (), False),)


def test_a_name_without_its_article_counts_as_a_word():
    names = ArtistNames(["The Strokers"], [])
    assert meanings(names, "the strokers") == (Form("The Strokers", (0,), False),)
    assert [form.artists for form in meanings(names, "strokers")] == [(0,)]


def test_artists_of_one_spelling_share_a_form():
    names = ArtistNames(["Some Nameless Duo", "some nameless duo"], [])
    assert meanings(names, "Some Nameless Duo") == (Form("Some Nameless Duo", (0, 1), False),)


def test_a_name_that_no_table_has_is_found_by_its_sound():
    names = ArtistNames(["Zolvarind Praketh", "도라미솔로"], [])
    assert [artist for artist, _ in names.by_sound("졸바린드 프라케스")] == [0]
    assert [artist for artist, _ in names.by_sound("Doramisolo")] == [1]


def test_words_and_known_forms_are_not_heard(names):
    assert names.by_sound("콜드플레이") == []
    assert names.by_sound("모닝") == []
    assert names.by_sound("좋은 아침") == []
    assert names.by_sound("") == []
    assert names.by_sound("가" * 10_000) == []
