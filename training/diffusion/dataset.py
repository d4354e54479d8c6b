"""Batches to learn from: latents of scenes with their captions."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from aiplayer.diffusion.phrases import phrases_of
from aiplayer.diffusion.sizes import PhraseSizes
from aiplayer.painting import Scene
from training.diffusion.captions import caption
from training.diffusion.learning import Batches, Stage

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


class LatentBatches(Batches):
    """Latents of whole pictures, each as it is or mirrored, with a caption of its scene.

    Args:
        latents: float16 [2, scenes, height, width, channels]: of the pictures, and of the mirrored ones.
        captions: Of the scenes.
        stage: How many, of how much.
        seed: Of what is drawn.
    """

    def __init__(self, latents: np.ndarray, captions: Captions, stage: Stage, seed: int):
        super().__init__(stage, seed)
        self._latents, self._captions = latents, captions

    def draw(self, batch: int, random: np.random.Generator) -> tuple[tuple[np.ndarray, np.ndarray], np.ndarray]:
        """(float32 [batch, height, width, channels], float32 [batch, tokens, size]), and nothing to be told."""
        scenes = random.integers(self._latents.shape[1], size=batch)
        latents = self._latents[random.integers(2, size=batch), scenes].astype(np.float32)
        return (latents, self._captions.prompts(scenes, random)), np.zeros(batch, np.float32)
