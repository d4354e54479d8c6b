"""Which songs are one recording: the same song by the same artist, in whatever release it came out.

A remaster, a single's version or a deluxe edition is the recording that it was made of. What sounds otherwise stays a
song of its own: live, remixed, acoustic, instrumental, sung in another language, or by somebody else.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from aiplayer.artists import artist_keys
from aiplayer.text import name_key, words

# Words that name a release, each enough by itself.
RELEASE_WORDS = {
    *("remaster", "remasters", "remastered", "remastering", "mono", "stereo", "single", "album", "original", "radio"),
    *("edit", "deluxe", "expanded", "bonus", "explicit", "clean", "anniversary"),
    *("리마스터", "리마스터드", "리마스터링", "앨범", "싱글", "오리지널"),
}
# Words that stand beside them.
FILLERS = {"the", "digital", "digitally", "version", "ver", "edition", "mix", "track", "lp", "ep", "버전"}
NUMBER = re.compile(r"\d+(st|nd|rd|th|bit)?")
YEAR = re.compile(r"(19|20)\d\d")

# Who else plays: "(feat. Zion.T)", "[Prod. by SUGA]", and without brackets "feat. Zion.T".
GUESTS = re.compile(
    r"\s*[(\[]\s*(?:feat|featuring|ft|prod|produced|피처링)\b[^)\]]*[)\]]"
    r"|\s(?:feat\.?|featuring|ft\.)\s[^()\[\]]*?(?=\s[-–—(\[]|$)",
    re.IGNORECASE,
)
HYPHENS = re.compile(r"\s[-‐‑‒–—―]\s")
LAST_BRACKETS = re.compile(r"\s*[(\[]([^()\[\]]*)[)\]]\s*$")
BETWEEN_REMARKS = re.compile(r"[/,;]")


@lru_cache(maxsize=50_000)
def song_key(name: str) -> str:
    """The name by which a recording is told from others of the same artist.

    Args:
        name: A song's name, such as "Bohemian Rhapsody - Remastered 2011".

    Returns:
        The name as names are compared (`name_key`), without guests and without what says the release only.
    """
    title = unicodedata.normalize("NFKC", name).strip()
    title = GUESTS.sub("", title) or title

    shorter = _without_last_release(title)
    while shorter != title:
        title, shorter = shorter, _without_last_release(shorter)
    return name_key(title)


def recording_keys(name: str, artists: Iterable[str]) -> set[tuple[str, str]]:
    """What a recording is told by; two songs that share a key are the same recording.

    Args:
        name: The song's name.
        artists: Who plays it; covers by others share no key.

    Returns:
        (key of an artist, key of the song), for each of the artists' keys; where nobody is named the first is "".
    """
    song = song_key(name)
    keys = {(key, song) for artist in artists for key in artist_keys(artist)}
    return keys or {("", song)}


def _without_last_release(title: str) -> str:
    """A song's name without its last remark, "(…)" or " - …", as far as that says the release only."""
    brackets = LAST_BRACKETS.search(title)
    if brackets:
        return _without_release(title, brackets.start(), brackets.group(1))

    # "Song - 2011 - Remaster": the longest tail that says nothing else.
    for hyphen in HYPHENS.finditer(title):
        shorter = _without_release(title, hyphen.start(), title[hyphen.end() :])
        if shorter != title:
            return shorter
    return title


def _without_release(title: str, start: int, remarks: str) -> str:
    """A song's name with those of its last remarks, which begin at `start`, that do not say the release."""
    name = title[:start].strip()
    parts = BETWEEN_REMARKS.split(remarks)
    kept = [part.strip() for part in parts if not _says_release(part)]
    if not name or len(kept) == len(parts):
        return title
    return f"{name} ({', '.join(kept)})" if kept else name


def _says_release(remark: str) -> bool:
    """Whether a remark says nothing but the release: "Remastered 2011", "Single Version", "2019 Mix"."""
    remark_words = words(remark)
    names_release = not RELEASE_WORDS.isdisjoint(remark_words)
    is_mix_of_year = "mix" in remark_words and any(YEAR.fullmatch(word) for word in remark_words)
    if not (names_release or is_mix_of_year):
        return False
    return all(word in RELEASE_WORDS or word in FILLERS or NUMBER.fullmatch(word) for word in remark_words)
