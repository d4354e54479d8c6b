"""The letters of a title that is written on a picture: which font draws which, and what is left out as none can."""

import unicodedata
from collections.abc import Iterator
from functools import cache
from importlib.metadata import distribution
from itertools import groupby

import regex
from fontTools.ttLib import TTFont
from PIL import ImageDraw, ImageFont

# Packages and their font files; each letter is drawn by the first that holds it. NanumGothic (SIL Open Font License)
# holds Korean, Japanese, most Hanja and English, DejaVu (Bitstream Vera's free licence) Vietnamese, Greek and symbols.
FONT_FILES = (
    ("koreanize-matplotlib", "koreanize_matplotlib/fonts/NanumGothicExtraBold.ttf"),
    ("matplotlib", "matplotlib/mpl-data/fonts/ttf/DejaVuSans-Bold.ttf"),
)
# Scripts whose letters stand one after another from left to right, whatever their neighbours are. DejaVu holds Arabic,
# Hebrew and Lao too, which would come out in the wrong order, unjoined, or with their vowels beside them.
PLAIN_SCRIPTS = regex.compile(
    r"[\p{Common}\p{Latin}\p{Greek}\p{Cyrillic}\p{Armenian}\p{Georgian}"
    r"\p{Hangul}\p{Han}\p{Hiragana}\p{Katakana}\p{Bopomofo}]+"
)
# What a reader takes for one sign: an emoji with its skin tone and joiners, a letter with its accents.
SIGN = regex.compile(r"\X")
# Accents without a composed letter, variation selectors, joiners, fillers and others that nobody sees alone.
UNSEEN = regex.compile(r"[\p{M}\p{C}\p{Default_Ignorable_Code_Point}]+")
PUNCTUATION = regex.compile(r"[\p{P}\s]*")
# Split so, the spaces stay as pieces between the words.
SPACES = regex.compile(r"(\s+)")
NO_GLYPH = ".notdef"

Color = int | tuple[int, int, int]


def drawable(title: str) -> str:
    """What of a title can be drawn rightly, with single spaces between its words.

    Args:
        title: Any text. A sign that no font holds is left out whole, a symbol such as an emoji as if it were a space.

    Returns:
        The text that `TitleFont` draws, "" where nothing is left.
    """
    words = unicodedata.normalize("NFC", title).split()
    return " ".join(" ".join(map(_drawable_word, words)).split())


def _drawable_word(word: str) -> str:
    """What of a word can be drawn; nothing where only its punctuation can."""
    kept = []
    is_whole = True
    for sign in SIGN.findall(word):
        seen = UNSEEN.sub("", sign)
        if PLAIN_SCRIPTS.fullmatch(seen) and _font_number(seen) is not None:
            kept.append(seen)
            continue

        is_whole = False
        is_symbol = not any(letter.isalnum() for letter in seen)
        if seen and is_symbol:
            kept.append(" ")

    text = "".join(kept)
    return "" if not is_whole and PUNCTUATION.fullmatch(text) else text


class TitleFont:
    """The fonts of a title, in one size and on one line.

    Args:
        size_px: The size of the letters in pixels.
    """

    def __init__(self, size_px: int):
        self.size_px = size_px
        # The basic layout is the same on every machine; another one depends on libraries that may be there.
        self._fonts = [ImageFont.truetype(path, size_px, layout_engine=ImageFont.Layout.BASIC) for path in _paths()]
        self._ascent_px, _ = self._fonts[0].getmetrics()

    def length_px(self, text: str) -> float:
        """The width of a text that `drawable` has returned, in pixels."""
        return sum(font.getlength(run) for font, run in self._runs(text))

    def draw(self, drawing: ImageDraw.ImageDraw, left_px: float, top_px: float, text: str, fill: Color) -> None:
        """Draw a text that `drawable` has returned.

        Args:
            drawing: What to draw on.
            left_px: Where the text begins.
            top_px: The top of its line.
            text: One line.
            fill: The color of the letters: a shade of 0 to 255, or red, green and blue.
        """
        for font, run in self._runs(text):
            drawing.text((left_px, top_px + self._ascent_px), run, fill, font, anchor="ls")
            left_px += font.getlength(run)

    def _runs(self, text: str) -> Iterator[tuple[ImageFont.FreeTypeFont, str]]:
        """The pieces of a text that one font draws, in order; a word is one piece where one font holds all of it."""
        for word in SPACES.split(text):
            number = _font_number(word)
            if number is not None:
                yield self._fonts[number], word
                continue

            for letter_number, letters in groupby(word, key=_font_number):
                if letter_number is not None:
                    yield self._fonts[letter_number], "".join(letters)


@cache
def _paths() -> list[str]:
    return [str(distribution(package).locate_file(file)) for package, file in FONT_FILES]


@cache
def _held_letters() -> list[frozenset[int]]:
    """The code points for which each font has a glyph."""
    held_letters = []
    for path in _paths():
        with TTFont(path, lazy=True) as font:
            glyphs = font.getBestCmap()
        held_letters.append(frozenset(code for code, glyph in glyphs.items() if glyph != NO_GLYPH))
    return held_letters


def _font_number(letters: str) -> int | None:
    """The first font that holds all of some letters, None where none does."""
    for number, codes in enumerate(_held_letters()):
        if codes.issuperset(map(ord, letters)):
            return number
    return None
