"""What is known of each song, and which songs keep what a title names: genres, years, countries and artists."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from pathlib import Path

import numpy as np

from aiplayer.arrays import top_k
from aiplayer.errors import ModelMissing
from aiplayer.files import MAKE_ANEW, reading
from aiplayer.text import name_key
from aiplayer.titles.reading.lexicon import load_lexicon
from aiplayer.titles.reading.mentions import Kind, Mention, Reading

FILE = "facts.npz"
# A song of which nobody knows the year, or the country, keeps what is named of it by half.
UNKNOWN = 0.5
# What a song keeps that keeps some of the kinds of things that are named.
PARTLY = 0.25
# How much of a song's score is left where it keeps nothing of what the title names.
BROKEN = 0.002
# The power of what a song keeps.
STRICTNESS = 2
# So many of the songs that keep everything are proposed, beside what the branches propose.
PROPOSED = 300
NO_YEAR = 0
NO_COUNTRY = ""
# As `aiplayer.catalogue.tables` has it.
ABROAD, KOREA = "XX", "KR"


@dataclass(frozen=True)
class SongFact:
    """What a catalogue knows of a song.

    Attributes:
        genres: The names of its genres.
        year: The year of its release; None where nobody knows it.
        country: Its artists' country as an ISO code, ABROAD for any but Korea; None where nobody knows it.
    """

    genres: Sequence[str] = ()
    year: int | None = None
    country: str | None = None


NO_FACT = SongFact()


class SongFacts:
    """The facts of all songs of a vocabulary.

    Args:
        genres: The names of the catalogue's genres.
        songs_by_genre: The columns of each genre's songs, int64.
        years: int16 [songs], NO_YEAR where nobody knows it.
        countries: ISO codes, "<U2" [songs], NO_COUNTRY where nobody knows it.
    """

    def __init__(
        self, genres: Sequence[str], songs_by_genre: Sequence[np.ndarray], years: np.ndarray, countries: np.ndarray
    ):
        self.genres = list(genres)
        self.songs_by_genre = list(songs_by_genre)
        self.years = years
        self.countries = countries

    @classmethod
    def of_songs(cls, song_ids: Iterable[int], facts: Mapping[int, SongFact]) -> "SongFacts":
        """The facts of songs, in this order."""
        columns = defaultdict(list)
        years, countries = [], []
        for column, song_id in enumerate(song_ids):
            fact = facts.get(song_id, NO_FACT)
            for genre in fact.genres:
                columns[genre].append(column)
            years.append(fact.year or NO_YEAR)
            countries.append(fact.country or NO_COUNTRY)

        genres = sorted(columns)
        songs_by_genre = [np.array(columns[genre], dtype=np.int64) for genre in genres]
        return cls(genres, songs_by_genre, np.array(years, dtype=np.int16), np.array(countries, dtype="<U2"))

    @cached_property
    def known_kinds(self) -> tuple[Kind, ...]:
        """What a title can name of songs and anything is known of; their artists always are."""
        is_known = {
            Kind.GENRE: bool(self.genres),
            Kind.ERA: bool(self.years.any()),
            Kind.COUNTRY: bool((self.countries != NO_COUNTRY).any()),
        }
        return (Kind.ARTIST, *(kind for kind, known in is_known.items() if known))

    def kept(self, read: Reading, is_own: np.ndarray | None) -> np.ndarray | None:
        """How much of what a title names each song keeps.

        Args:
            read: The reading of the title.
            is_own: Whether each song is by an artist whom the title names, bool [songs]; None where it names none.

        Returns:
            float32 [songs]: 1 for a song that has something of each kind of things (genre, years, country, artist)
            that the title names, PARTLY times the share of kinds, rare ones heavier, for one that has not all; None
            where the title names nothing of which anything is known here.
        """
        shares = [] if is_own is None else [is_own.astype(np.float32)]
        for keeps in (self._by_genre(read), self._by_year(read), self._by_country(read)):
            if keeps is not None:
                shares.append(keeps)
        if not shares:
            return None

        by_kind = np.stack(shares)
        every = by_kind.min(axis=0)

        # What few songs have tells more of a song that has it: of "Italian pop", Italy more than pop.
        commonness = np.maximum(by_kind.mean(axis=1), 1e-4)
        rarity = np.log(1 + 1 / commonness)
        weights = rarity / rarity.sum()
        some = weights @ by_kind

        kept: np.ndarray = every + (1 - every) * PARTLY * some
        return kept.astype(np.float32)

    def _by_genre(self, read: Reading) -> np.ndarray | None:
        wanted = self._genres_of(read.wanted(Kind.GENRE))
        refused = self._genres_of(read.refused(Kind.GENRE))
        if not wanted and not refused:
            return None

        keeps = np.zeros(len(self.years), dtype=np.float32) if wanted else np.ones(len(self.years), dtype=np.float32)
        for genre in wanted:
            keeps[self.songs_by_genre[genre]] = 1.0
        for genre in refused:
            keeps[self.songs_by_genre[genre]] = 0.0
        return keeps

    def _genres_of(self, mentions: Sequence[Mention]) -> set[int]:
        """The numbers of the catalogue's genres that mentions name.

        Of what one word names ("grunge" is rock as well) the first counts that the catalogue has.
        """
        numbers: set[int] = set()
        for _, of_one_word in groupby(mentions, key=lambda mention: mention.span):
            for mention in of_one_word:
                named = self._genres_by_key.keys() & self._keys_of(mention)
                if named:
                    numbers.update(*(self._genres_by_key[key] for key in named))
                    break
        return numbers

    @staticmethod
    def _keys_of(mention: Mention) -> set[str]:
        return {name_key(mention.value), *load_lexicon().synonyms(mention.kind, mention.value)}

    @cached_property
    def _genres_by_key(self) -> dict[str, list[int]]:
        """The genres by the keys of their names, and by those of the parts of "랩/힙합"."""
        numbers = defaultdict(list)
        for number, genre in enumerate(self.genres):
            for part in {genre, *genre.split("/")}:
                numbers[name_key(part)].append(number)
        return numbers

    def _by_year(self, read: Reading) -> np.ndarray | None:
        wanted = read.wanted(Kind.ERA)
        if not wanted or not self.years.any():
            return None

        keeps = np.where(self.years == NO_YEAR, np.float32(UNKNOWN), np.float32(0.0))
        for mention in wanted:
            first, last = (int(year) for year in mention.value.split("-"))
            keeps[(first <= self.years) & (self.years <= last)] = 1.0
        return keeps

    def _by_country(self, read: Reading) -> np.ndarray | None:
        wanted = {mention.value for mention in read.wanted(Kind.COUNTRY)}
        refused = {mention.value for mention in read.refused(Kind.COUNTRY)}
        if not (wanted or refused) or not (self.countries != NO_COUNTRY).any():
            return None

        is_kept = ~np.isin(self.countries, sorted(refused))
        if wanted:
            is_kept &= np.isin(self.countries, sorted(wanted))
        is_unknown = self.countries == NO_COUNTRY
        # A song from abroad may be from there.
        if wanted - {KOREA} or refused - {KOREA}:
            is_unknown |= self.countries == ABROAD
        return np.where(is_unknown, np.float32(UNKNOWN), is_kept).astype(np.float32)

    def save(self, folder: str | Path) -> None:
        """Write `facts.npz`."""
        counts = np.array([len(songs) for songs in self.songs_by_genre], dtype=np.int64)
        songs = np.concatenate([*self.songs_by_genre, np.array([], dtype=np.int64)])
        np.savez(
            Path(folder) / FILE,
            genres=np.array(self.genres, dtype=str),
            counts=counts,
            songs=songs,
            years=self.years,
            countries=self.countries,
        )

    @classmethod
    def load(cls, folder: str | Path, song_count: int) -> "SongFacts":
        """Read what `save` wrote.

        Raises:
            ModelMissing: the file is missing, unreadable, or of other songs.
        """
        file = Path(folder) / FILE
        with reading("The recommender's facts"), np.load(file, allow_pickle=False) as arrays:
            genres = arrays["genres"].tolist()
            ends = np.cumsum(arrays["counts"])
            songs_by_genre = np.split(arrays["songs"], ends[:-1]) if genres else []
            facts = cls(genres, songs_by_genre, arrays["years"], arrays["countries"])
        if len(facts.years) != song_count:
            raise ModelMissing(f"The recommender's facts and songs differ. {MAKE_ANEW}")
        return facts


def lead(kept: np.ndarray) -> np.ndarray:
    """By how much the scores of songs are multiplied, float32 [songs], so that those which keep what is named lead."""
    return BROKEN + (1 - BROKEN) * kept**STRICTNESS


def best_kept(kept: np.ndarray | None, uses: np.ndarray) -> np.ndarray:
    """The best known of the songs that keep all that a title names, int64; none where it names nothing known.

    Args:
        kept: How much of it each song keeps, float32 [songs], or None.
        uses: In how many playlists each song stands, float32 [songs].
    """
    if kept is None or not kept.any():
        return np.array([], dtype=np.int64)
    keeping = np.flatnonzero(kept == kept.max())
    return keeping[top_k(uses[keeping], PROPOSED)]
