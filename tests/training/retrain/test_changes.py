"""The page of what likes changed: songs that are new, gone and moved, and every title as text."""

from types import SimpleNamespace

import numpy as np

from aiplayer.catalogue import Song
from aiplayer.recommender.request import RankedSong
from training.recommender.from_catalogue import Lesson
from training.retrain.changes import TAUGHT_TITLES, TITLES, changed_lists, titles_to_show, write_changes
from training.retrain.contenders import Contender


class Recommender:
    def __init__(self, songs: list[int]):
        self.songs = songs

    def recommend(self, requests):
        return [SimpleNamespace(new=[RankedSong(song, 0.1) for song in self.songs]) for _ in requests]


class Catalogue:
    def songs(self, song_ids):
        return [Song(song_id, f"Song {song_id}", ["Trio"], [], None) for song_id in dict.fromkeys(song_ids)]


def contender(songs: list[int]) -> Contender:
    return Contender(Recommender(songs), lambda titles: np.ones((len(titles), 2), dtype=np.float32), 0)


def test_titles_that_were_taught_come_first_and_others_fill_the_page():
    lessons = [Lesson(f"taught {number}", [1], [], weight=number) for number in range(30)]
    titles = titles_to_show(lessons, [f"other {number}" for number in range(30)])
    assert len(titles) == TITLES
    assert titles[0] == ("taught 29", True)
    assert sum(is_taught for _, is_taught in titles) == TAUGHT_TITLES


def test_each_song_knows_where_it_was(tmp_path):
    (changed,) = changed_lists(contender([1, 2, 3]), contender([3, 1, 9]), [("<b>jazz</b>", True)], Catalogue())
    assert [(entry.song.song_id, entry.other) for entry in changed.after] == [(3, 3), (1, 1), (9, None)]
    assert [(entry.song.song_id, entry.other) for entry in changed.before] == [(1, 2), (2, None), (3, 1)]
    assert changed.new_count == 1

    page = tmp_path / "changes.html"
    write_changes([changed], "abc", page)
    html = page.read_text()
    assert "&lt;b&gt;jazz&lt;/b&gt;" in html
    assert html.count('class="new"') == html.count('class="gone"') == 1
    assert "3 → 1" in html
