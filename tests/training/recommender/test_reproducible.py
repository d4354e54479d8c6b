"""Equal seeds give equal models, byte for byte, also in processes of other threads and other hashes."""

import os
import subprocess
import sys

import pytest

from aiplayer.settings import PROJECT

pytestmark = pytest.mark.process

TRAIN = """
import sys
from pathlib import Path
import numpy as np
from training.publish.store import digest_of_bytes
from training.recommender.autoencoder import Recipe
from training.recommender.playlists import Playlists
from training.recommender.train import train_recommender

folder = Path(sys.argv[1])
random = np.random.default_rng(0)
songs = [random.choice(400, 30, replace=False).tolist() for _ in range(300)]
tags = [[f"tag {number % 7}"] for number in range(300)]
titles = [[f"title {number % 40} of tag {number % 7}"] for number in range(300)]
embeddings = random.standard_normal((300, 64)).astype(np.float32)
artists = {song: [f"singer {song % 50}"] for song in range(400)}
recipe = Recipe(hidden=64, epochs=3, fewest_steps=40, batch_size=32)

for seed in sys.argv[2:]:
    playlists = Playlists(range(len(songs)), songs, tags, titles, embeddings)
    (folder / seed).mkdir(parents=True)
    train_recommender(playlists, artists, recipe, int(seed)).save(folder / seed)
    print(digest_of_bytes(folder / seed))
"""


def start_training(folder: os.PathLike, *seeds: int, threads: int) -> subprocess.Popen:
    """A process that trains with one seed after another, and prints the digests of the models' bytes."""
    environment = os.environ | {"PYTHONHASHSEED": str(threads), "TF_CPP_MIN_LOG_LEVEL": "3"}
    environment |= {"OMP_NUM_THREADS": str(threads), "OPENBLAS_NUM_THREADS": str(threads)}
    command = [sys.executable, "-c", TRAIN, str(folder), *map(str, seeds)]
    return subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=subprocess.PIPE, text=True)


def test_training_twice_gives_the_same_bytes_and_another_seed_others(tmp_path):
    # Side by side, so that they disturb each other's threads.
    trainings = [
        start_training(tmp_path / "first", 1, 2, threads=1),
        start_training(tmp_path / "second", 1, threads=2),
    ]
    (first, other), (second,) = (training.communicate(timeout=300)[0].split() for training in trainings)
    assert [training.returncode for training in trainings] == [0, 0]
    assert first == second != other
