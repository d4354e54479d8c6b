"""The last coat: bloom around bright spots, the palette's tone, a light vignette, and rounding to eight bits."""

from typing import NamedTuple

import cv2
import numpy as np

from aiplayer.thumbnails.painting.canvas import spread
from aiplayer.thumbnails.painting.scene import Scene


class Tone(NamedTuple):
    """What a palette does to the finished colors.

    Attributes:
        saturation: 0 for gray, 1 for no change.
        gain: The factor of red, green and blue.
        lift: What is added to red, green and blue after that.
    """

    saturation: float
    gain: tuple[float, float, float]
    lift: tuple[float, float, float]


TONES = {
    "warm": Tone(1.05, (1.03, 1.0, 0.94), (0.012, 0.0, 0.004)),
    "cool": Tone(1.02, (0.95, 1.0, 1.05), (0.0, 0.004, 0.012)),
    "pastel": Tone(0.84, (0.87, 0.86, 0.88), (0.115, 0.105, 0.120)),
    "neon": Tone(1.22, (1.02, 0.97, 1.05), (0.008, -0.006, 0.02)),
    "vintage": Tone(0.88, (0.96, 0.91, 0.80), (0.050, 0.042, 0.055)),
    "vivid": Tone(1.24, (1.02, 1.02, 1.0), (-0.008, -0.008, -0.008)),
}
LUMA = (0.30, 0.59, 0.11)
LAMPLIGHT_BLOOM, DAYLIGHT_BLOOM = 0.34, 0.18
# Brighter than this shines, by how much brighter it is times the gain.
BLOOM_THRESHOLD, BLOOM_GAIN = 0.62, 1.8
BLOOM_REDUCTION = 8
VIGNETTE_STRENGTH = 0.16
VIGNETTE_ROWS, VIGNETTE_COLUMNS = 45, 80
DITHER_PX = 32

_DITHER = np.random.default_rng(7).random((DITHER_PX, DITHER_PX, 1), dtype=np.float32)
_DITHER = np.repeat(_DITHER, 3, axis=2) - 0.5


def finish(image: np.ndarray, scene: Scene) -> np.ndarray:
    """Turn the painted image into a picture.

    Args:
        image: float32 [H, W, 3] from 0 to 1.
        scene: Its hour and palette decide how.

    Returns:
        uint8 [H, W, 3].
    """
    bloom = LAMPLIGHT_BLOOM if scene.hour in ("night", "sunset") else DAYLIGHT_BLOOM
    image = _bloom(image, bloom)
    image = _tone(image, TONES[scene.palette])
    image *= spread(_vignette(*image.shape[:2]))
    return _to_bytes(image)


def _bloom(image: np.ndarray, strength: float) -> np.ndarray:
    """Let bright spots shine over their surroundings."""
    height, width = image.shape[:2]
    small_size = (max(2, width // BLOOM_REDUCTION), max(2, height // BLOOM_REDUCTION))
    small = cv2.resize(image, small_size, interpolation=cv2.INTER_AREA)
    bright = np.clip(small - BLOOM_THRESHOLD, 0, 1) * BLOOM_GAIN

    small_height = height / BLOOM_REDUCTION
    narrow_halo = cv2.GaussianBlur(bright, (0, 0), small_height / 45)
    wide_halo = cv2.GaussianBlur(bright, (0, 0), small_height / 14)
    halo = narrow_halo + 0.7 * wide_halo
    halo = cv2.resize(halo * np.float32(strength), (width, height), interpolation=cv2.INTER_LINEAR)

    # Screened rather than added, so that nothing grows brighter than white.
    return image + halo * np.clip(1.0 - image, 0.0, 1.0)


def _tone(image: np.ndarray, tone: Tone) -> np.ndarray:
    """Change saturation, gain and lift with one matrix [3, 4] on each color and a constant 1."""
    gray = np.array([LUMA] * 3)
    saturated = np.eye(3) * tone.saturation + gray * (1 - tone.saturation)
    matrix = saturated * np.array(tone.gain)[:, None]
    lift = np.array(tone.lift)[:, None]
    return cv2.transform(image, np.hstack([matrix, lift]).astype(np.float32))


def _vignette(height: int, width: int) -> np.ndarray:
    """Return how much light is left at each pixel, float32 [height, width]: all in the middle, less in the corners."""
    rows = np.linspace(-1, 1, VIGNETTE_ROWS)[:, None]
    columns = np.linspace(-1, 1, VIGNETTE_COLUMNS)[None, :]
    distance = np.clip((rows**2 + columns**2 - 0.7) / 1.3, 0, 1)
    vignette = (1 - VIGNETTE_STRENGTH * distance).astype(np.float32)
    return cv2.resize(vignette, (width, height), interpolation=cv2.INTER_CUBIC)


def _to_bytes(image: np.ndarray) -> np.ndarray:
    """Round an image, float32 from 0 to 1, to uint8."""
    height, width = image.shape[:2]
    # Half a level of patterned noise hides the steps of slow gradients and still compresses well.
    tiles_down = -(-height // DITHER_PX)
    tiles_across = -(-width // DITHER_PX)
    dither = np.tile(_DITHER, (tiles_down, tiles_across, 1))[:height, :width]
    image = image * np.float32(255.0) + dither
    return cv2.convertScaleAbs(np.clip(image, 0, 255, out=image))
