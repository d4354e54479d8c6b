"""Text for places that take no line breaks, or letters alone: lines, hashtags, names of files."""

import unicodedata

# Unicode's categories of what breaks a line or cannot be written: controls, halves of characters, separators.
UNWRITABLE = ("Cc", "Cs", "Zl", "Zp")
# Those of signs that take no room of their own, and of those that do.
SIGNS = ("Mn", "Mc")
LONGEST_STEM = 80


def is_writable(text: str) -> bool:
    """Whether a text can be written in UTF-8 on one line."""
    return not any(unicodedata.category(character) in UNWRITABLE for character in text)


def one_line(text: str) -> str:
    """A text on one line: what breaks a line is a space, and there is one space at a time."""
    writable = (" " if unicodedata.category(character) in UNWRITABLE else character for character in text)
    return " ".join("".join(writable).split())


def file_stem(title: str) -> str:
    """The name of a file from a title, without a suffix and fit for every file system.

    Returns:
        Letters, digits, "_" and "-", at most LONGEST_STEM; empty where the title has none of them.
    """
    words = letters_of(title, instead=" ", also="-").split()
    return "_".join(words)[:LONGEST_STEM]


def letters_of(text: str, instead: str, also: str = "") -> str:
    """A text with letters, digits and underscores alone.

    Args:
        text: Any text. The signs on a letter, such as the vowels of Hindi and Thai, belong to it.
        instead: What stands for every other character.
        also: Other characters that are kept.
    """
    kept = []
    is_on_letter = False
    for character in unicodedata.normalize("NFC", text):
        is_letter = character.isalnum() or character == "_"
        is_on_letter = is_letter or (is_on_letter and _is_sign(character))
        kept.append(character if is_on_letter or character in also else instead)
    return "".join(kept)


def _is_sign(character: str) -> bool:
    """Whether a character is written on the letter before it, and seen."""
    is_selector = "VARIATION SELECTOR" in unicodedata.name(character, "")
    return unicodedata.category(character) in SIGNS and not is_selector
