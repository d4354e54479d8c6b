import pytest

from aiplayer.errors import InvalidInput
from training.demo.picking import SHORTEST, SHORTEST_OWN
from training.demo.songs import DemoSong
from training.demo.themes import read_circles, read_themes

STUDY = DemoSong(0, "Air", ("Bach",), 1731, "DE", ("classical",), ("calm", "study"))
MARCH = DemoSong(1, "March", ("Williams",), 1978, "US", ("soundtrack",), ("energetic", "study"))
SOFT = DemoSong(2, "Soft", ("Kim", "Lee"), 2001, "KR", ("ballad", "pop"), ("calm",))


def read(tmp_path, text: str):
    path = tmp_path / "themes.toml"
    path.write_text(f'[activity.study]\nko = ["공부"]\ntags = {{ ko = ["공부"], en = ["study"] }}\n{text}')
    ((theme,),) = read_themes([STUDY, MARCH, SOFT], path).values()
    return theme


def test_every_theme_has_songs_enough_for_a_playlist(themes):
    too_few = []
    for kind, each in themes.items():
        fewest = SHORTEST_OWN if kind == "own" else SHORTEST
        too_few += [theme.name for theme in each if len(theme.song_ids) < fewest]
    assert too_few == []


def test_every_theme_can_be_titled_and_tagged_in_both_languages(songs):
    for kind, themes in read_themes(songs).items():
        assert all(theme.ko and theme.before and theme.tags["ko"] and theme.tags["en"] for theme in themes), kind


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ('{ moods = ["study"] }', {0, 1}),
        ('{ moods = ["study"], genres = ["classical"] }', {0}),
        ('[{ genres = ["classical"] }, { genres = ["ballad"] }]', {0, 2}),
        ('{ genres = ["pop"] }', {2}),
        ('{ first_genres = ["ballad"] }', {2}),
        ("{ years = [1978, 2001] }", {1, 2}),
        ('{ other_origins = ["KR"] }', {0, 1}),
        ('{ artists = ["Lee"] }', {2}),
        ("{ fewest_artists = 2 }", {2}),
        ('{ titles = ["Bach - Air", "Lee - Soft"] }', {0, 2}),
    ],
)
def test_a_condition_finds_its_songs(tmp_path, condition, found):
    assert read(tmp_path, f"songs = {condition}").song_ids == found


def test_what_clashes_is_refused_whatever_else_it_fits(tmp_path):
    conditions = ('songs = { moods = ["study"] }', 'near = { moods = ["calm"] }', 'without = { moods = ["energetic"] }')
    theme = read(tmp_path, "\n".join(conditions))
    assert (theme.song_ids, theme.near, theme.refused) == ({0}, {2}, {1})


@pytest.mark.parametrize(
    ("condition", "message"),
    [
        ('{ mood = ["study"] }', "has the condition 'mood'; there are years, origins"),
        ('{ titles = ["Bach - Fire"] }', "names 'Bach - Fire' among its titles, which no song"),
        ('{ genres = ["polka"] }', "names 'polka' among its genres, which no song"),
    ],
)
def test_a_theme_that_names_what_there_is_not_is_refused(tmp_path, condition, message):
    with pytest.raises(InvalidInput, match=f"activity.study {message}"):
        read(tmp_path, f"songs = {condition}")


def test_lists_of_artists_say_who_is_like_whom():
    circles = read_circles()
    assert any({"Nirvana", "Pearl Jam"} <= circle for circle in circles)
    assert any({"소녀시대", "원더걸스"} <= circle for circle in circles)
