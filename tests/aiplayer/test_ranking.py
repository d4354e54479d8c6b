import pytest

from aiplayer.catalogue import Playlist, Song
from aiplayer.ranking import Candidate, Pick, because, mix

CHOSEN = [Candidate(id, 0.9 - id / 100) for id in range(30)]
NEW = [Candidate(100 + id, 0.5 - id / 100) for id in range(50)]


def count(picks, source):
    return sum(pick.source == source for pick in picks)


@pytest.mark.parametrize(
    ("similarity", "from_chosen"), [(0, 0), (1, 0), (30, 6), (50, 10), (52, 10), (53, 11), (100, 20)]
)
def test_similarity_is_the_share_of_songs_from_the_chosen_playlists(similarity, from_chosen):
    picks = mix(CHOSEN, NEW, similarity, song_count=20)
    assert (count(picks, "seed"), count(picks, "new")) == (from_chosen, 20 - from_chosen)


def test_more_similarity_never_means_fewer_chosen_songs():
    shares = [count(mix(CHOSEN, NEW, similarity, 7), "seed") for similarity in range(101)]
    assert shares == sorted(shares)
    assert (shares[0], shares[100]) == (0, 7)


def test_songs_are_ordered_by_score():
    scores = [pick.candidate.score for pick in mix(CHOSEN, NEW, 50, 20)]
    assert scores == sorted(scores, reverse=True)


def test_without_chosen_playlists_all_songs_are_new():
    assert count(mix([], NEW, 100, 20), "new") == 20


def test_a_chosen_playlist_that_is_too_short_keeps_the_share_of_new_songs():
    picks = mix(CHOSEN[:3], NEW, 50, 20)
    assert (count(picks, "seed"), count(picks, "new")) == (3, 10)


def test_because_names_the_playlist_the_song_the_tag_or_the_title():
    song, nameless = Song(1, "밤편지", ["아이유"], ["k-pop"], 2017), Song(3, "Song 3", [], [], None)
    playlists, songs = [Playlist(5, "밤에 듣는 노래", [], [song])], {1: song, 3: nameless}
    for candidate, source, reason in (
        (Candidate(1, 0.5), "seed", "밤에 듣는 노래"),
        (Candidate(2, 0.4, because_song_id=1), "new", "밤편지 · 아이유"),
        (Candidate(2, 0.4, because_song_id=3), "new", "Song 3"),
        (Candidate(2, 0.4, because_tag="재즈"), "new", "#재즈"),
        (Candidate(2, 0.4), "new", "밤 산책"),
    ):
        assert because(Pick(candidate, source), "밤 산책", playlists, songs) == reason
