"""The product in the arena: two worlds of songs, fitted once, asked by every command."""

import json
import re

import numpy as np
import pytest

from tests.support.arena import run_arena, write_playlists
from training.arena import product
from training.ndcg import ndcg
from training.recommender.autoencoder import Recipe

pytestmark = pytest.mark.heavy

WORLDS = (("재즈 카페", range(200), "재즈"), ("loud rock", range(200, 400), "rock"))
ASKED = [("비 오는 재즈", [], []), ("", [201, 205, 209, 233], ["rock"])]
HIDDEN = set(range(50)), set(range(250, 400))


@pytest.fixture(scope="module")
def songs(tmp_path_factory):
    """Who sings the songs."""
    path = tmp_path_factory.mktemp("songs") / "songs.json"
    artists = [{"id": n, "song_name": f"song {n}", "artist_name_basket": [f"singer {n // 10}"]} for n in range(400)]
    path.write_text(json.dumps(artists))
    return path


@pytest.fixture(scope="module")
def playlists():
    random = np.random.default_rng(0)
    rows = []
    for number in range(120):
        title, songs, tag = WORLDS[number % 2]
        kinds = [f"{tag}{kind}" for kind in range(8)]
        rows.append((title, random.choice(songs, 30, replace=False).tolist(), [tag, *random.choice(kinds, 3)]))
    return rows


@pytest.fixture(scope="module")
def model(tmp_path_factory, songs, playlists):
    place = tmp_path_factory.mktemp("product")
    train = write_playlists(place / "train.json", playlists)
    with pytest.MonkeyPatch.context() as patch:
        # Two worlds are learned sooner than a catalogue.
        patch.setattr(product, "Recipe", lambda: Recipe(fewest_steps=150, warm_up_steps=30))
        ended = run_arena("fit", "--train", train, "--songs", songs, "--model", place / "model")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert not list((place / "model").glob("unfinished-*"))
    return place / "model"


@pytest.fixture
def dev(tmp_path):
    case = tmp_path / "dev" / "tag_title"
    case.mkdir(parents=True)
    write_playlists(case / "questions.json", ASKED)
    write_playlists(case / "answers.json", [("", sorted(hidden), []) for hidden in HIDDEN])
    return tmp_path / "dev"


def answers(model, dev, results):
    ended = run_arena(
        "answer", "--model", model, "--questions", dev / "tag_title" / "questions.json", "--results", results
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    return json.loads(results.read_text())


def test_answers_are_songs_and_tags_of_what_was_asked(model, dev, tmp_path):
    found = answers(model, dev, tmp_path / "results.json")
    for answered, (_, songs, tag) in zip(found, WORLDS, strict=True):
        assert len(set(answered["songs"])) == 100
        assert sum(song in songs for song in answered["songs"]) >= 95
        assert len(set(answered["tags"])) == 10
        assert sum(named.startswith(tag) for named in answered["tags"]) >= 7
    assert set(found[1]["songs"]).isdisjoint(ASKED[1][1])
    assert "rock" not in found[1]["tags"]


def test_score_tells_what_the_answers_reach(model, dev, tmp_path, playlists):
    found = answers(model, dev, tmp_path / "results.json")
    ended = run_arena("score", "--dev", dev, "--model", model)
    assert (ended.returncode, ended.stderr) == (0, "")
    reached = np.mean([ndcg(hidden, answered["songs"], 100) for hidden, answered in zip(HIDDEN, found, strict=True)])
    given = {song for answered in found for song in answered["songs"]}
    learned = {song for _, songs, _ in playlists for song in songs}
    printed = " ".join(ended.stdout.split())
    assert f"song nDCG@100 {reached:.4f}" in printed
    assert f"catalogue coverage {len(given) / len(learned):.2%}" in printed


def test_score_tells_what_a_part_is_worth(model, dev):
    seeds = [[1, 5, 9, 33], [201, 205, 209, 233]]
    write_playlists(dev / "tag_title" / "questions.json", [("", songs, []) for songs in seeds])
    hidden = [sorted({*world} - {*songs}) for (_, world, _), songs in zip(WORLDS, seeds, strict=True)]
    write_playlists(dev / "tag_title" / "answers.json", [("", songs, []) for songs in hidden])
    ended = run_arena("score", "--dev", dev, "--model", model, "--without", "input-songs", "named")
    assert (ended.returncode, ended.stderr) == (0, "")
    line = re.search(r"song nDCG@100 .+", ended.stdout)[0]
    whole, blind, unnamed = map(float, re.findall(r" (\d\.\d{4})(?= )", line + " "))
    # Who sees no song cannot tell jazz from rock.
    assert whole > blind + 0.2
    # These questions have no titles, which could name something.
    assert unnamed == whole


def test_speed_tells_time_and_memory(model, tmp_path):
    asked = write_playlists(tmp_path / "questions.json", ASKED * 16)

    def is_faster_together() -> bool:
        ended = run_arena("speed", "--model", model, "--questions", asked)
        assert (ended.returncode, ended.stderr) == (0, "")
        assert re.search(r"^400 songs and 18 tags, 1 arithmetic thread", ended.stdout)
        figures = r"alone +([\d.]+) ms .*?(\d+) requests a second\n32 together +(\d+) requests.*\nmemory +([\d,]+) MiB"
        median_ms, alone, together, memory_mib = re.search(figures, ended.stdout).groups()
        assert 0.1 < float(median_ms) * float(alone) / 1_000 < 2
        assert float(memory_mib.replace(",", "")) > 40
        return float(together) > float(alone)

    # What else the machine computes meanwhile may slow one of the two measurements down.
    assert any(is_faster_together() for _ in range(5))


def test_only_the_product_has_parts_and_speed(tmp_path, dev, playlists):
    train, model = write_playlists(tmp_path / "train.json", playlists), tmp_path / "model"
    assert run_arena("fit", "--train", train, "--method", "popularity", "--model", model).returncode == 0
    for arguments in (
        ("score", "--dev", dev, "--without", "named"),
        ("speed", "--questions", dev / "tag_title" / "questions.json"),
    ):
        ended = run_arena(*arguments, "--model", model)
        assert ended.returncode == 1
        assert ended.stderr == f"error: {model} holds the method popularity. Give a model of the method autoencoder.\n"


def test_speed_needs_a_batch_of_questions(model, dev):
    ended = run_arena("speed", "--model", model, "--questions", dev / "tag_title" / "questions.json")
    assert (ended.returncode, "holds 2 questions. Give 32 or more." in ended.stderr) == (1, True)


def test_the_search_finds_playlists_of_the_world_that_a_title_names(model, playlists, tmp_path):
    train = write_playlists(tmp_path / "train.json", playlists)
    case = tmp_path / "dev" / "title_only"
    case.mkdir(parents=True)
    write_playlists(case / "questions.json", [("카페에서 재즈", [], []), ("rock, loud", [], [])])
    write_playlists(case / "answers.json", [("", playlists[world][1], [playlists[world][2][0]]) for world in (0, 1)])

    ended = run_arena("search", "--model", model, "--train", train, "--dev", tmp_path / "dev")
    assert (ended.returncode, ended.stderr) == (0, "")
    scores = dict(re.findall(r"^(\w[\w ]*\w) +(0\.\d+)$", ended.stdout, re.MULTILINE))
    assert set(scores) == {"search", "nearest embeddings"}
    assert float(scores["search"]) > 0.4


def test_the_search_says_what_it_lacks(model, dev, tmp_path):
    ended = run_arena("search", "--model", model, "--train", tmp_path / "none.json", "--dev", dev)
    assert ended.returncode == 1
    assert "has no case title_only" in ended.stderr
