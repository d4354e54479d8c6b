from collections import Counter
from datetime import date

import numpy as np
import pytest

from aiplayer.catalogue import Playlist, Song
from aiplayer.playlist.artist_limit import ArtistLimit
from aiplayer.playlist.mixing import MixRequest, Pick, because, line_up, mix, mix_playlist, released
from aiplayer.recommender.request import RankedSong, Recommendation

CHOSEN = [RankedSong(id, 0.9 - id / 100) for id in range(30)]
NEW = [RankedSong(100 + id, 0.5 - id / 100) for id in range(50)]


def count(picks, source):
    return sum(pick.source == source for pick in picks)


def side(first_id, *artists):
    """Ranked songs, best first, with their songs: one for each word of artists, several joined by +."""
    songs = {first_id + row: Song(first_id + row, "song", who.split("+"), [], None) for row, who in enumerate(artists)}
    return [RankedSong(song_id, 1 - row / 1000) for row, song_id in enumerate(songs)], songs


def ids(candidates):
    return [candidate.song_id for candidate in candidates]


def random_sides(random):
    """Chosen and new songs of few or many artists, some sung by two."""
    artists = [f"artist {number}" for number in range(random.integers(1, 60))]
    share = random.dirichlet(np.full(len(artists), random.choice([0.1, 1.0, 10.0])))

    def singers(songs):
        return ["+".join(random.choice(artists, random.integers(1, 3), p=share)) for _ in range(songs)]

    return side(0, *singers(random.integers(0, 120))), side(1000, *singers(random.integers(0, 200)))


def answers(chosen, new, song_count):
    """The ids of seed songs and of new songs for every similarity."""
    for similarity in range(101):
        picks = mix(chosen, new, similarity, song_count)
        yield tuple({pick.song.song_id for pick in picks if pick.source == source} for source in ("seed", "new"))


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
    scores = [pick.song.score for pick in mix(CHOSEN, NEW, 50, 20)]
    assert scores == sorted(scores, reverse=True)


def test_without_chosen_playlists_all_songs_are_new():
    assert count(mix([], NEW, 100, 20), "new") == 20


def test_a_chosen_playlist_that_is_too_short_keeps_the_share_of_new_songs():
    picks = mix(CHOSEN[:3], NEW, 50, 20)
    assert (count(picks, "seed"), count(picks, "new")) == (3, 10)


def test_an_artist_has_no_more_songs_than_the_limit_and_keeps_the_best_ones():
    new, songs = side(0, "a", "a", "b", "a", "c", "a+d", "d")
    _, order = line_up([], new, 4, songs, ArtistLimit(2))
    assert ids(order) == [0, 1, 2, 4]


def test_a_song_counts_for_each_of_its_artists_whatever_the_case_and_width_of_their_names():
    new, songs = side(0, "IU+god", "iu+b", "c", "ＧＯＤ+d", "e", "b")
    _, order = line_up([], new, 4, songs, ArtistLimit(1))
    assert ids(order) == [0, 2, 4, 5]


def test_artists_that_are_free_of_the_limit_may_have_any_number():
    new, songs = side(0, "a", "a", "a+b", "b", "c")
    _, order = line_up([], new, 4, songs, ArtistLimit(1, frozenset({"a"})))
    assert ids(order) == [0, 1, 2, 4]


def test_songs_without_a_known_artist_are_not_limited():
    songs = {song_id: Song(song_id, f"Song {song_id}", [], [], None) for song_id in range(9)}
    _, order = line_up([], [RankedSong(id, 0.5) for id in songs], 9, songs, ArtistLimit(1))
    assert ids(order) == list(songs)


def test_a_side_that_would_run_out_is_filled_up_with_its_best_songs_that_were_left_out():
    (chosen, of_chosen), (new, of_new) = side(0, "a", "a", "a", "b"), side(10, "c", "c", "c", "c")
    seeds, others = line_up(chosen, new, 4, of_chosen | of_new, ArtistLimit(1))
    assert (ids(seeds), ids(others)) == ([0, 3, 1, 2], [10, 11, 12, 13])


def test_a_new_song_waits_while_chosen_songs_of_its_artist_can_stand_beside_it():
    (chosen, of_chosen), (new, of_new) = side(0, "a", "b", "c", "d"), side(10, "a", "b", "e", "f", "g")
    _, order = line_up(chosen, new, 4, of_chosen | of_new, ArtistLimit(1))
    # With one new song stand a, b and c; with two a and b; with three a; with four none.
    assert ids(order) == [12, 13, 11, 10]


def test_every_answer_keeps_the_share_and_more_similarity_only_adds_seeds_and_takes_away_new_songs():
    random = np.random.default_rng(4)
    for _ in range(150):
        (chosen, of_chosen), (new, of_new) = random_sides(random)
        song_count, most = random.integers(1, 101), random.integers(1, 20)
        order = line_up(chosen, new, song_count, of_chosen | of_new, ArtistLimit(most))
        fewer, more = set(), set(of_new)
        for similarity, (seeds, others) in enumerate(answers(*order, song_count)):
            plain = mix(chosen, new, similarity, song_count)
            assert (len(seeds), len(others)) == (count(plain, "seed"), count(plain, "new"))
            assert fewer <= seeds <= set(of_chosen)
            assert others <= more
            fewer, more = seeds, others


def test_whatever_the_similarity_no_artist_has_too_many_songs_where_there_are_enough_others():
    random, full = np.random.default_rng(5), 0
    for _ in range(150):
        song_count, most = random.integers(1, 101), random.integers(1, 20)
        # One artist sings a third, the others at least as many songs of each side as two answers need.
        artists = [f"artist {number}" for number in range(2 * song_count // most + 2)] * most
        singers = [random.permutation(artists + ["star"] * (len(artists) // 2)) for _ in range(2)]
        (chosen, of_chosen), (new, of_new) = side(0, *singers[0]), side(10_000, *singers[1])
        songs = of_chosen | of_new
        for seeds, others in answers(*line_up(chosen, new, song_count, songs, ArtistLimit(most)), song_count):
            heard = Counter(songs[song_id].artists[0] for song_id in seeds | others)
            assert max(heard.values()) <= most
            full += heard["star"] == most
    assert full > 10_000


def test_a_song_that_is_not_out_yet_is_left_out_of_both_sides():
    dates = [None, date(2025, 3, 1), date(2025, 3, 2), date(2026, 1, 1), date(1959, 1, 1)]
    songs = {number: Song(number, "song", ["a"], [], issued) for number, issued in enumerate(dates)}
    candidates = [RankedSong(number, 0.5) for number in songs]
    assert ids(released(candidates, songs, date(2025, 3, 1))) == [0, 1, 4]
    request = MixRequest("밤", similarity=100, song_count=5)
    for chosen, new in ((candidates, []), ([], candidates)):
        picks = mix_playlist(request, Recommendation(new, chosen, [], []), songs, date(2025, 3, 1))
        assert [pick.song.song_id for pick in picks] == [0, 1, 4]


def test_because_names_the_playlist_the_song_the_tag_or_the_title():
    song, nameless = Song(1, "밤편지", ["아이유"], ["k-pop"], date(2017, 3, 24)), Song(3, "Song 3", [], [], None)
    playlists, songs = [Playlist(5, "밤에 듣는 노래", [], [song])], {1: song, 3: nameless}
    for ranked, source, reason in (
        (RankedSong(1, 0.5), "seed", "밤에 듣는 노래"),
        (RankedSong(2, 0.4, because_song_id=1), "new", "밤편지 · 아이유"),
        (RankedSong(2, 0.4, because_song_id=3), "new", "Song 3"),
        (RankedSong(2, 0.4, because_tag="재즈"), "new", "#재즈"),
        (RankedSong(2, 0.4), "new", "밤 산책"),
    ):
        assert because(Pick(ranked, source), "밤 산책", playlists, songs) == reason
