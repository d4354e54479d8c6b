"""How calm or lively a song is, from all that the catalogue knows of its sound: its genres. It knows no tempo.

The table is read by the lexicon's names, so "발라드" is a ballad, and a genre that is not listed counts as what the
lexicon says that it implies: grunge is rock, lo-fi is calm hip hop.
"""

from functools import lru_cache
from statistics import fmean

from aiplayer.catalogue import Song
from aiplayer.text import name_key
from aiplayer.titles.reading.lexicon import load_lexicon
from aiplayer.titles.reading.mentions import Kind

# Where a song is of which nothing is known.
MIDDLE = 0.5
# From 0, calm, to 1, lively: by what the genre's songs mostly are.
ENERGY_BY_GENRE = {
    "new age": 0.1,
    "classical": 0.2,
    "ballad": 0.25,
    "bossa nova": 0.25,
    "folk": 0.3,
    "jazz": 0.35,
    "soundtrack": 0.4,
    "blues": 0.4,
    "country": 0.45,
    "r&b": 0.45,
    "soul": 0.45,
    "indie": 0.5,
    "reggae": 0.5,
    "city pop": 0.55,
    "pop": 0.55,
    "trot": 0.55,
    "j-pop": 0.6,
    "hip hop": 0.65,
    "latin": 0.65,
    "synth-pop": 0.65,
    "funk": 0.7,
    "k-pop": 0.7,
    "rock": 0.7,
    "disco": 0.75,
    "electronic": 0.75,
    "house": 0.8,
    "dance": 0.85,
    "punk": 0.9,
    "metal": 0.95,
}
ENERGY_BY_MOOD = {"calm": 0.1, "energetic": 0.9}


def energy_of(song: Song) -> float:
    """The mean of what its genres tell, 0 (calm) to 1 (lively), in hundredths; MIDDLE where they tell nothing."""
    energies = [energy for genre in song.genres for energy in genre_energies(genre)]
    return round(fmean(energies), 2) if energies else MIDDLE


@lru_cache(maxsize=10_000)
def genre_energies(genre: str) -> tuple[float, ...]:
    """What a genre tells of energy: its own entry, or those of what it implies; none for a genre that nobody knows.

    Args:
        genre: A genre as a catalogue writes it, perhaps two in one, such as "랩/힙합".
    """
    of_whole = _energies(genre)
    if of_whole:
        return tuple(of_whole)
    return tuple(energy for part in genre.split("/") for energy in _energies(part))


def _energies(genre: str) -> list[float]:
    key = name_key(genre)
    for name, energy in ENERGY_BY_GENRE.items():
        if name_key(name) == key:
            return [energy]

    energies = []
    for meaning in load_lexicon().words.get(key, ()):
        if meaning.kind == Kind.GENRE and meaning.value in ENERGY_BY_GENRE:
            energies.append(ENERGY_BY_GENRE[meaning.value])
        elif meaning.kind == Kind.MOOD and meaning.value in ENERGY_BY_MOOD:
            energies.append(ENERGY_BY_MOOD[meaning.value])
    return energies
