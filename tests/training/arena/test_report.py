"""The command `score` on playlists for which every printed figure is known."""

import json
import shutil
from math import log

import pytest

from tests.support.arena import run_arena, write_playlists

ROCK, JAZZ = list(range(1, 121)), [121, 122, 123, 124]
BAND_COUNT = 10
JAZZ_QUESTIONS = 4


@pytest.fixture
def dev(tmp_path):
    """Four questions about jazz and one about rock, asked by a song and by the title."""
    songs, titles = tmp_path / "dev" / "song_only", tmp_path / "dev" / "title_only"
    for folder in (songs, titles):
        folder.mkdir(parents=True)
    write_playlists(songs / "questions.json", [("", [121], [])] * JAZZ_QUESTIONS + [("", [1], [])])
    write_playlists(songs / "answers.json", [("", JAZZ[1:], ["재즈"])] * JAZZ_QUESTIONS + [("", [2, 3, 4], [])])
    write_playlists(titles / "questions.json", [("재즈", [], [])] * JAZZ_QUESTIONS + [("rock", [], [])])
    write_playlists(titles / "answers.json", [("", JAZZ, [])] * JAZZ_QUESTIONS + [("", [1, 2, 3, 4], [])])
    return tmp_path / "dev"


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    """Two baselines that know three playlists of rock and two of jazz; rock is what popularity answers with."""
    place = tmp_path_factory.mktemp("models")
    train = write_playlists(place / "train.json", [("rock", ROCK, ["rock"])] * 3 + [("재즈", JAZZ, ["재즈"])] * 2)
    folders = [place / method for method in ("neighbours", "popularity")]
    for folder in folders:
        assert run_arena("fit", "--train", train, "--method", folder.name, "--model", folder).returncode == 0
    return folders


def test_score_prints_what_each_model_reached_and_how_certain_the_gains_are(tmp_path, dev, models):
    singers = [{"id": n, "song_name": "x", "artist_name_basket": [f"band {n % BAND_COUNT}"]} for n in ROCK]
    singers += [{"id": n, "song_name": "x", "artist_name_basket": ["trio"]} for n in JAZZ]
    (tmp_path / "songs.json").write_text(json.dumps(singers))
    ended = run_arena(
        "score", "--dev", dev, "--songs", tmp_path / "songs.json", "--model", models[0], "--against", models[1]
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    # Popularity finds no jazz song among its hundred, and jazz second among the tags. Of five questions drawn from four
    # gains of 1 and one of 0, 95% of the means lie between 0.4 and 1.
    second = log(2) / log(3)
    gain = "+0.8000 [+0.4000, +1.0000] *"
    tag_gain = f"{1 - second:+.4f} [{1 - second:+.4f}, {1 - second:+.4f}] *"
    total = [0.85 * share + 0.15 * (1 - second) for share in (0.8, 0.4, 1.0)]
    # By song 1 to 101 and 122 to 124; by title 1 to 100 and 121 to 124; of popularity 1 to 101, and 1 to 100.
    expected = [
        ("", "neighbours", "popularity", "neighbours − popularity"),
        ("song_only, 5 asked",),
        ("  song nDCG@100", "1.0000", "0.2000", gain),
        ("  tag nDCG@10", "1.0000", f"{second:.4f}", tag_gain),
        ("  song recall@100", "1.0000", "0.2000"),
        ("  catalogue coverage", f"{10400 / 124:.2f}%", f"{10100 / 124:.2f}%"),
        ("  artists in 20 songs", f"{(4 * 11 + 10) / 5:.1f}", "10.0"),
        ("title_only, 5 asked",),
        ("  song nDCG@100", "1.0000", "0.2000", gain),
        ("  tag nDCG@10", "—", "—", "—"),
        ("  song recall@100", "1.0000", "0.2000"),
        ("  catalogue coverage", f"{10400 / 124:.2f}%", f"{10000 / 124:.2f}%"),
        ("  artists in 20 songs", f"{(4 * 11 + 10) / 5:.1f}", "10.0"),
        ("mix of the cases",),
        ("  song nDCG@100", "1.0000", "0.2000", gain),
        ("  tag nDCG@10", "1.0000", f"{second:.4f}", tag_gain),
        (
            "  total",
            "1.0000",
            f"{0.85 * 0.2 + 0.15 * second:.4f}",
            f"{total[0]:+.4f} [{total[1]:+.4f}, {total[2]:+.4f}] *",
        ),
        ("mix: 84% song_only, 16% title_only",),
        ("total: 0.85 song + 0.15 tag",),
        ("[from, to]: 95% of 10,000 paired resamples of the playlists, the same in all cases; * excludes zero",),
    ]
    for line, cells in zip(ended.stdout.splitlines(), expected, strict=True):
        name, *figures = cells
        assert line.startswith(name), line
        assert " ".join(line.split()) == " ".join(" ".join([name, *figures]).split())


def test_score_of_one_model_compares_nothing_and_names_no_artists_that_it_does_not_know(dev, models):
    ended = run_arena("score", "--dev", dev, "--model", models[0])
    assert (ended.returncode, ended.stderr) == (0, "")
    lines = [line.split() for line in ended.stdout.splitlines()]
    assert lines[0] == ["neighbours"]
    assert lines[-4:] == [
        ["tag", "nDCG@10", "1.0000"],
        ["total", "1.0000"],
        ["mix:", "84%", "song_only,", "16%", "title_only"],
        ["total:", "0.85", "song", "+", "0.15", "tag"],
    ]
    assert "artists" not in ended.stdout


def test_models_of_one_name_are_told_apart_by_their_paths(tmp_path, dev, models):
    model, other = str(models[0]), str(shutil.copytree(models[1], tmp_path / "neighbours"))
    ended = run_arena("score", "--dev", dev, "--model", model, "--against", other)
    assert ended.stdout.splitlines()[0].split() == [model, other, model, "−", other]


def test_what_cannot_be_scored_is_one_line(tmp_path, dev, models):
    model = models[0]
    for arguments, message in (
        (("--dev", tmp_path / "no", "--model", model), f"There is no folder {tmp_path / 'no'}. Give the arena's"),
        (("--dev", dev, "--model", tmp_path), f"{tmp_path} holds no model. Make one with"),
        (("--dev", dev, "--model", model, "--against", model), f"{model} is given twice. Give --model and --against"),
        (("--dev", dev, "--model", model, "--songs", tmp_path / "no"), f"There is no file {tmp_path / 'no'}."),
    ):
        ended = run_arena("score", *arguments)
        assert (ended.returncode, ended.stdout) == (1, "")
        assert ended.stderr.startswith(f"error: {message}")
        assert ended.stderr.count("\n") == 1
