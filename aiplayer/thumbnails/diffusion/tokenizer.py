"""CLIP's tokens of a prompt, by the files that lie beside the weights; nothing is fetched.

Source: Radford et al. (2021), byte pairs in lower case; the tokenizers package pairs them, set up as transformers does
it for CLIP. Departure: "<|endoftext|>" in a prompt is text like any other, so nobody can end a prompt by typing it.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tokenizers import Regex, models, normalizers, pre_tokenizers
from tokenizers import Tokenizer as BytePairs

from aiplayer.thumbnails.diffusion.files.vocabulary import END, END_OF_WORD, START, Merge, read_vocabulary

WORD = re.compile(r"\S+")
# Letters and other signs make pieces of their own, each digit too.
PIECES = Regex(r"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+")


@dataclass(frozen=True)
class Prompt:
    """A prompt as the text encoder reads it.

    Attributes:
        tokens: int32 [length]: start, the words, end, and ends up to the length.
        cut: The part of the prompt that did not fit, from the first word that was left out; empty as a rule.
    """

    tokens: np.ndarray
    cut: str


class Tokenizer:
    """Prompts to tokens.

    Args:
        folder: A folder with `vocab.json` and `merges.txt`, or with `tokenizer.json`.
        length: Tokens of every prompt, 77 for CLIP, with one for the start and at least one for the end.
        ending: With what most prompts end. A prompt that is too long is cut before it, not in it.

    Raises:
        ModelMissing: a file is missing, or is not what its name says.
    """

    def __init__(self, folder: str | Path, length: int = 77, ending: str = "") -> None:
        numbers, merges = read_vocabulary(Path(folder))
        self._pairs = _byte_pairs(numbers, merges)
        self._start, self._end = numbers[START], numbers[END]
        self._length = length
        self._room = length - 2
        self._ending = ending if self._count(ending) < self._room else ""

    def __call__(self, prompt: str) -> Prompt:
        """The tokens of a prompt, cut before the first word that does not fit.

        Args:
            prompt: Any text; a first word too long by itself is cut between two of its letters.
        """
        kept, cut, ending = self._split(prompt)
        inner = self._encode(kept) + self._encode(ending)
        padding = [self._end] * (self._length - 1 - len(inner))
        tokens = np.array([self._start, *inner, *padding], dtype=np.int32)
        return Prompt(tokens, cut)

    def _split(self, prompt: str) -> tuple[str, str, str]:
        """What is kept of a prompt, what is cut behind it, and the ending, where that stands behind what is cut."""
        if self._count(prompt) <= self._room:
            return prompt, "", ""

        ending = self._ending if prompt.endswith(self._ending) else ""
        beginning = prompt.removesuffix(ending)
        end = self._end_of_what_fits(beginning, self._room - self._count(ending))
        return beginning[:end], beginning[end:].strip(), ending

    def _end_of_what_fits(self, text: str, room: int) -> int:
        """The place in a text up to which its words fit into some tokens."""
        end = 0
        tokens = 0
        for word in WORD.finditer(text):
            tokens += self._count(word[0])
            if tokens > room:
                break
            end = word.end()

        first_word = WORD.search(text)
        if end or not first_word:
            return end

        # Not even the first word fits: by halves, the last of its letters that does.
        ends = range(first_word.start() + 1, first_word.end())
        fitting = bisect_right(ends, room, key=lambda letter_end: self._count(text[:letter_end]))
        return ends[fitting - 1] if fitting else 0

    def _count(self, text: str) -> int:
        return len(self._encode(text))

    def _encode(self, text: str) -> list[int]:
        """Numbers of the tokens of a text, without its start and end."""
        return self._pairs.encode(text, add_special_tokens=False).ids


def _byte_pairs(numbers: dict[str, int], merges: list[Merge]) -> BytePairs:
    pairs = BytePairs(models.BPE(numbers, merges, end_of_word_suffix=END_OF_WORD))
    pairs.normalizer = normalizers.Sequence(
        [normalizers.NFC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Lowercase()]
    )
    pairs.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(PIECES, behavior="removed", invert=True),
            pre_tokenizers.ByteLevel(add_prefix_space=False),
        ]
    )
    return pairs
