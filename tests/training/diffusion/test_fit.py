"""A tiny model learns from two kinds of pictures what its prompts mean."""

import re
from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pytest
from rich.progress import Progress

from aiplayer.errors import InvalidInput, ModelMissing
from aiplayer.thumbnails.diffusion.latent_diffusion import Wish
from aiplayer.thumbnails.diffusion.samplers import Sampler
from aiplayer.thumbnails.diffusion.sizes import PatchSizes, PhraseSizes, Sizes, UNetSizes
from aiplayer.thumbnails.diffusion.small import SmallDiffusion, load_encoder, load_small, save_small
from aiplayer.thumbnails.diffusion.tuning import Way
from aiplayer.thumbnails.painting import Scene
from tests.support.tensorflow import plain_graphs, step_by_step
from training.diffusion import dataset, fit
from training.diffusion.fit import LOSSES_FILE, MODEL_FILE
from training.diffusion.learning import Stage, learn
from training.diffusion.scenes import PaintedScenes

pytestmark = pytest.mark.heavy

PLAINLY = Way("float32", jit_compile=False)
TINY = Sizes(
    PhraseSizes(embedding=4, width=32, tokens=2),
    UNetSizes(latent_channels=4, channels=(32,), attends=(False,), blocks=1, heads=2, context_width=32),
    PatchSizes(latent_channels=4, pixels=2),
)
WORDS = {"night": [1, 0, 0, 0], "day": [0, 1, 0, 0]}
SHADES = {"night": 40, "day": 210}
SHORT = Stage(4, 40, 8, 8e-3)
KILLED_AT = 1


class Killed(Exception):
    pass


def encode(phrases: list[str]) -> np.ndarray:
    return np.array([WORDS[phrase] for phrase in phrases], np.float32)


def painted_scenes() -> PaintedScenes:
    """Dark nights and bright days, each with a lighter ground."""
    scenes = [Scene("sea", hour, "clear", "summer", "warm") for hour in ("night", "day")] * 25
    pictures = np.stack([np.full((16, 32, 3), SHADES[scene.hour], np.uint8) for scene in scenes])
    pictures[:, 8:] += 20
    return PaintedScenes([pictures], scenes)


class Watch(keras.callbacks.Callback):
    """Notes every epoch, and ends a run when it first comes to KILLED_AT."""

    def __init__(self, began: list[int]):
        super().__init__()
        self.began = began

    def on_epoch_begin(self, epoch, logs=None):
        self.began.append(epoch)
        if epoch == KILLED_AT and self.began.count(epoch) == 1:
            raise Killed


def fit_tiny(folder: Path, course: Stage) -> Path:
    """The file of a tiny model that learns from scratch."""
    with pytest.MonkeyPatch.context() as patch, Progress(disable=True) as progress:
        patch.setattr(dataset, "caption", lambda scene, random: scene.hour if random.random() < 0.5 else "")
        patch.setattr(dataset, "unwanted_word", lambda scene, random: "day" if scene.hour == "night" else "night")
        return fit.fit(painted_scenes(), folder, encode, progress, sizes=TINY, course=course, way=PLAINLY)


@pytest.fixture(scope="module")
def trained(tmp_path_factory) -> Path:
    with plain_graphs():
        return fit_tiny(tmp_path_factory.mktemp("diffusion"), SHORT)


def test_a_killed_run_goes_on_where_it_was_and_ends_the_same(monkeypatch, tmp_path):
    course = replace(SHORT, epochs=2, steps=2, batch=2)
    began = []

    def watched(model, batches, stage, callbacks, jit_compile):
        learn(model, batches, stage, [*callbacks, Watch(began)], jit_compile)

    with step_by_step():
        whole = fit_tiny(tmp_path / "whole", course)
        monkeypatch.setattr(fit, "learn", watched)
        with pytest.raises(Killed):
            fit_tiny(tmp_path / "killed", course)
        assert not (tmp_path / "killed" / MODEL_FILE).exists()
        resumed = fit_tiny(tmp_path / "killed", course)

    assert began == [0, KILLED_AT, KILLED_AT]
    assert resumed.name == MODEL_FILE
    losses = [file.with_name(LOSSES_FILE).read_text() for file in (whole, resumed)]
    assert losses[0] == losses[1]
    assert [line.split(",")[0] for line in losses[0].splitlines()] == ["1", "2"]
    assert resumed.read_bytes() == whole.read_bytes()


def test_pictures_are_what_the_prompt_says(trained):
    model = SmallDiffusion(encode, load_small(trained, TINY))
    wishes = [Wish(hour, seed=seed, guidance=2.0) for hour in WORDS for seed in range(3)]
    wishes += [Wish("", hour, seed=seed, guidance=1.0) for hour in WORDS for seed in range(3)]
    size = {"width_px": 32, "height_px": 16, "sampler": Sampler.DPM_SOLVER, "steps": 10}
    shades = model.paint(wishes, **size).mean(axis=(1, 2, 3)).reshape(4, 3)
    night, day, not_night, not_day = shades.mean(axis=1)
    assert day - night > 60
    # Guidance of 1 forgets the negative prompt, so this is what the prompt itself says of what is not wanted.
    assert not_night - not_day > 60
    assert shades.std(axis=1).max() < 5


def test_a_model_goes_on_learning_with_the_encoder_it_has(trained, tmp_path):
    """So little more is learned that it still paints what it painted, from scenes that would make another encoder."""
    others = painted_scenes()
    others.pictures[0][:] = 255 - others.pictures[0]
    with pytest.MonkeyPatch.context() as patch, Progress(disable=True) as progress:
        patch.setattr(dataset, "caption", lambda scene, random: scene.hour)
        patch.setattr(dataset, "UNWANTED_SHARE", 0)
        a_little = replace(SHORT, epochs=1, steps=1, rate=1e-9)
        with step_by_step():
            file = fit.fit(others, tmp_path, encode, progress, start=trained, sizes=TINY, course=a_little, way=PLAINLY)
    for before, after in zip(load_encoder(trained), load_encoder(file), strict=True):
        np.testing.assert_array_equal(before, after)
    before = load_small(trained, TINY)
    after = load_small(file, TINY)
    for name in ("text_encoder", "unet"):
        for old, new in zip(getattr(before, name).weights, getattr(after, name).weights, strict=True):
            np.testing.assert_allclose(old, new, atol=1e-3)


@pytest.mark.parametrize(
    ("epochs", "starts", "message"),
    [
        (0, False, "The number of epochs is 0. Use 1 or more."),
        (1, True, "denoiser.weights.h5 has been learned. Use another folder, or move it away."),
    ],
)
def test_what_cannot_be_learned_is_refused(trained, epochs, starts, message):
    course = replace(SHORT, epochs=epochs)
    options = {"start": trained if starts else None, "sizes": TINY, "course": course, "way": PLAINLY}
    with pytest.raises(InvalidInput, match=re.escape(message)), Progress(disable=True) as progress:
        fit.fit(painted_scenes(), trained.parent, encode, progress, **options)


def test_a_model_without_an_encoder_cannot_go_on(trained, tmp_path):
    bare = tmp_path / "bare.safetensors"
    save_small(load_small(trained, TINY), bare)
    with pytest.raises(ModelMissing, match=r"bare\.safetensors hold no encoder\. Train anew or give another file\."):
        load_encoder(bare)
