"""A small recommender is retrained on what creators taught: killed, gone on with, asked, and made to forget."""

import json
import zlib
from collections.abc import Sequence

import numpy as np
import pytest

from aiplayer.catalogue import Catalogue, connect
from aiplayer.settings import Settings
from tests.support.melon import write_dataset
from training import held_back
from training.dataset.load import import_melon
from training.publish.store import store
from training.recommender.autoencoder import Recipe
from training.recommender.from_catalogue import Lesson, read_training_data
from training.recommender.train import train_recommender
from training.retrain import steps
from training.retrain.lessons import LessonCounts, Lessons
from training.retrain.steps import LESSONS_FILE, compare, made_from_lessons, taken_back, train_candidate
from training.setup import RECOMMENDER

pytestmark = pytest.mark.heavy

WORLDS = ("rain", "sun")
PLAYLISTS, WORLD_SONGS = 300, 30
HELD_BACK = 30
# Of both worlds, which no playlist joins.
JELLY = [1, 2, 3, 101, 102, 103]
RECIPE = Recipe(hidden=16, epochs=6, fewest_steps=1, batch_size=64, learning_rate=1e-2)
NO_COUNTS = LessonCounts(0, 0, 0, 0, 0, 0, 0, 0)
NO_LESSONS = Lessons([], [], NO_COUNTS)


ENCODER = "title_encoder:tiny"
LABELS = {"title_encoder": ENCODER, "catalogue": "tiny"}


class Embeddings:
    """Every word has a direction of its own."""

    encoder_tag = ENCODER

    def __call__(self, titles: Sequence[str], tell=None) -> np.ndarray:
        return self.unkept(titles)

    def unkept(self, titles: Sequence[str]) -> np.ndarray:
        rows = []
        for title in titles:
            words = [np.random.default_rng(zlib.crc32(word.encode())).standard_normal(16) for word in title.split()]
            rows.append(np.sum(words, axis=0) if words else np.zeros(16))
        vectors = np.array(rows, dtype=np.float32)
        return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)


def lessons() -> Lessons:
    """Lists of a theme of its own, from which one song was taken out."""
    learned = [Lesson(f"jelly {word}", JELLY, [5]) for word in ("morning", "night", "mix", "party", "walk", "sea")]
    asked = [Lesson(f"jelly {word}", JELLY, [5]) for word in "abcdefghijkl"]
    return Lessons(learned, asked, NO_COUNTS)


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory):
    random = np.random.default_rng(0)
    songs = [{"id": number, "song_name": f"song {number}"} for number in range(200)]
    playlists = []
    for number in range(PLAYLISTS):
        world = number % 2
        chosen = (100 * world + random.choice(WORLD_SONGS, 8, replace=False)).tolist()
        title = f"{WORLDS[world]} {random.choice(['day', 'night', 'walk'])}"
        playlists.append({"id": number, "plylst_title": title, "tags": [WORLDS[world]], "songs": chosen})
    folder = tmp_path_factory.mktemp("dataset")
    engine = connect(f"sqlite:///{folder}/catalogue.db")
    import_melon(write_dataset(folder / "melon", song_meta=songs, train=playlists), engine)
    yield Catalogue(engine)
    engine.dispose()


@pytest.fixture(scope="module", autouse=True)
def small_catalogues_hold_back():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(held_back, "FEWEST_PLAYLISTS", 100)
        patch.setattr(held_back, "SHARE", HELD_BACK / PLAYLISTS)
        yield


@pytest.fixture(scope="module")
def untaught(catalogue):
    data = read_training_data(catalogue, Embeddings())
    assert len(data.held_back.ids) == HELD_BACK
    return train_recommender(data.learned, data.artists, RECIPE, seed=20, facts=data.facts, held_back=data.held_back)


@pytest.fixture
def base(untaught, tmp_path, monkeypatch):
    """The tag of a recommender that nobody taught."""
    monkeypatch.setenv("BENTOML_HOME", str(tmp_path / "bentoml"))
    monkeypatch.setattr(steps, "FOLDER", tmp_path / "retrain")
    monkeypatch.setattr(Recipe, "going_on", lambda: RECIPE)
    return store(RECOMMENDER, "0123456789ab", untaught.save, LABELS)


def retrained(catalogue, base: str, taught: Lessons, tell=lambda done, total: None):
    return train_candidate(catalogue, Embeddings(), taught, base, Settings(), tell)


def test_what_was_taught_is_followed_and_the_playlists_are_known_as_before(catalogue, base):
    candidate = retrained(catalogue, base, lessons())
    verdict = compare(base, candidate, Embeddings(), lessons())
    checks = {check.name: check for check in verdict.checks}
    # Of thirty playlists chance alone moves the mean by as much as the gate allows.
    assert checks["all cases together"].new > checks["all cases together"].old - 0.03
    assert not [reason for reason in verdict.reasons if reason.startswith("taught")]
    assert checks["taught: kept songs"].old < 0.5
    assert checks["taught: kept songs"].new > 0.9
    assert json.loads((candidate.folder / LESSONS_FILE).read_text()) == sorted(lessons().digests())


def test_one_that_was_killed_goes_on_and_one_that_is_done_is_not_done_again(catalogue, base, monkeypatch):
    seen = []

    def kill(done: int, total: int) -> None:
        seen.append(done)
        if len(seen) > total / 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        retrained(catalogue, base, lessons(), kill)
    went_on = []
    candidate = retrained(catalogue, base, lessons(), lambda done, total: went_on.append(done))
    assert 1 < went_on[0] <= seen[-1] + 1

    monkeypatch.setattr(steps, "train_recommender", None)
    assert retrained(catalogue, base, lessons()).folder == candidate.folder


def test_where_everything_is_taken_back_it_is_the_untaught_one_again(catalogue, base):
    taught = store(
        RECOMMENDER,
        made_from_lessons(base, lessons()),
        lambda folder: (folder / LESSONS_FILE).write_text(json.dumps(sorted(lessons().digests()))),
        {},
    )
    assert taken_back(taught, NO_LESSONS)
    assert not taken_back(taught, lessons())
    assert not taken_back(base, lessons())

    candidate = retrained(catalogue, base, NO_LESSONS)
    assert candidate.folder.name == base.partition(":")[2]
