"""Whether a model paints what is asked for, and leaves out what is not wanted: pictures read by the classifier."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from rich.progress import Progress
from rich.table import Table

from aiplayer.errors import AIPlayerError
from aiplayer.settings import Settings
from aiplayer.thumbnails.models import PictureWish, ThumbnailModel, thumbnail_model
from aiplayer.thumbnails.painting import Scene
from aiplayer.thumbnails.scene_words import WEATHERS
from training.diffusion import classifier
from training.diffusion.captions import prompt_of
from training.diffusion.classifier import ATTRIBUTES_READ, Classifier, fit_classifier, labels_of
from training.diffusion.fit import usual_way
from training.diffusion.learning import Stage, load_or_train
from training.diffusion.scenes import PaintedScenes, scene_of

Paint = Callable[[Sequence[PictureWish]], Sequence[np.ndarray | AIPlayerError]]
Read = Callable[[Sequence[np.ndarray]], dict[str, np.ndarray]]
# Prompts that make a thing likely without naming it, to see whether a negative prompt then keeps it out.
TEMPTING = {"moon": {"hour": "night", "weather": "clear"}, "snow": {"season": "winter"}}
LEARNING = Stage(epochs=40, steps=100, batch=32, rate=2e-3)
# Scenes from this number on are not learned from.
FIRST_UNSEEN = 1_000_000
PICTURES_AT_ONCE = 4
PLACES_OUTSIDE = ("city", "sea", "mountain", "road", "fields", "lake")


@dataclass(frozen=True)
class Verdict:
    """What the classifier saw in a model's pictures.

    Attributes:
        accuracy: For each attribute that prompts named, the share of pictures that show it.
        shares_allowed: For each thing in TEMPTING, the share of pictures that show it without a negative prompt.
        shares_forbidden: For each thing in TEMPTING, the share of pictures that show it against a negative prompt.
    """

    accuracy: dict[str, float]
    shares_allowed: dict[str, float]
    shares_forbidden: dict[str, float]


def measure(
    painted_scenes: PaintedScenes,
    folder: Path,
    count: int,
    settings: Settings,
    progress: Progress,
    stage: Stage = LEARNING,
) -> dict[str, Verdict]:
    """The verdict on the scene painter, and on the model of the settings where that is another.

    Args:
        painted_scenes: The scenes that the classifier learns from.
        folder: Keeps the classifier.
        count: How many pictures of each kind each model paints.
        settings: The settings that name the model and the size of its pictures.
        progress: Shows how far the measurement is.
        stage: How long the classifier learns.
    """
    task = progress.add_task("learning to read", total=1)
    model = _trained_classifier(painted_scenes, folder, stage, settings.seed)
    read = partial(classifier.read, model)
    progress.advance(task)

    scenes = [scene_of(FIRST_UNSEEN + number, settings.seed) for number in range(count)]
    models = models_of(settings)
    task = progress.add_task("painting and reading", total=len(models))
    verdicts = {}
    for name, thumbnails in models.items():
        verdicts[name] = judge(thumbnails.paint, read, scenes, count)
        progress.advance(task)
    return verdicts


def _trained_classifier(painted_scenes: PaintedScenes, folder: Path, stage: Stage, seed: int) -> Classifier:
    steps = stage.epochs * stage.steps
    file = folder / f"classifier-{len(painted_scenes)}-{steps}.weights.h5"
    jit_compile = usual_way().jit_compile
    return load_or_train(file, Classifier, lambda: fit_classifier(painted_scenes, stage, seed, jit_compile))


def models_of(settings: Settings) -> dict[str, ThumbnailModel]:
    """The scene painter, and the model of the settings where that is another, by their names."""
    painter_settings = settings.model_copy(update={"diffusion_weights": ""})
    models = [thumbnail_model(painter_settings)]
    if settings.diffusion_weights:
        models.append(thumbnail_model(settings))
    return {model.facts["model"]: model for model in models}


def report(verdicts: dict[str, Verdict]) -> Table:
    """A table of the verdicts, with a column for each model."""
    table = Table("share of pictures", *verdicts, box=None)
    for name in ATTRIBUTES_READ:
        accuracies = [f"{verdict.accuracy[name]:.1%}" for verdict in verdicts.values()]
        table.add_row(f"{name} as asked", *accuracies)

    for thing in TEMPTING:
        changes = []
        for verdict in verdicts.values():
            changes.append(f"{verdict.shares_allowed[thing]:.1%} → {verdict.shares_forbidden[thing]:.1%}")
        table.add_row(f'{thing}, → "{thing}" not wanted', *changes)
    return table


def judge(paint: Paint, read: Read, scenes: Sequence[Scene], count: int, seed: int = 0) -> Verdict:
    """Let a model paint, and read its pictures.

    Args:
        paint: Wishes -> uint8 [height, width, 3] each, or why a wish cannot be painted.
        read: Pictures -> choices, as `training.diffusion.classifier.read` returns them.
        scenes: The model is asked for each of them by a prompt that names its place, hour, weather and season.
        count: How many pictures to paint of each thing in TEMPTING, allowed and forbidden.
        seed: The seed of the first picture.

    Raises:
        AIPlayerError: a wish cannot be painted.
    """
    wishes = []
    for number, scene in enumerate(scenes):
        prompt = prompt_of({name: getattr(scene, name) for name in ATTRIBUTES_READ})
        wishes.append(PictureWish(prompt=prompt, negative_prompt="", seed=seed + number))

    choices = _paint_and_read(paint, read, wishes)
    labels = labels_of(scenes)
    accuracy = {name: float((choices[name] == labels[name]).mean()) for name in ATTRIBUTES_READ}

    shares_allowed = {thing: _share(paint, read, thing, "", count, seed) for thing in TEMPTING}
    shares_forbidden = {thing: _share(paint, read, thing, thing, count, seed) for thing in TEMPTING}
    return Verdict(accuracy, shares_allowed, shares_forbidden)


def painted(paint: Paint, wishes: Sequence[PictureWish]) -> list[np.ndarray]:
    """The pictures of wishes that can all be painted.

    Args:
        paint: Wishes -> uint8 [height, width, 3] each, or why a wish cannot be painted.
        wishes: The wishes.

    Raises:
        AIPlayerError: one of them cannot be painted.
    """
    pictures = []
    for picture in paint(wishes):
        if isinstance(picture, AIPlayerError):
            raise picture
        pictures.append(picture)
    return pictures


def _share(paint: Paint, read: Read, thing: str, negative_prompt: str, count: int, seed: int) -> float:
    """The share of pictures that show a thing, of `count` that tempt the model to paint it."""
    wishes = []
    for number in range(count):
        place = PLACES_OUTSIDE[number % len(PLACES_OUTSIDE)]
        prompt = prompt_of({"place": place} | TEMPTING[thing])
        wishes.append(PictureWish(prompt=prompt, negative_prompt=negative_prompt, seed=seed + number))

    choices = _paint_and_read(paint, read, wishes)
    is_shown = choices["moon"] == 1 if thing == "moon" else choices["weather"] == WEATHERS.index("snow")
    return float(is_shown.mean())


def _paint_and_read(paint: Paint, read: Read, wishes: Sequence[PictureWish]) -> dict[str, np.ndarray]:
    """The choices that are read in pictures, which are painted a few at a time because they are large."""
    parts = []
    for start in range(0, len(wishes), PICTURES_AT_ONCE):
        parts.append(read(painted(paint, wishes[start : start + PICTURES_AT_ONCE])))
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
