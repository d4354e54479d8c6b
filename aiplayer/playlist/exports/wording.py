"""The few words that an export adds to a playlist, Korean and English side by side."""

from enum import StrEnum
from types import MappingProxyType

BETWEEN_LANGUAGES = " · "

# name: (Korean, English)
TEXTS = MappingProxyType(
    {
        "track_list": ("곡 목록", "Track list"),
        "left_out": ("… 외 {count}곡", "… and {count} more"),
        "too_few": (
            "챕터는 노래가 {least}곡 이상이어야 생겨요. 지금은 {count}곡이에요.",
            "Chapters need at least {least} songs, and this playlist has {count}.",
        ),
        "too_short": (
            "챕터는 {least}초보다 짧을 수 없는데, 그런 노래가 {count}곡 있어요. 첫 번째는 {first}번이에요.",
            "A chapter lasts at least {least} seconds. Shorter songs: {count}, the first of them number {first}.",
        ),
        "unknown": (
            "챕터에는 모든 노래의 길이가 필요해요. 길이를 모르는 노래가 {count}곡 있고, 첫 번째는 {first}번이에요.",
            "Chapters need the duration of every song. Songs without one: {count}, the first of them number {first}.",
        ),
        "no_room": (
            "유튜브 설명란은 {least:,}바이트까지라서, 챕터를 넣을 자리가 모자라요. 제목이나 해시태그를 줄여 주세요.",
            "YouTube takes a description of {least:,} bytes, too few for chapters. Shorten title and hashtags.",
        ),
    }
)


class Language(StrEnum):
    """In which language a description's own words are."""

    KOREAN = "ko"
    ENGLISH = "en"
    BOTH = "both"


def say(name: str, language: Language, **values: object) -> str:
    """The text called `name` with its {values} filled in; in both languages Korean comes first."""
    korean, english = TEXTS[name]
    texts = {Language.KOREAN: [korean], Language.ENGLISH: [english], Language.BOTH: [korean, english]}[language]
    return BETWEEN_LANGUAGES.join(text.format(**values) for text in texts)
