"""The text of a table's file: whether it is text at all, and in which encoding."""

import re
from pathlib import Path

from aiplayer.errors import InvalidInput
from training.dataset.dirt import Dirt, Place
from training.dataset.file_kinds import binary_kind, text_kind

# Byte order marks, and the encodings that they announce; the longer ones come first.
BYTE_ORDER_MARKS = {
    b"\xff\xfe\x00\x00": "utf-32",
    b"\x00\x00\xfe\xff": "utf-32",
    b"\xef\xbb\xbf": "utf-8-sig",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
}
# The Korean Windows, and the one of Western Europe.
KOREAN, WESTERN = "cp949", "cp1252"
# Between these shares of Hangul, a text in cp949 may as well be Chinese in its own encoding.
LEAST_HANGUL, SURELY_HANGUL = 0.5, 0.9
FIRST_BYTE_OF_EUC_KR = 0xA1
UNREADABLE = "�"
# A file of which more cannot be read is no text.
MOST_UNREADABLE = 0.2


def read_text(path: Path, dirt: Dirt) -> str:
    """Read the text of a table.

    Args:
        path: The file: UTF-8 or UTF-16, with or without a byte order mark, else cp949 or cp1252.
        dirt: Learns where the encoding is a guess, and of bytes that cannot be read.

    Raises:
        InvalidInput: the file cannot be read, is empty, or is no table; the message says what it is and what to do.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InvalidInput(
            f"{path} cannot be read: {error.strerror}. Give a CSV file that can be.", code="missing_dataset"
        ) from error

    if kind := binary_kind(content):
        raise InvalidInput(f"{path} is {kind.name}, not a table. {kind.advice}", code="bad_dataset")

    dirt.at(Place(path.name, 1, 0))
    text = _decode(content, dirt)
    if kind := text_kind(text):
        raise InvalidInput(f"{path} is {kind.name}, not a table. {kind.advice}", code="bad_dataset")

    if "\0" in text or text.count(UNREADABLE) > MOST_UNREADABLE * len(text):
        raise InvalidInput(f"{path} is not text. Give a table saved as CSV (UTF-8).", code="bad_dataset")
    if not text.strip():
        raise InvalidInput(f"{path} is empty. Export the playlist again, and give that file.", code="bad_dataset")
    return text


def _decode(content: bytes, dirt: Dirt) -> str:
    """Decode the bytes of a text, and note what was guessed or cannot be read."""
    encoding, is_sure = _encoding(content)
    if not is_sure:
        dirt.add("guessed_encoding", f"read as {encoding}")

    text = content.decode(encoding, "replace")
    was_unreadable = UNREADABLE in text and UNREADABLE.encode() not in content
    if was_unreadable:
        dirt.add("broken_utf8", f"{text.count(UNREADABLE)} characters cannot be read in {encoding}")
    return text.removeprefix("\ufeff")


def _encoding(content: bytes) -> tuple[str, bool]:
    """Choose the encoding of a text; False where it is a guess."""
    for mark, encoding in BYTE_ORDER_MARKS.items():
        if content.startswith(mark):
            return encoding, True

    for encoding in ("utf-16-le", "utf-16-be"):
        has_line_end = b"\0" in content and re.search("[\r\n]", content.decode(encoding, "replace"))
        if has_line_end:
            return encoding, True

    beyond_ascii = _beyond_ascii(content, "utf-8")
    broken = beyond_ascii.count(UNREADABLE)
    if broken <= len(beyond_ascii) / 2:
        return "utf-8", True

    hangul = _hangul_share(content)
    if hangul >= LEAST_HANGUL:
        return KOREAN, hangul >= SURELY_HANGUL
    return WESTERN, False


def _beyond_ascii(content: bytes, encoding: str) -> str:
    """Decode the characters of a text that are not ASCII."""
    return "".join(character for character in content.decode(encoding, "replace") if character > "\x7f")


def _hangul_share(content: bytes) -> float:
    """Compute which share of the characters beyond ASCII are usual Korean syllables, if this is cp949.

    A Western letter and the next one make a syllable as well, but one that the older EUC-KR has no place for.
    """
    beyond_ascii = _beyond_ascii(content, KOREAN)
    usual_syllables = 0
    for character in beyond_ascii:
        is_syllable = "가" <= character <= "힣"
        if is_syllable and min(character.encode(KOREAN)) >= FIRST_BYTE_OF_EUC_KR:
            usual_syllables += 1
    return usual_syllables / len(beyond_ascii)
