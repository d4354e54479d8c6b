from collections import Counter
from datetime import date

import numpy as np
import pytest

from aiplayer.catalogue import Playlist, Song
from aiplayer.playlist.artist_limit import ArtistLimit
from aiplayer.playlist.mixing import (
    MixRequest,
    Pick,
    because,
    line_up,
    mix,
    mix_playlist,
    more_candidates,
    released,
    usable_songs,
)
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
    assert count(mix([], NEW, 0, 20), "new") == 20


def test_no_song_is_new_where_all_shall_be_chosen_however_few_are_left():
    assert mix([], NEW, 100, 20) == []
    assert count(mix(CHOSEN[:1], NEW, 100, 20), "new") == 0
    assert count(mix([], NEW, 30, 20), "new") == 14


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


@pytest.mark.heavy
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
    songs = {number: Song(number, f"song {number}", ["a"], [], issued) for number, issued in enumerate(dates)}
    candidates = [RankedSong(number, 0.5) for number in songs]
    assert ids(released(candidates, songs, date(2025, 3, 1))) == [0, 1, 4]
    for similarity, chosen, new in ((100, candidates, []), (0, [], candidates)):
        answer = mixed(songs, chosen, new, similarity=similarity, song_count=5)
        assert [song_id for song_id, _ in answer] == [0, 1, 4]


TODAY = date(2025, 3, 1)
RELEASES = ["Bohemian Rhapsody", "Bohemian Rhapsody - Remastered 2011", "Blue", "Blue", "Bohemian Rhapsody - Live"]


def library(*songs):
    """Songs of these (name, artist), by ids from 0 on."""
    return {number: Song(number, name, [artist], [], None) for number, (name, artist) in enumerate(songs)}


def ranked(*song_ids):
    """Ranked songs of these ids, the first the best."""
    return [RankedSong(song_id, 1 - place / 100) for place, song_id in enumerate(song_ids)]


def mixed(songs, chosen, new, **wishes):
    """The (id, source) of each song of the answer."""
    request = MixRequest(**wishes)
    recommendation = Recommendation(new=new, chosen=chosen, tags=[], named_artists=[], read=[])
    picks = mix_playlist(request, [], usable_songs(request, recommendation, songs, TODAY), songs)
    return [(pick.song.song_id, pick.source) for pick in picks]


def test_a_recording_comes_once_in_its_best_release_and_the_list_is_filled_up():
    songs = library(*((name, "Queen") for name in RELEASES), ("Blue", "Joni Mitchell"), ("Help!", "The Beatles"))
    new = ranked(1, 0, 2, 3, 4, 5, 6)
    answer = mixed(songs, [], new, similarity=0, song_count=4, songs_per_artist=10)
    assert answer == [(1, "new"), (2, "new"), (4, "new"), (5, "new")]


def test_a_chosen_release_goes_before_a_better_new_one_whether_it_is_picked_or_not():
    songs = library(("Blue", "Joni"), ("Blue (Remastered)", "Joni"), ("River", "Joni"), ("Carey", "Joni"))
    chosen, new = [RankedSong(0, 0.2), RankedSong(2, 0.1)], [RankedSong(1, 0.9), RankedSong(3, 0.8)]
    assert mixed(songs, chosen, new, similarity=50, song_count=2) == [(3, "new"), (0, "seed")]
    assert mixed(songs, chosen, new, similarity=0, song_count=2) == [(3, "new")]
    assert mixed(songs, chosen, new, similarity=100, song_count=2) == [(0, "seed"), (2, "seed")]


def test_of_several_releases_in_the_chosen_playlists_one_stays():
    songs = library(("Blue", "Joni"), ("Blue - Mono", "Joni"), ("Blue - 2021 Remaster", "Joni"), ("River", "Joni"))
    assert mixed(songs, ranked(2, 0, 1, 3), [], similarity=100, song_count=4) == [(2, "seed"), (3, "seed")]


def test_an_excluded_song_does_not_come_back_in_another_release():
    songs = library(("Blue - 2021 Remaster", "Joni"), ("River", "Joni"))
    excluded = [Song(9, "Blue", ["Joni"], [], None)]
    request = {"similarity": 0, "song_count": 2, "excluded_songs": excluded}
    assert mixed(songs, [], ranked(0, 1), **request) == [(1, "new")]


def test_the_share_holds_whatever_is_a_release_of_what():
    random = np.random.default_rng(6)
    for _ in range(50):
        songs = library(*((f"song {random.integers(60)}", f"artist {random.integers(3)}") for _ in range(300)))
        order = random.permutation(300)
        sides = (ranked(*order[:100].tolist()), ranked(*order[100:].tolist()))
        similarity, song_count = int(random.integers(101)), int(random.integers(1, 25))
        answer = mixed(songs, *sides, similarity=similarity, song_count=song_count, songs_per_artist=100)

        recordings = {(songs[song_id].name, songs[song_id].artists[0]) for song_id, _ in answer}
        assert len(recordings) == len(answer) == song_count
        assert sum(source == "seed" for _, source in answer) == (song_count * similarity + 50) // 100


def test_more_new_songs_are_asked_for_where_too_few_are_different():
    songs = library(*[("Blue", "Joni")] * 26, ("River", "Joni"))
    request = MixRequest(similarity=50, song_count=2)

    def more(new, asked):
        recommendation = Recommendation(new, [], [], [], [])
        return more_candidates(asked, request, recommendation, usable_songs(request, recommendation, songs, TODAY))

    assert more(ranked(*range(26)), asked=26) == 104
    assert more(ranked(*range(26)), asked=104) is None
    assert more(ranked(*range(27)), asked=27) is None
    assert more(ranked(*range(26)), asked=10_000) is None


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
