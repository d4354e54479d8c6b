"""Whom a name in a title means, in one catalogue: in either script, by a short form, or by its sound."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from functools import cached_property, lru_cache
from string import ascii_lowercase
from typing import NamedTuple

from aiplayer.artists import artist_keys
from aiplayer.text import name_key
from aiplayer.titles.reading.artist_table import ArtistRow, is_common, known_artists
from aiplayer.titles.reading.sounds import SoundIndex

LONGEST_NAME = 100
FEWEST_TYPO_LETTERS = 8


class Form(NamedTuple):
    """What a spelling means.

    Args:
        name: The artist's name: as the catalogue writes it, or as the table does where the catalogue has nobody.
        artists: Positions in the catalogue; none for a known artist whom it does not have.
        is_word: Whether the spelling means something else as well, so that it names the artist only in a fit context.
    """

    name: str
    artists: tuple[int, ...]
    is_word: bool


class _KnownForm(NamedTuple):
    """A spelling of an artist of the table."""

    row: int
    is_usual: bool
    is_word: bool


class ArtistNames:
    """The names under which titles call the artists of a catalogue, and the artists of the table that it lacks.

    A catalogue's artist is joined with the row of the table that shares a key with it (`artist_keys`). A row
    that shares only a word ("Rain") is joined where that is the catalogue's whole name. Of several rows those that
    share most keys are joined, then those with a usual form before those with a short one, then those of the very same
    spelling: "LiSA" and "LISA" are two.

    Args:
        catalogue: The names of the artists, as the catalogue writes them; an artist is known by its position.
        rows: The table of artists.

    Attributes:
        catalogue: The names of the artists, as the catalogue writes them.
        forms: What a run of words, written together (`name_key`), means; artists of the catalogue come first.
    """

    def __init__(self, catalogue: Sequence[str], rows: Sequence[ArtistRow] | None = None):
        self.catalogue = catalogue
        self._rows = known_artists() if rows is None else rows
        self._known = _known_forms(tuple(self._rows))
        self.forms: Mapping[str, tuple[Form, ...]] = self._all_forms()

    def by_sound(self, text: str) -> list[tuple[int, float]]:
        """The artists of the catalogue whose name, in the other script, sounds like a text.

        Look in `forms` first: what has a form there, or consists of common words, is not heard again.

        Args:
            text: A few neighbouring words of a title.

        Returns:
            Positions in the catalogue, each with how sure it is (0 to 1), the surest first; mostly none.
        """
        if len(text) > LONGEST_NAME or name_key(text) in self.forms or is_common(text):
            return []
        return self._sounds.find(text)

    def by_typo(self, text: str) -> Form | None:
        """The artist whose name a text is but for one letter; None for a short text, which is near to many words.

        Look in `forms` first.

        Args:
            text: A word of a title, or a few neighbouring ones, in Latin letters.
        """
        key = name_key(text)
        if len(key) < FEWEST_TYPO_LETTERS or not (key.isascii() and key.isalpha()):
            return None
        # "Brothers" is the plural of a word, no "Brother Su".
        if is_common(text) or is_common(text.removesuffix("s")):
            return None
        meant = [self.forms[near][0] for near in _one_letter_away(key) if near in self.forms]
        sure = {form.name: form for form in meant if not form.is_word}
        return next(iter(sure.values())) if len(sure) == 1 else None

    @cached_property
    def _sounds(self) -> SoundIndex:
        return SoundIndex(self.catalogue)

    def _all_forms(self) -> dict[str, tuple[Form, ...]]:
        """The forms of the catalogue's artists, joined with the table, and of the artists of the table alone."""
        artists_of_row = defaultdict(list)
        artists_of_key = defaultdict(list)
        for artist, name in enumerate(self.catalogue):
            keys = artist_keys.__wrapped__(name)
            rows = self._rows_of(name, keys)
            for row in rows:
                artists_of_row[row].append(artist)

            for key in keys:
                if not any(known.row in rows for known in self._known.get(key, ())):
                    artists_of_key[key].append(artist)

        forms = {}
        for key, known_forms in self._known.items():
            meanings = [self._known_meaning(known, artists_of_row[known.row]) for known in known_forms]
            meanings += self._own_meanings(key, artists_of_key.pop(key, ()))
            forms[key] = _distinct(meanings)

        for key, artists in artists_of_key.items():
            forms[key] = self._own_meanings(key, artists)
        return forms

    def _known_meaning(self, known: _KnownForm, artists: Sequence[int]) -> Form:
        """What a spelling of the table means in the catalogue."""
        name = self.catalogue[artists[0]] if artists else self._rows[known.row].name
        return Form(name, tuple(artists), known.is_word)

    def _own_meanings(self, key: str, artists: Sequence[int]) -> tuple[Form, ...]:
        """What a spelling that only the catalogue has means."""
        if not artists:
            return ()

        name = self.catalogue[artists[0]]
        is_word = is_common(name) if name_key(name) == key else is_common(key)
        return (Form(name, tuple(artists), is_word),)

    def _rows_of(self, name: str, keys: Collection[str]) -> set[int]:
        """The rows of the table that an artist of the catalogue is joined with."""
        shared = defaultdict(list)
        for key in keys:
            for known in self._known.get(key, ()):
                shared[known.row].append(known)
        if not shared:
            return set()

        whole = {known.row for known in self._known.get(name_key(name), ())}
        ranks = {}
        for row, known_forms in shared.items():
            if row in whole or len(known_forms) > 1 or not known_forms[0].is_word:
                is_usual = any(known.is_usual for known in known_forms)
                ranks[row] = (len(known_forms), is_usual, name in self._rows[row].forms)
        return {row for row, rank in ranks.items() if rank == max(ranks.values())}


def _one_letter_away(key: str) -> set[str]:
    """What a key may have been meant for: without a letter, with one more, with another one, with two exchanged."""
    parts = [(key[:place], key[place:]) for place in range(len(key) + 1)]
    away = {before + after[1:] for before, after in parts if after}
    away |= {before + after[1] + after[0] + after[2:] for before, after in parts if len(after) > 1}
    for letter in ascii_lowercase:
        away |= {before + letter + after for before, after in parts}
        away |= {before + letter + after[1:] for before, after in parts if after}
    return away


def _distinct(meanings: list[Form]) -> tuple[Form, ...]:
    """Meanings without those whose artists another one has too, those with artists first."""
    if len(meanings) == 1:
        return tuple(meanings)

    distinct: list[Form] = []
    for meaning in sorted(meanings, key=lambda meaning: -len(meaning.artists)):
        is_new = not any(set(meaning.artists) <= set(other.artists) for other in distinct)
        if is_new or not meaning.artists:
            distinct.append(meaning)
    return tuple(distinct)


@lru_cache(maxsize=1)
def _known_forms(rows: tuple[ArtistRow, ...]) -> dict[str, tuple[_KnownForm, ...]]:
    """The spellings of the table's artists, by key.

    A form is also known by the keys that `artist_keys` derives from it; without its "The" it counts as a word.
    """
    known: dict[str, list[_KnownForm]] = defaultdict(list)
    for position, row in enumerate(rows):
        written = {name_key(form) for form in row.forms}
        for form in row.forms:
            whole = name_key(form)
            for key in artist_keys.__wrapped__(form):
                if key == whole or key not in written:
                    is_word = form in row.words or key != whole
                    known[key].append(_KnownForm(position, form not in row.also, is_word))

    return {key: tuple(dict.fromkeys(forms)) for key, forms in known.items()}
