"""Each baseline on hand-made playlists, against its formula written out in plain Python."""

import json
import subprocess
import sys
from math import isclose

import numpy as np
import polars as pl
import pytest

from aiplayer.settings import PROJECT
from training.arena.answers import answer, best
from training.arena.baselines import NearestTitles, Neighbours, Popularity
from training.arena.corpus import Corpus, Question
from training.arena.metrics import ndcg
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


def write(path, rows):
    keys = ("plylst_title", "songs", "tags")
    records = [dict(zip(keys, row, strict=True)) | {"id": n, "like_cnt": 0} for n, row in enumerate(rows)]
    path.write_text(json.dumps(records))
    return path


def arena(*arguments):
    command = [sys.executable, "-m", "training.arena", *map(str, arguments)]
    return subprocess.run(command, cwd=PROJECT, capture_output=True, text=True)


def test_fit_and_answer_write_the_arenas_format(tmp_path):
    train = write(tmp_path / "train.json", PLAYLISTS)
    asked = write(tmp_path / "questions.json", [("비", [2], []), ("", [], ["비"])])
    model, results = tmp_path / "model", tmp_path / "results.json"
    assert arena("fit", "--train", train, "--model", model, "--method", "neighbours").returncode == 0
    ended = arena("answer", "--model", model, "--questions", asked, "--results", results)
    assert (ended.returncode, ended.stderr) == (0, "")
    first, second = json.loads(results.read_text())
    assert (first["id"], sorted(first["songs"]), second["tags"]) == (0, [1, 3, 4, 5, 6], ["재즈", "여름"])
    missing = arena("answer", "--model", tmp_path / "none", "--questions", asked, "--results", results)
    assert missing.returncode == 1
    assert missing.stderr.startswith("error: ")
    assert missing.stderr.count("\n") == 1


def test_the_products_recommender_answers_by_default(tmp_path):
    random = np.random.default_rng(0)
    worlds = (("재즈 카페", range(200), "재즈"), ("loud rock", range(200, 400), "rock"))
    rows = []
    for number in range(120):
        title, songs, tag = worlds[number % 2]
        kinds = [f"{tag}{kind}" for kind in range(8)]
        rows.append((title, random.choice(songs, 30, replace=False).tolist(), [tag, *random.choice(kinds, 3)]))
    songs = tmp_path / "songs.json"
    artists = [{"id": n, "song_name": f"song {n}", "artist_name_basket": [f"singer {n // 10}"]} for n in range(400)]
    songs.write_text(json.dumps(artists))
    train = write(tmp_path / "train.json", rows)
    asked = write(tmp_path / "questions.json", [("비 오는 재즈", [], []), ("", [201, 205, 209, 233], ["rock"])])
    model, results = tmp_path / "model", tmp_path / "results.json"
    ended = arena("fit", "--train", train, "--songs", songs, "--model", model)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert not list(model.glob("unfinished-*"))
    ended = arena("answer", "--model", model, "--questions", asked, "--results", results)
    assert (ended.returncode, ended.stderr) == (0, "")
    answers = json.loads(results.read_text())
    for answered, (_, songs, tag) in zip(answers, worlds, strict=True):
        assert len(set(answered["songs"])) == 100
        assert sum(song in songs for song in answered["songs"]) >= 95
        assert len(set(answered["tags"])) == 10
        assert sum(found.startswith(tag) for found in answered["tags"]) >= 7
    assert set(answered["songs"]).isdisjoint({201, 205, 209, 233})
    assert "rock" not in answered["tags"]
    case = tmp_path / "dev" / "tag_title"
    case.mkdir(parents=True)
    asked.rename(case / "questions.json")
    hidden = set(range(50)), set(range(250, 400))
    write(case / "answers.json", [("", sorted(songs), []) for songs in hidden])
    ended = arena("score", "--dev", tmp_path / "dev", "--model", model)
    assert (ended.returncode, ended.stderr) == (0, "")
    reached = np.mean([ndcg(songs, answered["songs"]) for songs, answered in zip(hidden, answers, strict=True)])
    given = {song for answered in answers for song in answered["songs"]}
    learnt = {song for _, songs, _ in rows for song in songs}
    printed = " ".join(ended.stdout.split())
    assert f"song nDCG@100 {reached:.4f}" in printed
    assert f"catalogue coverage {len(given) / len(learnt):.2%}" in printed
