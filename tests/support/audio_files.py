"""Small audio files of silence: WAV by the standard library, others, with tags, by libsndfile."""

import wave
from pathlib import Path

import numpy as np
import soundfile

RATE_HZ = 8_000


def write_wav(path: Path, duration_s: float) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as audio:
        audio.setparams((1, 2, RATE_HZ, 0, "NONE", ""))
        audio.writeframes(bytes(2 * round(RATE_HZ * duration_s)))


def write_tagged(path: Path, duration_s: float, title: str = "", artist: str = "") -> None:
    """A file of the kind that its suffix names."""
    path.parent.mkdir(parents=True, exist_ok=True)
    kind = path.suffix.removeprefix(".").upper()
    container, coding = ("OGG", "OPUS") if kind == "OPUS" else (kind, None)
    with soundfile.SoundFile(path, "w", RATE_HZ, channels=1, format=container, subtype=coding) as audio:
        if title:
            audio.title = title
        if artist:
            audio.artist = artist
        audio.write(np.zeros(round(RATE_HZ * duration_s)))
