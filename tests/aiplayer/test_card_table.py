"""The output table as a card computes it, by TensorFlow on the processor: all but the device is the same."""

import subprocess
import sys

import ml_dtypes
import numpy as np
import pytest

from aiplayer.card_table import CardTable, put_on_card
from aiplayer.recommender.branches import BATCH
from aiplayer.recommender.recommender import Recommender
from aiplayer.recommender.request import Request
from aiplayer.recommender.shortlist import OutputTable
from aiplayer.settings import PROJECT
from training.recommender.autoencoder import Recipe
from training.recommender.playlists import Playlists
from training.recommender.train import train_recommender

pytestmark = pytest.mark.heavy

PROCESSOR = "/CPU:0"
RANDOM = np.random.default_rng(0)
ROWS = (RANDOM.standard_normal((5_000, 128)) * 0.97 ** np.arange(128)).astype(ml_dtypes.bfloat16)
BIAS = RANDOM.standard_normal(5_000).astype(np.float32)
# More than a batch.
STATES = RANDOM.standard_normal((BATCH + 3, 128)).astype(np.float32)

# The second of two processors plays the card.
ON_A_DEVICE_OF_ITS_OWN = """
import numpy as np
import tensorflow as tf
from aiplayer.card_table import CardTable
from aiplayer.recommender.shortlist import OutputTable

processor = tf.config.list_physical_devices("CPU")[0]
tf.config.set_logical_device_configuration(processor, [tf.config.LogicalDeviceConfiguration()] * 2)
rows = np.random.default_rng(0).standard_normal((500, 64)).astype(np.float32)
table = CardTable(OutputTable.prepare(rows, np.zeros(500, np.float32), np.full(500, 9.0), shortlist=100), "/CPU:1")
table.shortlists(rows[:3])
print(*sorted(table.devices))
"""


@pytest.fixture(scope="module")
def table():
    return OutputTable.prepare(ROWS, BIAS, np.full(5_000, 9.0), shortlist=1_000)


@pytest.fixture(scope="module")
def card_table(table):
    return CardTable(table, PROCESSOR)


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """A recommender with more songs than a shortlist has, of two kinds of playlists, and the folder that it is in."""
    random = np.random.default_rng(1)
    songs, tags, titles, vectors = [], [], [], []
    for number in range(300):
        world = number % 2
        songs.append((1_000 * world + random.choice(1_000, size=30, replace=False)).tolist())
        tags.append([("jazz", "rock")[world]])
        titles.append([("quiet jazz", "loud rock")[world]])
        vectors.append(np.eye(2, 8, dtype=np.float32)[world] + random.normal(0, 0.02, 8).astype(np.float32))
    playlists = Playlists(range(len(songs)), songs, tags, titles, np.array(vectors))
    recipe = Recipe(hidden=16, epochs=2, fewest_steps=1, batch_size=32, learning_rate=1e-2)
    folder = tmp_path_factory.mktemp("recommender")
    train_recommender(playlists, {}, recipe, seed=3).save(folder)
    return folder


def test_shortlists_are_those_of_the_processor(table, card_table):
    expected = table.shortlists(STATES)
    found = card_table.shortlists(STATES)
    assert len(found) == len(STATES)
    for mine, theirs in zip(found, expected, strict=True):
        assert np.array_equal(np.sort(mine), np.sort(theirs))


def test_a_shortlist_is_the_same_alone_and_in_company(card_table):
    alone = [card_table.shortlists(state[np.newaxis])[0] for state in STATES]
    assert np.array_equal(card_table.shortlists(STATES), alone)


def test_logits_are_those_of_the_processor(table, card_table):
    columns = RANDOM.choice(5_000, size=700, replace=False)
    expected = table.logits(STATES[0], columns)
    assert card_table.logits(STATES[0], columns) == pytest.approx(expected, rel=1e-5, abs=1e-5)
    assert card_table.logits(STATES[0], columns[:0]).shape == (0,)


@pytest.mark.parametrize("count", [0, 20])
def test_of_a_small_table_everything_is_on_the_shortlist(count):
    few = CardTable(OutputTable.prepare(ROWS[:count], BIAS[:count], np.zeros(count), shortlist=1_000), PROCESSOR)
    assert few.shortlists(STATES)[2].tolist() == list(range(count))


def test_a_shortlist_is_shorter_where_few_columns_are_used():
    uses = np.where(np.arange(5_000) < 300, 9.0, 0.0)
    table = CardTable(OutputTable.prepare(ROWS, BIAS, uses, shortlist=1_000), PROCESSOR)
    assert sorted(table.shortlists(STATES)[0]) == list(range(300))


def test_a_recommender_answers_the_same_from_a_card_and_alone_as_in_a_batch(saved):
    on_processor, on_card = Recommender.load(saved), Recommender.load(saved)
    put_on_card(on_card, PROCESSOR)
    assert len(on_card.branches.autoencoder.songs) > on_card.branches.autoencoder.songs.shortlist
    random = np.random.default_rng(5)
    wishes = []
    for number in range(9):
        embedding = random.standard_normal(8).astype(np.float32)
        wishes.append(Request(embedding, title="quiet jazz", song_ids=list(range(number)), song_count=20))

    answers = on_card.recommend(wishes)
    assert answers == [on_card.recommend([wish])[0] for wish in wishes]
    for mine, theirs in zip(answers, on_processor.recommend(wishes), strict=True):
        assert [song.song_id for song in mine.new] == [song.song_id for song in theirs.new]
        assert [song.score for song in mine.new] == pytest.approx([song.score for song in theirs.new], rel=1e-3)
        assert mine.tags == theirs.tags


@pytest.mark.process
def test_the_table_lies_on_the_device_that_is_named():
    program = [sys.executable, "-c", ON_A_DEVICE_OF_ITS_OWN]
    ended = subprocess.run(program, cwd=PROJECT, capture_output=True, text=True, check=True)
    assert ended.stdout.split() == ["/job:localhost/replica:0/task:0/device:CPU:1"]
