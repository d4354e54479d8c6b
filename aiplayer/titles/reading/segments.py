"""Splits a title into words that are known, particles, and the rest: the cheapest way to cover it.

Korean writes compounds and particles without a space ("밤바다를"), and titles are full of names and slang that no
analyser knows. So every split is a candidate whose pieces are words of ours or morphemes of mecab-ko
(Kudo et al. 2004, "Applying Conditional Random Fields to Japanese Morphological Analysis", with the dictionary of the
Eunjeon project), and the split with the least cost is taken: a word of ours is cheaper than a morpheme, so that two
of them beat the one morpheme that they make, and a letter by itself is dearest, so that no word is torn for another.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum, auto
from itertools import pairwise

from mecab import MeCab

from aiplayer.text import is_hangul
from aiplayer.titles.reading.spelling import Spelling

# Costs of a piece.
KNOWN, PARTICLE, MORPHEME, LETTER = 0.55, 0.3, 1.2, 2.0
# mecab-ko's tags of particles, endings and suffixes begin so.
PARTICLE_TAGS = ("J", "E", "XS", "VCP")
# Those of verbs and adjectives.
STEM_TAGS = ("VV", "VA")


class Source(Enum):
    """Where a piece of a title comes from."""

    KNOWN = auto()
    PARTICLE = auto()
    OTHER = auto()


@dataclass(frozen=True)
class Piece:
    """A stretch of a title's key.

    Attributes:
        start: Where it begins in the key.
        stop: Where it ends.
        text: The key's characters.
        source: Where it comes from.
    """

    start: int
    stop: int
    text: str
    source: Source


@dataclass(frozen=True)
class Morphemes:
    """What mecab-ko makes of a title.

    Attributes:
        pieces: The morphemes by where they begin in the key, and words in other scripts whole.
        stems: For the start of a verb or an adjective, where its stem ends. No known word ends within it: "불어오면"
            is no French, "불어".
    """

    pieces: dict[int, list[Piece]]
    stems: dict[int, int]


class Splitter:
    """Splits titles.

    Args:
        known: The words that are known, as keys.
    """

    def __init__(self, known: Collection[str]):
        self._known = known
        self._longest = max(map(len, known), default=0)
        self._analyser = MeCab()

    def split(self, title: str, spelling: Spelling) -> list[Piece]:
        """The pieces of a title, in its order, which cover its key."""
        morphemes = self._morphemes(title, spelling)
        key = spelling.key
        costs = [0.0] + [float("inf")] * len(key)
        last_pieces: list[Piece | None] = [None] * (len(key) + 1)

        for start in range(len(key)):
            for piece, cost in self._pieces_from(start, spelling, morphemes):
                if costs[start] + cost < costs[piece.stop]:
                    costs[piece.stop] = costs[start] + cost
                    last_pieces[piece.stop] = piece

        pieces = []
        last = last_pieces[-1]
        while last:
            pieces.append(last)
            last = last_pieces[last.start]
        return pieces[::-1]

    def _pieces_from(self, start: int, spelling: Spelling, morphemes: Morphemes) -> list[tuple[Piece, float]]:
        """Every piece that can begin here, with its cost."""
        key = spelling.key
        letter = Piece(start, start + 1, key[start], Source.OTHER)
        pieces = [(letter, LETTER)]
        for morpheme in morphemes.pieces.get(start, ()):
            pieces.append((morpheme, PARTICLE if morpheme.source is Source.PARTICLE else MORPHEME))

        if not is_break(spelling, start):
            return pieces
        first_stop = morphemes.stems.get(start, start + 1)
        for stop in range(first_stop, min(start + self._longest, len(key)) + 1):
            text = key[start:stop]
            if text in self._known and is_break(spelling, stop):
                pieces.append((Piece(start, stop, text, Source.KNOWN), KNOWN))
        return pieces

    def _morphemes(self, title: str, spelling: Spelling) -> Morphemes:
        """Where words of a title may be cut."""
        pieces: dict[int, list[Piece]] = {}
        stems: dict[int, int] = {}
        for morpheme in self._analyser.parse(title):
            start = spelling.place_of(morpheme.span.start)
            stop = spelling.place_of(morpheme.span.end)
            if start < stop:
                is_particle = start not in spelling.starts and morpheme.pos.startswith(PARTICLE_TAGS)
                source = Source.PARTICLE if is_particle else Source.OTHER
                pieces.setdefault(start, []).append(Piece(start, stop, spelling.key[start:stop], source))
                if morpheme.pos.startswith(STEM_TAGS):
                    stems[start] = stop

        breaks = [position for position in range(len(spelling.key) + 1) if is_break(spelling, position)]
        for start, stop in pairwise(breaks):
            text = spelling.key[start:stop]
            if not is_hangul(text[0]):
                pieces.setdefault(start, []).append(Piece(start, stop, text, Source.OTHER))
        return Morphemes(pieces, stems)


def is_break(spelling: Spelling, position: int) -> bool:
    """Whether a word of a title may begin or end here: between words, between scripts, and within Korean words."""
    key = spelling.key
    if position in spelling.starts or position in (0, len(key)):
        return True
    return is_hangul(key[position - 1]) or is_hangul(key[position])
