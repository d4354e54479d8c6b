"""Why songs are recommended: because they keep what the title names, or for what speaks for them most.

Each known song, tag and title word is asked by itself what it speaks for.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass, field

import numpy as np

from aiplayer.recommender.branches import Branches
from aiplayer.recommender.request import Inputs, Query
from aiplayer.recommender.terms import title_terms
from aiplayer.recommender.vocabulary import Vocabulary
from aiplayer.titles.reading.mentions import Kind, Reading

WORD = re.compile(r"\S+")


@dataclass(frozen=True)
class Cause:
    """What can be named as a reason: a chosen song, a chosen tag or a word of the title, and its rows as inputs."""

    inputs: Inputs = field(default_factory=Inputs)
    song_id: int | None = None
    tag: str | None = None
    word: str | None = None


def find_causes(branches: Branches, query: Query, title: str, songs: np.ndarray) -> list[Cause | None]:
    """For each song, which of the known songs, tags and title words speaks for it most when asked alone.

    Args:
        branches: The branches, of which the autoencoder is asked.
        query: What is known of the playlist.
        title: The playlist's title, whose words can be reasons.
        songs: Rows of the recommended songs, int64 [songs].

    Returns:
        The cause of each song; None where nothing is known of the playlist.
    """
    causes = _possible_causes(branches.vocabulary, query, title)
    if not causes or not len(songs):
        return [None] * len(songs)

    states = branches.autoencoder.states([cause.inputs for cause in causes])
    # What all songs have in common speaks for none of them.
    table = branches.autoencoder.songs
    rows = table.table[songs].astype(np.float32) - table.mean_row
    support = states @ rows.T
    strongest = support.argmax(axis=0)
    return [causes[number] for number in strongest]


def named_words(read: Reading, title: str, kinds: Collection[Kind]) -> str:
    """The words of a title that name things of some kinds: "90년대 국힙" of "90년대 국힙 명곡", "" where none does."""
    spans = {mention.span for mention in read.wanted(*kinds)}
    return " ".join(title[start:stop] for start, stop in sorted(spans))


def _possible_causes(vocabulary: Vocabulary, query: Query, title: str) -> list[Cause]:
    causes = []
    for row in query.inputs.songs:
        artists = vocabulary.artist_rows([row])
        inputs = Inputs(songs=np.array([row]), artists=artists)
        song_id = int(vocabulary.song_ids[row])
        causes.append(Cause(inputs, song_id=song_id))

    for row in query.inputs.tags:
        inputs = Inputs(tags=np.array([row]))
        tag = vocabulary.tags[row - vocabulary.song_count]
        causes.append(Cause(inputs, tag=tag))

    for word in WORD.finditer(title):
        rows = vocabulary.term_rows(title_terms(word.group(), query.read.within(word.span())))
        if len(rows):
            inputs = Inputs(terms=rows)
            causes.append(Cause(inputs, word=word.group()))
    return causes
