"""Titles as words and character n-grams.

N-grams stay within a word, whose ends count as characters ("_jazz_" holds "_ja"): so a Korean word is found whatever
particle it carries, and every n-gram belongs to a word that can be named.
"""

import unicodedata
from functools import lru_cache

SHORTEST, LONGEST = 1, 4


def words(title: str) -> list[str]:
    """The words of a title in one spelling: compatible characters, without case."""
    return unicodedata.normalize("NFKC", title).casefold().split()


@lru_cache(maxsize=100_000)
def word_ngrams(word: str) -> tuple[str, ...]:
    """The distinct n-grams of a word, of SHORTEST to LONGEST characters, an end of the word being a space."""
    padded = f" {word} "
    ngrams = {
        padded[start : start + length]
        for length in range(SHORTEST, LONGEST + 1)
        for start in range(len(padded) - length + 1)
    }
    return tuple(sorted(ngrams - {" "}))


def title_ngrams(title: str) -> list[str]:
    """The distinct n-grams of a title, sorted."""
    return sorted({ngram for word in words(title) for ngram in word_ngrams(word)})
