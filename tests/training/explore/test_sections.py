"""Each section's sentence, and what it does with unusual data."""

from datetime import date

import pytest

from tests.support.frames import dataset, playlist, song
from training.explore import frequencies, spreads


@pytest.mark.parametrize(
    ("section", "sentence"),
    [
        ("songs_a_playlist", "Half of the playlists have 2.5 songs or more; none is longer than the whisker, 3."),
        (
            "likes",
            "25% of the playlists have no likes; half of all have 3.5 likes or fewer, and the most liked has 9.",
        ),
        (
            "song_frequency",
            "The most frequent fifth of the songs, 1 of 5, fills 40% of all song entries; "
            "60% of the songs are in one playlist only.",
        ),
        ("top_songs", "The most chosen is 밤편지 · 아이유, in 4 playlists, 100% of all."),
        (
            "tag_frequency",
            "The most frequent fifth of the tags, 1 of 3, fills 50% of all tag entries; "
            "66.7% of the tags are in one playlist only; the bars show all of them.",
        ),
        ("title_words", "The titles have 4 different words; “jazz” is in 50% of them."),
        (
            "genres",
            "The most frequent of 3 genres is 발라드, in 40% of the song entries; "
            "a song of two genres counts for both.",
        ),
        (
            "release_years",
            "Half of the 2 songs with a known date came out in 2017 or later; "
            "the earliest is from 1959, the latest from 2017.",
        ),
    ],
)
def test_each_sentence_tells_what_its_plot_shows(sections, section, sentence):
    shown = sections[section]
    assert shown.sentence == sentence
    assert shown.svg.startswith('<svg class="wide" viewBox="0 0 720 ')
    assert '<svg class="narrow" viewBox="0 0 350 ' in shown.svg


def test_playlists_beyond_the_whisker_are_told_and_share_the_last_bar():
    lengths = [*range(10, 30), 900]
    section = spreads.songs_a_playlist(dataset([playlist(range(length)) for length in lengths]))
    assert (
        section.sentence
        == "Half of the playlists have 20 songs or more; 29 is the whisker: 4.8% are longer, up to 900."
    )


def test_where_most_playlists_have_no_likes_the_others_are_drawn():
    section = spreads.likes(dataset([playlist([], likes=likes) for likes in (0, 0, 0, 5, 7_000)]))
    assert section.sentence.startswith("60% of the playlists have no likes; half of the others have 3,502.5 likes")


@pytest.mark.parametrize(
    ("most", "edges"),
    [(120, [0, 1, 2, 5, 10, 20, 50, 100, 200]), (20, [0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22])],
)
def test_likes_with_a_long_tail_are_drawn_on_a_logarithmic_axis(most, edges):
    assert spreads.like_edges(median=4, least=0, most=most) == edges


def test_where_songs_reach_far_back_the_early_ones_share_a_bar():
    years = [1721, *range(1950, 2020)]
    songs = [song(number, issued=date(year, 1, 1)) for number, year in enumerate(years)]
    section = spreads.release_years(dataset([playlist([0])], songs))
    assert section.sentence.endswith("the earliest is from 1721, the latest from 2019.")
    assert section.svg


def test_songs_without_names_are_called_by_number_and_the_report_says_so():
    section = frequencies.top_songs(dataset([playlist([144663]), playlist([144663])]))
    assert section.sentence == (
        "The songs of this data are known by number only; the most chosen is Song 144663, in 2 playlists, 100% of all."
    )
    assert section.rows == [("Song 144663", 2)]


def test_many_songs_make_no_heavier_page():
    def svg_of(song_count: int) -> str:
        playlists = [playlist(range(song_count)), playlist(range(song_count // 3))]
        return frequencies.song_frequency(dataset(playlists)).svg

    assert len(svg_of(300_000)) < 1.5 * len(svg_of(1_000)) < 150_000
