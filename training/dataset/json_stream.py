"""The elements of a JSON array, one by one, from a file of any size; damage costs the damaged element only."""

import codecs
import json
import re
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from aiplayer.errors import InvalidInput
from training.dataset.dirt import Dirt, Place

CHUNK_BYTES = 1 << 20
GZIP = 16 + zlib.MAX_WBITS
LONGEST_ELEMENT = 8 << 20
SPACE = " \t\r\n,"
DECODE = json.JSONDecoder().raw_decode
LONGEST_ECHO = 60
LAST = re.compile(r"\}\s*\]\Z")


class ElementReader:
    """Iterates over the elements of the array in `path`, plain or gzipped.

    Bytes that are not UTF-8 come as lone surrogates ("surrogateescape"), for the caller to tell. What cannot be
    parsed is noted in `dirt` and reading goes on at the next "{" that begins an object.

    Args:
        path: The file.
        dirt: Told of broken elements and a missing end; before each element, where it stands.
        advance: Told how many bytes of the file have been read since the last call.

    Raises:
        InvalidInput: the file does not hold an array.
    """

    def __init__(self, path: Path, dirt: Dirt, advance: Callable[[int], None] = lambda size: None):
        self.path = path
        self.dirt = dirt
        self.advance = advance
        self.text = ""
        self.position = 0
        self.line = 1
        self.record = 0

    def __iter__(self) -> Iterator[object]:
        with self.path.open("rb") as raw:
            self.chunks = self._read(raw)
            if self._next_character() != "[":
                raise InvalidInput(f"{self.path} is not a JSON array of records.", code="bad_dataset")
            self._move(self.position + 1)
            while (character := self._next_character()) not in ("", "]"):
                self.record += 1
                self.dirt.at(Place(self.path.name, self.line, self.record))
                yield from self._element(character)
            if not character:
                self.dirt.at(Place(self.path.name, self.line, self.record))
                self.dirt.add("truncated_file", "the file ends within or after this record")

    def _read(self, raw: BinaryIO) -> Iterator[str]:
        """Decoded chunks; a damaged archive ends early."""
        decoder = codecs.getincrementaldecoder("utf-8")(errors="surrogateescape")
        unpacker = zlib.decompressobj(wbits=GZIP) if self.path.suffix == ".gz" else None
        while chunk := raw.read(CHUNK_BYTES):
            self.advance(len(chunk))
            try:
                yield decoder.decode(unpacker.decompress(chunk) if unpacker else chunk)
            except zlib.error:
                return
        yield decoder.decode(b"", final=True)

    def _more(self) -> bool:
        """Drop what is read and append a chunk; False at the end of the file."""
        chunk = next(self.chunks, None)
        if chunk is None:
            self.text = self.text.rstrip()
            return False
        self.text = self.text[self.position :] + chunk
        self.position = 0
        return True

    def _move(self, position: int) -> None:
        self.line += self.text.count("\n", self.position, position)
        self.position = position

    def _next_character(self) -> str:
        """Pass white space and commas; "" at the end of the file."""
        while True:
            position = self.position
            while position < len(self.text) and self.text[position] in SPACE + "\ufeff":
                position += 1
            self._move(position)
            if position < len(self.text):
                return self.text[position]
            if not self._more():
                return ""

    def _element(self, character: str) -> Iterator[object]:
        """The element that begins here; none where it is broken, and then reading stands at the next object."""
        while True:
            try:
                value, end = DECODE(self.text, self.position)
            except (json.JSONDecodeError, RecursionError) as error:
                # An element may simply reach into the next chunk.
                if len(self.text) - self.position < LONGEST_ELEMENT and self._more():
                    continue
                self._skip(getattr(error, "msg", "nested too deeply"))
                return
            # A number that ends with the chunk may go on in the next one.
            if end == len(self.text) and character != "{" and self._more():
                continue
            self._move(end)
            yield value
            return

    def _skip(self, reason: str) -> None:
        """Note a broken element and stand at the next "{" from which an object can be read."""
        start, broken = self.position, self.text[self.position : self.position + LONGEST_ECHO]
        while (start := self.text.find("{", start + 1)) >= 0:
            try:
                DECODE(self.text, start)
                break
            except (json.JSONDecodeError, RecursionError):
                continue
        if start < 0:
            # Nothing follows: the last record of a whole file, or of one that was cut off, which the caller notes.
            start = len(self.text) - 1 if LAST.search(self.text) else len(self.text)
        if start < len(self.text):
            self.dirt.add("broken_json", f"{reason}: {broken}")
        self._move(start)
