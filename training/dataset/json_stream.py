"""The records of a JSON file of any size, one by one; damage costs the damaged record only."""

import codecs
import json
import re
from collections.abc import Callable, Iterator
from io import BufferedReader
from pathlib import Path

from aiplayer.errors import InvalidInput
from training.dataset.dirt import Dirt, Place
from training.dataset.file_kinds import JSON, SPOTIFY_JSON, text_kind
from training.dataset.json_columns import OBJECT_OF_OBJECTS, records_of_object
from training.dataset.unpacking import DAMAGE, unpacked

CHUNK_BYTES = 1 << 20
# How much text tells an object of columns from a record.
LONGEST_BEGINNING = 500
LONGEST_ELEMENT = 8 << 20
BYTE_ORDER_MARK = "\ufeff"
BETWEEN_ELEMENTS = " \t\r\n," + BYTE_ORDER_MARK
LONGEST_ECHO = 60
END_OF_ARRAY = re.compile(r"\}\s*\]\Z")

parse_element = json.JSONDecoder().raw_decode


class ElementReader:
    """Iterator over the records in a file, plain or packed: of an array, of JSON lines, or of pandas' columns.

    Bytes that are not UTF-8 come as lone surrogates ("surrogateescape"), for the caller to tell. What cannot be
    parsed is noted, and reading goes on at the next "{" that begins an object.

    Args:
        path: The file.
        dirt: Learns before each element where it stands; collects broken elements and a missing end.
        advance: Receives the number of bytes of the file that were read since its last call.

    Raises:
        InvalidInput: the file holds no records; the message says what it is instead.
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
        # Why the file cannot be read to its end.
        self.damage: str | None = None

    def __iter__(self) -> Iterator[object]:
        with self.path.open("rb") as file:
            self.chunks = self._decode(file)
            first_character = self._next_character()
            if first_character == "[":
                yield from self._array()
            elif first_character == "{":
                yield from self._object_or_lines()
            else:
                raise self._no_records()

            if self.damage:
                self.dirt.at(Place(self.path.name, self.line, self.record))
                self.dirt.add("truncated_file", self.damage)

    def _array(self) -> Iterator[object]:
        """Give the elements of an array, or of several behind one another."""
        character = "["
        while character == "[":
            self._move(self.position + 1)
            yield from self._elements(end="]")
            if not self._next_character():
                self.damage = self.damage or "the file ends within or after this record"
                return
            self._move(self.position + 1)
            character = self._next_character()

        if character:
            self.dirt.at(Place(self.path.name, self.line, self.record))
            self.dirt.add(
                "broken_json", f"the array ends, and this follows: {self.text[self.position :][:LONGEST_ECHO]}"
            )

    def _object_or_lines(self) -> Iterator[object]:
        """Give the records of JSON lines, or of one object that holds columns, as pandas writes it."""
        while len(self.text) - self.position < LONGEST_BEGINNING and self._read_more():
            pass
        if OBJECT_OF_OBJECTS.match(self.text, self.position):
            yield from self._object_of_objects()
            return

        first_record = True
        for value in self._elements(end=""):
            if first_record and not (isinstance(value, dict) and "id" in value):
                raise self._no_records()
            first_record = False
            yield value

    def _object_of_objects(self) -> Iterator[object]:
        """Give the records of an object that holds columns, or a record under each number; it is held whole."""
        parts = [self.text[self.position :], *self.chunks]
        if self.damage:
            raise self._no_records(self.damage)
        try:
            records = records_of_object(json.loads("".join(parts)))
        except (json.JSONDecodeError, RecursionError) as error:
            raise self._no_records(f"it is damaged: {error}") from error

        if records is None:
            raise self._no_records()
        for self.record, record in enumerate(records, start=1):
            self.dirt.at(Place(self.path.name, 1, self.record))
            yield record

    def _elements(self, end: str) -> Iterator[object]:
        """Give the elements up to this character, or up to the end of the file."""
        while (character := self._next_character()) not in ("", end):
            self.record += 1
            self.dirt.at(Place(self.path.name, self.line, self.record))
            yield from self._element(character)

    def _no_records(self, reason: str = "") -> InvalidInput:
        """Make the error of a file that holds no records: what it is, if that is known."""
        kind = text_kind(self.text)
        is_json = kind in (JSON, SPOTIFY_JSON)
        if reason:
            what = f"cannot be read as JSON, for {reason}"
        elif not self.text.strip():
            what = "is empty, not a JSON array of records"
        elif kind and not is_json:
            what = f"is {kind.name}, not a JSON array of records"
        else:
            what = "is not a JSON array of records"
        return InvalidInput(f"{self.path} {what}. Give a file in the Melon format.", code="bad_dataset")

    def _decode(self, file: BufferedReader) -> Iterator[str]:
        """Unpack and decode the file in chunks; a damaged archive ends early."""
        stream = unpacked(file, self.path)
        decoder = None
        position = 0
        while True:
            try:
                plain_bytes = stream.read1(CHUNK_BYTES)
            except DAMAGE as error:
                self.damage = f"the archive cannot be unpacked to its end: {error}"
                return

            self.advance(max(file.tell() - position, 0))
            position = max(file.tell(), position)
            if not plain_bytes:
                break
            decoder = decoder or _decoder(plain_bytes)
            yield decoder.decode(plain_bytes)

        if decoder:
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
            if not array_ends:
                self.damage = self.damage or "the file ends within this record"

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


def _decoder(beginning: bytes) -> codecs.IncrementalDecoder:
    """Choose a decoder by the byte order mark: UTF-16 as Windows writes it, else UTF-8."""
    if beginning.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return codecs.getincrementaldecoder("utf-16")(errors="replace")
    return codecs.getincrementaldecoder("utf-8")(errors="surrogateescape")
