"""Measures how well titles are understood: a file of titles, with what they name, put to a running service.

python -m training.understanding TITLES.toml --url http://127.0.0.1:3000
"""

import argparse
import io
import json
import tomllib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from PIL import Image
from rich.console import Console
from rich.progress import track
from rich.table import Table

from training.demo.songs import DemoSong, read_songs

CONSOLE = Console()
# Generations of idols and the like have no exact bounds.
YEARS_MORE = 1
# Of an artist's own songs so many are expected in an answer of twenty.
MOST_OWN_SONGS = 8
ANSWER_SONGS = 20
SCENE = ("place", "hour", "weather", "season")


@dataclass
class Shares:
    """Shares of what titles name, by what is measured; each 0 to 1, one a title or an attribute."""

    by_name: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    misses: list[str] = field(default_factory=list)

    def add(self, name: str, share: float, what: str) -> None:
        """Note one share, and what it was of where something is missing."""
        self.by_name[name].append(share)
        if share < 1:
            self.misses.append(f"{name} {share:.2f} {what}")


class Service:
    """The running service, whose answers are measured."""

    def __init__(self, http: httpx.Client):
        self._http = http

    def similar(self, title: str) -> dict[str, Any]:
        """The three playlists that fit best."""
        return self._post("/similar", title=title).json()

    def recommend(self, title: str, playlist_ids: Sequence[int] = ()) -> list[int]:
        """The songs of an answer."""
        answer = self._post("/recommend", title=title, playlist_ids=list(playlist_ids), song_count=ANSWER_SONGS)
        return [song["song_id"] for song in answer.json()["songs"]]

    def scene(self, title: str, seed: int) -> dict[str, Any]:
        """What the picture of a title shows."""
        picture = Image.open(io.BytesIO(self._post("/thumbnail", title=title, seed=seed).content))
        return json.loads(picture.info["scene"])

    def _post(self, path: str, **body: object) -> httpx.Response:
        response = self._http.post(path, json=body)
        response.raise_for_status()
        return response


def fits(song: DemoSong, expected: dict[str, Any]) -> bool:
    """Whether a song keeps the genres, years and countries that a title names."""
    first, last = expected.get("years", (song.year, song.year))
    return (
        first - YEARS_MORE <= song.year <= last + YEARS_MORE
        and ("genres" not in expected or not set(song.genres).isdisjoint(expected["genres"]))
        and set(song.genres).isdisjoint(expected.get("not_genres", ()))
        and ("origins" not in expected or song.origin in expected["origins"])
        and song.origin not in expected.get("origins_not", ())
    )


def measure(service: Service, titles: Sequence[dict[str, Any]], songs: Sequence[DemoSong], paints: bool) -> Shares:
    """Ask the service about every title.

    Args:
        service: The service.
        titles: What titles name, as the head of the file of titles says.
        songs: The songs of the demo catalogue by their ids.
        paints: Whether pictures are asked for too.
    """
    shares = Shares()
    for expected in track(titles, "titles", console=CONSOLE):
        title = expected["text"]
        similar = service.similar(title)
        ids = [playlist["playlist_id"] for playlist in similar["playlists"]]
        held = [song["song_id"] for playlist in similar["playlists"] for song in playlist["songs"]]
        answers = {"flow": service.recommend(title, ids), "title alone": service.recommend(title)}

        if expected.keys() & {"genres", "years", "origins", "origins_not"}:
            for name, song_ids in {"three playlists": held, **answers}.items():
                kept = sum(fits(songs[song_id], expected) for song_id in song_ids) / max(len(song_ids), 1)
                shares.add(name, kept, title)
        if "artists" in expected:
            for name, song_ids in answers.items():
                shares.add(f"artists, {name}", own_share(expected["artists"], song_ids, songs), title)
        if paints:
            _measure_scene(service, expected, shares)
    return shares


def own_share(artists: Sequence[str], song_ids: Sequence[int], songs: Sequence[DemoSong]) -> float:
    """How many of the artists' own songs stand in an answer, of as many as could be expected."""
    own = {song.song_id for song in songs if set(artists) & set(song.artists)}
    return min(len(own & set(song_ids)), MOST_OWN_SONGS) / max(min(len(own), MOST_OWN_SONGS), 1)


def _measure_scene(service: Service, expected: dict[str, Any], shares: Shares) -> None:
    """Count the attributes of a scene that a picture keeps."""
    attributes = expected.get("scene", {})
    if not attributes and "elements" not in expected:
        return

    scene = service.scene(expected["text"], seed=1)
    for name, wanted in attributes.items():
        allowed = wanted if isinstance(wanted, list) else [wanted]
        shares.add("scene", float(scene[name] in allowed), f"{expected['text']}: {name} {wanted}, not {scene[name]}")
    for element in expected.get("elements", ()):
        shares.add("scene", float(element in scene["elements"]), f"{expected['text']}: {element}")


def main() -> None:
    """Print the shares, and with --misses what is missing."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("titles", type=Path, help="a TOML file of titles and of what they name")
    parser.add_argument(
        "--url", default="http://127.0.0.1:3000", help="of the service, which serves the demo catalogue"
    )
    parser.add_argument("--pictures", action="store_true", help="ask for pictures too")
    parser.add_argument("--misses", action="store_true", help="list what is missing")
    arguments = parser.parse_args()

    titles = tomllib.loads(arguments.titles.read_text(encoding="utf-8"))["title"]
    with httpx.Client(base_url=arguments.url, timeout=60, trust_env=False) as http:
        shares = measure(Service(http), titles, read_songs(), arguments.pictures)

    if arguments.misses:
        for miss in shares.misses:
            CONSOLE.print(miss, markup=False, highlight=False)
    table = Table("share kept", "mean", "of")
    for name, values in shares.by_name.items():
        table.add_row(name, f"{sum(values) / len(values):.3f}", str(len(values)))
    CONSOLE.print(table)


if __name__ == "__main__":
    main()
