import pytest

from aiplayer.errors import InvalidInput
from aiplayer.text import name_key
from aiplayer.titles.reading.lexicon import load_lexicon
from aiplayer.titles.reading.mentions import Kind, Meaning


@pytest.fixture(scope="module")
def lexicon():
    return load_lexicon()


@pytest.fixture
def load_text(tmp_path):
    """Loads a lexicon that is typed in a test."""

    def load(text):
        path = tmp_path / "lexicon.toml"
        path.write_text(text, encoding="utf-8")
        return load_lexicon(path)

    return load


@pytest.mark.parametrize(
    ("word", "meanings"),
    [
        ("Hip-Hop", ["genre:hip hop"]),
        ("비가 오는", ["weather:rain"]),
        ("우중", ["weather:rain"]),
        ("빗소리", ["weather:rain"]),
        ("drizzle", ["weather:rain"]),
        ("☔️", ["weather:rain"]),
        ("장마철", ["weather:rain", "season:summer"]),
        ("첫눈", ["weather:snow", "season:winter"]),
        ("눈물", ["mood:sad"]),
        ("열대야", ["season:summer", "hour:night"]),
        ("golden hour", ["hour:sunset"]),
        ("3am", ["hour:dawn", "hour:night"]),
        ("퇴근길", ["activity:commute", "hour:sunset", "place:city"]),
        ("지하철", ["place:subway", "place:city", "thing:train"]),
        ("다락방", ["place:room"]),
        ("한강", ["place:river", "place:lake", "place:city"]),
        ("Brooklyn", ["place:new york", "place:city"]),
        ("노래방", ["activity:karaoke"]),
        ("브릿팝", ["genre:britpop", "genre:rock", "country:GB", "era:1990-1999"]),
        ("국힙", ["genre:hip hop", "country:KR"]),
        ("외힙", ["genre:hip hop", "country:!KR"]),
        ("팝송", ["country:!KR"]),
        ("7080", ["era:1970-1989"]),
        ("90's", ["era:1990-1999"]),
        ("Y2K", ["era:1997-2005"]),
        ("2세대 아이돌", ["genre:k-pop", "country:KR", "era:2005-2012"]),
    ],
)
def test_a_word_names_what_its_entry_says_and_what_that_implies(lexicon, word, meanings):
    found = lexicon.words[name_key(word)]
    assert [f"{meaning.kind}:{'' if meaning.wanted else '!'}{meaning.value}" for meaning in found] == meanings


@pytest.mark.parametrize(
    "word", ["playlist", "플리", "노래", "듣기 좋은", "띵곡", "soul mate", "metal straw", "밤양갱", "비밀"]
)
def test_a_word_that_names_nothing_is_a_filler(lexicon, word):
    assert name_key(word) in lexicon.fillers
    assert name_key(word) not in lexicon.words


def test_words_tell_the_artists_own_songs_from_songs_like_theirs(lexicon):
    assert {name_key(word) for word in ("노래모음", "명곡", "히트곡", "best of")} <= lexicon.own
    assert {name_key(word) for word in ("비슷한 노래", "좋아하면", "songs like", "for fans of")} <= lexicon.like


def test_words_refuse_what_stands_before_or_after_them(lexicon):
    assert {"말고", "빼고", "없는"} <= lexicon.refusals.after_ko
    assert "안" in lexicon.refusals.before_ko
    assert {"no", "without"} <= lexicon.refusals.before_en
    assert "free" in lexicon.refusals.after_en


def test_words_that_often_mean_something_else_are_doubtful(lexicon):
    assert {"눈", "배", "달", "fall", "may", "house", "country", "like"} <= lexicon.doubtful
    assert lexicon.doubtful.isdisjoint({"겨울", "힙합", "jazz", "한강"})


def test_synonyms_are_the_words_of_a_value_in_both_languages(lexicon):
    assert {"비오는날", "rainyday", "빗소리", "☔"} <= set(lexicon.synonyms(Kind.WEATHER, "rain"))
    assert "장마" not in lexicon.synonyms(Kind.WEATHER, "rain")
    assert lexicon.synonyms(Kind.WEATHER, "frogs") == ()


def test_every_value_that_the_demo_catalogue_and_the_painter_know_has_words(lexicon):
    for kind, values in KNOWN_VALUES.items():
        for value in values:
            assert len(lexicon.synonyms(kind, value)) >= 3, (kind, value)


def test_every_entry_has_words(lexicon):
    assert all(lexicon.words_by_meaning.values())


def test_implied_meanings_are_followed_to_their_end(load_text):
    lexicon = load_text(
        """
        [place.city]
        en = ["city"]
        [place.subway]
        en = ["subway"]
        implies = ["place:city"]
        [phrase.commute]
        ko = ["출근"]
        means = ["place:subway", "country:!KR"]
        """
    )
    subway, city = Meaning(Kind.PLACE, "subway"), Meaning(Kind.PLACE, "city")
    assert lexicon.words["subway"] == (subway, city)
    assert lexicon.words["출근"] == (subway, Meaning(Kind.COUNTRY, "KR", wanted=False), city)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[place", "lexicon.toml, lexicon.toml: cannot be read: "),
        ("[colour.red]\nen = ['red']", "lexicon.toml, colour: is no section. Use one of: genre, "),
        ("[place.sea]\nfr = ['mer']", "place.sea: has a field 'fr'. Use one of: ko, en, emoji, doubtful, implies."),
        ("[place.sea]\nko = ['\\u200B']", "place.sea: has a word that shows nothing. Remove it."),
        (
            "[place.sea]\nen = ['sea']\n[mood.calm]\nen = ['Sea']",
            "mood.calm: has the word 'sea', which place.sea has already. Remove one of them.",
        ),
        (
            "[genre.rock]\nen = ['hard-rock', 'hard rock']",
            "genre.rock: has the word 'hardrock', which genre.rock has already.",
        ),
        ("[place.sea]\nen = ['sea']\ndoubtful = ['see']", "place.sea: doubts 'see', which is none of its words."),
        (
            "[place.sea]\nen = ['sea']\nimplies = ['colour:blue']",
            "place.sea: names 'colour:blue', whose kind does not exist.",
        ),
        ("[place.sea]\nen = ['sea']\nimplies = ['thing:boat']", "place.sea: names 'thing:boat', which has no entry."),
        (
            "[place.sea]\nen = ['sea']\nimplies = ['era:90s']",
            "place.sea: names 'era:90s'. Write an era as era:1990-1999",
        ),
        (
            "[country.Korea]\nen = ['korea']",
            "country.Korea: names 'country:Korea'. Write an era as era:1990-1999 and a country",
        ),
        ("[phrase.x]\nen = ['x']", "phrase.x: means nothing. Add what it names"),
        ("[intent.dislike]\nen = ['x']", "intent: has a field 'dislike'. Use one of: own, like."),
        ("[filler]\nde = ['Lied']", "filler: has a field 'de'. Use one of: ko, en, emoji."),
    ],
)
def test_a_mistake_in_the_file_is_refused_with_its_place(load_text, text, message):
    with pytest.raises(InvalidInput) as refused:
        load_text(text.replace("\\u200B", "\u200b"))
    assert message in refused.value.message
    assert refused.value.code == "bad_lexicon"


KNOWN_VALUES = {
    Kind.GENRE: (
        "pop", "rock", "ballad", "k-pop", "dance", "r&b", "folk", "hip hop", "indie", "electronic", "soundtrack",
        "jazz", "soul", "funk", "synth-pop", "classical", "j-pop", "disco", "trot", "house", "country", "latin",
        "blues", "punk", "new age", "metal", "city pop", "reggae", "bossa nova",
    ),
    Kind.MOOD: (
        "romantic", "nostalgic", "sad", "groovy", "happy", "calm", "energetic", "heartbreak", "hopeful", "lonely",
        "dreamy", "dark", "cozy",
    ),
    Kind.ACTIVITY: (
        "workout", "study", "focus", "sleep", "drive", "travel", "walk", "camping", "cleaning", "party", "wedding",
    ),
    Kind.PLACE: ("city", "street", "sea", "mountain", "forest", "road", "cafe", "room", "fields", "lake"),
    Kind.HOUR: ("dawn", "morning", "day", "sunset", "night"),
    Kind.WEATHER: ("clear", "cloudy", "rain", "snow", "fog"),
    Kind.SEASON: ("spring", "summer", "autumn", "winter"),
    Kind.THING: (
        "moon", "stars", "blossoms", "leaves", "fireworks", "lanterns", "birds", "boat", "train", "car", "cat",
        "christmas tree", "balloons", "vinyl", "steam cup", "campfire", "lighthouse", "ferris wheel", "tent",
        "umbrella",
    ),
    Kind.COUNTRY: ("KR", "US", "GB", "JP", "CA", "FR", "DE", "BR", "JM", "IE", "SE", "IT", "AU"),
}  # fmt: skip
