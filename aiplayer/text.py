"""The one reading of titles, names and tags: how they are normalised, split into words, and cut into n-grams.

N-grams stay within a word, whose ends count as characters ("_jazz_" holds "_ja"): so a Korean word is found whatever
particle it carries, and every n-gram belongs to a word that can be named.
"""

import re
import unicodedata
from functools import lru_cache

import regex

SHORTEST_NGRAM, LONGEST_NGRAM = 1, 4
LETTERS_AND_DIGITS = re.compile(r"[^\W_]+")
# One composed character stands for at most so many decomposed ones.
MOST_DECOMPOSED = 4

# What shows nothing by itself: separators, format characters, marks without a letter, what Unicode calls ignorable
# (Hangul fillers, variation selectors, tags), and two symbols that are blank: of Braille, and a note without a head.
UNSEEN_CHARACTER = r"[\s\p{Z}\p{Cf}\p{M}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\u2800\U0001D159]"
UNSEEN = regex.compile(f"{UNSEEN_CHARACTER}*")
# Of these, what does not belong to a letter or an emoji beside it.
AROUND_CHARACTER = r"[[\s\p{Z}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]--[\p{M}\p{Emoji_Component}]]"
AROUND = regex.compile(f"(?V1){AROUND_CHARACTER}*")
# Accents are stripped where they only decorate; in other scripts a mark is part of the letter.
ACCENTS = regex.compile(r"(?<=[\p{Latin}\p{Greek}\p{Cyrillic}])\p{Mn}+")
# Letters that look accented and do not decompose.
PLAIN_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ŧ": "t", "ı": "i", "þ": "th", "æ": "ae", "œ": "oe"}
)
# What parts no word: ignorable and format characters, and modifier letters, which are apostrophes in another dress.
UNSEEN_IN_WORD = regex.compile(r"[\p{Cf}\p{Default_Ignorable_Code_Point}\p{Block=Spacing_Modifier_Letters}]")
NAME_WORDS = regex.compile(r"[\p{L}\p{N}][\p{L}\p{N}\p{M}]*")


def compose(text: str, longest: int) -> str:
    """The start of a text in composed form (NFC): a Korean syllable is one character, however it was typed.

    Marks of a long stack are sorted in quadratic time, so no more is composed than tells whether the text is too long.

    Args:
        text: Any text.
        longest: How many composed characters are allowed.

    Returns:
        The whole text where it has at most `longest` characters, else more than `longest` of them.
    """
    return unicodedata.normalize("NFC", text[: MOST_DECOMPOSED * longest + 1])


def is_unseen(text: str) -> bool:
    """Whether a text shows nothing: it is empty, or only white space, fillers, joiners and the like."""
    return UNSEEN.fullmatch(text) is not None


def is_hangul(character: str) -> bool:
    """Whether a character is a Korean syllable."""
    return "가" <= character <= "힣"


def trim(text: str) -> str:
    """A text without white space and without what shows nothing at its ends, such as a byte order mark."""
    start = AROUND.match(text).end()
    end = len(text) - AROUND.match(text[::-1]).end()
    return text[start:end]


def normalise(text: str) -> str:
    """A text without regard to case, to the width of letters, and to whether they are composed."""
    return unicodedata.normalize("NFKC", text).casefold()


def name_words(text: str) -> list[str]:
    """The words of a name, or of a title that may hold one, as names are compared.

    Case, width and accents do not matter, "&" is "and", and whatever is no letter and no digit parts words.
    """
    plain = normalise(text).replace("&", " and ").replace(" + ", " and ")
    if plain.isascii():
        return LETTERS_AND_DIGITS.findall(plain)

    letters = "".join(map(_letter_of_name, plain))
    if letters.replace(" ", "").isalnum():
        return letters.split()
    # There are marks.
    return NAME_WORDS.findall(_without_accents(letters))


def name_key(name: str) -> str:
    """A name as names are compared: its words written together, so that spaces and punctuation do not matter either.

    "AC/DC", "AC DC" and "acdc" are one, as are "Don’t Know Why" and "Don't know why", "Beyoncé" and "Beyonce". A name
    without letters and digits, such as "!!!", is compared by its signs.
    """
    return "".join(name_words(name)) or _signs(name)


@lru_cache(maxsize=20_000)
def _letter_of_name(character: str) -> str:
    """What a normalised character is in a name: a letter without accents, a digit, a mark, nothing, or a space."""
    if UNSEEN_IN_WORD.match(character):
        return ""
    if character.isalnum():
        return _without_accents(character).translate(PLAIN_LETTERS)
    return character if unicodedata.category(character).startswith("M") else " "


def _without_accents(text: str) -> str:
    """Strip the accents of Latin, Greek and Cyrillic letters; other scripts stay as they are."""
    decomposed = unicodedata.normalize("NFD", text)
    return unicodedata.normalize("NFC", ACCENTS.sub("", decomposed))


def _signs(name: str) -> str:
    """The signs of a name that has no letters and no digits."""
    return "".join(sign for sign in normalise(name) if not UNSEEN.fullmatch(sign))


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
