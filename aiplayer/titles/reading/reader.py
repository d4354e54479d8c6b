"""Reads a title: what it names, what it refuses, and whether it wants an artist's own songs or the like of them."""

import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from aiplayer.titles.reading.artist_names import ArtistNames
from aiplayer.titles.reading.lexicon import Lexicon, load_lexicon
from aiplayer.titles.reading.mentions import Kind, Mention, Reading, Wish
from aiplayer.titles.reading.numbers import eras_in, hours_in
from aiplayer.titles.reading.refusals import refused_pieces
from aiplayer.titles.reading.segments import Piece, Source, Splitter
from aiplayer.titles.reading.spelling import Spelling, spell

# A name is sought by its sound in so many neighbouring words at most, and in so many letters at least.
MOST_SOUND_WORDS, FEWEST_SOUND_LETTERS = 4, 3
# Each question takes some hundredths of a second.
MOST_SOUND_QUESTIONS = 3
# What stands between names that belong together.
JOINERS = frozenset(
    {"and", "x", "vs", "with", "feat", "ft", "와", "과", "랑", "이랑", "하고", "그리고", "부터", "에서", "까지"}
)
# What "punk's" has behind punk.
POSSESSIVE = "s"
# How sure a word is that often means something else.
DOUBTFUL = 0.5
# How sure a name is that is written with a typo.
TYPO = 0.8


class TitleReader:
    """Reads titles, for one catalogue.

    Args:
        names: The artists of the catalogue, and those whom everybody knows.
        lexicon: The words of the other kinds; None for ours.
    """

    def __init__(self, names: ArtistNames, lexicon: Lexicon | None = None):
        self._names = names
        self._lexicon = lexicon or load_lexicon()
        self._splitter = Splitter({*self._lexicon.keys, *names.forms})

    def read(self, title: str) -> Reading:
        """What a title says."""
        title = unicodedata.normalize("NFC", title)
        spelling = spell(title)
        pieces = self._splitter.split(title, spelling) if spelling.key else []
        line = _Line(title, spelling, pieces, self._names, self._lexicon)
        return line.read()


class _Line:
    """A title while it is read: its pieces, and which of them are names."""

    def __init__(self, title: str, spelling: Spelling, pieces: list[Piece], names: ArtistNames, lexicon: Lexicon):
        self._title = title
        self._spelling = spelling
        self._pieces = pieces
        self._names = names
        self._lexicon = lexicon
        self._artists: dict[str, tuple[int, ...]] = {}

    def read(self) -> Reading:
        """What the title says."""
        named = [number for number in range(len(self._pieces)) if self._is_name(number)]
        refused = refused_pieces(self._pieces, self._lexicon)
        mentions = [*self._names_of(named), *self._words_of(set(named), refused), *self._uncertain_names()]
        mentions = [
            replace(mention, wanted=mention.wanted != self._stands_in(mention, refused)) for mention in mentions
        ]
        mentions = self._with_numbers(mentions)
        mentions += self._emoji()

        mentions.sort(key=lambda mention: mention.span)
        words = (piece.text for piece in self._pieces if piece.source is not Source.PARTICLE)
        return Reading(tuple(dict.fromkeys(_once(mentions))), self._artists, self._wish(), tuple(dict.fromkeys(words)))

    def _is_name(self, number: int) -> bool:
        """Whether a piece is the name of an artist.

        A name that is also a word ("비", "Queen") counts only beside a word that asks for songs of somebody, beside
        another name, or where the title holds nothing else; the name of a genre ("pop songs") never does.
        """
        piece = self._pieces[number]
        if piece.source is not Source.KNOWN or self._is_genre(piece.text):
            return False
        forms = self._names.forms.get(piece.text, ())
        is_word = piece.text in self._lexicon.keys or all(form.is_word for form in forms)
        return bool(forms) and (not is_word or self._speaks_of_an_artist(number))

    def _is_genre(self, text: str) -> bool:
        """Whether a word surely names a genre."""
        is_sure = text not in self._lexicon.doubtful
        return is_sure and any(meaning.kind is Kind.GENRE for meaning in self._lexicon.words.get(text, ()))

    def _speaks_of_an_artist(self, number: int) -> bool:
        """Whether what stands around a piece shows that it is a name."""
        piece = self._pieces[number]
        if not self._is_whole_word(number):
            return False
        if self._asks_for_songs(number):
            return True
        others = [other for other in self._pieces if other is not piece and not self._says_nothing(other)]
        # "소녀시대, 카라" is a list of names; "뉴진스와 봄" is none.
        if piece.text in self._lexicon.keys:
            return not others and piece.text not in self._lexicon.words
        return not others or any(map(self._is_certain_name, self._beside(number)))

    def _asks_for_songs(self, number: int) -> bool:
        """Whether a word that asks for somebody's songs follows a piece or, in English, stands before it."""
        intents = self._lexicon.own | self._lexicon.like
        following = [piece for piece in self._pieces[number + 1 : number + 3] if piece.source is not Source.PARTICLE]
        if following and following[0].text in intents:
            return True
        return number > 0 and self._pieces[number - 1].text in intents and self._pieces[number - 1].text.isascii()

    def _is_certain_name(self, number: int) -> bool:
        piece = self._pieces[number]
        forms = self._names.forms.get(piece.text, ()) if piece.source is Source.KNOWN else ()
        return any(not form.is_word for form in forms) and piece.text not in self._lexicon.keys

    def _beside(self, number: int) -> Iterator[int]:
        """The pieces on both sides, beyond "and" and the like."""
        for step in (-1, 1):
            beside = number + step
            while 0 <= beside < len(self._pieces) and self._pieces[beside].text in JOINERS:
                beside += step
            if 0 <= beside < len(self._pieces):
                yield beside

    def _names_of(self, numbers: Sequence[int]) -> Iterator[Mention]:
        """The mentions of the artists that pieces name."""
        for number in numbers:
            form = self._names.forms[self._pieces[number].text][0]
            self._artists[form.name] = form.artists
            yield Mention(Kind.ARTIST, form.name, self._span(number))

    def _words_of(self, names: Collection[int], refused: Collection[int]) -> Iterator[Mention]:
        """What the words of the lexicon mean, but where they are names.

        Who refuses J-pop refuses neither pop nor Japan.
        """
        for number, piece in enumerate(self._pieces):
            meanings = self._lexicon.words.get(piece.text, ()) if piece.source is Source.KNOWN else ()
            if number in names or not meanings or not self._may_be_read(number):
                continue
            sure = DOUBTFUL if piece.text in self._lexicon.doubtful else 1.0
            for meaning in meanings[:1] if number in refused else meanings:
                yield Mention(meaning.kind, meaning.value, self._span(number), sure, meaning.wanted)

    def _may_be_read(self, number: int) -> bool:
        """Whether a word of the lexicon means here what it says there.

        A single Korean syllable counts only where everything else in its word is known too ("밤바다", no "밤톨"); a
        doubtful word only as a whole word, in a title that names something else as well, or nothing.
        """
        text = self._pieces[number].text
        if len(text) == 1 and not all(piece.source is not Source.OTHER for piece in self._word_around(number)):
            return False
        if text not in self._lexicon.doubtful:
            return True

        others = [piece for piece in self._pieces if piece.text != text and not self._says_nothing(piece)]
        is_supported = any(piece.text in self._lexicon.words for piece in others) or not others
        return self._is_whole_word(number) and is_supported

    def _word_around(self, number: int) -> list[Piece]:
        """The pieces of the word that a piece stands in."""
        starts = sorted(self._spelling.starts)
        piece = self._pieces[number]
        first = max(start for start in starts if start <= piece.start)
        last = min(start for start in starts if start >= piece.stop)
        return [other for other in self._pieces if first <= other.start and other.stop <= last]

    def _is_whole_word(self, number: int) -> bool:
        """Whether a piece is a word, at most with particles behind it."""
        return all(
            other is self._pieces[number] or other.source is Source.PARTICLE for other in self._word_around(number)
        )

    def _says_nothing(self, piece: Piece) -> bool:
        is_known = piece.text in self._lexicon.keys
        is_particle = piece.source is Source.PARTICLE or piece.text == POSSESSIVE
        return is_particle or (is_known and piece.text not in self._lexicon.words)

    def _uncertain_names(self) -> Iterator[Mention]:
        """Artists whose names are written with a typo or in the other script, in words that mean nothing else."""
        taken: set[int] = set()
        for start, stop in list(self._unexplained())[:MOST_SOUND_QUESTIONS]:
            numbers = set(range(start, stop))
            found = None if taken & numbers else self._artist_by_typo(start, stop) or self._artist_by_sound(start, stop)
            if found:
                taken |= numbers
                yield found

    def _unexplained(self) -> Iterator[tuple[int, int]]:
        """Runs of pieces that nothing explains and that may be a name, from and to, the longest first."""
        runs = []
        for start, piece in enumerate(self._pieces):
            if piece.source is not Source.OTHER or piece.start not in self._spelling.starts:
                continue
            for stop in range(start + 1, min(start + MOST_SOUND_WORDS, len(self._pieces)) + 1):
                last = self._pieces[stop - 1]
                if last.source is Source.KNOWN:
                    break
                if last.source is Source.OTHER and last.stop - piece.start >= FEWEST_SOUND_LETTERS:
                    runs.append((start, stop))
        return iter(sorted(runs, key=lambda run: run[0] - run[1]))

    def _artist_by_typo(self, start: int, stop: int) -> Mention | None:
        """The artist whose name some pieces are but for one letter."""
        first, last = self._span_of_run(start, stop)
        form = self._names.by_typo(self._title[first:last])
        if form is None:
            return None
        self._artists[form.name] = form.artists
        return Mention(Kind.ARTIST, form.name, (first, last), TYPO)

    def _artist_by_sound(self, start: int, stop: int) -> Mention | None:
        """The artist that some pieces sound like."""
        first, last = self._span_of_run(start, stop)
        matches = self._names.by_sound(self._title[first:last])
        if not matches:
            return None

        position, sure = matches[0]
        name = self._names.catalogue[position]
        self._artists[name] = tuple(other for other, _ in matches if self._names.catalogue[other] == name)
        return Mention(Kind.ARTIST, name, (first, last), sure)

    def _with_numbers(self, mentions: Sequence[Mention]) -> list[Mention]:
        """The mentions, and the years and hours that stand in digits, but where digits belong to something longer.

        Of the years that words say, those give way that stand within a number ("late 70s" is no more 70s), and those
        that are only implied ("추억의 팝송 2010년대" are no oldies).
        """
        numbers = []
        for number in (*eras_in(self._title), *hours_in(self._title)):
            blocking = [mention for mention in mentions if mention.kind in (Kind.ARTIST, number.kind)]
            if not any(_overlap(number.span, mention.span) and not _within(mention, number) for mention in blocking):
                numbers.append(number)

        has_years = any(number.kind is Kind.ERA for number in numbers)
        kept = []
        for mention in mentions:
            is_implied = has_years and mention.kind is Kind.ERA and self._says_more_than_years(mention, mentions)
            if not is_implied and not any(_within(mention, number) for number in numbers):
                kept.append(mention)
        return kept + numbers

    @staticmethod
    def _says_more_than_years(era: Mention, mentions: Sequence[Mention]) -> bool:
        """Whether the words that name years name something else as well."""
        return any(mention.span == era.span and mention.kind is not Kind.ERA for mention in mentions)

    def _emoji(self) -> Iterator[Mention]:
        """What the title's signs mean."""
        for place, character in enumerate(self._title):
            if not character.isalnum() and character in self._lexicon.words:
                for meaning in self._lexicon.words[character]:
                    yield Mention(meaning.kind, meaning.value, (place, place + 1), DOUBTFUL, meaning.wanted)

    def _stands_in(self, mention: Mention, numbers: Collection[int]) -> bool:
        return any(_overlap(mention.span, self._span(number)) for number in numbers)

    def _span(self, number: int) -> tuple[int, int]:
        piece = self._pieces[number]
        return self._spelling.span(piece.start, piece.stop)

    def _span_of_run(self, start: int, stop: int) -> tuple[int, int]:
        first, _ = self._span(start)
        _, last = self._span(stop - 1)
        return first, last

    def _wish(self) -> Wish:
        texts = {piece.text for piece in self._pieces if piece.source is Source.KNOWN}
        if texts & self._lexicon.like:
            return Wish.LIKE
        return Wish.OWN if texts & self._lexicon.own else Wish.OPEN


def _once(mentions: Sequence[Mention]) -> Iterator[Mention]:
    """The first mention of each thing; one that is refused anywhere is refused."""
    refused = {(mention.kind, mention.value) for mention in mentions if not mention.wanted}
    seen = set()
    for mention in mentions:
        thing = (mention.kind, mention.value)
        if thing in seen or (mention.wanted and thing in refused):
            continue
        seen.add(thing)
        yield mention


def _within(mention: Mention, number: Mention) -> bool:
    """Whether a number says more of the same kind than a mention that stands in it."""
    first, last = number.span
    return mention.kind is number.kind and first <= mention.span[0] and mention.span[1] <= last


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]
