"""CLIP's tokens of a prompt, by the two files that lie beside the weights; nothing is fetched.

Source: Radford et al. (2021), byte pairs in lower case; the pairing itself is keras-cv's SimpleTokenizer. Departure:
it numbers tokens by the order of merges, here the folder's own `vocab.json` numbers them.
"""

import gzip
import io
import json
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from aiplayer.errors import ModelMissing
from aiplayer.thumbnails.diffusion.keras_parts import SimpleTokenizer

START = "<|startoftext|>"
END = "<|endoftext|>"
WORD = re.compile(r"\S+")
# keras-cv remembers the tokens of every word that it has seen; here it forgets them at this many, which hold 20 MB
# where each has the 1,000 letters that a negative prompt may have.
MOST_KEPT = 2_000


@dataclass(frozen=True)
class Prompt:
    """A prompt as the text encoder reads it.

    Attributes:
        tokens: int32 [length]: start, the words, end, and ends up to the length.
        cut: The end of the prompt that did not fit, from the first word that was left out; empty as a rule.
    """

    tokens: np.ndarray
    cut: str


class Tokenizer:
    """Prompts to tokens.

    Args:
        folder: A folder with `vocab.json` and `merges.txt`.
        length: Tokens of every prompt, 77 for CLIP, with one for the start and at least one for the end.

    Raises:
        ModelMissing: a file is missing or is not what its name says.
    """

    def __init__(self, folder: str | Path, length: int = 77) -> None:
        self._length = length
        try:
            merges = (Path(folder) / "merges.txt").read_text(encoding="utf-8").strip()
            vocabulary = (Path(folder) / "vocab.json").read_text(encoding="utf-8")
            numbers = json.loads(vocabulary)
            # keras-cv reads a gzipped file and skips its first line.
            compressed = gzip.compress(merges.encode())
            self._pairs = SimpleTokenizer(io.BytesIO(compressed))
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

        Args:
            prompt: Any text; a first word too long by itself is cut between two of its letters.
        """
        kept = prompt[: self._end_of_what_fits(prompt)]
        inner = self._encode(kept)
        padding = [self._pairs.end_of_text] * (self._length - 1 - len(inner))
        tokens = np.array([self._pairs.start_of_text, *inner, *padding], dtype=np.int32)
        left_over = prompt[len(kept) :]
        return Prompt(tokens, left_over.strip())

    def _end_of_what_fits(self, prompt: str) -> int:
        """The place in the prompt up to which its tokens fit between the start and one end."""
        room = self._length - 2
        end = 0
        tokens = 0
        for word in WORD.finditer(prompt):
            tokens += self._count(word[0])
            if tokens > room:
                break
            end = word.end()

        first_word = WORD.search(prompt)
        if end or not first_word:
            return end
        return self._end_within_word(prompt, first_word, room)

    def _end_within_word(self, prompt: str, word: re.Match[str], room: int) -> int:
        """The last place within a word up to which its letters fit; 0 where not even the first does."""
        start = word.start()
        ends = range(start + 1, word.end())
        fitting = [end for end in ends if self._count(prompt[start:end]) <= room]
        return fitting[-1] if fitting else 0

    def _count(self, word: str) -> int:
        return len(self._encode(word))

    def _encode(self, text: str) -> list[int]:
        """Numbers of the tokens of a text, without its start and end."""
        if len(self._pairs.cache) > MOST_KEPT:
            self._pairs.cache = {START: START, END: END}
        return self._pairs.encode(text)[1:-1]
