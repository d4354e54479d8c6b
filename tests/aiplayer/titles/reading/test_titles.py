"""How much of what titles name is read: titles that were written before the reader was, by somebody else."""

import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from aiplayer.titles.reading.artist_names import ArtistNames
from aiplayer.titles.reading.mentions import Kind
from aiplayer.titles.reading.reader import TitleReader
from training.demo.songs import read_songs

HERE = Path(__file__).parent
SCENE = (Kind.PLACE, Kind.HOUR, Kind.WEATHER, Kind.SEASON)
# Generations and the like have no exact bounds.
YEARS_MORE = 3


@pytest.fixture(scope="module")
def reader() -> TitleReader:
    return TitleReader(ArtistNames(sorted({artist for song in read_songs() for artist in song.artists})))


def titles(name: str) -> list[dict[str, Any]]:
    return tomllib.loads((HERE / name).read_text(encoding="utf-8"))["title"]


def checks(expected: dict[str, Any], values: dict[Kind, set[str]]) -> Iterator[tuple[Kind, bool]]:
    """For each thing that a title names its kind, and whether it was read."""
    if "genres" in expected:
        yield Kind.GENRE, bool(values[Kind.GENRE] & set(expected["genres"]))
    if "years" in expected:
        yield Kind.ERA, any(_is_near(value, expected["years"]) for value in values[Kind.ERA])
    if "origins" in expected:
        yield Kind.COUNTRY, bool(values[Kind.COUNTRY] & set(expected["origins"]))
    for artist in expected.get("artists", ()):
        yield Kind.ARTIST, artist in values[Kind.ARTIST]
    for kind, allowed in expected.get("scene", {}).items():
        yield Kind(kind), bool(values[Kind(kind)] & set(allowed if isinstance(allowed, list) else [allowed]))
    for element in expected.get("elements", ()):
        yield Kind.THING, element in values[Kind.THING]


def _is_near(era: str, years: list[int]) -> bool:
    bounds = [int(year) for year in era.split("-")]
    return all(abs(bound - year) <= YEARS_MORE for bound, year in zip(bounds, years, strict=True))


def values_read(reader: TitleReader, title: str) -> dict[Kind, set[str]]:
    wanted = reader.read(title).wanted(*Kind)
    return {kind: {mention.value for mention in wanted if mention.kind is kind} for kind in Kind}


def test_what_titles_name_is_read(reader):
    named, read = Counter(), Counter()
    for expected in titles("titles.toml"):
        for kind, is_read in checks(expected, values_read(reader, expected["text"])):
            named[kind] += 1
            read[kind] += is_read
    shares = {kind: read[kind] / named[kind] for kind in named}
    assert min(shares[kind] for kind in (Kind.GENRE, Kind.ERA, Kind.PLACE, Kind.WEATHER, Kind.SEASON)) >= 0.9
    assert min(shares.values()) >= 0.75
    assert sum(read.values()) / sum(named.values()) >= 0.88


def test_titles_are_not_over_read(reader):
    right = 0
    expected_titles = titles("not_names.toml")
    for expected in expected_titles:
        values = values_read(reader, expected["text"])
        kinds = [(Kind(thing["kind"]), thing["value"]) for thing in expected["must_not"] if thing["kind"] != "element"]
        right += not any(values[kind] if value == "*" else value in values[kind] for kind, value in kinds)
    assert right / len(expected_titles) >= 0.9
