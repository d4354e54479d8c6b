from math import log2

import numpy as np
import pytest

from tests.support.tiny_encoder import WORLDS, encoder, frame, two_worlds
from training.arena.corpus import questions
from training.titles.encoder.measure import (
    TitleQuestions,
    bilingual,
    demo_pairs,
    measure_encoder,
    title_only,
    title_search,
)
from training.titles.encoder.overlap import split

pytestmark = pytest.mark.heavy


def embed_worlds(titles):
    """A perfect encoder of the two worlds."""
    return np.array([[float(title.split()[0] in world) for world in WORLDS] for title in titles], dtype=np.float32)


def test_title_search_is_perfect_where_the_nearest_titles_share_the_most_and_worthless_where_nothing():
    sunny, rainy = ("sun a", [1, 2], []), ("rain b", [3, 4], [])
    learned = frame([sunny, rainy] * 20)
    assert title_search(embed_worlds, learned, frame([sunny, rainy])) == pytest.approx(1)
    assert title_search(embed_worlds, learned, frame([("sun a", [3, 4], []), ("rain b", [1, 2], [])])) == 0


def test_songs_and_tags_of_the_nearest_titles_are_the_answer():
    rows = [("sun a", [1, 2], ["sun"]), ("rain b", [3, 4], ["rain"])] * 5
    asked = frame([("sun z", [], []), ("rain z", [], [])])
    right = frame([("", [2, 1], ["sun"]), ("", [3, 4], [])])
    found = title_only(embed_worlds, frame(rows), TitleQuestions(questions(asked), questions(right)))
    assert found == (pytest.approx(1), pytest.approx(1))
    wrong = frame([("", [3, 4], []), ("", [1, 2], [])])
    songs, tags = title_only(embed_worlds, frame(rows), TitleQuestions(questions(asked), questions(wrong)))
    third_and_fourth = (1 / log2(4) + 1 / log2(5)) / (1 + 1 / log2(3))
    assert songs == pytest.approx(third_and_fourth)
    assert np.isnan(tags)


def test_two_languages_share_a_space_where_the_other_half_is_the_nearest():
    pairs = [("비", "rain"), ("바다", "beach"), ("우산", "wet")]
    vectors = {title: np.eye(3)[row] for row, pair in enumerate(pairs) for title in pair}
    assert bilingual(lambda titles: np.array([vectors[title] for title in titles]), pairs) == (1, 1)
    turned = vectors | {english: np.eye(3)[(row + 1) % 3] for row, (_, english) in enumerate(pairs)}
    rank, cosine = bilingual(lambda titles: np.array([turned[title] for title in titles]), pairs)
    assert (rank, cosine) == (pytest.approx(1 / 2), 0)


def test_demo_titles_give_their_korean_and_their_english_half():
    pairs = demo_pairs()
    assert len(pairs) > 1_000
    assert all("|" not in half for pair in pairs for half in pair)
    assert sum(english.isascii() for _, english in pairs) > 0.99 * len(pairs)


def test_measuring_embeds_every_title_once_and_says_how_far_it_is():
    playlists, told = frame(two_worlds()), []
    found = measure_encoder(encoder(), playlists, None, lambda done, total: told.append((done, total)))
    assert list(found) == ["title search, nDCG@10", "Korean-English, reciprocal rank", "Korean-English, cosine"]
    assert told[0][0] == 0
    assert told[-1][0] == told[-1][1]
    assert 0 < found["title search, nDCG@10"] < 1
    assert len(split(playlists)[1]) == 10
