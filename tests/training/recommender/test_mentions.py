"""Trust in names, counted by hand on four playlists."""

import numpy as np
import pytest

from aiplayer.arrays import csr_from_rows
from aiplayer.errors import ModelMissing
from aiplayer.recommender.mentions import MentionTrust, find_mentions
from aiplayer.recommender.vocabulary import Vocabulary
from training.recommender.mentions import SEEN_BEFORE, fit_mention_trust

VOCABULARY = Vocabulary([10, 11, 12], ["jazz", "rain"], (), ["Coldplay", "Radiohead"], [[0], [1], [1]])
TITLES = ["the best of Coldplay", "summer radiohead", "jazz", "Coldplay jazz in the rain"]
PLAYLISTS = csr_from_rows([np.array(rows) for rows in ([0, 3], [0, 2], [3, 4], [1, 3, 4])], 5)


@pytest.fixture
def trust():
    mentions = [find_mentions(title, VOCABULARY.read(title), VOCABULARY) for title in TITLES]
    return fit_mention_trust(mentions, PLAYLISTS, VOCABULARY)


def test_trust_is_what_playlists_hold_of_what_their_titles_name(trust):
    # Coldplay is named twice and sings all songs of one; Radiohead is named once and sings half. Jazz and rain always
    # hold.
    usual = (1 + 0.5) / 3
    artists = [(1 + SEEN_BEFORE * usual) / (2 + SEEN_BEFORE), (0.5 + SEEN_BEFORE * usual) / (1 + SEEN_BEFORE)]
    assert trust.artists == pytest.approx(artists)
    assert trust.tags == pytest.approx([1, 1])


def test_a_title_names_artists_and_tags():
    named = find_mentions("Radiohead & rain", VOCABULARY.read("Radiohead & rain"), VOCABULARY)
    assert (named.artists.tolist(), named.tags.tolist()) == ([1], [4])


def test_saved_trust_is_read_back(trust, tmp_path):
    trust.save(tmp_path)
    assert (MentionTrust.load(tmp_path).tags == trust.tags).all()
    with pytest.raises(ModelMissing, match="names"):
        MentionTrust.load(tmp_path / "none")
