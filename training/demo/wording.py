"""How playlists are worded: titles and hashtags in Korean, in English, or in both."""

from collections.abc import Sequence

import numpy as np

from training.demo.themes import Theme

LANGUAGES = ("ko", "en", "both")
LANGUAGE_SHARES = (0.36, 0.24, 0.4)
# The share of English titles that name a time or place behind the noun, where they can.
BEHIND_NOUN_SHARE = 0.45
# Kinds of theme that stand before the noun of a title, in this order; the others are the noun.
TITLE_ORDER = ("occasion", "season", "weather", "hour", "place", "activity", "mood", "origin", "era")

# "That one hears", which ends many Korean phrases.
HEARD = " 듣는"

NOUNS = {
    "ko": ("노래", "음악", "노래 모음", "플레이리스트", "명곡 모음"),
    "en": ("songs", "music", "playlist", "tunes", "tracks"),
}
# What people put around a title; most put nothing.
DRESSES = ("{}",) * 9 + ("[Playlist] {}", "{} 🎧", "🎵 {}", "PLAYLIST | {}", "{} ✨", "{} ♪")


def draw_language(random: np.random.Generator) -> str:
    """Draw the language of a playlist, one of LANGUAGES."""
    return random.choice(LANGUAGES, p=LANGUAGE_SHARES)


def write_title(about: list[Theme], language: str, random: np.random.Generator) -> str:
    """Write a title in Korean, in English, or in both."""
    if language == "both":
        korean = _korean_title(about, random)
        english = _english_title(about, random)
        return f"{korean} | {english}"

    dress = _draw_phrase(DRESSES, random)
    plain = _korean_title(about, random) if language == "ko" else _english_title(about, random)
    return dress.format(plain)


def draw_tags(about: list[Theme], language: str, random: np.random.Generator) -> list[str]:
    """Draw one or two hashtags a theme, in the title's language."""
    languages = ("ko", "en") if language == "both" else (language,)
    tags = []
    for theme in about:
        for tag_language in languages:
            names = theme.tags[tag_language]
            order = random.permutation(len(names))
            count = random.integers(1, 3)
            tags += [names[position] for position in order[:count]]
    return list(dict.fromkeys(tags))


def _korean_title(about: list[Theme], random: np.random.Generator) -> str:
    """Write the modifiers in the usual order, then the noun."""
    modifiers, nouns = _title_parts(about)
    # The noun is drawn first.
    noun = " ".join([_draw_phrase(theme.ko, random) for theme in nouns]) or _draw_phrase(NOUNS["ko"], random)
    words = [_draw_phrase(theme.ko, random) for theme in modifiers]
    return " ".join([*_with_one_verb(words), noun])


def _with_one_verb(words: list[str]) -> list[str]:
    """Leave out a verb that comes again: "가을에 듣는 밤에 듣는" becomes "가을에 밤에 듣는"."""
    places = [place for place, word in enumerate(words) if word.endswith(HEARD)]
    return [word.removesuffix(HEARD) if place in places[:-1] else word for place, word in enumerate(words)]


def _english_title(about: list[Theme], random: np.random.Generator) -> str:
    """Write the modifiers in the usual order, then the noun; the first may stand behind it."""
    modifiers, nouns = _title_parts(about)
    noun = " ".join([_draw_phrase(theme.before, random) for theme in nouns]) or _draw_phrase(NOUNS["en"], random)
    can_stand_behind = bool(modifiers) and bool(modifiers[0].after)
    behind = modifiers[0] if can_stand_behind and random.random() < BEHIND_NOUN_SHARE else None

    words = [_draw_phrase(theme.before, random) for theme in modifiers if theme is not behind]
    words.append(noun)
    if behind:
        words.append(_draw_phrase(behind.after, random))
    title = " ".join(words)
    return title[0].upper() + title[1:]


def _title_parts(about: list[Theme]) -> tuple[list[Theme], list[Theme]]:
    """Split themes into modifiers, in the order of TITLE_ORDER, and nouns."""
    modifiers = [theme for theme in about if theme.kind in TITLE_ORDER]
    modifiers.sort(key=lambda theme: TITLE_ORDER.index(theme.kind))
    nouns = [theme for theme in about if theme.kind not in TITLE_ORDER]
    return modifiers, nouns


def _draw_phrase(phrases: Sequence[str], random: np.random.Generator) -> str:
    return phrases[int(random.integers(len(phrases)))]
