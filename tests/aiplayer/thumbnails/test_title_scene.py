"""What a title names is what its scene holds; the rest stays open."""

import pytest

from aiplayer.thumbnails.title_scene import TitleScene, title_scene
from aiplayer.titles.reading.mentions import Kind, Mention


def read(title: str, *named: tuple[str, Kind, str]) -> TitleScene:
    """The scene of a title whose words name something; a "!" before the value refuses it."""
    mentions = []
    for words, kind, value in named:
        start = title.index(words)
        span = (start, start + len(words))
        mentions.append(Mention(kind, value.removeprefix("!"), span, wanted=not value.startswith("!")))
    return title_scene(title, mentions)


def test_every_kind_of_mention_finds_its_attribute():
    scene = read(
        "여름 새벽 비 오는 거리, 우산",
        ("여름", Kind.SEASON, "summer"),
        ("새벽", Kind.HOUR, "dawn"),
        ("비 오는", Kind.WEATHER, "rain"),
        ("거리", Kind.PLACE, "street"),
        ("우산", Kind.THING, "umbrella"),
    )
    assert scene.choices == {"place": "street", "hour": "dawn", "weather": "rain", "season": "summer"}
    assert scene.elements == ("umbrella",)
    assert scene.named == scene.choices | {"elements": ["umbrella"]}


def test_a_finer_place_is_painted_as_the_one_beside_it():
    scene = read("지하철 플리", ("지하철", Kind.PLACE, "subway"), ("지하철", Kind.PLACE, "city"))
    assert scene.named == {"place": "city"}


def test_what_the_title_refuses_is_not_painted():
    scene = read("비 안 오는 밤", ("비 안 오는", Kind.WEATHER, "!rain"), ("밤", Kind.HOUR, "night"))
    assert scene.choices == {"hour": "night"}
    assert scene.refused == ("rain",)


def test_a_refusal_of_something_that_is_not_painted_is_no_refusal_of_the_picture():
    scene = read("no ballads", ("ballads", Kind.GENRE, "!ballad"))
    assert scene == TitleScene()


def test_of_two_places_the_inner_one_is_painted_and_the_other_seen_through_its_window():
    korean = read("바다가 보이는 카페", ("바다", Kind.PLACE, "sea"), ("카페", Kind.PLACE, "cafe"))
    english = read("a cafe by the sea", ("cafe", Kind.PLACE, "cafe"), ("sea", Kind.PLACE, "sea"))
    assert (korean.choices["place"], korean.view) == ("cafe", "sea")
    assert (english.choices["place"], english.view) == ("cafe", "sea")
    assert korean.named == {"place": "cafe"}


def test_of_two_outdoor_places_the_head_of_the_phrase_is_painted():
    korean = read("숲속 호수", ("숲속", Kind.PLACE, "forest"), ("호수", Kind.PLACE, "lake"))
    english = read("a lake in the woods", ("lake", Kind.PLACE, "lake"), ("woods", Kind.PLACE, "forest"))
    assert korean.choices == english.choices == {"place": "lake"}
    assert (korean.view, english.view) == (None, None)


def test_of_two_places_of_one_word_the_first_is_painted():
    for title, word in (("한강 플리", "한강"), ("by the river", "river")):
        scene = read(title, (word, Kind.PLACE, "river"), (word, Kind.PLACE, "lake"), (word, Kind.PLACE, "city"))
        assert scene.named == {"place": "lake"}


def test_what_contradicts_itself_is_painted_both():
    scene = read("비 오는 날 별", ("비 오는", Kind.WEATHER, "rain"), ("별", Kind.THING, "stars"))
    assert (scene.choices, scene.elements) == ({"weather": "rain"}, ("stars",))


def test_a_crescent_is_a_moon_too():
    assert read("초승달", ("초승달", Kind.THING, "crescent")).elements == ("crescent", "moon")
    assert read("초승달", ("초승달", Kind.THING, "moon")).elements == ("moon",)


def test_what_is_hardly_sure_is_not_painted():
    mentions = [Mention(Kind.WEATHER, "snow", (0, 1), sure=0.3), Mention(Kind.HOUR, "night", (2, 3), sure=0.9)]
    assert title_scene("눈 밤", mentions).named == {"hour": "night"}


def test_things_that_the_painter_cannot_show_are_left_to_other_models_and_have_looks():
    scene = read("해바라기, 야자수", ("해바라기", Kind.THING, "sunflowers"), ("야자수", Kind.THING, "palm trees"))
    assert (scene.elements, scene.others) == ((), ("sunflowers",))
    assert scene.looks == ("sunflowers", "palm trees")
    assert scene.named == {}


def test_looks_are_those_of_occasions_first_and_of_decades_last():
    scene = read(
        "90s sad jazz for Christmas",
        ("90s", Kind.ERA, "1990-1999"),
        ("sad", Kind.MOOD, "sad"),
        ("jazz", Kind.GENRE, "jazz"),
        ("Christmas", Kind.OCCASION, "christmas"),
    )
    assert scene.looks == ("christmas", "sad", "jazz", "1990s")
    assert scene.named == {}


@pytest.mark.parametrize("kind", [Kind.ARTIST, Kind.COUNTRY])
def test_artists_and_countries_paint_nothing(kind):
    assert read("Snow Patrol", ("Snow", kind, "rain")) == TitleScene()


def test_guesses_are_for_titles_that_name_nothing_and_are_not_named():
    guesses = {"weather": "snow", "place": "sea", "elements": "moon"}
    guessed = read("눈 말고", ("눈", Kind.WEATHER, "!snow")).with_guesses(guesses)
    assert guessed.choices == {"place": "sea"}
    assert guessed.named == {}
    for named in (("밤", Kind.HOUR, "night"), ("밤", Kind.GENRE, "jazz"), ("밤", Kind.THING, "moon")):
        scene = read("밤", named)
        assert scene.with_guesses(guesses) == scene
