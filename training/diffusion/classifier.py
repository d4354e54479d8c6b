"""Reads a scene from a picture: an independent judge of what models paint, trained on the painter's own pictures."""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import cv2
import keras
import numpy as np
import tensorflow as tf

from aiplayer.thumbnails.brushwork import paint_strokes
from aiplayer.thumbnails.painting import Scene
from aiplayer.thumbnails.scene_words import ATTRIBUTES
from training.diffusion.learning import Batches, Stage, learn
from training.diffusion.scenes import PaintedScenes

WIDTH_PX = 128
HEIGHT_PX = 72
# The attributes that the classifier reads; it also reads whether there is a moon.
ATTRIBUTES_READ = ("place", "hour", "weather", "season")
CHANNELS = (32, 64, 128, 256)
MIRRORED_SHARE = 0.5
# Some pictures are shrunk by up to this factor, and enlarged again.
SOFTENED_SHARE = 0.5
MOST_SOFTENING = 3.0
# One of so many scenes is learned from in brush strokes too, drawn at a size at which they are fine enough.
SCENES_A_STROKED = 6
STROKES_WIDTH_PX = 640
STROKES_HEIGHT_PX = 360


class Classifier(keras.Model):
    """Small pictures to logits of every choice; its loss is the sum of the cross entropies."""

    def __init__(self) -> None:
        super().__init__(name="classifier", dtype="float32")
        picture = keras.Input((HEIGHT_PX, WIDTH_PX, 3), name="picture")
        features = keras.layers.Rescaling(1 / 127.5, offset=-1)(picture)

        # No normalization: how bright a picture is tells the hour.
        options = {"padding": "same", "activation": "silu", "kernel_initializer": "he_normal"}
        for channels in CHANNELS:
            features = keras.layers.Conv2D(channels, 3, strides=2, **options)(features)
            features = keras.layers.Conv2D(channels, 3, **options)(features)

        # Rain is everywhere in a picture, a moon in one place: the mean shows the one, the maximum the other.
        mean = keras.layers.GlobalAveragePooling2D()(features)
        maximum = keras.layers.GlobalMaxPooling2D()(features)
        pooled = keras.layers.Concatenate()([mean, maximum])

        logits = {}
        for name in ATTRIBUTES_READ:
            logits[name] = keras.layers.Dense(len(ATTRIBUTES[name]), name=name)(pooled)
        logits["moon"] = keras.layers.Dense(2, name="moon")(pooled)
        self.network = keras.Model(picture, logits)
        self.built = True

    def call(self, pictures: tf.Tensor) -> dict[str, tf.Tensor]:
        """The logits of pictures.

        Args:
            pictures: uint8 [batch, HEIGHT_PX, WIDTH_PX, 3].

        Returns:
            float32 [batch, choices] of each of ATTRIBUTES_READ, and float32 [batch, 2] of no "moon" or one.
        """
        return self.network(pictures)

    def compute_loss(
        self,
        x: object,
        y: dict[str, tf.Tensor],
        y_pred: dict[str, tf.Tensor],
        sample_weight: object = None,
        training: bool = True,
    ) -> tf.Tensor:
        """The sum of the mean cross entropies, a float32 scalar.

        Args:
            x: Not used.
            y: The true choices, int32 [batch] of each attribute.
            y_pred: The logits that `call` returns.
            sample_weight: Not used.
            training: Not used.
        """
        losses = []
        for name, choices in y.items():
            entropies = keras.losses.sparse_categorical_crossentropy(choices, y_pred[name], from_logits=True)
            losses.append(keras.ops.mean(entropies))
        return sum(losses)


class SceneBatches(Batches):
    """Small pictures, half of them mirrored and half of them softened, with what they show.

    A model's pictures are less sharp than painted ones, or in brush strokes, which says nothing of hour or season.

    Args:
        pictures: uint8 [scenes, HEIGHT_PX, WIDTH_PX, 3].
        scenes: The scene of each picture.
        stage: How many batches an epoch has, and how many pictures a batch.
        seed: The seed of everything that is drawn.
    """

    def __init__(self, pictures: np.ndarray, scenes: Sequence[Scene], stage: Stage, seed: int) -> None:
        super().__init__(stage, seed)
        self._pictures = pictures
        self._labels = labels_of(scenes)

    def draw(self, batch: int, random: np.random.Generator) -> tuple[np.ndarray, dict[str, np.ndarray]]:
        """Pictures and their labels.

        Args:
            batch: How many pictures to draw.
            random: The generator to draw with.

        Returns:
            uint8 [batch, HEIGHT_PX, WIDTH_PX, 3], and int32 [batch] of each label.
        """
        scenes = random.integers(len(self._pictures), size=batch)
        pictures = self._pictures[scenes]

        is_mirrored = random.random(batch) < MIRRORED_SHARE
        pictures[is_mirrored] = pictures[is_mirrored, :, ::-1]

        is_softened = random.random(batch) < SOFTENED_SHARE
        for number in np.flatnonzero(is_softened):
            factor = random.uniform(1, MOST_SOFTENING)
            pictures[number] = soften(pictures[number], factor)

        labels = {name: choices[scenes] for name, choices in self._labels.items()}
        return pictures, labels


def fit_classifier(painted_scenes: PaintedScenes, stage: Stage, seed: int, jit_compile: bool = True) -> Classifier:
    """Train a classifier to read the painted scenes.

    Args:
        painted_scenes: The scenes to learn from.
        stage: How long the classifier learns.
        seed: The seed of its weights and of everything that is drawn.
        jit_compile: Whether XLA compiles a step.
    """
    keras.utils.set_random_seed(seed)
    model = Classifier()
    count = len(painted_scenes)
    pictures = [shrink(painted_scenes.picture(number)) for number in range(count)]

    # Strokes are painted outside the interpreter's lock, so threads work side by side.
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        stroked = pool.map(lambda number: _in_strokes(painted_scenes, number), range(0, count, SCENES_A_STROKED))
        pictures.extend(stroked)
    scenes = [*painted_scenes.scenes, *painted_scenes.scenes[::SCENES_A_STROKED]]

    batches = SceneBatches(np.stack(pictures), scenes, stage, seed)
    learn(model, batches, stage, (), jit_compile)
    return model


def shrink(picture: np.ndarray) -> np.ndarray:
    """uint8 [height, width, 3] -> uint8 [HEIGHT_PX, WIDTH_PX, 3]."""
    return cv2.resize(picture, (WIDTH_PX, HEIGHT_PX), interpolation=cv2.INTER_AREA)


def _in_strokes(painted_scenes: PaintedScenes, number: int) -> np.ndarray:
    """The picture of a scene in brush strokes, uint8 [HEIGHT_PX, WIDTH_PX, 3]."""
    picture = painted_scenes.picture(number)
    return shrink(paint_strokes(picture, STROKES_WIDTH_PX, STROKES_HEIGHT_PX, seed=number))


def soften(picture: np.ndarray, factor: float) -> np.ndarray:
    """The picture without details that are finer than `factor` pixels, uint8 of the same shape."""
    height, width = picture.shape[:2]
    smaller_size = (round(width / factor), round(height / factor))
    smaller = cv2.resize(picture, smaller_size, interpolation=cv2.INTER_AREA)
    return cv2.resize(smaller, (width, height), interpolation=cv2.INTER_LINEAR)


def read(model: Classifier, pictures: Sequence[np.ndarray]) -> dict[str, np.ndarray]:
    """What pictures show, as the classifier reads it.

    Args:
        model: A trained classifier.
        pictures: uint8 [height, width, 3] each.

    Returns:
        int [pictures] of each of ATTRIBUTES_READ, the choice's place in ATTRIBUTES, and of "moon", 1 for a moon or 0.
    """
    small_pictures = np.stack([shrink(picture) for picture in pictures])
    logits = model.network(small_pictures)
    return {name: keras.ops.convert_to_numpy(scores).argmax(axis=1) for name, scores in logits.items()}


def labels_of(scenes: Sequence[Scene]) -> dict[str, np.ndarray]:
    """What scenes show, int32 [scenes] of each label that `read` returns, with the same meaning."""
    labels = {}
    for name in ATTRIBUTES_READ:
        choices = [ATTRIBUTES[name].index(getattr(scene, name)) for scene in scenes]
        labels[name] = np.array(choices, np.int32)

    has_moon = ["moon" in scene.elements for scene in scenes]
    labels["moon"] = np.array(has_moon, np.int32)
    return labels
