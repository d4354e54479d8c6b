"""One playlist for the terminal: made over HTTP, written into a folder, and shown."""

import io
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image
from PIL.PngImagePlugin import PngImageFile
from rich.console import Console
from rich.style import Style
from rich.table import Table
from rich.text import Text

from aiplayer.starting import Tell, tell_nobody
from frontend import painting
from frontend.client import ServiceClient, ServiceError
from frontend.markup import are_numbers_only
from frontend.texts import Words, time_left

PICTURE_COLUMNS = 64


@dataclass(frozen=True)
class Made:
    """A playlist with its picture, and where both were written.

    Attributes:
        playlist: What `playlist.json` holds.
        png: The picture.
        folder: The folder of both files.
    """

    playlist: dict
    png: bytes
    folder: Path


def make_playlist(client: ServiceClient, title: str, folder: Path, tell: Tell = tell_nobody) -> Made:
    """Find similar playlists, recommend from them, paint, and write `playlist.json` and `thumbnail.png`.

    Args:
        client: The service.
        title: The playlist's title.
        folder: Where to write the two files.
        tell: Called with what is being done.

    Raises:
        ServiceError: the service refused or did not answer.
    """
    tell("choosing the songs")
    similar = client.similar(title)["playlists"]
    playlist_ids = [playlist["playlist_id"] for playlist in similar]
    made = client.recommend(title, playlist_ids=playlist_ids)
    png = _paint(client, title, made["generation_id"], tell)
    chosen = [{key: playlist[key] for key in ("playlist_id", "title", "score")} for playlist in similar]
    playlist = {"title": title, **made, "similar_playlists": chosen, "thumbnail": _facts(png)}

    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(playlist, ensure_ascii=False, indent=2) + "\n"
    (folder / "playlist.json").write_text(text, encoding="utf-8")
    (folder / "thumbnail.png").write_bytes(png)
    return Made(playlist, png, folder)


def _paint(client: ServiceClient, title: str, generation_id: str, tell: Tell) -> bytes:
    """The picture; its painting is stopped where this program is.

    Raises:
        ServiceError: there is none.
    """
    picture_s = client.picture_s()
    picture = painting.begin(client, title, generation_id=generation_id)
    try:
        for _ in painting.follow(client, picture):
            left = time_left(picture.seconds_left, picture_s, Words("en")).lower().rstrip(".")
            tell(f"painting the thumbnail, {picture.share:.0%} done{left and ','}{left}")
    except KeyboardInterrupt:
        painting.stop(client, picture)
        raise

    if picture.png is None:
        raise picture.problem or ServiceError("The service painted no picture.")
    return picture.png


def show_playlist(made: Made, console: Console) -> None:
    """Print the playlist, and the picture where the terminal shows colors."""
    playlist = made.playlist
    console.print()
    if console.is_terminal and console.color_system == "truecolor":
        console.print(_blocks(made.png))
    console.print(Text(playlist["title"], style="bold"))
    console.print(Text(" ".join(f"#{tag}" for tag in playlist["tags"]), style="cyan"))
    console.print()

    console.print(_song_table(playlist["songs"]))
    if are_numbers_only(playlist["songs"]):
        console.print(Text(Words("en")("numbers_only"), style="yellow"))
    console.print()

    picture = playlist["thumbnail"]
    size = f"{picture['width']}x{picture['height']}"
    facts = f"thumbnail  {size} by {picture['model']}: {picture['prompt']} (seed {picture['seed']})"
    console.print(Text(facts, style="dim"))
    for name in ("playlist.json", "thumbnail.png"):
        console.print(Text.assemble(("✓ ", "green"), str(made.folder / name)), soft_wrap=True)


def _song_table(songs: list[dict]) -> Table:
    """Number, name, artists and reason of each song."""
    table = Table(box=None, padding=(0, 2, 0, 0), show_header=False, expand=True)
    table.add_column(justify="right", style="dim", min_width=3)
    for style, ratio in (("", 3), ("", 2), ("dim", 3)):
        table.add_column(overflow="ellipsis", no_wrap=True, style=style, ratio=ratio)

    for number, song in enumerate(songs, start=1):
        relation = "from  " if song["source"] == "seed" else "like  "
        table.add_row(
            str(number),
            Text(song["name"]),
            Text(", ".join(song["artists"])),
            Text(relation + song["because"]),
        )
    return table


def _blocks(png: bytes) -> Text:
    """The picture in half blocks, two pixels a character."""
    # 16:9, with an even number of rows.
    rows = PICTURE_COLUMNS * 9 // 16 // 2 * 2
    image = Image.open(io.BytesIO(png)).convert("RGB").resize((PICTURE_COLUMNS, rows))
    pixels = np.asarray(image)

    text = Text()
    for y in range(0, rows, 2):
        for x in range(PICTURE_COLUMNS):
            above = _color(pixels[y, x])
            below = _color(pixels[y + 1, x])
            text.append("▀", Style(color=above, bgcolor=below))
        text.append("\n")
    return text


def _color(pixel: np.ndarray) -> str:
    """Red, green and blue, uint8 [3], as rich writes a color."""
    red, green, blue = pixel
    return f"rgb({red},{green},{blue})"


def _facts(png: bytes) -> dict:
    """Size and text of a PNG."""
    image = PngImageFile(io.BytesIO(png))
    return {"width": image.width, "height": image.height, **image.text}
