"""Hashtags as YouTube reads them.

YouTube's help, "Use hashtags for video search" (support.google.com/youtube/answer/6390658), asks for a # and no space
within a hashtag, and takes no hashtag at all of a video that has more than 60. The first three stand above its title.
"""

from collections.abc import Iterable

from aiplayer.playlist.exports.plain_text import letters_of
from aiplayer.text import normalise

MOST_HASHTAGS = 60


def hashtags(tags: Iterable[str], most: int = MOST_HASHTAGS) -> str:
    """The tags as one line of hashtags: `#재즈 #rainyday`, without the characters that would end a hashtag.

    Args:
        tags: Tags without the #, the most important first.
        most: How many hashtags there is room for.

    Returns:
        At most `most`, each once, whatever its case; empty where no tag has a letter.
    """
    words: dict[str, str] = {}
    for tag in tags:
        word = letters_of(tag, instead="")
        if word:
            words.setdefault(normalise(word), word)

    kept = list(words.values())[:most]
    return " ".join(f"#{word}" for word in kept)
