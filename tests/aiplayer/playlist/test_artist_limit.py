import pytest

from aiplayer.artists import artist_keys
from aiplayer.catalogue import Song
from aiplayer.playlist.artist_limit import ArtistLimit, artist_limit, named_artists, usual_limit


def songs(*artists):
    return [Song(number, "song", who.split("+"), [], None) for number, who in enumerate(artists)]


@pytest.mark.parametrize(("song_count", "most"), [(1, 3), (20, 3), (21, 4), (26, 4), (27, 5), (40, 6), (100, 15)])
def test_three_songs_in_twenty_and_as_many_in_proportion(song_count, most):
    assert usual_limit(song_count) == most


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
        ("소녀시대 히트곡", "소녀시대 (GIRLS` GENERATION)"),
        ("girls' generation hits", "소녀시대 (GIRLS` GENERATION)"),
        ("beyonce at the gym", "Beyoncé"),
        ("Guns N’ Roses night", "Guns N' Roses"),
        ("아이들의 여름", "(여자)아이들"),
        ("(여자)아이들 노래", "(여자)아이들"),
        ("IU 노래", "아이유(IU)"),
    ],
)
def test_a_title_names_an_artist_in_so_many_words(title, artist):
    assert named_artists(title, songs("someone", artist), 2, []) == set(artist_keys(artist))


@pytest.mark.parametrize(
    ("title", "artist"),
    [
        ("Madeleine", "Adele"),
        ("비 오는 날", "비"),
        ("아이유튜브", "아이유"),
        ("rain!!!", "!!!"),
        ("밤", "Norah Jones"),
        ("cars and rain", "The Cars"),
        ("pink sunset", "P!nk"),
    ],
)
def test_other_words_name_nobody(title, artist):
    assert named_artists(title, songs("someone", "someone", artist), 3, []) == set()


def test_a_short_name_or_one_that_is_a_tag_counts_where_nobody_sings_more_of_the_best_songs():
    for title, artist, tags in (("U2 night", "U2", []), ("성시경 발라드", "성시경", ["성시경", "발라드"])):
        assert len(named_artists(title, songs("x", artist, artist, "y"), 4, tags)) == 1
        assert not named_artists(title, songs("x", artist, "x", artist, artist), 3, tags)


def test_a_request_that_says_how_many_means_every_artist():
    of = songs("아이유", "Adele")
    assert artist_limit("아이유 노래", of, 20, []) == ArtistLimit(3, frozenset({"아이유"}))
    assert artist_limit("아이유 노래", of, 20, [], asked=2) == ArtistLimit(2)


def test_two_spellings_of_an_artist_count_as_one():
    limit = ArtistLimit(2)
    first, second, third = (limit.counted(song) for song in songs("태연 (TAEYEON)", "태연", "TAEYEON"))
    assert first & second
    assert first & third
    free = artist_limit("태연 노래", songs("태연 (TAEYEON)", "someone"), 20, [])
    assert [free.counted(song) for song in songs("taeyeon", "태연 (TAEYEON)", "IU")] == [set(), set(), {"iu"}]
