import json
import re
import subprocess
import sys
import warnings
from datetime import date, datetime
from html.parser import HTMLParser

import numpy as np
import polars as pl
import pytest

from aiplayer.errors import InvalidInput
from aiplayer.settings import PROJECT
from training.dataset.frames import PLAYLIST_COLUMNS, SONG_COLUMNS, Dataset
from training.explore import figures
from training.explore.canvas import NO_GLYPH, drawable, fit, text_width_px
from training.explore.counting import count_songs, count_words, measure_box, measure_cut
from training.explore.report import key_numbers, render, write


def playlist(songs, title="", tags=(), likes=0, updated=None, playlist_id=0):
    return {
        "playlist_id": playlist_id,
        "title": title,
        "tags": list(tags),
        "songs": list(songs),
        "likes": likes,
        "updated": updated,
    }


def song(song_id, name="밤편지", artists=("아이유",), genres=("발라드",), issued=date(2017, 3, 24)):
    return {"song_id": song_id, "name": name, "artists": list(artists), "genres": list(genres), "issued": issued}


def dataset(playlists, songs=()):
    return Dataset(pl.DataFrame(playlists, schema=PLAYLIST_COLUMNS), pl.DataFrame(list(songs), schema=SONG_COLUMNS))


# Song 1 is in every playlist, 2 in three of them, 3, 4 and 5 in one each.
PLAYLISTS = [
    playlist([1, 2], "밤의 재즈", ["재즈", "밤"], 0, datetime(2019, 2, 18)),
    playlist([1, 2, 3], "Jazz at 밤", ["재즈"], 3, datetime(2021, 7, 1)),
    playlist([1, 2, 4], "JAZZ 100 a", ["jazz"], 4),
    playlist([1, 5], "재즈", [], 9),
]
SONGS = [
    song(1),
    song(2, "Take Five", ["Dave Brubeck"], ["재즈", "쿨 재즈"], date(1959, 9, 21)),
    song(3, "", [], [], None),
]


@pytest.fixture(scope="module")
def small():
    return dataset(PLAYLISTS, SONGS)


@pytest.fixture(scope="module")
def page(small):
    return render(small, "the test")


class Page(HTMLParser):
    """Every tag and attribute of a page, as a browser reads them."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.attributes = [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs


def test_whiskers_end_at_the_last_value_within_one_and_a_half_ranges():
    values = np.random.default_rng(20).geometric(0.05, 999)
    box = measure_box(pl.Series(values))
    lower, median, upper = np.percentile(values, [25, 50, 75])
    reach = 1.5 * (upper - lower)
    assert (box.lower_quartile, box.median, box.upper_quartile) == (lower, median, upper)
    assert box.upper_whisker == values[values <= upper + reach].max()
    assert box.lower_whisker == values[values >= lower - reach].min()
    assert box.above == (values > upper + reach).sum() > 0


def test_a_whisker_is_a_value_of_the_data_and_not_the_fence():
    box = measure_box(pl.Series([1, 10, 11, 12, 13, 14, 15, 16, 40]))
    # Quartiles 11 and 15, so the fences are 5 and 21.
    assert (box.lower_whisker, box.upper_whisker, box.below, box.above) == (10, 16, 1, 1)


def test_the_pareto_cut_is_the_percentile_and_the_share_of_the_top_fifth():
    counts = np.sort(np.random.default_rng(20).zipf(1.8, 1_001))[::-1]
    cut = measure_cut(pl.Series(counts))
    assert cut.top == 201
    assert cut.percentile == np.percentile(counts, 80)
    assert cut.share == pytest.approx(counts[:201].sum() / counts.sum())


def test_a_song_counts_once_for_each_playlist_it_stands_in(small):
    assert count_songs(small).rows() == [(1, 4), (2, 3), (3, 1), (4, 1), (5, 1)]
    assert count_songs(dataset([playlist([7, 7, 8])])).rows() == [(7, 1), (8, 1)]


def test_words_are_letters_and_digits_in_any_case_without_numbers_and_single_letters(small):
    assert count_words(small).rows() == [("jazz", 2), ("재즈", 2), ("at", 1), ("밤의", 1)]


def test_words_are_told_apart_neither_by_width_nor_by_how_korean_is_composed_nor_by_emoji():
    titles = ["ＬＯＶＥ", "love❤\ufe0f", "love1\ufe0f\u20e3", "노래", "\u1102\u1169\u1105\u1162"]
    words = count_words(dataset([playlist([], title) for title in titles]))
    assert words.rows() == [("love", 2), ("노래", 2), ("love1", 1)]


@pytest.mark.parametrize(
    ("section", "sentence"),
    [
        (figures.songs_a_playlist, "Half of the playlists have 2.5 songs or more; none is longer than the whisker, 3."),
        (
            figures.likes,
            "25% of the playlists have no likes; half of all have 3.5 likes or fewer, and the most liked has 9.",
        ),
        (
            figures.song_frequency,
            "The most frequent fifth of the songs, 1 of 5, fills 40% of all song entries; "
            "60% of the songs are in one playlist only.",
        ),
        (figures.top_songs, "The most chosen is 밤편지 · 아이유, in 4 playlists, 100% of all."),
        (
            figures.tag_frequency,
            "The most frequent fifth of the tags, 1 of 3, fills 50% of all tag entries; "
            "66.7% of the tags are in one playlist only; the bars show all of them.",
        ),
        (figures.title_words, "The titles have 4 different words; “jazz” is in 50% of them."),
        (
            figures.genres,
            "The most frequent of 3 genres is 발라드, in 40% of the song entries; "
            "a song of two genres counts for both.",
        ),
        (
            figures.release_years,
            "Half of the 2 songs with a known date came out in 2017 or later; "
            "the earliest is from 1959, the latest from 2017.",
        ),
    ],
)
def test_each_sentence_tells_what_its_plot_shows(small, section, sentence):
    shown = section(small)
    assert shown.sentence == sentence
    assert shown.svg.startswith('<svg class="wide" viewBox="0 0 720 ')
    assert '<svg class="narrow" viewBox="0 0 350 ' in shown.svg


def test_playlists_beyond_the_whisker_are_told_and_share_the_last_bar():
    lengths = [*range(10, 30), 900]
    section = figures.songs_a_playlist(dataset([playlist(range(length)) for length in lengths]))
    assert (
        section.sentence
        == "Half of the playlists have 20 songs or more; 29 is the whisker: 4.8% are longer, up to 900."
    )


def test_where_most_playlists_have_no_likes_the_others_are_drawn():
    section = figures.likes(dataset([playlist([], likes=likes) for likes in (0, 0, 0, 5, 7_000)]))
    assert section.sentence.startswith("60% of the playlists have no likes; half of the others have 3,502.5 likes")


@pytest.mark.parametrize(
    ("most", "edges"),
    [(120, [0, 1, 2, 5, 10, 20, 50, 100, 200]), (20, [0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22])],
)
def test_likes_with_a_long_tail_are_drawn_on_a_logarithmic_axis(most, edges):
    assert figures.like_edges(median=4, least=0, most=most) == edges


def test_where_songs_reach_far_back_the_early_ones_share_a_bar():
    years = [1721, *range(1950, 2020)]
    songs = [song(number, issued=date(year, 1, 1)) for number, year in enumerate(years)]
    section = figures.release_years(dataset([playlist([0])], songs))
    assert section.sentence.endswith("the earliest is from 1721, the latest from 2019.")
    assert section.svg


def test_songs_without_names_are_called_by_number_and_the_report_says_so():
    section = figures.top_songs(dataset([playlist([144663]), playlist([144663])]))
    assert section.sentence == (
        "The songs of this data are known by number only; the most chosen is Song 144663, in 2 playlists, 100% of all."
    )
    assert section.rows == [("Song 144663", 2)]


def test_what_the_data_does_not_know_is_left_out_with_a_reason():
    html = render(dataset([playlist([1], likes=2), playlist([1], likes=2)]), "the test")
    assert "What this data does not tell" in html
    for reason in (
        "Every playlist has 2 likes, so there is nothing to compare.",
        "No playlist has a tag.",
        "No title has a word of two letters or more.",
        "No song of a playlist has a known genre.",
        "No song has a known release date.",
    ):
        assert f"<dd>{reason}</dd>" in html


def test_playlists_without_songs_are_a_report_too():
    html = render(dataset([playlist([], "빈 목록", ["빈"])]), "the test")
    assert html.count("<dd>No playlist has a song.</dd>") == 3


def test_the_head_holds_the_key_numbers_that_are_known(small):
    assert key_numbers(small) == [
        ("4", "playlists"),
        ("10", "song entries"),
        ("5", "different songs"),
        ("2", "artists"),
        ("3", "different tags"),
        ("3", "genres"),
    ]
    assert key_numbers(dataset([playlist([])])) == [("1", "playlists")]


def test_the_page_needs_nothing_from_anywhere_else(page):
    read = Page(page)
    assert {"script", "link", "img", "iframe", "object", "image"}.isdisjoint(read.tags)
    assert all(value.startswith("#") for name, value in read.attributes if name in ("href", "src", "xlink:href"))
    assert all(target.startswith("#") for target in re.findall(r"url\((.*?)\)", page))
    assert re.findall(r"https?://|@import", page) == []


def test_no_two_plots_share_an_id_and_each_reference_has_its_target(page):
    read = Page(page)
    ids = [value for name, value in read.attributes if name == "id"]
    assert len(ids) == len(set(ids)) > 100
    wanted = {value[1:] for name, value in read.attributes if name == "href"} | set(re.findall(r"url\(#(.*?)\)", page))
    assert wanted <= set(ids)


def test_every_colour_of_a_plot_is_one_of_the_page(small, page):
    drawn = "".join(section(small).svg for section in figures.SECTIONS)
    assert re.findall(r"#[0-9a-f]{6}\b", drawn) == []
    for variable in set(re.findall(r"var\(--(\w+)\)", drawn)):
        assert page.count(f"--{variable}: #") == 2, "one for light, one for dark"


def test_what_users_wrote_is_escaped_and_only_outlines_of_it_are_drawn():
    attack = "<script>alert(1)</script>--><iframe>"
    songs = [song(1, attack, [attack], [attack])]
    html = render(dataset([playlist([1], attack, [attack], 1), playlist([1])], songs), attack)
    assert {"script", "iframe"}.isdisjoint(Page(html).tags)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "<!--" not in html


def test_korean_is_drawn_and_stands_in_the_page_as_text(small, page):
    korean, unknown = (figures.tag_frequency(dataset([playlist([], tags=[tag])])).svg for tag in ("밤", "□"))
    assert korean != unknown
    assert "NanumGothic-" in korean
    assert "<b>2</b>재즈" in page


def test_signs_that_no_font_holds_are_left_out_without_a_warning():
    assert drawable("밤 🎵 산책\u200d\ufe0f $A$") == "밤 산책 $A$"
    assert drawable("🎵") == NO_GLYPH
    tags = ["🎵", "♥ 밤", "العربية", "\x07", "$\\no$", "a" * 500]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        section = figures.tag_frequency(dataset([playlist([], tags=tags)]))
    assert ("🎵", 1) in section.rows


def test_a_label_that_is_too_wide_ends_in_an_ellipsis():
    for text in ("밤" * 100, "i" * 100, "word " * 30):
        cut = fit(text, 120)
        assert cut.endswith("…")
        assert 90 < text_width_px(cut) <= 120
    assert fit("밤", 120) == "밤"


def test_many_songs_make_no_heavier_page():
    few, many = (
        figures.song_frequency(dataset([playlist(range(songs)), playlist(range(songs // 3))])).svg
        for songs in (1_000, 300_000)
    )
    assert len(many) < 1.5 * len(few) < 150_000


def test_the_same_data_gives_the_same_page(small, page):
    assert render(small, "the test") == page


def test_without_playlists_there_is_no_report(tmp_path):
    with pytest.raises(InvalidInput, match="There are no playlists in the catalogue, so there is nothing to explore"):
        write(dataset([]), "the catalogue", tmp_path / "report")
    assert not (tmp_path / "report").exists()


def explore(*arguments):
    command = [sys.executable, "-W", "error", "-m", "training.explore", *map(str, arguments)]
    return subprocess.run(command, cwd=PROJECT, capture_output=True, text=True)


def test_the_command_writes_one_file_and_says_where(tmp_path):
    melon = tmp_path / "<b>밤"
    melon.mkdir()
    record = {"id": 1, "plylst_title": "밤", "tags": ["밤"], "songs": [1, 2], "like_cnt": 0, "updt_date": ""}
    (melon / "train.json").write_text(json.dumps([record]), encoding="utf-8")
    out = tmp_path / "[bold]report"
    ended = explore("--melon", melon, "--out", out)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout == f"✓ The report is {out / 'index.html'}\n"
    assert [path.name for path in out.iterdir()] == ["index.html"]
    html = (out / "index.html").read_text(encoding="utf-8")
    assert "of the folder &lt;b&gt;밤</p>" in html


@pytest.mark.parametrize(
    ("content", "message"),
    [("[]", "error: There are no playlists in the folder"), (None, "error: {} has no train.json")],
)
def test_the_command_ends_with_one_line_where_there_is_nothing(tmp_path, content, message):
    if content:
        (tmp_path / "train.json").write_text(content)
    ended = explore("--melon", tmp_path, "--out", tmp_path / "report")
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.startswith(message.format(tmp_path))
    assert ended.stderr.count("\n") == 1


def test_a_database_without_a_catalogue_is_one_line_that_keeps_its_url_secret(tmp_path):
    ended = explore("--database", f"sqlite:///{tmp_path / 'hunter2.db'}", "--out", tmp_path / "report")
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.startswith("error: The database does not answer or refuses: no such table")
    assert "hunter2" not in ended.stderr


def test_a_report_that_cannot_be_written_is_one_line(tmp_path):
    (tmp_path / "report").write_text("a file, not a folder")
    with pytest.raises(InvalidInput, match=r"cannot be written: .* Give --out a folder that can be"):
        write(dataset([playlist([1])]), "the test", tmp_path / "report")
