"""The classifier reads what pictures show, and the judge asks for what it then looks for."""

import io

import numpy as np
import pytest
from rich.console import Console
from rich.progress import Progress

from aiplayer.settings import Settings
from aiplayer.thumbnails.painting import Scene, read_scene
from aiplayer.thumbnails.scene_words import ATTRIBUTES
from tests.support.tensorflow import plain_graphs
from training.diffusion import classifier, judging
from training.diffusion.classifier import ATTRIBUTES_READ, fit_classifier, labels_of, read, soften
from training.diffusion.judging import Verdict, judge, measure, report
from training.diffusion.learning import Stage
from training.diffusion.scenes import PaintedScenes, scene_of

pytestmark = pytest.mark.heavy

SCENES = [scene_of(number, seed=3) for number in range(40)]


def stripes(scene: Scene) -> np.ndarray:
    """A picture that shows hour and moon alone: by its brightness, and by a white spot of a corner."""
    picture = np.full((72, 128, 3), 40 * ATTRIBUTES["hour"].index(scene.hour) + 20, np.uint8)
    picture[:24, :24] = 255 if "moon" in scene.elements else picture[0, 0]
    return picture


def test_the_classifier_reads_what_pictures_show(monkeypatch):
    # Stripes and a spot are read by a network a quarter as wide, in a quarter of the time.
    monkeypatch.setattr(classifier, "CHANNELS", (8, 16, 32, 64))
    scenes = [
        Scene("sea", hour, "clear", "summer", "warm", frozenset(elements))
        for hour in ATTRIBUTES["hour"]
        for elements in ((), ("moon",))
    ] * 5
    pictures = [stripes(scene) for scene in scenes]
    painted_scenes = PaintedScenes([np.stack(pictures)], scenes)
    with plain_graphs():
        model = fit_classifier(painted_scenes, Stage(4, 40, 16, 2e-3), seed=1, jit_compile=False)
        choices = read(model, pictures)
    labels = labels_of(scenes)
    assert choices.keys() == {*ATTRIBUTES_READ, "moon"}
    for name in choices:
        assert (choices[name] == labels[name]).mean() > 0.95


def test_a_softened_picture_keeps_its_shades_and_loses_what_is_fine():
    picture = np.zeros((72, 128, 3), np.uint8)
    picture[:, 64:] = 200
    picture[::2, :64:2] = picture[1::2, 1:64:2] = 100
    soft = soften(picture, 2.0).astype(int)
    assert soft.shape == picture.shape
    assert np.abs(soft[:, :60] - 50).max() <= 1
    assert (soft[:, 68:] == 200).all()


def reading(pictures: list[Scene]) -> dict[str, np.ndarray]:
    return labels_of(pictures)


def test_a_model_that_paints_as_asked_is_right():
    def paint(wishes):
        return [read_scene(wish.prompt, wish.negative_prompt, wish.seed) for wish in wishes]

    verdict = judge(paint, reading, SCENES, count=30)
    assert verdict.accuracy == dict.fromkeys(ATTRIBUTES_READ, 1.0)
    assert verdict.shares_allowed["moon"] > 0.4
    assert verdict.shares_allowed["snow"] > 0.2
    assert verdict.shares_forbidden == {"moon": 0.0, "snow": 0.0}


def test_a_model_that_hears_nothing_is_wrong():
    all_wishes = []

    def paint(wishes):
        all_wishes.extend(wishes)
        return [Scene("room", "night", "snow", "winter", "warm", frozenset({"moon"}))] * len(wishes)

    verdict = judge(paint, reading, SCENES, count=6)
    assert 0 < verdict.accuracy["place"] < 0.3
    assert verdict.shares_allowed == verdict.shares_forbidden == {"moon": 1.0, "snow": 1.0}
    assert len(all_wishes) == 40 + 4 * 6
    assert [wish.negative_prompt for wish in all_wishes[-6:]] == ["snow"] * 6


def test_the_painter_is_measured_by_a_classifier_that_is_kept(tmp_path, monkeypatch):
    painted_scenes = PaintedScenes([np.stack([stripes(scene) for scene in SCENES])], SCENES)
    settings = Settings(thumbnail_width_px=128, thumbnail_height_px=72)
    stage = Stage(1, 1, 2, 1e-3)
    with Progress(disable=True) as progress:
        first = measure(painted_scenes, tmp_path, 2, settings, progress, stage)
        monkeypatch.setattr(judging, "fit_classifier", lambda *_: pytest.fail("learned again"))
        assert measure(painted_scenes, tmp_path, 2, settings, progress, stage) == first
    assert list(first) == ["scene-painter-1"]


def test_the_report_has_a_column_for_each_model():
    verdict = Verdict(dict.fromkeys(ATTRIBUTES_READ, 0.9), {"moon": 0.6, "snow": 0.5}, {"moon": 0.1, "snow": 0.05})
    console = Console(width=100, record=True, quiet=False, file=io.StringIO())
    console.print(report({"painter": verdict, "model": verdict}))
    lines = console.export_text().splitlines()
    assert lines[0].split() == ["share", "of", "pictures", "painter", "model"]
    assert lines[-1].split() == ["snow,", "→", '"snow"', "not", "wanted", *["50.0%", "→", "5.0%"] * 2]
