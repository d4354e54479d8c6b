"""Scenes to learn from, painted by the scene painter."""

import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import cv2
import numpy as np

from aiplayer.errors import InvalidInput
from aiplayer.files import whole_file
from aiplayer.thumbnails.painting import Scene, paint, read_scene
from aiplayer.thumbnails.scene_words import ATTRIBUTES, ELEMENTS, HINTS, phrase_of

WIDTH_PX = 288
HEIGHT_PX = 160
SCENES_A_FILE = 100
# How often a scene holds an element that it would not have by itself.
ADDED_ELEMENT_SHARE = 0.3
# Snow falls in the winter, now and then in the spring or autumn, and never in the summer.
SEASONS_OF_SNOW = {"winter": 0.8, "spring": 0.1, "autumn": 0.1, "summer": 0.0}


def scene_of(number: int, seed: int) -> Scene:
    """The scene of a number: every place, hour, weather and season equally often, the rest as it goes with them.

    Args:
        number: The number of the scene, 0 or more.
        seed: The seed of all scenes.
    """
    random = np.random.default_rng([seed, number])
    choices = {name: str(random.choice(ATTRIBUTES[name])) for name in ("place", "hour", "weather", "season")}
    if choices["weather"] == "snow":
        season = random.choice(list(SEASONS_OF_SNOW), p=list(SEASONS_OF_SNOW.values()))
        choices["season"] = str(season)

    phrases = [phrase_of(name, choices[name]) for name in ("place", "hour", "weather")]
    phrases.append(choices["season"])
    if random.random() < ADDED_ELEMENT_SHARE:
        elements = random.permutation(suitable_elements(choices))
        phrases.extend(elements[:1])
    return read_scene(", ".join(phrases), seed=number)


def suitable_elements(choices: Mapping[str, str]) -> list[str]:
    """The elements that a scene may hold.

    Args:
        choices: The scene's choice of each attribute.
    """
    suitable = []
    for element in ELEMENTS:
        hints = HINTS.get(("elements", element), {})
        if all(choices[attribute] in allowed for attribute, allowed in hints.items()):
            suitable.append(element)
    return suitable


@dataclass(frozen=True)
class PaintedScenes:
    """Scenes with their pictures.

    Attributes:
        pictures: Arrays of RGB pictures, each uint8 [SCENES_A_FILE, HEIGHT_PX, WIDTH_PX, 3], read from files as needed.
        scenes: The scene of each picture.
    """

    pictures: list[np.ndarray]
    scenes: list[Scene]

    def __len__(self) -> int:
        return len(self.scenes)

    def picture(self, number: int) -> np.ndarray:
        """The picture of a scene, uint8 [HEIGHT_PX, WIDTH_PX, 3]."""
        file, place = divmod(number, SCENES_A_FILE)
        return self.pictures[file][place]


def render(
    folder: Path,
    count: int,
    seed: int,
    workers: int | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> PaintedScenes:
    """Paint the first `count` scenes, SCENES_A_FILE to a file; files that are there already are not painted again.

    Args:
        folder: The folder of the files.
        count: How many scenes, a multiple of SCENES_A_FILE.
        seed: The seed of all scenes.
        workers: How many processes paint; None for one on each core.
        progress: Called after each file with the scenes that are painted by then, and with `count`.

    Raises:
        InvalidInput: `count` is no multiple of SCENES_A_FILE.
    """
    if count < SCENES_A_FILE or count % SCENES_A_FILE:
        raise InvalidInput(f"{count} scenes were asked for. Ask for a multiple of {SCENES_A_FILE}.", field="count")
    folder.mkdir(parents=True, exist_ok=True)

    files = []
    missing = {}
    for first in range(0, count, SCENES_A_FILE):
        file = folder / f"scenes-{seed}-{first:06}.npy"
        files.append(file)
        if not file.exists():
            missing[file] = range(first, first + SCENES_A_FILE)

    def report(files_done: int) -> None:
        files_to_do = len(missing) - files_done
        progress(count - files_to_do * SCENES_A_FILE, count)

    _paint_files(missing, seed, workers or os.cpu_count(), report)
    pictures = [np.load(file, mmap_mode="r") for file in files]
    scenes = [scene_of(number, seed) for number in range(count)]
    return PaintedScenes(pictures, scenes)


def _paint_files(
    numbers_by_file: Mapping[Path, Sequence[int]], seed: int, workers: int | None, report: Callable[[int], None]
) -> None:
    """Paint files in several processes, and report the count of those that are finished after each."""
    # A forked process would copy locks that other threads hold, such as a progress bar's, and wait for them forever.
    with ProcessPoolExecutor(workers, get_context("spawn")) as painters:
        tasks = [painters.submit(_paint_file, file, numbers, seed) for file, numbers in numbers_by_file.items()]
        for files_done, _ in enumerate(as_completed(tasks), 1):
            report(files_done)

        # The error of a painter is raised here.
        for task in tasks:
            task.result()


def _paint_file(file: Path, numbers: Sequence[int], seed: int) -> None:
    cv2.setNumThreads(1)
    pictures = []
    for number in numbers:
        scene = scene_of(number, seed)
        pictures.append(paint(scene, number, WIDTH_PX, HEIGHT_PX))

    with whole_file(file) as draft:
        np.save(draft, np.stack(pictures))
