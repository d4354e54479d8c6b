import pytest

from loadtests.answers import fault_of_recommendation, fault_of_similar, playlist_ids
from tests.support.tiny_service import playlists, songs


def test_a_well_formed_answer_has_no_fault():
    assert fault_of_similar(playlists(1, 2, 3)) == ""
    assert fault_of_recommendation(songs(4, 5), count=2) == ""
    assert playlist_ids(playlists(1, 2, 3)) == [1, 2, 3]


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (None, "its JSON is no list of playlists with songs"),
        ({"playlists": [{"playlist_id": 1}]}, "its JSON is no list of playlists with songs"),
        (playlists(1, 2), "2 playlists in place of 3"),
        (playlists(1, 2, 2), "a playlist comes twice"),
        ({"playlists": [*playlists(1, 2)["playlists"], {"playlist_id": 3, "songs": []}]}, "a playlist has no songs"),
    ],
)
def test_what_is_wrong_with_playlists(answer, fault):
    assert fault_of_similar(answer) == fault


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        ([], "its JSON is no list of songs"),
        ({"songs": []}, "its JSON is no list of songs"),
        (songs(1), "1 songs in place of 2"),
        (songs(1, 2, 3), "3 songs in place of 2"),
        (songs(1, 1), "a song comes twice"),
        (songs(1, 2) | {"generation_id": ""}, "it has no generation_id"),
    ],
)
def test_what_is_wrong_with_songs(answer, fault):
    assert fault_of_recommendation(answer, count=2) == fault
