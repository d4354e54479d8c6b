"""Wishes as requests spell them: what is refused, by which field, and what the domain gets."""

import pytest
from pydantic import ValidationError

from aiplayer.catalogue import Song
from aiplayer.errors import InvalidInput, NotFound
from aiplayer.playlist.wishes.wish import NO_WISHES, KeptSong, Length, Order, Wishes, Years
from gateway.schemas import RecommendRequest
from gateway.wishes import check_keep, check_known, refuse_excluded, wishes_of

GENRES = ["bossa nova", "hip hop", "jazz", "랩/힙합"]


def request(**body) -> RecommendRequest:
    return RecommendRequest.model_validate({"title": "x"} | body)


def test_a_request_without_wishes_has_none():
    assert wishes_of(request(), []) == NO_WISHES
    assert not wishes_of(request(), []).are_given
    assert wishes_of(request(length_tolerance_s=9), []) == NO_WISHES


def test_every_wish_reaches_the_domain():
    body = {
        "keep": [{"song_id": 7, "place": 3.0}, {"song_id": 8}],
        "years": {"from": 1990.0, "to": 1999},
        "countries": {"KR": 60, "other": 40},
        "genres_only": ["Jazz", "BOSSA-NOVA", "jazz"],
        "length_min": 60,
        "length_tolerance_s": 2.5,
        "artist_gap": 3,
        "order": "arc",
    }
    assert wishes_of(request(**body), GENRES) == Wishes(
        keep=(KeptSong(7, 3), KeptSong(8)),
        years=Years(1990, 1999),
        countries={"KR": 60, "other": 40},
        genres_only=("jazz", "bossa nova"),
        length=Length(3600.0, 2.5),
        artist_gap=3,
        order=Order.ARC,
    )


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"keep": [{"song_id": "7"}]}, ("keep", 0, "song_id")),
        ({"keep": [{"song_id": 7, "place": 0}]}, ("keep", 0, "place")),
        ({"keep": [{"song_id": 7, "position": 1}]}, ("keep", 0, "position")),
        ({"keep": [{"song_id": 7}, {"song_id": 7}]}, ("keep",)),
        ({"keep": [{"song_id": 7, "place": 1}, {"song_id": 8, "place": 1}]}, ("keep",)),
        ({"years": {}}, ("years",)),
        ({"years": {"from": 1999, "to": 1990}}, ("years",)),
        ({"years": {"from": "1990"}}, ("years", "from")),
        ({"years": {"from": 1990, "until": 1999}}, ("years", "until")),
        ({"years": {"first": 1990}}, ("years", "first")),
        ({"countries": {"KR": 60, "JP": 50}}, ("countries",)),
        ({"countries": {"Korea": 60}}, ("countries",)),
        ({"countries": {"KR": 101}}, ("countries", "KR")),
        ({"countries": {"KR": -1}}, ("countries", "KR")),
        ({"genres_only": "jazz"}, ("genres_only",)),
        ({"length_min": 0}, ("length_min",)),
        ({"length_min": 601}, ("length_min",)),
        ({"length_tolerance_s": -1}, ("length_tolerance_s",)),
        ({"artist_gap": 21}, ("artist_gap",)),
        ({"artist_gap": 1.5}, ("artist_gap",)),
        ({"order": "random"}, ("order",)),
    ],
)
def test_a_wrong_wish_is_refused_by_its_field(body, place):
    with pytest.raises(ValidationError) as caught:
        request(**body)
    assert [error["loc"] for error in caught.value.errors()] == [place]


def test_a_genre_that_no_song_has_is_refused_and_some_that_exist_are_named():
    with pytest.raises(InvalidInput) as caught:
        wishes_of(request(genres_only=["jazz", "polka"]), GENRES)
    assert (caught.value.status, caught.value.field) == (422, "genres_only")
    assert caught.value.message == (
        'genres_only names "polka", which no song has. There are, among others: bossa nova, hip hop, jazz, 랩/힙합.'
    )


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"song_count": 2, "keep": [{"song_id": 7, "place": 3}]}, "keep needs a list of 3 songs, and song_count is 2."),
        ({"song_count": 1, "keep": [{"song_id": 7}, {"song_id": 8}]}, "keep needs a list of 2 songs"),
        ({"exclude_song_ids": [7], "keep": [{"song_id": 7}]}, "keep holds song 7, which exclude_song_ids leaves out."),
    ],
)
def test_kept_songs_that_the_rest_of_the_request_forbids_are_refused(body, message):
    with pytest.raises(InvalidInput, match=message) as caught:
        check_keep(request(**body))
    assert caught.value.field == "keep"


def test_with_a_length_the_places_of_kept_songs_are_not_bound_by_the_number_of_songs():
    check_keep(request(song_count=2, length_min=30, keep=[{"song_id": 7, "place": 9}]))


def test_kept_songs_of_excluded_artists_and_unknown_ones_are_refused():
    with pytest.raises(InvalidInput, match="which exclude_artists leaves out"):
        refuse_excluded([7, 8], {8}, "exclude_artists")
    with pytest.raises(NotFound, match=r"No song has the id 8\.") as caught:
        check_known(request(keep=[{"song_id": 7}, {"song_id": 8}]), [Song(7, "song", [], [], None)])
    assert (caught.value.code, caught.value.field) == ("unknown_song", "keep")
