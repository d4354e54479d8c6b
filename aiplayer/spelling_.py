"""Names as people write them in titles: without case, width, spaces and punctuation, with Korean particles."""

import re
import unicodedata

WORD = re.compile(r"[^\W_]+")
LONGEST_NAME_WORDS = 10
# Korean writes these onto the word before: "아이유의 노래" names 아이유.
PARTICLES = ("의", "와", "과", "랑", "이랑", "이", "가", "은", "는", "을", "를", "만", "도")


def name_key(name: str) -> str:
    """A name as it is compared: without regard to case, composed or decomposed letters, and space around it."""
    return unicodedata.normalize("NFKC", name).casefold().strip()


def said(title: str) -> set[str]:
    """Every run of neighbouring words of the title, written together, with and without a particle at its end."""
    words = _words(title)
    runs = {
        "".join(words[start:stop])
        for start in range(len(words))
        for stop in range(start + 1, min(start + LONGEST_NAME_WORDS, len(words)) + 1)
    }
    return runs | {run.removesuffix(particle) for run in runs for particle in PARTICLES}


def spellings(artist: str) -> set[str]:
    """How a title may write an artist: the whole name, or either half of "태연 (TAEYEON)"."""
    before, _, within = artist.partition(" (")
    return {spell(name) for name in (artist, before, within)} - {""}


def spell(name: str) -> str:
    """The words of a name written together; "&" is "and"."""
    return "".join(_words(name))


def _words(text: str) -> list[str]:
    return WORD.findall(name_key(text).replace("&", " and "))
