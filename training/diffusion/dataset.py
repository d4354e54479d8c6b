"""Batches to learn from: pictures for the autoencoder, latents with captions for the UNet."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain

import keras
import numpy as np

from aiplayer.diffusion.phrases import phrases_of
from aiplayer.diffusion.sizes import PhraseSizes
from aiplayer.painting import Scene
from training.diffusion.captions import caption
from training.diffusion.scenes import Painted

CAPTIONS_A_SCENE = 6
# How often the UNet learns from no caption, so that guidance knows what a picture is without one.
UNSAID = 0.1


@dataclass(frozen=True)
class Captions:
    """Captions of scenes, as their phrases' embeddings.

    Attributes:
        embeddings: float16 [phrases, size]; the first is zeros and stands for no phrase.
        rows: int32 [scenes, CAPTIONS_A_SCENE, tokens]: which embeddings a caption is.
    """

    embeddings: np.ndarray
    rows: np.ndarray

    def prompts(self, scenes: np.ndarray, random: np.random.Generator) -> np.ndarray:
        """One caption of each scene, float32 [scenes, tokens, size]; zeros for some, UNSAID of them."""
        chosen = self.rows[scenes, random.integers(CAPTIONS_A_SCENE, size=len(scenes))]
        chosen[random.random(len(scenes)) < UNSAID] = 0
        return self.embeddings[chosen].astype(np.float32)


def captions_of(
    scenes: Sequence[Scene], encode: Callable[[list[str]], np.ndarray], sizes: PhraseSizes, seed: int
) -> Captions:
    """CAPTIONS_A_SCENE captions of every scene.

    Args:
        scenes: To be captioned.
        encode: Phrases -> float32 [phrases, size]; the title encoder.
        sizes: Of the prompts.
        seed: Of all captions.
    """
    random = np.random.default_rng(seed)
    said = [[phrases_of(caption(scene, random)) for _ in range(CAPTIONS_A_SCENE)] for scene in scenes]
    phrases = sorted(set(chain.from_iterable(chain.from_iterable(said))))
    number = {phrase: row for row, phrase in enumerate(phrases, 1)}
    rows = np.zeros((len(scenes), CAPTIONS_A_SCENE, sizes.tokens), np.int32)
    for scene, captions in enumerate(said):
        for place, words in enumerate(captions):
            words = words[: sizes.tokens]
            rows[scene, place, : len(words)] = [number[word] for word in words]
    embeddings = np.zeros((len(phrases) + 1, sizes.embedding), np.float16)
    embeddings[1:] = encode(phrases)
    return Captions(embeddings, rows)


class PictureBatches(keras.utils.PyDataset):
    """Pieces of pictures, each from a random place and half of them mirrored.

    Args:
        painted: The pictures.
        batch: Pictures in a batch.
        steps: Batches in an epoch.
        height_px: Of a piece.
        width_px: Of a piece.
        seed: Of what is drawn.
    """

    def __init__(self, painted: Painted, batch: int, steps: int, height_px: int, width_px: int, seed: int, **workers):
        super().__init__(**workers)
        self._painted, self._batch, self._steps, self._seed = painted, batch, steps, seed
        self._size, self._epoch = (height_px, width_px), 0

    def __len__(self) -> int:
        return self._steps

    def __getitem__(self, step: int) -> tuple[np.ndarray, np.ndarray]:
        """uint8 [batch, height, width, 3], twice: what goes in shall come out."""
        random = np.random.default_rng([self._seed, self._epoch, step])
        numbers = random.integers(len(self._painted), size=self._batch)
        pieces = np.stack([self._piece(number, random) for number in numbers])
        return pieces, pieces

    def on_epoch_end(self) -> None:
        """The next epoch draws anew."""
        self._epoch += 1

    def _piece(self, number: int, random: np.random.Generator) -> np.ndarray:
        picture = self._painted.picture(number)
        top, left = (random.integers(whole - part + 1) for whole, part in zip(picture.shape, self._size, strict=False))
        piece = picture[top : top + self._size[0], left : left + self._size[1]]
        return piece[:, ::-1] if random.random() < 0.5 else piece


class LatentBatches(keras.utils.PyDataset):
    """Latents of whole pictures, each as it is or mirrored, with a caption of its scene.

    Args:
        latents: float16 [2, scenes, height, width, channels]: of the pictures, and of the mirrored ones.
        captions: Of the scenes.
        batch: Latents in a batch.
        steps: Batches in an epoch.
        seed: Of what is drawn.
    """

    def __init__(self, latents: np.ndarray, captions: Captions, batch: int, steps: int, seed: int, **workers):
        super().__init__(**workers)
        self._latents, self._captions = latents, captions
        self._batch, self._steps, self._seed, self._epoch = batch, steps, seed, 0

    def __len__(self) -> int:
        return self._steps

    def __getitem__(self, step: int) -> tuple[tuple[np.ndarray, np.ndarray], np.ndarray]:
        """(float32 [batch, height, width, channels], float32 [batch, tokens, size]), and nothing to be told."""
        random = np.random.default_rng([self._seed, self._epoch, step])
        scenes = random.integers(self._latents.shape[1], size=self._batch)
        latents = self._latents[random.integers(2, size=self._batch), scenes].astype(np.float32)
        return (latents, self._captions.prompts(scenes, random)), np.zeros(self._batch, np.float32)

    def on_epoch_end(self) -> None:
        """The next epoch draws anew."""
        self._epoch += 1


class SharpeningBatches(keras.utils.PyDataset):
    """Pieces of half a picture's height and width with their latents.

    Args:
        latents: float16 [scenes, height, width, channels].
        painted: The pictures.
        batch: Pieces in a batch.
        steps: Batches in an epoch.
        seed: Of what is drawn.
    """

    def __init__(self, latents: np.ndarray, painted: Painted, batch: int, steps: int, seed: int, **workers):
        super().__init__(**workers)
        self._latents, self._painted = latents, painted
        self._batch, self._steps, self._seed, self._epoch = batch, steps, seed, 0

    def __len__(self) -> int:
        return self._steps

    def __getitem__(self, step: int) -> tuple[tuple[np.ndarray, np.ndarray], np.ndarray]:
        """((float32 [batch, height, width, channels], pictures), pictures); these are uint8 [.., 3]."""
        random = np.random.default_rng([self._seed, self._epoch, step])
        pieces = [self._piece(number, random) for number in random.integers(len(self._latents), size=self._batch)]
        latents, pictures = (np.stack(side) for side in zip(*pieces, strict=True))
        return (latents.astype(np.float32), pictures), pictures

    def on_epoch_end(self) -> None:
        """The next epoch draws anew."""
        self._epoch += 1

    def _piece(self, number: int, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        latent, picture = self._latents[number], self._painted.picture(number)
        pixels = picture.shape[0] // latent.shape[0]
        size = [length // 2 for length in latent.shape[:2]]
        starts = [random.integers(whole - part + 1) for whole, part in zip(latent.shape, size, strict=False)]
        inside = tuple(slice(start, start + part) for start, part in zip(starts, size, strict=True))
        pixels_inside = tuple(slice(part.start * pixels, part.stop * pixels) for part in inside)
        return latent[inside], picture[pixels_inside]
