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
from aiplayer.thumbnails.painting import Scene, paint, read_scene
from aiplayer.thumbnails.painting.scene_words import ATTRIBUTES, ELEMENTS, HINTS, PHRASES

WIDTH_PX, HEIGHT_PX = 288, 160
A_FILE = 100
# How often a scene holds an element that it would not have by itself.
ADDED = 0.3
# Snow falls in the winter, now and then in the spring or autumn, and never in the summer.
SNOWY = {"winter": 0.8, "spring": 0.1, "autumn": 0.1, "summer": 0.0}


def scene_of(number: int, seed: int) -> Scene:
    """The scene of a number: every place, hour, weather and season equally often, the rest as it goes with them.

    Args:
        number: Of the scene, 0 or more.
        seed: Of all scenes.
    """
    random = np.random.default_rng([seed, number])
    drawn = {name: str(random.choice(ATTRIBUTES[name])) for name in ("place", "hour", "weather", "season")}
    if drawn["weather"] == "snow":
        drawn["season"] = str(random.choice(list(SNOWY), p=list(SNOWY.values())))
    said = [PHRASES[name][drawn[name]] for name in ("place", "hour", "weather")]
    added = suiting(drawn) if random.random() < ADDED else []
    return read_scene(", ".join([*said, drawn["season"], *random.permutation(added)[:1]]), seed=number)


def suiting(choices: Mapping[str, str]) -> list[str]:
    """Elements that a scene of these choices, by attribute, may hold."""
    hints = {element: HINTS.get(("elements", element), {}) for element in ELEMENTS}
    return [
        element
        for element, wanted in hints.items()
        if all(choices[attribute] in allowed for attribute, allowed in wanted.items())
    ]


@dataclass(frozen=True)
class Painted:
    """Pictures, uint8 [n, HEIGHT_PX, WIDTH_PX, 3] RGB, in files that are read as needed; and their scenes."""

    pictures: list[np.ndarray]
    scenes: list[Scene]

    def __len__(self) -> int:
        return len(self.scenes)

    def picture(self, number: int) -> np.ndarray:
        """uint8 [HEIGHT_PX, WIDTH_PX, 3]."""
        return self.pictures[number // A_FILE][number % A_FILE]


def render(
    folder: Path,
    count: int,
    seed: int,
    workers: int | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Painted:
    """Paint the first `count` scenes, or those that are not yet painted, A_FILE to a file.

    Args:
        folder: Where they are kept.
        count: A multiple of A_FILE.
        seed: Of all scenes.
        workers: Processes that paint; as many as there are cores by default.
        progress: Told (painted, wanted).

    Raises:
        InvalidInput: `count` is no multiple of A_FILE.
    """
    if count < A_FILE or count % A_FILE:
        raise InvalidInput(f"{count} scenes were asked for. Ask for a multiple of {A_FILE}.", field="count")
    folder.mkdir(parents=True, exist_ok=True)
    numbers = [range(first, first + A_FILE) for first in range(0, count, A_FILE)]
    files = [folder / f"scenes-{seed}-{part.start:06}.npy" for part in numbers]
    missing = [(file, part) for file, part in zip(files, numbers, strict=True) if not file.exists()]
    # A forked process would inherit the locks of threads that it has not, such as those of a progress bar.
    with ProcessPoolExecutor(workers or os.cpu_count(), get_context("spawn")) as painters:
        painting = [painters.submit(_paint_file, file, part, seed) for file, part in missing]
        for done, _ in enumerate(as_completed(painting), 1):
            progress(count - (len(missing) - done) * A_FILE, count)
        for file in painting:
            file.result()
    return Painted([np.load(file, mmap_mode="r") for file in files], [scene_of(n, seed) for n in range(count)])


def _paint_file(file: Path, numbers: Sequence[int], seed: int) -> None:
    cv2.setNumThreads(1)
    scenes = [(number, scene_of(number, seed)) for number in numbers]
    pictures = np.stack([paint(scene, number, WIDTH_PX, HEIGHT_PX) for number, scene in scenes])
    draft = file.with_suffix(f".{os.getpid()}.draft")
    with draft.open("wb") as opened:
        np.save(opened, pictures)
    draft.replace(file)
