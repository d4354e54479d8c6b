"""Scenes are painted once, and all kinds of them."""

from collections import Counter

import numpy as np
import pytest

from aiplayer.errors import InvalidInput
from aiplayer.thumbnails.painting import paint
from aiplayer.thumbnails.scene_words import ATTRIBUTES
from training.console import run_command
from training.diffusion import scenes
from training.diffusion.__main__ import main

pytestmark = pytest.mark.heavy


@pytest.fixture
def three_a_file(monkeypatch):
    monkeypatch.setattr(scenes, "SCENES_A_FILE", 3)


def test_every_choice_is_drawn_about_equally_often():
    drawn = [scenes.scene_of(number, seed=5) for number in range(1_000)]
    for attribute in ("place", "hour", "weather"):
        counts = Counter(getattr(scene, attribute) for scene in drawn)
        expected = 1_000 / len(ATTRIBUTES[attribute])
        assert all(0.7 * expected < counts[choice] < 1.3 * expected for choice in ATTRIBUTES[attribute])
    assert not any(scene.weather == "snow" and scene.season == "summer" for scene in drawn)


def test_a_number_has_the_same_scene_every_time():
    assert scenes.scene_of(7, seed=1) == scenes.scene_of(7, seed=1)
    assert [scenes.scene_of(n, seed=1) for n in range(9)] != [scenes.scene_of(n, seed=2) for n in range(9)]


def test_pictures_are_those_of_the_painter_and_painted_once(tmp_path, three_a_file):
    painted = scenes.render(tmp_path, 3, seed=1, workers=1)
    scene = scenes.scene_of(2, seed=1)
    assert painted.scenes[2] == scene
    assert (painted.picture(2) == paint(scene, 2, scenes.WIDTH_PX, scenes.HEIGHT_PX)).all()
    (file,) = tmp_path.iterdir()
    file.write_bytes(file.read_bytes()[:-3] + b"abc")
    reports = []
    again = scenes.render(tmp_path, 6, seed=1, workers=1, progress=lambda *done: reports.append(done))
    assert again.picture(2)[-1, -1].tolist() == list(b"abc")
    assert reports == [(6, 6)]
    assert len(again) == 6
    assert np.ptp(again.picture(5)) > 50


@pytest.mark.parametrize("count", [0, 50, 251])
def test_half_a_file_is_not_painted(tmp_path, count):
    with pytest.raises(InvalidInput, match=rf"{count} scenes were asked for. Ask for a multiple of 100"):
        scenes.render(tmp_path, count, seed=1)


def test_the_command_paints_and_says_where(tmp_path, monkeypatch, capsys, three_a_file):
    monkeypatch.setattr("sys.argv", ["diffusion", "render", "--count", "3", "--out", str(tmp_path / "painted")])
    main()
    assert f"✓ 3 scenes in {tmp_path / 'painted' / 'scenes'}" in capsys.readouterr().out
    monkeypatch.setattr("sys.argv", ["diffusion", "render", "--count", "4"])
    with pytest.raises(SystemExit, match=r"error: 4 scenes were asked for. Ask for a multiple of 3"):
        run_command(main)
