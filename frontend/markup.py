"""HTML of what people typed and the service answered.

Streamlit reads labels as Markdown, where `$`, `:red[...]` and `->` mean something; HTML needs one escape only.
"""

import unicodedata
from html import escape

from frontend.client import ServiceError
from frontend.texts import Words

SPEAKING_CODES = ("unreachable", "timeout", "key_missing", "key_unknown", "too_many_requests")
LONGEST_FILE_NAME = 80
# Unicode's categories of signs that take no room of their own, and of those that do.
SIGNS = ("Mn", "Mc")
# YouTube takes a description of so many bytes, without angle brackets.
MAX_DESCRIPTION_BYTES = 5_000
REFUSED_BY_YOUTUBE = str.maketrans("<>", "‹›")


def section_heading(text: str, lead: str = "") -> str:
    """A heading of level 2 with an optional sentence below."""
    below = f'<p class="lead">{escape(lead)}</p>' if lead else ""
    return f"<h2>{escape(text)}</h2>{below}"


def notice(error: ServiceError, heading: str, words: Words) -> str:
    """A box that says what went wrong: the heading in the page's language, then the service's own words."""
    if error.code in SPEAKING_CODES:
        heading = words(error.code)
    return f'<div class="notice" role="alert"><strong>{escape(heading)}</strong><br>{escape(error.message)}</div>'


def how_it_works(words: Words) -> str:
    """The three steps, for a visitor who has not begun."""
    items = []
    for step in (1, 2, 3):
        name = words(f"how_{step}")
        text = words(f"how_{step}_text")
        items.append(f"<li><strong>{name}</strong>{text}</li>")
    return f'<ol class="how">{"".join(items)}</ol>'


def hint(text: str) -> str:
    """A box that tells the visitor what to do first."""
    return f'<div class="notice" role="alert">{escape(text)}</div>'


def fine_print(text: str) -> str:
    """What the visitor should know, in small letters."""
    return f'<p class="fine-print">{escape(text)}</p>'


def progress(share: float, text: str) -> str:
    """A bar that says how much is done.

    Args:
        share: The share that is done, 0 to 1.
        text: What is being done.
    """
    percent = round(100 * share)
    return (
        f'<p class="muted">{escape(text)}</p>'
        f'<div class="bar" role="progressbar" aria-label="{escape(text)}" aria-valuemin="0" aria-valuemax="100" '
        f'aria-valuenow="{percent}"><span style="width:{percent}%"></span></div>'
    )


def playlist_head(playlist: dict, words: Words) -> str:
    """Title, match and tags of a similar playlist; `score` is a cosine, shown as 0 to 100 percent."""
    percent = max(0, round(playlist["score"] * 100))
    tags = "".join(f"<li>#{escape(tag)}</li>" for tag in playlist["tags"])
    return (
        f'<div class="playlist"><h3>{escape(playlist["title"])}</h3>'
        f'<p class="match">{escape(words("match", percent=percent))}</p>'
        f'<div class="bar" aria-hidden="true"><span style="width:{min(percent, 100)}%"></span></div>'
        f'<ul class="tags">{tags}</ul></div>'
    )


def plain_songs(songs: list[dict]) -> str:
    """The songs of a similar playlist as a short numbered list."""
    items = []
    for song in songs:
        name = escape(song["name"])
        singers = escape(artists(song))
        items.append(f"<li>{name} <small>{singers}</small></li>")
    return f'<ol class="plain-songs">{"".join(items)}</ol>'


def chosen_songs(songs: list[dict], words: Words) -> str:
    """The songs of the made playlist: number, name, artists, where each comes from and why."""
    items = [_chosen_song(song, words) for song in songs]
    return f'<ol class="songs">{"".join(items)}</ol>'


def _chosen_song(song: dict, words: Words) -> str:
    source = "seed" if song["source"] == "seed" else "new"
    because = words(f"because_{source}", because=song["because"])
    return (
        f'<li><div class="song"><div><strong>{escape(song["name"])}</strong>'
        f'<span class="artists">{escape(artists(song))}</span></div>'
        f'<span class="source {source}">{escape(words(source))}</span>'
        f'<span class="because">{escape(because)}</span></div></li>'
    )


def artists(song: dict) -> str:
    """The song's artists in one line."""
    return ", ".join(song["artists"])


def are_numbers_only(songs: list[dict]) -> bool:
    """Whether the catalogue knows no more of these songs than their numbers."""
    return bool(songs) and not any(song["artists"] for song in songs)


def hashtags(tags: list[str]) -> str:
    """The tags as a video site reads them: `#재즈 #rainyday`, without the characters that would end a hashtag."""
    words = (_letters_of(tag, instead="") for tag in tags)
    return " ".join(f"#{word}" for word in words if word)


def track_list(songs: list[dict], max_bytes: int = MAX_DESCRIPTION_BYTES) -> str:
    """The songs as plain text that YouTube takes as a description, one a line.

    Args:
        songs: The songs as the service answers them.
        max_bytes: The most bytes of the text in UTF-8; the last songs give way to a line that counts them.

    Returns:
        The lines. "<" and ">", which YouTube refuses, are "‹" and "›".
    """
    lines = []
    for number, song in enumerate(songs, start=1):
        name = " - ".join(text for text in (song["name"], artists(song)) if text)
        on_one_line = " ".join(name.split())
        lines.append(f"{number:02d}. {on_one_line}".translate(REFUSED_BY_YOUTUBE))

    return _cut_to_bytes(lines, max_bytes)


def _cut_to_bytes(lines: list[str], max_bytes: int) -> str:
    """As many of the first lines as fit; where they are not all, a last line says how many are missing."""
    whole = "\n".join(lines)
    if len(whole.encode()) <= max_bytes:
        return whole

    for kept_count in reversed(range(len(lines))):
        note = f"… +{len(lines) - kept_count}"
        text = "\n".join([*lines[:kept_count], note])
        if len(text.encode()) <= max_bytes:
            return text
    return ""


def file_name(title: str) -> str:
    """A PNG's name from a title, fit for every file system."""
    words = _letters_of(title, instead=" ", also="-").split()
    stem = "_".join(words)[:LONGEST_FILE_NAME]
    return f"{stem or 'thumbnail'}.png"


def _letters_of(text: str, instead: str, also: str = "") -> str:
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
