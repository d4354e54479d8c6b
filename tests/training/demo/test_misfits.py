from training.demo.misfits import judge
from training.demo.songs import DemoSong

# Measured: 2.9% of songs clash with the moods of their playlists, 0.03% are like none of the others.
MOST_CLASHES = 0.035
MOST_STRANGERS = 0.002
UNLIKE = 0.06

CALM = [DemoSong(number, f"calm {number}", ("a",), 2000, "KR", ("jazz",), ("calm", "cafe")) for number in range(3)]
LOUD = DemoSong(3, "loud", ("b",), 1970, "US", ("metal",), ("energetic", "dark"))


def test_a_song_is_judged_by_the_others_of_its_playlist():
    *fitting, misfit = judge({"plylst_title": "카페", "songs": [0, 1, 2, 3]}, [*CALM, LOUD])
    assert (misfit.song, misfit.likeness, misfit.clash) == (LOUD, 0, "energetic among calm")
    assert [round(judged.likeness, 2) for judged in fitting] == [0.67, 0.67, 0.67]
    assert not any(judged.clash for judged in fitting)


def test_few_songs_of_the_demo_stand_where_nobody_would_put_them(playlists, songs):
    judged = [misfit for playlist in playlists[::5] for misfit in judge(playlist, songs)]
    clashing = sum(bool(misfit.clash) for misfit in judged)
    unlike = sum(misfit.likeness < UNLIKE for misfit in judged)
    assert clashing / len(judged) < MOST_CLASHES
    assert unlike / len(judged) < MOST_STRANGERS
