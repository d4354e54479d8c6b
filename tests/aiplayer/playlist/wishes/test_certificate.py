"""What a certificate says, in its own words, of lists whose facts are known."""

from datetime import date

from aiplayer.playlist.mixing import MixRequest
from aiplayer.playlist.wishes.certificate import Finding, certify
from aiplayer.playlist.wishes.wish import KeptSong, Length, Order, Wishes, Years
from aiplayer.playlist.wishes.wished_playlist import make_wished_playlist
from tests.support.wishes import candidate

OLD = {"issued": date(1984, 5, 1), "genres": ["ballad"], "country": "KR", "duration_ms": 240_000, "artists": ["a"]}
NEW = {"issued": date(2012, 5, 1), "genres": ["dance"], "country": "US", "duration_ms": 200_500, "artists": ["b"]}


def certificate(playlist, song_count=2, **wishes) -> list[Finding]:
    return certify(playlist, MixRequest(0, song_count, wishes=Wishes(**wishes)), [])


def reasons(candidates, song_count=4, similarity=0, **wishes) -> dict[str, str | None]:
    made = make_wished_playlist(MixRequest(similarity, song_count, wishes=Wishes(**wishes)), [], candidates)
    return {finding.wish: finding.why for finding in made.certificate}


def test_each_wish_is_told_by_values_that_can_be_compared():
    playlist = [candidate(1, **OLD), candidate(2, **NEW)]
    assert certificate(
        playlist,
        keep=(KeptSong(2, 1), KeptSong(1), KeptSong(7)),
        genres_only=("ballad", "jazz"),
        years=Years(None, 1999),
        length=Length(420, 5),
        countries={"KR": 50, "JP": 50},
        artist_gap=1,
        order=Order.LIVELY_TO_CALM,
    ) == [
        Finding(
            "keep",
            [{"song_id": 2, "place": 1}, {"song_id": 1, "place": None}, {"song_id": 7, "place": None}],
            [{"song_id": 2, "place": 2}, {"song_id": 1, "place": 1}, {"song_id": 7, "place": None}],
            kept=False,
        ),
        Finding("genres_only", {"genres": ["ballad", "jazz"], "songs": 2}, {"genres": ["ballad"], "songs": 1}, False),
        Finding("years", {"from": None, "to": 1999, "songs": 2}, {"from": 1984, "to": 2012, "songs": 1}, False),
        Finding(
            "length_min",
            {"seconds": 420, "tolerance_s": 5, "songs_of_unknown_duration": 0},
            {"seconds": 440.5, "songs_of_unknown_duration": 0},
            kept=False,
        ),
        Finding(
            "countries",
            {"KR": {"percent": 50, "songs": 1}, "JP": {"percent": 50, "songs": 1}},
            {"KR": {"percent": 50.0, "songs": 1}, "JP": {"percent": 0.0, "songs": 0}},
            kept=False,
        ),
        Finding("artist_gap", 1, None, kept=True),
        Finding(
            "order",
            {"order": "lively_to_calm", "steps_against": 0},
            {"order": "lively_to_calm", "steps_against": 1, "steps": 1},
            kept=False,
        ),
    ]


def test_the_length_is_kept_to_the_last_millisecond_of_its_tolerance_and_by_known_durations_alone():
    def is_kept(duration_ms) -> bool:
        playlist = [candidate(1, duration_ms=3_400_000), candidate(2, duration_ms=duration_ms)]
        (finding,) = certificate(playlist, length=Length(3600, 5))
        return finding.kept

    assert [is_kept(duration_ms) for duration_ms in (205_000, 205_001, 195_000, 194_999)] == [True, False, True, False]
    assert not is_kept(None)


def test_what_else_is_not_as_asked_is_told_as_well():
    of_one = [candidate(number, artists=["a"]) for number in range(5)]
    found = certify(of_one, MixRequest(60, 20, wishes=Wishes(artist_gap=1)), [])
    assert found[1:] == [
        Finding("similarity", {"percent": 60, "songs": 3}, {"percent": 0.0, "songs": 0}, kept=False),
        Finding("songs_per_artist", 3, 5, kept=False),
        Finding("song_count", 20, 5, kept=False),
    ]
    assert len(certify(of_one, MixRequest(0, 5, wishes=Wishes(artist_gap=1)), ["a"])) == 1


def test_too_few_songs_that_fit_are_counted():
    songs = [candidate(number, **(OLD if number < 3 else NEW) | {"artists": []}) for number in range(9)]
    before_1990 = Years(None, 1989)
    assert reasons(songs, years=before_1990) == {
        "years": None,
        "song_count": "only 3 of the 9 best songs are of 1989 or before",
    }
    assert reasons(songs, song_count=8, countries={"KR": 100})["countries"] == "only 3 of the 9 best songs are of KR"
    assert reasons(songs, years=before_1990, countries={"US": 50})["countries"] == (
        "none of the 3 songs of 1989 or before among the 9 best are of US"
    )


def test_kept_songs_are_the_reason_where_they_do_not_fit():
    songs = [candidate(0, **NEW, kept=True), *(candidate(number, **OLD | {"artists": []}) for number in range(1, 9))]
    keep = (KeptSong(0),)
    assert reasons(songs, keep=keep, years=Years(1980, 1989), genres_only=("ballad",)) == {
        "keep": None,
        "genres_only": "1 song of `keep` is of other genres",
        "years": "1 song of `keep` is not known to be of 1980 to 1989",
    }


def test_a_catalogue_without_durations_is_told_and_the_number_of_songs_decides():
    songs = [candidate(number) for number in range(9)]
    made = make_wished_playlist(MixRequest(0, 4, wishes=Wishes(length=Length(3600, 5))), [], songs)
    (finding,) = made.certificate
    assert len(made.picks) == 4
    assert finding.got == {"seconds": 0.0, "songs_of_unknown_duration": 4}
    assert finding.why == "the catalogue knows the duration of none of the 9 best songs"


def test_more_kept_songs_of_the_chosen_playlists_than_their_share_are_the_reason():
    songs = [candidate(0, source="seed", kept=True), *(candidate(number) for number in range(1, 9))]
    told = reasons(songs, keep=(KeptSong(0),))
    assert told["similarity"] == "1 song of `keep` is of the chosen playlists"
    told = reasons([candidate(number) for number in range(9)], similarity=50, order=Order.ARC)
    assert told["similarity"] == "none of the 9 best songs are of the chosen playlists"
    assert told["song_count"] == "none of the 9 best songs are of the chosen playlists"


def test_a_list_of_nothing_is_told_as_well():
    songs = [candidate(number, **NEW) for number in range(9)]
    assert reasons(songs, genres_only=("ballad",), countries={"KR": 50}, order=Order.ARC) == {
        "genres_only": None,
        "countries": "the list is empty",
        "order": None,
        "song_count": "none of the 9 best songs are of the genre ballad",
    }
    assert reasons([], artist_gap=2) == {"artist_gap": None, "song_count": "no song is left to recommend"}
