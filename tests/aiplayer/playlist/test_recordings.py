import pytest

from aiplayer.playlist.recordings import recording_keys, song_key


@pytest.mark.parametrize(
    "release",
    [
        "Bohemian Rhapsody - Remastered 2011",
        "Bohemian Rhapsody (2011 Remaster)",
        "Bohemian Rhapsody [Remastered]",
        "Bohemian Rhapsody - 2011 - Remaster",
        "Bohemian Rhapsody – 2009 Digital Remaster",
        "Bohemian Rhapsody - Single Version",
        "Bohemian Rhapsody (Album Ver.)",
        "Bohemian Rhapsody - Mono",
        "Bohemian Rhapsody - Mono / Remastered",
        "Bohemian Rhapsody - 2019 Mix",
        "Bohemian Rhapsody - Stereo Mix",
        "Bohemian Rhapsody (Deluxe)",
        "Bohemian Rhapsody (Deluxe Edition) [2011 Remaster]",
        "Bohemian Rhapsody (40th Anniversary Edition)",
        "Bohemian Rhapsody - Radio Edit",
        "Bohemian Rhapsody (feat. Somebody) - Remastered 2011",
        "Bohemian Rhapsody feat. Somebody Else (Remastered)",
        "Bohemian Rhapsody (2011 리마스터)",
        "BOHEMIAN  RHAPSODY（Ｒemastered）",
    ],
)
def test_a_release_is_the_recording_that_it_was_made_of(release):
    assert song_key(release) == song_key("Bohemian Rhapsody")


@pytest.mark.parametrize(
    "name",
    [
        "Bohemian Rhapsody - Live",
        "Bohemian Rhapsody - Live at Wembley / Remastered 2011",
        "Bohemian Rhapsody (Remix)",
        "Bohemian Rhapsody (Club Mix)",
        "Bohemian Rhapsody (Acoustic Ver.)",
        "Bohemian Rhapsody (Inst.)",
        "Bohemian Rhapsody (Japanese Version)",
        "Bohemian Rhapsody (Taylor's Version)",
        "Bohemian Rhapsody - Original Demo",
        "Bohemian Rhapsody (Live, Remastered)",
        "Bohemian Rhapsody 2",
        "Bohemian Rhapsody (1975)",
        "Bohemian Rhapsody (Version)",
    ],
)
def test_what_sounds_otherwise_is_a_song_of_its_own(name):
    assert song_key(name) != song_key("Bohemian Rhapsody")


def test_a_remaster_of_a_live_recording_is_that_live_recording():
    live = song_key("Love of My Life (Live)")
    assert song_key("Love of My Life - Live / Remastered 2011") == live
    assert song_key("Love of My Life (Live, 2011 Remaster)") == live


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Don’t Know Why", "Don't Know Why"),
        ("에잇 (Prod. & Feat. SUGA of BTS)", "에잇"),
        ("Song ft. A", "Song [Feat. A]"),
    ],
)
def test_names_are_compared_as_people_write_them(name, other):
    assert song_key(name) == song_key(other)


@pytest.mark.parametrize(
    "name", ["(Remastered)", "Mono", "Remaster", "(feat. A)", "Radio", "- Deluxe", "?", "Deluxe (Live)"]
)
def test_a_name_that_is_such_a_word_keeps_it(name):
    assert song_key(name)


def test_one_artist_in_common_is_enough_and_covers_by_others_are_songs_of_their_own():
    duet = recording_keys("Under Pressure - Remastered 2011", ["Queen", "David Bowie"])
    assert not duet.isdisjoint(recording_keys("Under Pressure", ["David  BOWIE"]))
    assert duet.isdisjoint(recording_keys("Under Pressure", ["Karen O"]))
    assert duet.isdisjoint(recording_keys("Under Pressure", []))
    assert recording_keys("밤", []) == {("", "밤")}
