import pytest

from aiplayer.catalogue import Song
from aiplayer.playlist.wishes.energy import ENERGY_BY_GENRE, ENERGY_BY_MOOD, MIDDLE, energy_of
from aiplayer.titles.reading.lexicon import load_lexicon
from aiplayer.titles.reading.mentions import Kind


@pytest.mark.parametrize(
    ("genres", "energy"),
    [
        (["ballad"], 0.25),
        (["발라드"], 0.25),
        (["Metal"], 0.95),
        (["jazz", "dance"], 0.6),
        # Two in one, as Melon writes them.
        (["댄스/발라드"], 0.55),
        # What the lexicon says that they imply: rock, and calm hip hop.
        (["grunge"], 0.7),
        (["lo-fi"], 0.38),
        (["nobody knows this"], MIDDLE),
        ([], MIDDLE),
    ],
)
def test_energy_is_the_mean_of_what_the_genres_tell(genres, energy):
    assert energy_of(Song(1, "song", [], genres, None)) == pytest.approx(energy, abs=0.01)


def test_the_lexicon_knows_every_entry_of_the_table():
    for kind, table in ((Kind.GENRE, ENERGY_BY_GENRE), (Kind.MOOD, ENERGY_BY_MOOD)):
        assert [name for name in table if not load_lexicon().synonyms(kind, name)] == []
