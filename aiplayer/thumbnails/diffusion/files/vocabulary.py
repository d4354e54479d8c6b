"""The files of CLIP's tokenizer: `vocab.json` with `merges.txt`, or `tokenizer.json`, which holds what both hold.

Transformers 5 writes `tokenizer.json` alone; older folders have the two files, and often all three.
"""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from tokenizers.pre_tokenizers import ByteLevel

from aiplayer.errors import ModelMissing

VOCABULARY_FILE = "vocab.json"
MERGES_FILE = "merges.txt"
WHOLE_FILE = "tokenizer.json"
# The files of a tokenizer, each way by itself; the first that is there as a whole is read.
LAYOUTS = ((VOCABULARY_FILE, MERGES_FILE), (WHOLE_FILE,))
# What tokenizers of other kinds are kept in: SentencePiece.
FOREIGN_FILES = ("spiece.model", "sentencepiece.bpe.model", "tokenizer.model")

START = "<|startoftext|>"
END = "<|endoftext|>"
END_OF_WORD = "</w>"
# CLIP's merges are the first of a longer file: 49,152 tokens without the bytes and the marks of start and end.
MOST_MERGES = 49_152 - 256 - 2

Merge = tuple[str, str]


def layout_in(names: Sequence[str], tokenizer: str) -> tuple[str, ...]:
    """The files to read of a tokenizer, out of the names that there are; none where not all of any layout are there.

    Args:
        names: The names of the files in the tokenizer's folder.
        tokenizer: Begins the message: "The tokenizer of owner/name".

    Raises:
        ModelMissing: it is the tokenizer of another kind of model.
    """
    for layout in LAYOUTS:
        if all(name in names for name in layout):
            return layout

    foreign = [name for name in FOREIGN_FILES if name in names]
    if foreign:
        raise ModelMissing(_foreign(tokenizer, foreign[0]))
    return ()


def read_vocabulary(folder: Path) -> tuple[dict[str, int], list[Merge]]:
    """The number of every token, and the merges by which letters become tokens, in their order.

    Args:
        folder: The folder of the tokenizer.

    Raises:
        ModelMissing: a file is missing, cannot be read, does not fit the other, or is of another tokenizer than CLIP's.
    """
    tokenizer = f"The tokenizer {folder}"
    try:
        layout = layout_in([path.name for path in folder.iterdir()], tokenizer)
        if not layout:
            raise FileNotFoundError(f"neither {VOCABULARY_FILE} with {MERGES_FILE} nor {WHOLE_FILE} is there")
        numbers, merges = _read_pair(folder) if VOCABULARY_FILE in layout else _read_whole(folder)
        missing = _tokens_of(merges) - set(numbers)
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise ModelMissing(f"{tokenizer} cannot be read: {error}. Fetch the model anew.") from error

    if missing:
        raise ModelMissing(
            f"{tokenizer} does not fit together: {layout[0]} lacks {min(missing)!r}, which {layout[-1]} makes, and "
            f"{len(missing) - 1} more. Fetch the model anew."
        )
    return numbers, merges


def _read_pair(folder: Path) -> tuple[dict[str, int], list[Merge]]:
    numbers = json.loads((folder / VOCABULARY_FILE).read_text(encoding="utf-8"))
    lines = (folder / MERGES_FILE).read_text(encoding="utf-8").strip().split("\n")
    if "#version" in lines[0]:
        del lines[0]
    return dict(numbers), [_merge(line) for line in lines[:MOST_MERGES]]


def _read_whole(folder: Path) -> tuple[dict[str, int], list[Merge]]:
    content = json.loads((folder / WHOLE_FILE).read_text(encoding="utf-8"))
    model = content["model"]
    is_clip = model.get("type") == "BPE" and model.get("end_of_word_suffix") == END_OF_WORD
    if not is_clip:
        raise ModelMissing(_foreign(f"The tokenizer {folder}", WHOLE_FILE))

    marks = {token["content"]: token["id"] for token in content.get("added_tokens", [])}
    return marks | model["vocab"], [_merge(merge) for merge in model["merges"]]


def _merge(merge: str | Sequence[str]) -> Merge:
    """A merge, which is written "r ain" or ["r", "ain"]."""
    first, second = merge.split() if isinstance(merge, str) else merge
    return first, second


def _tokens_of(merges: Iterable[Merge]) -> set[str]:
    """Every token that can come out of merges: bytes, within a word and at its end, their pairs, and the two marks."""
    letters = ByteLevel.alphabet()
    last_letters = [f"{letter}{END_OF_WORD}" for letter in letters]
    merged = ["".join(merge) for merge in merges]
    return {*letters, *last_letters, *merged, START, END}


def _foreign(tokenizer: str, file: str) -> str:
    return f"{tokenizer} is another than CLIP's, as {file} says. Give a Stable Diffusion 1.x."
