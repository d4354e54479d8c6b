"""The one reading of titles, names and tags: how they are normalised, split into words, and cut into n-grams.

N-grams stay within a word, whose ends count as characters ("_jazz_" holds "_ja"): so a Korean word is found whatever
particle it carries, and every n-gram belongs to a word that can be named.
"""

import re
import unicodedata

SHORTEST_NGRAM, LONGEST_NGRAM = 1, 4
LETTERS_AND_DIGITS = re.compile(r"[^\W_]+")


def normalise(text: str) -> str:
    """A text without regard to case, to the width of letters, and to whether they are composed."""
    return unicodedata.normalize("NFKC", text).casefold()


def name_key(name: str) -> str:
    """A name as names are compared: normalised, without space around it."""
    return normalise(name).strip()


def spaced_words(text: str) -> list[str]:
    """The normalised words of a text, as white space parts them; punctuation stays in its word."""
    return normalise(text).split()


def words(text: str) -> list[str]:
    """The normalised words of a text, letters and digits alone."""
    return LETTERS_AND_DIGITS.findall(normalise(text))


def joined_words(text: str) -> str:
    """The words of a text written together: "Hip-Hop", "hip hop" and "hiphop" are one."""
    return "".join(words(text))


def word_ngrams(word: str) -> tuple[str, ...]:
    """The distinct n-grams of a word, sorted.

    Args:
        word: A normalised word; its ends count as a space each.

    Returns:
        The n-grams of SHORTEST_NGRAM to LONGEST_NGRAM characters.
    """
    padded = f" {word} "
    ngrams = set()
    for length in range(SHORTEST_NGRAM, LONGEST_NGRAM + 1):
        for start in range(len(padded) - length + 1):
            ngrams.add(padded[start : start + length])

    ngrams.discard(" ")
    return tuple(sorted(ngrams))


def title_ngrams(title: str) -> list[str]:
    """The distinct n-grams of a title's words, sorted."""
    ngrams: set[str] = set()
    for word in spaced_words(title):
        ngrams.update(word_ngrams(word))
    return sorted(ngrams)
