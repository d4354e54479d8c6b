"""Titles and what they name, on a catalogue of a few artists."""

import pytest

from aiplayer.titles.reading.artist_names import ArtistNames
from aiplayer.titles.reading.mentions import NOTHING_READ, Kind, Wish
from aiplayer.titles.reading.reader import TitleReader

CATALOGUE = (
    *("방탄소년단", "아이유", "비", "카라", "2AM", "소녀시대 (GIRLS` GENERATION)", "뉴진스", "Coldplay", "Queen"),
    *("Radiohead", "Air", "The Weeknd", "Adele", "AC/DC", "Simon & Garfunkel", "브로콜리너마저", "Beyoncé"),
    *("Guns N' Roses", "(여자)아이들", "!!!", "The Cars", "P!nk", "Taylor Swift", "Frédéric Chopin"),
    *("Wolfgang Amadeus Mozart", "봄여름가을겨울", "Nobody's Favourite Band"),
)


@pytest.fixture(scope="module")
def reader() -> TitleReader:
    return TitleReader(ArtistNames(CATALOGUE))


def named(reader: TitleReader, title: str, *kinds: Kind) -> dict[str, str]:
    """What a title wants: each value with the characters that say it."""
    return {mention.value: title[slice(*mention.span)] for mention in reader.read(title).wanted(*(kinds or Kind))}


@pytest.mark.parametrize(
    ("title", "names"),
    [
        ("BTS 노래모음", {"방탄소년단": "BTS"}),
        ("방탄", {"방탄소년단": "방탄"}),
        ("IU의 노래", {"아이유": "IU"}),
        ("콜드플레이 좋아하면", {"Coldplay": "콜드플레이"}),
        ("콜드플레이랑 라디오헤드", {"Coldplay": "콜드플레이", "Radiohead": "라디오헤드"}),
        ("퀸 명곡", {"Queen": "퀸"}),
        ("비 노래모음", {"비": "비"}),
        ("쇼팽과 모차르트", {"Frédéric Chopin": "쇼팽", "Wolfgang Amadeus Mozart": "모차르트"}),
        ("songs like Taylor Swift", {"Taylor Swift": "Taylor Swift"}),
        ("소녀시대 카라 뉴진스", {"소녀시대 (GIRLS` GENERATION)": "소녀시대", "카라": "카라", "뉴진스": "뉴진스"}),
        ("nobody's favourite band, live", {"Nobody's Favourite Band": "nobody's favourite band"}),
    ],
)
def test_artists_are_read_in_either_script(reader, title, names):
    assert named(reader, title, Kind.ARTIST) == names


@pytest.mark.parametrize(
    ("title", "artist"),
    [
        ("아이유 감성 노래", "아이유"),
        ("아이유의 밤", "아이유"),
        ("best of THE  weeknd!", "The Weeknd"),
        ("Ａｄｅｌｅ and rain", "Adele"),
        ("AC DC at full volume", "AC/DC"),
        ("simon and garfunkel evenings", "Simon & Garfunkel"),
        ("브로콜리 너마저와 봄", "브로콜리너마저"),
        ("girls' generation hits", "소녀시대 (GIRLS` GENERATION)"),
        ("beyonce at the gym", "Beyoncé"),
        ("Guns N’ Roses night", "Guns N' Roses"),
        ("(여자)아이들 노래", "(여자)아이들"),
        ("IU 노래", "아이유"),
    ],
)
def test_a_name_is_read_as_the_catalogue_writes_it(reader, title, artist):
    assert set(named(reader, title, Kind.ARTIST)) == {artist}


@pytest.mark.parametrize(
    "title",
    [
        "비 오는 날",
        "Queen of the night",
        "Air travel",
        "새벽 2시",
        "봄",
        "2am thoughts",
        "비밀의 정원",
        "밤바다",
        "쿨한 노래",
    ],
)
def test_words_are_no_artists(reader, title):
    assert not named(reader, title, Kind.ARTIST)


def test_an_artist_whom_the_catalogue_lacks_is_named_all_the_same(reader):
    read = reader.read("블랙핑크 노래모음")
    assert [mention.value for mention in read.mentions] == ["BLACKPINK"]
    assert read.artists == {"BLACKPINK": ()}


def test_each_thing_is_read_with_the_characters_that_say_it(reader):
    assert named(reader, "비 오는 날 카페에서 듣는 재즈") == {
        "rain": "비 오는 날",
        "cafe": "카페에서 듣는",
        "jazz": "재즈",
    }
    assert named(reader, "90년대 국힙", Kind.GENRE, Kind.COUNTRY, Kind.ERA) == {
        "1990-1999": "90년대",
        "hip hop": "국힙",
        "KR": "국힙",
    }


def test_letters_in_any_form_are_read_alike(reader):
    assert named(reader, "ＢＴＳ 노래모음") == {"방탄소년단": "ＢＴＳ"}
    decomposed = "재즈 카페"
    assert set(named(reader, decomposed)) == {"jazz", "cafe"}


@pytest.mark.parametrize(
    ("title", "refused", "wanted"),
    [
        ("발라드 말고 재즈", {"ballad"}, {"jazz"}),
        ("jazz, no ballads", {"ballad"}, {"jazz"}),
        ("no slow ballads just house", {"ballad"}, {"house"}),
        ("비 안 오는 날", {"rain"}, set()),
    ],
)
def test_what_is_refused_is_not_wanted(reader, title, refused, wanted):
    read = reader.read(title)
    assert refused <= {mention.value for mention in read.refused(*Kind)}
    values = {mention.value for mention in read.wanted(*Kind)}
    assert wanted <= values
    assert not refused & values


@pytest.mark.parametrize(
    ("title", "wish"),
    [
        ("아이유 노래모음", Wish.OWN),
        ("best of Queen", Wish.OWN),
        ("아이유 좋아하면 들어봐", Wish.LIKE),
        ("songs like Radiohead", Wish.LIKE),
        ("아이유와 가을", Wish.OPEN),
    ],
)
def test_the_wish_tells_whose_songs_are_meant(reader, title, wish):
    assert reader.read(title).wish is wish


def test_what_is_struck_out_is_not_read(reader):
    read = reader.read("비 오는 날 재즈").without([("genre", "jazz")])
    assert "jazz" not in {mention.value for mention in read.mentions}
    assert "rain" in {mention.value for mention in read.mentions}


@pytest.mark.parametrize("title", ["", "!!!", " ", "​"])
def test_a_title_without_letters_names_nothing(reader, title):
    assert reader.read(title) == NOTHING_READ


def test_who_refuses_a_kind_of_pop_refuses_neither_pop_nor_the_country(reader):
    read = reader.read("제이팝 말고 일본 록")
    assert [mention.value for mention in read.refused(*Kind)] == ["j-pop"]
    assert {"rock", "JP"} <= {mention.value for mention in read.wanted(*Kind)}


def test_what_owns_is_a_word_by_itself(reader):
    assert named(reader, "punk's not dead", Kind.GENRE)["punk"] == "punk"


@pytest.mark.parametrize(
    ("title", "artist"),
    [
        ("Radiohaed at dawn", "Radiohead"),
        ("Taylr Swift 노래모음", "Taylor Swift"),
        ("simon and garfunkle evenings", None),
        ("Wolfgang Amadeus Mozzart", "Wolfgang Amadeus Mozart"),
        ("fredric chopin nocturnes", "Frédéric Chopin"),
        ("my brothers keeper", None),
        ("radio head", "Radiohead"),
    ],
)
def test_a_long_name_is_read_with_one_letter_wrong(reader, title, artist):
    assert set(named(reader, title, Kind.ARTIST)) == ({artist} if artist else set())


@pytest.mark.parametrize(
    ("title", "eras"),
    [
        ("late 70s UK punk", {"1975-1979": "late 70s"}),
        ("2010년대 추억의 팝송", {"2010-2019": "2010년대"}),
        ("추억의 팝송", {"1955-1999": "추억의 팝송"}),
        ("Y2K와 90년대", {"1997-2005": "Y2K", "1990-1999": "90년대"}),
        ("90년생이 듣던 노래", {}),
        ("바로크 음악", {"1600-1759": "바로크 음악"}),
    ],
)
def test_years_in_digits_come_before_years_that_words_imply(reader, title, eras):
    assert named(reader, title, Kind.ERA) == eras


def test_an_hour_in_digits_says_more_than_the_part_of_the_day_beside_it(reader):
    assert named(reader, "새벽 3시의 노래", Kind.HOUR) == {"dawn": "새벽 3시"}


def test_what_is_sung_elsewhere_too_is_no_country(reader):
    assert named(reader, "sixties girl groups", Kind.COUNTRY, Kind.GENRE) == {}
    assert named(reader, "R&B slow jams", Kind.GENRE) == {"r&b": "R&B"}
