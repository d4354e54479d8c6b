"""Learns from playlists how far the names in their titles can be believed."""

from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_matrix, diags

from aiplayer.arrays import csr_from_rows
from aiplayer.recommender.mentions import Mentions, MentionTrust
from aiplayer.recommender.playlist_neighbours import song_artist_matrix
from aiplayer.recommender.vocabulary import Vocabulary

# A name counts as if it had been seen this often before, and believed as often as names are on average.
SEEN_BEFORE = 5.0


def fit_mention_trust(mentions: Sequence[Mentions], playlists: csr_matrix, vocabulary: Vocabulary) -> MentionTrust:
    """Count what playlists hold of what their titles name.

    Args:
        mentions: What the title of each playlist names.
        playlists: 0/1, float32 [playlists, songs + tags, or more].
        vocabulary: What the columns are.
    """
    first_tag = vocabulary.song_count
    songs = playlists[:, :first_tag]
    tags = playlists[:, first_tag : vocabulary.columns]
    song_counts = np.asarray(songs.sum(axis=1)).ravel()
    tag_counts = np.diff(tags.tocsr().indptr)

    song_shares = diags(1 / np.maximum(song_counts, 1)) @ songs
    artist_shares = song_shares @ song_artist_matrix(vocabulary)

    # A playlist without songs says nothing about artists, one without tags nothing about tags.
    artist_rows, tag_rows = [], []
    for title_mentions, song_count, tag_count in zip(mentions, song_counts, tag_counts, strict=True):
        artists = title_mentions.artists
        tag_columns = title_mentions.tags - first_tag
        artist_rows.append(artists if song_count else artists[:0])
        tag_rows.append(tag_columns if tag_count else tag_columns[:0])

    named_artists = csr_from_rows(artist_rows, len(vocabulary.artists))
    named_tags = csr_from_rows(tag_rows, len(vocabulary.tags))
    tag_trust = _trust(named_tags, tags)
    artist_trust = _trust(named_artists, artist_shares.tocsr())
    return MentionTrust(tags=tag_trust, artists=artist_trust)


def _trust(names: csr_matrix, contents: csr_matrix) -> np.ndarray:
    """How much playlists hold, on average, of what their titles name, float32 [names].

    Args:
        names: Which names each title holds, 0/1 [playlists, names].
        contents: How much each playlist holds of what bears the name, 0 to 1, [playlists, names].
    """
    held_names = names.multiply(contents)
    times_named = np.asarray(names.sum(axis=0)).ravel()
    times_held = np.asarray(held_names.sum(axis=0)).ravel()

    usual_share = times_held.sum() / max(times_named.sum(), 1)
    trust = (times_held + SEEN_BEFORE * usual_share) / (times_named + SEEN_BEFORE)
    return trust.astype(np.float32)
