"""Whether a model paints what is asked for, and leaves out what is not wanted: pictures read by the classifier."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from rich.progress import Progress
from rich.table import Table

from aiplayer.settings import Settings
from aiplayer.thumbnails.models import PictureWish, ThumbnailModel, thumbnail_model
from aiplayer.thumbnails.painting import Scene
from aiplayer.thumbnails.painting.scene_words import WEATHERS
from training.diffusion import classifier
from training.diffusion.captions import prompt_of
from training.diffusion.classifier import READ, fit_classifier, shown
from training.diffusion.fit import usual_way
from training.diffusion.learning import Stage, kept
from training.diffusion.scenes import Painted, scene_of

Paint = Callable[[Sequence[PictureWish]], Sequence[np.ndarray]]
Read = Callable[[Sequence[np.ndarray]], dict[str, np.ndarray]]
# A scene that holds what a negative prompt then forbids, as far as its prompt says.
TEMPTING = {"moon": {"hour": "night", "weather": "clear"}, "snow": {"season": "winter"}}
LEARNING = Stage(epochs=40, steps=100, batch=32, rate=2e-3)
# Scenes that nobody learns from.
UNSEEN = 1_000_000
AT_ONCE = 4
PLACES_OUTSIDE = ("city", "sea", "mountain", "road", "fields", "lake")


@dataclass(frozen=True)
class Verdict:
    """What the classifier saw.

    Attributes:
        right: Of each attribute that prompts named, the share of pictures that show it.
        with_it: Of each thing in TEMPTING, the share of pictures that show it.
        without_it: The same with the thing in the negative prompt.
    """

    right: dict[str, float]
    with_it: dict[str, float]
    without_it: dict[str, float]


def measure(
    painted: Painted, folder: Path, count: int, settings: Settings, progress: Progress, stage: Stage = LEARNING
) -> dict[str, Verdict]:
    """The verdict on the scene painter, and on the model of the settings where that is another.

    Args:
        painted: Scenes that the classifier learns from.
        folder: Keeps the classifier.
        count: Pictures of each kind that each model paints.
        settings: Name the model; its pictures have their size.
        progress: Shows how far it is.
        stage: How long the classifier learns.
    """
    file = folder / f"classifier-{len(painted)}-{stage.epochs * stage.steps}.weights.h5"
    task = progress.add_task("learning to read", total=1)
    model = kept(
        file, classifier.Classifier, lambda: fit_classifier(painted, stage, settings.seed, usual_way().jit_compile)
    )
    progress.advance(task)
    scenes = [scene_of(UNSEEN + number, settings.seed) for number in range(count)]
    models = models_of(settings)
    task = progress.add_task("painting and reading", total=len(models))
    verdicts = {}
    for name, painting in models.items():
        verdicts[name] = judge(painting.paint, partial(classifier.read, model), scenes, count)
        progress.advance(task)
    return verdicts


def models_of(settings: Settings) -> dict[str, ThumbnailModel]:
    """By their names: the scene painter, and the model of the settings where that is another."""
    painter = thumbnail_model(settings.model_copy(update={"diffusion_weights": ""}))
    models = [painter, thumbnail_model(settings)] if settings.diffusion_weights else [painter]
    return {model.facts["model"]: model for model in models}


def report(verdicts: dict[str, Verdict]) -> Table:
    """What was seen, a column each model."""
    table = Table("share of pictures", *verdicts, box=None)
    for name in READ:
        table.add_row(f"{name} as asked", *(f"{verdict.right[name]:.1%}" for verdict in verdicts.values()))
    for thing in TEMPTING:
        shares = (f"{v.with_it[thing]:.1%} → {v.without_it[thing]:.1%}" for v in verdicts.values())
        table.add_row(f'{thing}, → "{thing}" not wanted', *shares)
    return table


def judge(paint: Paint, read: Read, scenes: Sequence[Scene], count: int, seed: int = 0) -> Verdict:
    """Let a model paint, and read its pictures.

    Args:
        paint: Wishes -> uint8 [height, width, 3] each.
        read: Pictures -> choices, as `training.diffusion.classifier.read` gives them.
        scenes: Each is asked for by a prompt that names its place, hour, weather and season.
        count: Pictures for each half of each thing in TEMPTING.
        seed: Of the first picture.
    """
    wishes = [
        PictureWish(prompt=prompt_of({name: getattr(scene, name) for name in READ}), negative_prompt="", seed=seed + n)
        for n, scene in enumerate(scenes)
    ]
    seen, wanted = _seen(paint, read, wishes), shown(scenes)
    right = {name: float((seen[name] == wanted[name]).mean()) for name in READ}
    with_it, without_it = (
        {thing: _share(paint, read, thing, negative, count, seed) for thing, negative in pairs}
        for pairs in ([(thing, "") for thing in TEMPTING], [(thing, thing) for thing in TEMPTING])
    )
    return Verdict(right, with_it, without_it)


def _share(paint: Paint, read: Read, thing: str, negative: str, count: int, seed: int) -> float:
    places = [PLACES_OUTSIDE[number % len(PLACES_OUTSIDE)] for number in range(count)]
    wishes = [
        PictureWish(prompt=prompt_of({"place": place} | TEMPTING[thing]), negative_prompt=negative, seed=seed + number)
        for number, place in enumerate(places)
    ]
    seen = _seen(paint, read, wishes)
    shows = seen["moon"] == 1 if thing == "moon" else seen["weather"] == WEATHERS.index("snow")
    return float(shows.mean())


def _seen(paint: Paint, read: Read, wishes: Sequence[PictureWish]) -> dict[str, np.ndarray]:
    """What is read, a few pictures at a time: they are large."""
    found = [read(paint(wishes[start : start + AT_ONCE])) for start in range(0, len(wishes), AT_ONCE)]
    return {name: np.concatenate([part[name] for part in found]) for name in found[0]}
