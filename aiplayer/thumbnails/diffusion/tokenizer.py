"""CLIP's tokens of a prompt, by the two files that lie beside the weights; nothing is fetched.

Source: Radford et al. (2021), byte pairs in lower case; the pairing itself is keras-cv's SimpleTokenizer. Departure:
it numbers tokens by the order of merges, here the folder's own `vocab.json` numbers them.
"""

import gzip
import io
import json
import re
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

import numpy as np

from aiplayer.errors import ModelMissing
from aiplayer.thumbnails.diffusion.cpu_kernels.keras_parts import SimpleTokenizer

START, END = "<|startoftext|>", "<|endoftext|>"
WORD = re.compile(r"\S+")
# The merges of all words that were ever seen are kept, up to this many.
MOST_KEPT = 100_000


@dataclass(frozen=True)
class Prompt:
    """A prompt as the text encoder reads it.

    Attributes:
        tokens: int32 [length]: start, the words, end, and ends up to the length.
        cut: What did not fit, from the first word that was left out; empty as a rule.
    """

    tokens: np.ndarray
    cut: str


class Tokenizer:
    """Prompts to tokens.

    Args:
        folder: Holds `vocab.json` and `merges.txt`.
        length: Tokens of every prompt, 77 for CLIP, with one for the start and at least one for the end.

    Raises:
        ModelMissing: a file is missing or is not what its name says.
    """

    def __init__(self, folder: str | Path, length: int = 77):
        self._length = length
        try:
            merges = (Path(folder) / "merges.txt").read_text(encoding="utf-8").strip()
            numbers = json.loads((Path(folder) / "vocab.json").read_text(encoding="utf-8"))
            # It wants a gzipped file, whose first line it skips.
            self._pairs = SimpleTokenizer(io.BytesIO(gzip.compress(merges.encode())))
            missing = set(self._pairs.vocab) - set(numbers)
        except (OSError, ValueError, TypeError) as error:
            raise ModelMissing(f"The tokenizer {folder} cannot be read: {error}. Fetch the model anew.") from error
        if missing:
            raise ModelMissing(
                f"The tokenizer {folder} does not fit together: vocab.json lacks {min(missing)!r}, which merges.txt "
                f"makes, and {len(missing) - 1} more. Fetch the model anew."
            )
        self._pairs.encoder = numbers

    def __call__(self, prompt: str) -> Prompt:
        """The tokens of a prompt, cut before the first word that does not fit.

        A first word too long by itself is cut between two of its letters.
        """
        room = self._length - 2
        words = list(WORD.finditer(prompt))
        ends = [word.end() for word in words]
        fits = sum(used <= room for used in accumulate(self._count(word[0]) for word in words))
        if words and not fits:
            start, stop = words[0].span()
            ends = [end for end in range(start + 1, stop) if self._count(prompt[start:end]) <= room]
            fits = len(ends)
        kept = prompt[: ends[fits - 1]] if fits else ""
        inner = self._encode(kept)
        padding = [self._pairs.end_of_text] * (self._length - 1 - len(inner))
        tokens = np.array([self._pairs.start_of_text, *inner, *padding], dtype=np.int32)
        return Prompt(tokens, prompt[len(kept) :].strip())

    def _count(self, word: str) -> int:
        return len(self._encode(word))

    def _encode(self, text: str) -> list[int]:
        if len(self._pairs.cache) > MOST_KEPT:
            self._pairs.cache = {START: START, END: END}
        return self._pairs.encode(text)[1:-1]
