"""Trust in names, counted by hand on four playlists."""

import numpy as np
import pytest

from aiplayer.arrays import csr_from_rows
from aiplayer.errors import ModelMissing
from aiplayer.recommender.mentions import Naming, named_in
from aiplayer.recommender.vocabulary import Vocabulary
from training.recommender.mentions import SEEN_BEFORE, fit_naming

VOCABULARY = Vocabulary([10, 11, 12], ["jazz", "rain"], (), ["Falco", "Heat"], [[0], [1], [1]])
TITLES = ["the best of Falco", "summer heat", "jazz", "Falco jazz in the rain"]
PLAYLISTS = csr_from_rows([np.array(rows) for rows in ([0, 3], [0, 2], [3, 4], [1, 3, 4])], 5)


@pytest.fixture
def naming():
    return fit_naming([named_in(title, VOCABULARY) for title in TITLES], PLAYLISTS, VOCABULARY)


def test_trust_is_what_playlists_hold_of_what_their_titles_name(naming):
    # Falco is named twice and sings all songs of one; Heat is named once and sings half. Jazz and rain always hold.
    usual = (1 + 0.5) / 3
    artists = [(1 + SEEN_BEFORE * usual) / (2 + SEEN_BEFORE), (0.5 + SEEN_BEFORE * usual) / (1 + SEEN_BEFORE)]
    assert naming.artists == pytest.approx(artists)
    assert naming.tags == pytest.approx([1, 1])


def test_a_title_names_artists_and_tags():
    named = named_in("Heat & rain", VOCABULARY)
    assert (named.artists.tolist(), named.tags.tolist()) == ([1], [4])


def test_saved_trust_is_read_back(naming, tmp_path):
    naming.save(tmp_path)
    assert (Naming.load(tmp_path).tags == naming.tags).all()
    with pytest.raises(ModelMissing, match="names"):
        Naming.load(tmp_path / "none")
