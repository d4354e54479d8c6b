"""Batches to learn from: latents of scenes with their captions."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from aiplayer.thumbnails.diffusion.phrases import signed_phrases
from aiplayer.thumbnails.diffusion.sizes import PhraseSizes
from aiplayer.thumbnails.painting import Scene
from training.diffusion.captions import WORDS, caption, unwanted
from training.diffusion.learning import Batches, Stage

CAPTIONS_A_SCENE = 6
# How often the UNet learns from no caption, so that guidance knows what a picture is without one.
UNSAID = 0.1
# How often a caption says something that its scene does not show.
UNWANTED = 0.5
# Of all draws, those for an element that titles can name, and of how often it is painted what power counts there:
# rare ones come oftener, and no scene far too often.
FOR_ELEMENTS, POWER = 0.5, 0.5


@dataclass(frozen=True)
class Captions:
    """Captions of scenes, as their phrases' embeddings.

    Attributes:
        embeddings: float16 [phrases, size]; the first is zeros and stands for no phrase.
        rows: int32 [scenes, CAPTIONS_A_SCENE, tokens]: which embeddings a caption is; -5 is the opposite of the fifth.
    """

    embeddings: np.ndarray
    rows: np.ndarray

    def prompts(self, scenes: np.ndarray, random: np.random.Generator) -> np.ndarray:
        """One caption of each scene, float32 [scenes, tokens, size]; zeros for some, UNSAID of them."""
        chosen = self.rows[scenes, random.integers(CAPTIONS_A_SCENE, size=len(scenes))]
        chosen[random.random(len(scenes)) < UNSAID] = 0
        signs = np.sign(chosen).astype(np.float32)[..., np.newaxis]
        return signs * self.embeddings[abs(chosen)].astype(np.float32)


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
    said = [[_said(scene, sizes.tokens, random) for _ in range(CAPTIONS_A_SCENE)] for scene in scenes]
    phrases = sorted({phrase for captions in said for tokens in captions for phrase, _ in tokens})
    number = {phrase: row for row, phrase in enumerate(phrases, 1)}
    rows = np.zeros((len(scenes), CAPTIONS_A_SCENE, sizes.tokens), np.int32)
    for scene, captions in enumerate(said):
        for place, tokens in enumerate(captions):
            rows[scene, place, : len(tokens)] = [sign * number[phrase] for phrase, sign in tokens]
    embeddings = np.zeros((len(phrases) + 1, sizes.embedding), np.float16)
    embeddings[1:] = encode(phrases)
    return Captions(embeddings, rows)


def _said(scene: Scene, most: int, random: np.random.Generator) -> list[tuple[str, int]]:
    """The phrases of a caption, 1 beside each, and of something that is not there, -1 beside it, now and then."""
    words = caption(scene, random)
    return signed_phrases(words, unwanted(scene, random) if random.random() < UNWANTED else "", most)


def shares_of(scenes: Sequence[Scene]) -> np.ndarray:
    """How often each scene is drawn, float64 [scenes], 1 in all: a moon or fireworks would else hardly ever be seen.

    Hours come as often as they are painted: with the moon, stars and fireworks nights would be a third of all.
    """
    named = [[element for element in sorted(scene.elements) if ("elements", element) in WORDS] for scene in scenes]
    painted = Counter(chain.from_iterable(named))
    wanted = np.array([sum(painted[element] ** (POWER - 1) for element in elements) for elements in named])
    evenly = np.full(len(scenes), 1 / len(scenes))
    shares = FOR_ELEMENTS * wanted / wanted.sum() + (1 - FOR_ELEMENTS) * evenly if wanted.any() else evenly
    hours = np.array([scene.hour for scene in scenes])
    for hour in np.unique(hours):
        shares[hours == hour] *= np.mean(hours == hour) / shares[hours == hour].sum()
    return shares


class LatentBatches(Batches):
    """Latents of whole pictures, each as it is or mirrored, with a caption of its scene.

    Args:
        latents: float16 [2, scenes, height, width, channels]: of the pictures, and of the mirrored ones.
        captions: Of the scenes.
        shares: How often each scene is drawn, [scenes].
        stage: How many, of how much.
        seed: Of what is drawn.
    """

    def __init__(self, latents: np.ndarray, captions: Captions, shares: np.ndarray, stage: Stage, seed: int):
        super().__init__(stage, seed)
        self._latents, self._captions, self._shares = latents, captions, shares

    def draw(self, batch: int, random: np.random.Generator) -> tuple[tuple[np.ndarray, np.ndarray], np.ndarray]:
        """(float32 [batch, height, width, channels], float32 [batch, tokens, size]), and nothing to be told."""
        scenes = random.choice(len(self._shares), size=batch, p=self._shares)
        latents = self._latents[random.integers(2, size=batch), scenes].astype(np.float32)
        return (latents, self._captions.prompts(scenes, random)), np.zeros(batch, np.float32)
