"""The name of the set of models that answer, so that an answer can be told from one of other models."""

import hashlib
import json
from pathlib import PurePath
from typing import NamedTuple

from aiplayer.settings import ModelPins, Settings

NAME_LENGTH = 12
SCENE_PAINTER, ELSEWHERE = "scene-painter", "elsewhere"


class ModelSet(NamedTuple):
    """A set of models.

    Attributes:
        name: A short digest of the versions; equal for equal sets, on every machine.
        title_encoder: The version (`name:version`) of the title encoder.
        title_index: That of the title index.
        playlist_autoencoder: That of the recommender.
        thumbnail: What paints: the scene painter, the last part of the name of the diffusion model, or
            "elsewhere".
    """

    name: str
    title_encoder: str
    title_index: str
    playlist_autoencoder: str
    thumbnail: str


def model_set(settings: Settings) -> ModelSet:
    """The set of models that these settings name."""
    weights = weights_of(settings)
    thumbnail = PurePath(weights or SCENE_PAINTER).name
    return ModelSet(set_name(settings.models, weights), **settings.models.model_dump(), thumbnail=thumbnail)


def weights_of(settings: Settings) -> str:
    """What paints: the setting `diffusion_weights`, or "elsewhere"."""
    return ELSEWHERE if settings.painter_url else settings.diffusion_weights


def set_name(models: ModelPins, weights: str) -> str:
    """The name of a set: a short digest of its versions, equal for equal sets on every machine.

    Args:
        models: The versions.
        weights: What paints, as `weights_of` tells it.
    """
    versions = models.model_dump() | {"thumbnail": weights or SCENE_PAINTER}
    return hashlib.sha256(json.dumps(versions, sort_keys=True).encode()).hexdigest()[:NAME_LENGTH]
