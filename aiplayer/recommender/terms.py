"""The terms of a title, by which titles are compared: how its words are written, and what they name.

"비 오는 밤" and "a rainy night" share no letter, but both have the terms weather:rain and hour:night.
"""

from aiplayer.text import LONGEST_NGRAM, title_ngrams, word_ngrams
from aiplayer.titles.reading.mentions import Mention, Reading


def title_terms(title: str, read: Reading) -> list[str]:
    """The distinct terms of a title, sorted.

    They are the n-grams of its words, and of those that a Korean compound was split into; and what it names or refuses.

    Args:
        title: The title, or a word of it.
        read: What it says.
    """
    terms = set(title_ngrams(title))
    for word in read.words:
        terms.update(word_ngrams(word))
    terms.update(map(_term_of, read.mentions))
    return sorted(terms)


def is_thing(term: str) -> bool:
    """Whether a term is what a title names or refuses, and no n-gram."""
    return len(term) > LONGEST_NGRAM


def _term_of(mention: Mention) -> str:
    """`kind:value`, behind a minus where it is refused; longer than any n-gram."""
    sign = "" if mention.wanted else "-"
    return f"{sign}{mention.kind}:{mention.value}"
