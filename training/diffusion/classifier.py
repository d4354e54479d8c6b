"""Reads a scene from a picture: an independent judge of what models paint, trained on the painter's own pictures."""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import cv2
import keras
import numpy as np

from aiplayer.thumbnails.brushwork import paint_strokes
from aiplayer.thumbnails.painting import Scene
from aiplayer.thumbnails.painting.scene_words import ATTRIBUTES
from training.diffusion.learning import Batches, Stage, learn
from training.diffusion.scenes import Painted

WIDTH_PX, HEIGHT_PX = 128, 72
READ = ("place", "hour", "weather", "season")
CHANNELS = (32, 64, 128, 256)
# Half of the pictures are shrunk by up to this, and enlarged again.
SOFTEST = 3.0
# One of so many scenes is learned from in brush strokes too, drawn at a size at which they are fine enough.
STROKED, STROKES_PX = 6, (640, 360)


class Classifier(keras.Model):
    """Small pictures to logits of every choice; its loss is the sum of the cross entropies."""

    def __init__(self):
        super().__init__(name="classifier", dtype="float32")
        picture = keras.Input((HEIGHT_PX, WIDTH_PX, 3), name="picture")
        x = keras.layers.Rescaling(1 / 127.5, offset=-1)(picture)
        # No normalisation: how bright a picture is tells the hour.
        options = {"padding": "same", "activation": "silu", "kernel_initializer": "he_normal"}
        for channels in CHANNELS:
            x = keras.layers.Conv2D(channels, 3, strides=2, **options)(x)
            x = keras.layers.Conv2D(channels, 3, **options)(x)
        # What counts is here and there in a picture: rain everywhere, a moon in one place.
        x = keras.layers.Concatenate()([keras.layers.GlobalAveragePooling2D()(x), keras.layers.GlobalMaxPooling2D()(x)])
        logits = {name: keras.layers.Dense(len(ATTRIBUTES[name]), name=name)(x) for name in READ}
        logits["moon"] = keras.layers.Dense(2, name="moon")(x)
        self.network = keras.Model(picture, logits)
        self.built = True

    def call(self, pictures):
        """uint8 [batch, HEIGHT_PX, WIDTH_PX, 3] -> float32 [batch, choices] of each of READ, and of no moon or one."""
        return self.network(pictures)

    def compute_loss(self, x=None, y=None, y_pred=None, *_, **__):
        """A number; `y` are int32 [batch] of each."""
        return sum(
            keras.ops.mean(keras.losses.sparse_categorical_crossentropy(y[name], y_pred[name], from_logits=True))
            for name in y
        )


class SceneBatches(Batches):
    """Small pictures, half of them mirrored and half of them softened, with what they show.

    A model's pictures are less sharp than painted ones, or in brush strokes, which says nothing of hour or season.

    Args:
        pictures: uint8 [scenes, HEIGHT_PX, WIDTH_PX, 3].
        scenes: What they show.
        stage: How many, of how much.
        seed: Of what is drawn.
    """

    def __init__(self, pictures: np.ndarray, scenes: Sequence[Scene], stage: Stage, seed: int):
        super().__init__(stage, seed)
        self._pictures, self._shown = pictures, shown(scenes)

    def draw(self, batch: int, random: np.random.Generator) -> tuple[np.ndarray, dict[str, np.ndarray]]:
        """uint8 [batch, HEIGHT_PX, WIDTH_PX, 3], and int32 [batch] of each choice."""
        scenes = random.integers(len(self._pictures), size=batch)
        pictures = self._pictures[scenes]
        mirrored = random.random(batch) < 0.5
        pictures[mirrored] = pictures[mirrored, :, ::-1]
        for number in np.flatnonzero(random.random(batch) < 0.5):
            pictures[number] = softened(pictures[number], random.uniform(1, SOFTEST))
        return pictures, {name: choices[scenes] for name, choices in self._shown.items()}


def fit_classifier(painted: Painted, stage: Stage, seed: int, jit_compile: bool = True) -> Classifier:
    """Learn to read the painted scenes."""
    keras.utils.set_random_seed(seed)
    model = Classifier()
    pictures = [small(painted.picture(number)) for number in range(len(painted))]
    # Strokes are drawn outside the interpreter's lock.
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        pictures += pool.map(lambda number: _in_strokes(painted, number), range(0, len(painted), STROKED))
    scenes = [*painted.scenes, *painted.scenes[::STROKED]]
    learn(model, SceneBatches(np.stack(pictures), scenes, stage, seed), stage, (), jit_compile)
    return model


def small(picture: np.ndarray) -> np.ndarray:
    """uint8 [height, width, 3] -> uint8 [HEIGHT_PX, WIDTH_PX, 3]."""
    return cv2.resize(picture, (WIDTH_PX, HEIGHT_PX), interpolation=cv2.INTER_AREA)


def _in_strokes(painted: Painted, number: int) -> np.ndarray:
    return small(paint_strokes(painted.picture(number), *STROKES_PX, seed=number))


def softened(picture: np.ndarray, factor: float) -> np.ndarray:
    """The picture without what is finer than `factor` pixels, uint8 of the same shape."""
    height, width = picture.shape[:2]
    shrunk = cv2.resize(picture, (round(width / factor), round(height / factor)), interpolation=cv2.INTER_AREA)
    return cv2.resize(shrunk, (width, height), interpolation=cv2.INTER_LINEAR)


def read(model: Classifier, pictures: Sequence[np.ndarray]) -> dict[str, np.ndarray]:
    """int [pictures] of each of READ (its place among ATTRIBUTES), and whether there is a "moon" (1) or not (0).

    Args:
        model: A fitted one.
        pictures: uint8 [height, width, 3] each.
    """
    logits = model.network(np.stack([small(picture) for picture in pictures]))
    return {name: keras.ops.convert_to_numpy(found).argmax(axis=1) for name, found in logits.items()}


def shown(scenes: Sequence[Scene]) -> dict[str, np.ndarray]:
    """What scenes show, as `read` says it."""
    choices = {name: [ATTRIBUTES[name].index(getattr(scene, name)) for scene in scenes] for name in READ}
    choices["moon"] = ["moon" in scene.elements for scene in scenes]
    return {name: np.array(found, np.int32) for name, found in choices.items()}
