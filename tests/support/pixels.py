"""Random arrays, and pictures in the layouts of TensorFlow and torch."""

import numpy as np
import torch

_RANDOM = np.random.default_rng(1)


def noise(*shape: int) -> np.ndarray:
    """float32 of this shape, normally distributed; each call draws other values."""
    return _RANDOM.standard_normal(shape).astype(np.float32)


def to_torch(pixels: np.ndarray) -> torch.Tensor:
    """[batch, height, width, channels] -> torch's [batch, channels, height, width]."""
    return torch.from_numpy(pixels.transpose(0, 3, 1, 2).copy())


def from_torch(tensor: torch.Tensor) -> np.ndarray:
    """torch's [batch, channels, height, width] -> [batch, height, width, channels]."""
    return tensor.numpy().transpose(0, 2, 3, 1)
