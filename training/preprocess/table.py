"""A table of what each step removed."""

from collections.abc import Iterator

from rich.console import Console
from rich.table import Table

from training.dataset.frames import Dataset
from training.preprocess.steps import Step


def show(before: Dataset, steps: Iterator[Step], console: Console) -> Dataset:
    """Print what each step removed, as it is done.

    Args:
        before: The dataset before the first step.
        steps: The steps, from `preprocess`.
        console: Where to print.

    Returns:
        The dataset after the last step.
    """
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("step")
    for name in ("playlists", "song entries", "songs", "tag entries", "tags"):
        table.add_column(name, justify="right", no_wrap=True)

    dataset = before
    sizes = _sizes(before)
    table.add_row("read", *_spell(sizes))
    for number, step in enumerate(steps, start=1):
        dataset = step.dataset
        new_sizes = _sizes(dataset)
        removed = [old - new for old, new in zip(sizes, new_sizes, strict=True)]
        cells = [f"[red]-{count:,}[/]" if count > 0 else "0" for count in removed]
        table.add_row(f"{number} {step.name}\n  [dim]{step.rule}[/]", *cells)
        sizes = new_sizes

    table.add_row("left", *_spell(sizes))
    console.print(table)
    return dataset


def _spell(sizes: tuple[int, ...]) -> list[str]:
    return [f"{size:,}" for size in sizes]


def _sizes(dataset: Dataset) -> tuple[int, ...]:
    """Count playlists, song entries, different songs, tag entries and different tags."""
    songs = dataset.entries()["song_id"]
    tags = dataset.tag_entries()["tag"]
    return dataset.playlists.height, songs.len(), songs.n_unique(), tags.len(), tags.n_unique()
