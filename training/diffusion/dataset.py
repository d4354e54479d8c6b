"""Batches to learn from: latents of scenes with their captions."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from aiplayer.thumbnails.diffusion.phrases import signed_phrases
from aiplayer.thumbnails.diffusion.samplers import TIMESTEPS
from aiplayer.thumbnails.diffusion.sizes import PhraseSizes
from aiplayer.thumbnails.painting import Scene
from training.diffusion.captions import caption, nameable, unwanted_word
from training.diffusion.learning import Batches, Stage

# A phrase and its sign: 1 where the scene shows it, -1 where the scene does not.
SignedPhrase = tuple[str, int]

CAPTIONS_A_SCENE = 6
# How often the UNet learns from no caption, so that guidance knows what a picture is without one.
EMPTY_PROMPT_SHARE = 0.1
# How often a caption names something that its scene does not show.
UNWANTED_SHARE = 0.5
# The share of all draws that favors elements which titles can name.
ELEMENT_SHARE = 0.5
# In those draws, an element's share is its share of the painted scenes to this power, so that rare elements come more
# often, and no scene far too often.
ELEMENT_POWER = 0.5


@dataclass(frozen=True)
class Captions:
    """Captions of scenes, as the embeddings of their phrases.

    Attributes:
        embeddings: float16 [phrases, size]; the first is zeros and stands for no phrase.
        rows: int32 [scenes, CAPTIONS_A_SCENE, tokens]: the row in `embeddings` of each phrase of a caption; -5 is the
            opposite of row 5.
    """

    embeddings: np.ndarray
    rows: np.ndarray

    def prompts(self, scenes: np.ndarray, random: np.random.Generator) -> np.ndarray:
        """One caption of each scene; EMPTY_PROMPT_SHARE of them are zeros.

        Args:
            scenes: The numbers of the scenes, int [scenes].
            random: The generator to draw with.

        Returns:
            float32 [scenes, tokens, size].
        """
        numbers = random.integers(CAPTIONS_A_SCENE, size=len(scenes))
        rows = self.rows[scenes, numbers]
        is_empty = random.random(len(scenes)) < EMPTY_PROMPT_SHARE
        rows[is_empty] = 0

        signs = np.sign(rows).astype(np.float32)
        embeddings = self.embeddings[abs(rows)].astype(np.float32)
        return signs[..., np.newaxis] * embeddings


def captions_of(
    scenes: Sequence[Scene], encode: Callable[[list[str]], np.ndarray], sizes: PhraseSizes, seed: int
) -> Captions:
    """CAPTIONS_A_SCENE captions of every scene.

    Args:
        scenes: The scenes to write captions for.
        encode: The title encoder: phrases -> float32 [phrases, size].
        sizes: How many phrases a prompt has, and the size of their embeddings.
        seed: The seed of all captions.
    """
    random = np.random.default_rng(seed)
    captions_by_scene = []
    for scene in scenes:
        captions = [_signed_caption(scene, sizes.tokens, random) for _ in range(CAPTIONS_A_SCENE)]
        captions_by_scene.append(captions)

    phrases = sorted(set(_phrases(captions_by_scene)))
    embeddings = np.zeros((len(phrases) + 1, sizes.embedding), np.float16)
    embeddings[1:] = encode(phrases)

    row_by_phrase = {phrase: row for row, phrase in enumerate(phrases, 1)}
    rows = np.zeros((len(scenes), CAPTIONS_A_SCENE, sizes.tokens), np.int32)
    for scene_number, captions in enumerate(captions_by_scene):
        for number, caption_phrases in enumerate(captions):
            signed_rows = [sign * row_by_phrase[phrase] for phrase, sign in caption_phrases]
            rows[scene_number, number, : len(signed_rows)] = signed_rows
    return Captions(embeddings, rows)


def _signed_caption(scene: Scene, most: int, random: np.random.Generator) -> list[SignedPhrase]:
    """The first `most` phrases of a caption, and after them now and then of something that the scene does not show."""
    prompt = caption(scene, random)
    names_unwanted = random.random() < UNWANTED_SHARE
    unwanted = unwanted_word(scene, random) if names_unwanted else ""
    return signed_phrases(prompt, unwanted, most)


def _phrases(captions_by_scene: list[list[list[SignedPhrase]]]) -> Iterator[str]:
    """Every phrase of every caption."""
    for captions in captions_by_scene:
        for caption_phrases in captions:
            for phrase, _ in caption_phrases:
                yield phrase


def shares_of(scenes: Sequence[Scene]) -> np.ndarray:
    """How often each scene is drawn, float64 [scenes], 1 in all.

    Scenes with rare elements come more often than others, or a moon or fireworks would hardly ever be seen. Hours come
    as often as they are painted: with the moon, stars and fireworks, nights would else be a third of all.
    """
    shares = np.full(len(scenes), 1 / len(scenes))
    weights = _element_weights(scenes)
    if weights.any():
        shares = ELEMENT_SHARE * weights / weights.sum() + (1 - ELEMENT_SHARE) * shares

    hours = np.array([scene.hour for scene in scenes])
    for hour in np.unique(hours):
        has_hour = hours == hour
        painted_share = np.mean(has_hour)
        shares[has_hour] *= painted_share / shares[has_hour].sum()
    return shares


def _element_weights(scenes: Sequence[Scene]) -> np.ndarray:
    """How much each scene counts for its elements that titles can name, [scenes]: the more, the rarer they are."""
    elements_by_scene = [nameable(sorted(scene.elements)) for scene in scenes]
    scenes_with: Counter[str] = Counter()
    for elements in elements_by_scene:
        scenes_with.update(elements)

    weights = []
    for elements in elements_by_scene:
        weights.append(sum(scenes_with[element] ** (ELEMENT_POWER - 1) for element in elements))
    return np.array(weights)


class LatentBatches(Batches):
    """Latents of whole pictures, each as it is or mirrored, with a caption of its scene.

    Args:
        latents: float16 [2, scenes, height, width, channels]: of the pictures, and of the mirrored pictures.
        captions: The captions of the scenes.
        shares: How often each scene is drawn, float64 [scenes].
        stage: How many batches an epoch has, and how many pictures a batch.
        seed: The seed of everything that is drawn.
    """

    def __init__(self, latents: np.ndarray, captions: Captions, shares: np.ndarray, stage: Stage, seed: int) -> None:
        super().__init__(stage, seed)
        self._latents = latents
        self._captions = captions
        self._shares = shares

    def draw(self, batch: int, random: np.random.Generator) -> tuple[tuple[np.ndarray, ...], np.ndarray]:
        """The inputs of the denoiser and, as it computes its loss from these alone, zeros for the targets.

        Args:
            batch: How many pictures to draw.
            random: The generator to draw with.

        Returns:
            ((latents, float32 [batch, height, width, channels]; prompts, float32 [batch, tokens, size]; timesteps,
            int32 [batch]; noise of the shape of the latents), float32 [batch]).
        """
        scenes = random.choice(len(self._shares), size=batch, p=self._shares)
        mirrored = random.integers(2, size=batch)
        latents = self._latents[mirrored, scenes].astype(np.float32)
        prompts = self._captions.prompts(scenes, random)
        timesteps = random.integers(TIMESTEPS, size=batch, dtype=np.int32)
        noise = random.standard_normal(latents.shape, dtype=np.float32)
        no_targets = np.zeros(batch, np.float32)
        return (latents, prompts, timesteps, noise), no_targets
