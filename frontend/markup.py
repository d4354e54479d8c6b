"""HTML of what people typed and the service answered.

Streamlit reads labels as Markdown, where `$`, `:red[...]` and `->` mean something; HTML needs one escape only.
"""

from html import escape

from aiplayer.playlist.exports import file_stem
from frontend.client import ServiceError
from frontend.texts import Words

SPEAKING_CODES = ("unreachable", "timeout", "key_missing", "key_unknown", "too_many_requests")


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


def file_name(title: str) -> str:
    """A PNG's name from a title, fit for every file system."""
    return f"{file_stem(title) or 'thumbnail'}.png"
