"""The title encoder is tuned on the catalogue and on what creators taught, once."""

import numpy as np
import pytest
from sentence_transformers import SentenceTransformer

from tests.support.tiny_encoder import WORLDS, encoder, frame, two_worlds
from training.recommender.from_catalogue import Lesson
from training.retrain import encoder as retrained
from training.retrain.encoder import taught_playlists, tuned_encoder
from training.titles.embedding import embed_titles
from training.titles.encoder.fit import Recipe

pytestmark = pytest.mark.heavy

# Creators join a word of each world.
RAIN, SUN = WORLDS[0][0], WORLDS[1][0]


@pytest.fixture(autouse=True)
def small_recipe(tmp_path, monkeypatch):
    monkeypatch.setattr(retrained, "FOLDER", tmp_path / "encoders")
    monkeypatch.setattr(retrained, "Recipe", lambda seed: Recipe(4, 16, 0.05, keep=0.0, seed=seed))
    monkeypatch.setattr(retrained, "PAIRS", 200)


@pytest.fixture
def source(tmp_path) -> str:
    encoder().save(str(tmp_path / "source"))
    return str(tmp_path / "source")


def lessons() -> list[Lesson]:
    random = np.random.default_rng(1)
    songs = [random.choice(10, 6, replace=False).tolist() for _ in range(200)]
    return [Lesson((RAIN, SUN)[number % 2], [1_000 + song for song in row], []) for number, row in enumerate(songs)]


def similarity(folder) -> float:
    first, second = embed_titles(SentenceTransformer(str(folder), device="cpu"), [RAIN, SUN])
    return float(first @ second)


def test_titles_that_creators_give_the_same_songs_come_together(source):
    playlists = frame(two_worlds())
    untaught = similarity(tuned_encoder(playlists, [], source, ["nothing"], 5, lambda done, total: None))
    taught = similarity(tuned_encoder(playlists, lessons(), source, ["lessons"], 5, lambda done, total: None))
    assert taught > untaught + 0.5


def test_one_that_is_done_is_left_as_it_is_and_older_ones_are_removed(source, monkeypatch):
    playlists = frame(two_worlds())
    first = tuned_encoder(playlists, [], source, ["a"], 5, lambda done, total: None)
    second = tuned_encoder(playlists, [], source, ["b"], 5, lambda done, total: None)
    assert not first.exists()
    monkeypatch.setattr(retrained, "fine_tune", None)
    assert tuned_encoder(playlists, [], source, ["b"], 5, lambda done, total: None) == second


def test_playlists_that_are_held_back_and_lists_of_removals_alone_are_not_learned():
    playlists = frame([(f"title {number}", [1, 2, 3, 4], []) for number in range(1_000)])
    taught = [Lesson("kept", [1, 2], []), Lesson("only removed", [], [3]), Lesson("", [1], [])]
    learned = taught_playlists(playlists, taught)
    assert len(learned) == 1_000 - 40 + 1
    assert learned["title"][-1] == "kept"
