"""Each baseline on hand-made playlists, against its formula written out in plain Python."""

import json
import subprocess
import sys
from math import isclose

import numpy as np
import polars as pl
import pytest

from aiplayer.settings import PROJECT
from tests.support.arena import run_arena, write_playlists
from training.arena.answers import answer, best
from training.arena.baselines import NearestTitles, Neighbours, Popularity
from training.arena.corpus import Corpus, Question
from training.dataset.frames import PLAYLIST_COLUMNS

PLAYLISTS = [
    ("비 오는 날 재즈", [1, 2, 3], ["재즈", "비"]),
    ("비 오는 밤", [2, 3, 4], ["비"]),
    ("여름 드라이브", [5, 6], ["여름"]),
    ("", [6, 2], []),
]


@pytest.fixture
def corpus():
    rows = [(n, title, tags, songs, 0, None) for n, (title, songs, tags) in enumerate(PLAYLISTS)]
    return Corpus(pl.DataFrame(rows, schema=PLAYLIST_COLUMNS, orient="row"))


def test_the_corpus_is_a_matrix_of_playlists_by_items(corpus):
    assert (corpus.song_ids, corpus.tags) == ([1, 2, 3, 4, 5, 6], ["비", "여름", "재즈"])
    assert corpus.songs.toarray()[1].tolist() == [0, 1, 1, 1, 0, 0]
    assert corpus.song_counts.tolist() == [1, 3, 2, 1, 1, 2]
    assert corpus.tag_counts.tolist() == [2, 1, 1]
    assert corpus.song_columns([6, 99, 1]).tolist() == [5, 0]


def test_popularity_answers_everybody_alike(corpus):
    made = answer(corpus, Popularity(corpus), Question(7, "x", [2], ["비"]))
    assert made == {"id": 7, "songs": [3, 6, 1, 4, 5], "tags": ["여름", "재즈"]}


def test_neighbours_score_as_their_formula_says(corpus):
    question = Question(0, "", [2, 4], ["비"])
    items = [{*songs, *tags} for _, songs, tags in PLAYLISTS]
    counts = {item: sum(item in v for v in items) for v in items for item in v}
    asked = {2, 4, "비"}

    def q(v):
        w = (len(asked & v) * (0.1 + len(v)) ** -0.3) ** 0.99
        return w * sum((0.1 + counts[i]) ** -0.9 for i in asked & v)

    songs, tags = Neighbours(corpus).score(question)
    for names, scores in ((corpus.song_ids, songs), (corpus.tags, tags)):
        for name, score in zip(names, scores, strict=True):
            expected = (0.1 + counts[name]) ** -0.1 * sum(q(v) for v in items if name in v and asked & v)
            assert isclose(score, expected, abs_tol=1e-12), name


def test_without_items_neighbours_go_by_the_title(corpus):
    question = Question(0, "비 오는 새벽", [], [])
    by_title = NearestTitles(corpus).score(question)
    for mine, theirs in zip(Neighbours(corpus).score(question), by_title, strict=True):
        assert (mine == theirs).all()
    songs, tags = by_title
    rainy, summery = songs[corpus.song_columns([1, 2, 3, 4])], songs[corpus.song_columns([5, 6])]
    assert rainy.min() > summery.max()
    assert corpus.tags[int(tags.argmax())] == "비"


@pytest.mark.parametrize("wanted", [1, 3, 8, 50])
def test_the_best_are_those_of_a_full_sort(wanted):
    random = np.random.default_rng(0)
    for _ in range(50):
        scores, counts = random.integers(0, 4, 40).astype(float), random.integers(0, 3, 40).astype(float)
        excluded = random.choice(40, 6, replace=False)
        rank = sorted(set(range(40)) - set(excluded), key=lambda c: (-scores[c], -counts[c], c))
        assert best(scores, counts, excluded, wanted).tolist() == rank[:wanted]


def test_fit_and_answer_write_the_arenas_format(tmp_path):
    train = write_playlists(tmp_path / "train.json", PLAYLISTS)
    asked = write_playlists(tmp_path / "questions.json", [("비", [2], []), ("", [], ["비"])])
    model, results = tmp_path / "model", tmp_path / "results.json"
    assert run_arena("fit", "--train", train, "--model", model, "--method", "neighbours").returncode == 0
    ended = run_arena("answer", "--model", model, "--questions", asked, "--results", results)
    assert (ended.returncode, ended.stderr) == (0, "")
    first, second = json.loads(results.read_text())
    assert (first["id"], sorted(first["songs"]), second["tags"]) == (0, [1, 3, 4, 5, 6], ["재즈", "여름"])
    missing = run_arena("answer", "--model", tmp_path / "none", "--questions", asked, "--results", results)
    assert missing.returncode == 1
    assert missing.stderr.startswith("error: ")
    assert missing.stderr.count("\n") == 1


@pytest.mark.process
def test_the_command_is_a_module(tmp_path):
    train = write_playlists(tmp_path / "train.json", PLAYLISTS)
    model = tmp_path / "model"
    command = [sys.executable, "-m", "training.arena", "fit", "--method", "popularity"]
    ended = subprocess.run([*command, "--train", train, "--model", model], cwd=PROJECT, capture_output=True, text=True)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout == f"✓ popularity in {model}\n"
