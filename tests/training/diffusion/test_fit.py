"""A tiny model learns from two kinds of pictures what its prompts mean."""

import keras
import numpy as np
import pytest
from rich.progress import Progress

from aiplayer.diffusion.latent_diffusion import Wish
from aiplayer.diffusion.samplers import Sampler
from aiplayer.diffusion.sizes import DecoderSizes, PhraseSizes, Sizes, UNetSizes
from aiplayer.diffusion.small import SmallDiffusion, load_small
from aiplayer.diffusion.tuning import Way
from aiplayer.painting import Scene
from training.diffusion import dataset, fit
from training.diffusion.components import fit_components
from training.diffusion.dataset import CAPTIONS_A_SCENE, Captions
from training.diffusion.fit import LOSSES_FILE, MODEL_FILE, Course
from training.diffusion.learning import Stage, learn
from training.diffusion.reworking import rework
from training.diffusion.scenes import Painted

PLAINLY = Way("float32", jit_compile=False)
TINY = Sizes(
    PhraseSizes(embedding=4, width=32, tokens=2),
    UNetSizes(latent_channels=4, channels=(32, 32), attends=(False, True), blocks=1, heads=2, context_width=32),
    DecoderSizes(latent_channels=4, channels=(32,), blocks=1, scaling=1.0, patch=2, shortcut=True),
)
WORDS = {"night": [1, 0, 0, 0], "day": [0, 1, 0, 0]}
SHADES = {"night": 40, "day": 210}
SHORT = Course(Stage(4, 120, 16, 3e-3), Stage(2, 5, 8, 1e-3), Stage(1, 3, 4, 1e-4))
KILLED_AT = [("denoiser", 2), ("restorer", 1)]


class Killed(Exception):
    pass


def encode(phrases: list[str]) -> np.ndarray:
    return np.array([WORDS[phrase] for phrase in phrases], np.float32)


def painted() -> Painted:
    """Dark nights and bright days, each with a lighter ground."""
    scenes = [Scene("sea", hour, "clear", "summer", "warm") for hour in ("night", "day")] * 25
    pictures = np.stack([np.full((16, 32, 3), SHADES[scene.hour], np.uint8) for scene in scenes])
    pictures[:, 8:] += 20
    return Painted([pictures], scenes)


class Watch(keras.callbacks.Callback):
    """Notes every epoch, and ends a run at those of KILLED_AT when it first comes there."""

    def __init__(self, began: list):
        super().__init__()
        self.began = began

    def on_epoch_begin(self, epoch, logs=None):
        self.began.append((self.model.name, epoch))
        if self.began[-1] in KILLED_AT and self.began.count(self.began[-1]) == 1:
            raise Killed


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """The file that a run wrote which was killed in KILLED_AT and begun again, and the epochs that it began."""
    folder, began = tmp_path_factory.mktemp("diffusion"), []

    def watched(model, batches, stage, callbacks, jit_compile):
        learn(model, batches, stage, [*callbacks, Watch(began)], jit_compile)

    with pytest.MonkeyPatch.context() as patch, Progress(disable=True) as progress:
        patch.setattr(dataset, "caption", lambda scene, random: scene.hour)
        patch.setattr(fit, "learn", watched)
        options = {"sizes": TINY, "course": SHORT, "way": PLAINLY}
        for _ in KILLED_AT:
            with pytest.raises(Killed):
                fit.fit(painted(), folder, encode, progress, **options)
            assert not (folder / MODEL_FILE).exists()
        patch.setattr(fit, "rework", lambda *_: pytest.fail("made again"))
        return fit.fit(painted(), folder, encode, progress, **options), began


def test_a_killed_run_goes_on_where_it_was(trained):
    file, began = trained
    stages = {"denoiser": SHORT.denoiser, "restorer": SHORT.restoration, "sharpener": SHORT.sharpening}
    whole = [(name, epoch) for name, stage in stages.items() for epoch in range(stage.epochs)]
    for again in KILLED_AT:
        began.remove(again)
    assert began == whole
    assert file.name == MODEL_FILE
    losses = [line.split(",") for line in (file.parent / LOSSES_FILE).read_text().splitlines()]
    assert [(name, int(epoch) - 1) for name, epoch, _ in losses] == whole


def test_pictures_are_what_the_prompt_says(trained):
    model = SmallDiffusion(encode, load_small(trained[0], TINY))
    wishes = [Wish(hour, seed=seed, guidance=2.0) for hour in WORDS for seed in range(3)]
    size = {"width_px": 32, "height_px": 16, "sampler": Sampler.DPM_SOLVER, "steps": 10}
    shades = np.array([picture.pixels.mean() for picture in model.paint(wishes, **size)]).reshape(2, 3)
    night, day = shades.mean(axis=1)
    assert day - night > 60
    assert shades.std(axis=1).max() < 5


def test_latents_made_again_are_of_the_same_pictures(trained):
    networks, pictures = load_small(trained[0], TINY), painted().pictures
    components = fit_components(pictures, TINY.decoder.pixels, TINY.decoder.latent_channels)
    latents = components.latents(pictures[0])
    rows = np.zeros((len(latents), CAPTIONS_A_SCENE, TINY.text.tokens), np.int32)
    unsaid = Captions(np.zeros((1, TINY.text.embedding), np.float16), rows)
    again = rework(networks, latents, unsaid)
    night, day = latents[:2]
    assert again.dtype == np.float16
    assert 0 < np.abs(again - latents).mean() < 0.2 * np.abs(night - day).mean()
    assert (again == rework(networks, latents, unsaid)).all()
