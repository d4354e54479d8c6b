"""Which pieces of a title it refuses: "no ballads", "발라드 말고", "비 안 오는 날"."""

from collections.abc import Iterator, Sequence

from aiplayer.titles.reading.lexicon import Lexicon
from aiplayer.titles.reading.mentions import Kind
from aiplayer.titles.reading.segments import Piece, Source

# Between a refusing word and what it refuses: "without any vocals".
DETERMINERS = frozenset({"a", "an", "any", "the", "more", "so", "too", "very"})
# Particles that join what is refused together: "발라드나 트로트 말고".
JOINING_PARTICLES = frozenset({"나", "이나", "와", "과", "랑", "이랑", "하고"})


def refused_pieces(pieces: Sequence[Piece], lexicon: Lexicon) -> set[int]:
    """The numbers of the pieces that words beside them refuse.

    Args:
        pieces: The pieces of a title.
        lexicon: The words that refuse, and those that are moods.
    """
    refusals = lexicon.refusals
    refused: set[int] = set()
    for number, piece in enumerate(pieces):
        if piece.text in refusals.before_en:
            refused.update(_after(pieces, number, lexicon))
        # The adverb 안 stands before its verb, and what is denied of stands before both.
        if piece.text in refusals.before_ko | refusals.after_ko | refusals.after_en:
            refused.update(_before(pieces, number))
    return refused


def _after(pieces: Sequence[Piece], number: int, lexicon: Lexicon) -> Iterator[int]:
    """The word behind an English refusal; behind moods also what they describe, as in "no slow sad ballads"."""
    for beside in range(number + 1, len(pieces)):
        if pieces[beside].text in DETERMINERS:
            continue
        yield beside
        meanings = lexicon.words.get(pieces[beside].text, ())
        if not any(meaning.kind is Kind.MOOD for meaning in meanings):
            return


def _before(pieces: Sequence[Piece], number: int) -> Iterator[int]:
    """The word before a refusal, and the words that particles join to it."""
    beside = _last_word_before(pieces, number)
    while beside is not None:
        yield beside
        is_joined = beside > 0 and pieces[beside - 1].text in JOINING_PARTICLES
        beside = _last_word_before(pieces, beside) if is_joined else None


def _last_word_before(pieces: Sequence[Piece], number: int) -> int | None:
    """The number of the last piece before another that is no particle."""
    for beside in range(number - 1, -1, -1):
        if pieces[beside].source is not Source.PARTICLE:
            return beside
    return None
