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
# zlib's number for archives with a gzip header.
GZIP_WINDOW_BITS = 16 + zlib.MAX_WBITS
LONGEST_ELEMENT = 8 << 20
BYTE_ORDER_MARK = "\ufeff"
BETWEEN_ELEMENTS = " \t\r\n," + BYTE_ORDER_MARK
LONGEST_ECHO = 60
END_OF_ARRAY = re.compile(r"\}\s*\]\Z")

parse_element = json.JSONDecoder().raw_decode


class ElementReader:
    """Iterator over the elements of the array in a file, plain or gzipped.

    Bytes that are not UTF-8 come as lone surrogates ("surrogateescape"), for the caller to tell. What cannot be
    parsed is noted, and reading goes on at the next "{" that begins an object.

    Args:
        path: The file; gzipped where its name ends in ".gz".
        dirt: Learns before each element where it stands; collects broken elements and a missing end.
        advance: Receives the number of bytes of the file that were read since its last call.

    Raises:
        InvalidInput: the file does not hold an array.
    """

    def __init__(self, path: Path, dirt: Dirt, advance: Callable[[int], None] = lambda size: None) -> None:
        self.path = path
        self.dirt = dirt
        self.advance = advance
        # The text that is held, and how far it is read.
        self.text = ""
        self.position = 0
        self.line = 1
        self.record = 0

    def __iter__(self) -> Iterator[object]:
        with self.path.open("rb") as file:
            self.chunks = self._decode(file)
            if self._next_character() != "[":
                raise InvalidInput(
                    f"{self.path} is not a JSON array of records. Give a file in the Melon format.", code="bad_dataset"
                )
            self._move(self.position + 1)

            while (character := self._next_character()) not in ("", "]"):
                self.record += 1
                self.dirt.at(Place(self.path.name, self.line, self.record))
                yield from self._element(character)

            if not character:
                self.dirt.at(Place(self.path.name, self.line, self.record))
                self.dirt.add("truncated_file", "the file ends within or after this record")

    def _decode(self, file: BinaryIO) -> Iterator[str]:
        """Decode the file in chunks; a damaged archive ends early."""
        decoder = codecs.getincrementaldecoder("utf-8")(errors="surrogateescape")
        unpacker = zlib.decompressobj(wbits=GZIP_WINDOW_BITS) if self.path.suffix == ".gz" else None

        while chunk := file.read(CHUNK_BYTES):
            self.advance(len(chunk))
            try:
                plain_bytes = unpacker.decompress(chunk) if unpacker else chunk
            except zlib.error:
                return
            yield decoder.decode(plain_bytes)

        yield decoder.decode(b"", final=True)

    def _read_more(self) -> bool:
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
        """Pass white space and commas, and give the character behind; "" at the end of the file."""
        while True:
            position = self.position
            while position < len(self.text) and self.text[position] in BETWEEN_ELEMENTS:
                position += 1
            self._move(position)

            if position < len(self.text):
                return self.text[position]
            if not self._read_more():
                return ""

    def _element(self, first_character: str) -> Iterator[object]:
        """Give the element that begins here; none where it is broken, and then reading stands at the next object."""
        while True:
            try:
                value, end = parse_element(self.text, self.position)
            except (json.JSONDecodeError, RecursionError) as error:
                # An element may simply reach into the next chunk.
                length = len(self.text) - self.position
                if length < LONGEST_ELEMENT and self._read_more():
                    continue
                self._skip(getattr(error, "msg", "nested too deeply"))
                return

            # A number that ends with the chunk may go on in the next one.
            reaches_end_of_text = end == len(self.text)
            if reaches_end_of_text and first_character != "{" and self._read_more():
                continue

            self._move(end)
            yield value
            return

    def _skip(self, reason: str) -> None:
        """Note a broken element and stand at the next "{" from which an object can be read."""
        echo = self.text[self.position : self.position + LONGEST_ECHO]
        start = self._next_object()
        if start < 0:
            # Nothing follows: the last record of a whole file, or of one that was cut off, which the caller notes.
            array_ends = END_OF_ARRAY.search(self.text)
            start = len(self.text) - 1 if array_ends else len(self.text)

        if start < len(self.text):
            self.dirt.add("broken_json", f"{reason}: {echo}")
        self._move(start)

    def _next_object(self) -> int:
        """Find where the next readable object begins in the text that is held; -1 where there is none."""
        start = self.text.find("{", self.position + 1)
        while start >= 0:
            try:
                parse_element(self.text, start)
                break
            except (json.JSONDecodeError, RecursionError):
                start = self.text.find("{", start + 1)
        return start
