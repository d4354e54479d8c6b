"""The last coat: bloom around bright spots, the palette's tone, a light vignette, and rounding to eight bits."""

import cv2
import numpy as np

from aiplayer.thumbnails.painting.canvas import spread
from aiplayer.thumbnails.painting.scene import Scene

# Saturation, gain a channel and lift a channel.
TONES = {
    "warm": (1.05, (1.03, 1.0, 0.94), (0.012, 0.0, 0.004)),
    "cool": (1.02, (0.95, 1.0, 1.05), (0.0, 0.004, 0.012)),
    "pastel": (0.84, (0.87, 0.86, 0.88), (0.115, 0.105, 0.120)),
    "neon": (1.22, (1.02, 0.97, 1.05), (0.008, -0.006, 0.02)),
    "vintage": (0.88, (0.96, 0.91, 0.80), (0.050, 0.042, 0.055)),
    "vivid": (1.24, (1.02, 1.02, 1.0), (-0.008, -0.008, -0.008)),
}
_RANDOM = np.random.default_rng(7)
_DITHER = np.repeat(_RANDOM.random((32, 32, 1), dtype=np.float32), 3, axis=2) - 0.5


def finish(image: np.ndarray, scene: Scene) -> np.ndarray:
    """Turn the painted image, float32 [H, W, 3] from 0 to 1, into uint8 of the same shape."""
    height, width = image.shape[:2]
    image = _bloom(image, 0.34 if scene.hour in ("night", "sunset") else 0.18)
    saturation, gain, lift = TONES[scene.palette]
    gray = np.array([[0.30, 0.59, 0.11]] * 3)
    matrix = (np.eye(3) * saturation + gray * (1 - saturation)) * np.array(gain)[:, None]
    image = cv2.transform(image, np.hstack([matrix, np.array(lift)[:, None]]).astype(np.float32))
    rows, columns = np.linspace(-1, 1, 45)[:, None], np.linspace(-1, 1, 80)[None, :]
    vignette = (1 - 0.16 * np.clip((rows**2 + columns**2 - 0.7) / 1.3, 0, 1)).astype(np.float32)
    image *= spread(cv2.resize(vignette, (width, height), interpolation=cv2.INTER_CUBIC))
    # Half a level of patterned noise hides the steps of slow gradients and still compresses well.
    tiles = np.tile(_DITHER, (-(-height // 32), -(-width // 32), 1))[:height, :width]
    image = image * np.float32(255.0) + tiles
    return cv2.convertScaleAbs(np.clip(image, 0, 255, out=image))


def _bloom(image: np.ndarray, strength: float) -> np.ndarray:
    """Let bright spots shine over their surroundings."""
    height, width = image.shape[:2]
    small = cv2.resize(image, (max(2, width // 8), max(2, height // 8)), interpolation=cv2.INTER_AREA)
    bright = np.clip(small - 0.62, 0, 1) * 1.8
    halo = cv2.GaussianBlur(bright, (0, 0), height / 8 / 45) + 0.7 * cv2.GaussianBlur(bright, (0, 0), height / 8 / 14)
    halo = cv2.resize(halo * np.float32(strength), (width, height), interpolation=cv2.INTER_LINEAR)
    return image + halo * np.clip(1.0 - image, 0.0, 1.0)
