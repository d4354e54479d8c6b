"""Under which names an artist is known: an artist has several keys, and two spellings that share one are one artist."""

import re
import unicodedata
from functools import lru_cache

from aiplayer.text import name_key, name_words

# Longer names are cut before they are read; the database keeps keys of this length.
LONGEST_NAME = 1_000
LONGEST_KEY = 255

BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
LAST_BRACKETS = re.compile(r"[(\[]([^()\[\]]*)[)\]]\s*$")
# "Drake feat. Rihanna", "Drake (ft. Rihanna)": the artist, and the guests.
GUESTS = re.compile(r"(.+?)[\s(\[]+(?:featuring\s|feat\s|feat\.|ft\.)\s*([^()\[\]]+)[)\]]?", re.IGNORECASE)
# "f(x)" is a formula, not two names.
FORMULA = re.compile(r"[A-Za-z]\([A-Za-z]\)")
# The signs of "P!nk", of "A$AP" and of "Bada$$".
SIGN_FOR_I = re.compile(r"(?<=\w)!(?=\w)")
SIGN_FOR_S = re.compile(r"\$(?=\w)|(?<=[\w$])\$")


# Callers name artists too: so many names of the longest kind hold 20 MB.
@lru_cache(maxsize=10_000)
def artist_keys(artist: str) -> tuple[str, ...]:
    """The keys under which an artist is looked up.

    Each of the artist's forms (`name_forms`) has a key (`aiplayer.text.name_key`), one without "The" at its beginning,
    and one with letters in place of signs that look like them ("P!nk" is "Pink", "A$AP" is "ASAP").

    Args:
        artist: The artist's name.

    Returns:
        Keys of at most LONGEST_KEY characters, that of the whole name first; none for a name that shows nothing.
    """
    keys: dict[str, None] = {}
    for form in name_forms(artist):
        for spelling in dict.fromkeys((form, _with_letters(form))):
            key = name_key(spelling)
            keys[key] = None
            if key.startswith("the") and name_words(spelling)[0] == "the":
                keys[key.removeprefix("the")] = None

    keys.pop("", None)
    return tuple(key[:LONGEST_KEY] for key in keys)


def name_forms(name: str) -> list[str]:
    """What a name is called: the whole of it, without what stands in brackets, and what stands in the last ones.

    "태연 (TAEYEON)" is also "태연" and "TAEYEON", and "(여자)아이들" also "아이들". Of an artist with guests, both are
    named.
    """
    whole = unicodedata.normalize("NFKC", name[:LONGEST_NAME]).strip()
    guests = GUESTS.fullmatch(whole)
    if guests:
        return [whole, *guests.groups()]

    outside = BRACKETS.sub(" ", whole).strip()
    if not outside or outside == whole or FORMULA.fullmatch(whole):
        return [whole]

    forms = [whole, outside]
    last_brackets = LAST_BRACKETS.search(whole)
    if last_brackets:
        forms.append(last_brackets.group(1))
    return forms


def _with_letters(name: str) -> str:
    """A name with letters in place of signs that look like them."""
    without_signs_for_i = SIGN_FOR_I.sub("i", name)
    return SIGN_FOR_S.sub("s", without_signs_for_i)
