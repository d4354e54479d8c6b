"""The report: key numbers and sections, laid out as one HTML file that needs nothing else."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from aiplayer.errors import InvalidInput
from training.dataset.frames import Dataset
from training.explore import counting
from training.explore.figures import SECTIONS
from training.explore.section import number

FILE = "index.html"
TEMPLATE = "template.html.j2"


def key_numbers(dataset: Dataset) -> list[tuple[str, str]]:
    """What stands at the head: numbers and what they count; what the data does not know is left out."""
    artists = dataset.songs["artists"].explode()
    counts = {
        "playlists": dataset.playlists.height,
        "song entries": counting.count_lengths(dataset).sum(),
        "different songs": counting.count_songs(dataset).height,
        "artists": artists.drop_nulls().n_unique(),
        "different tags": counting.count_tags(dataset).height,
        "genres": counting.count_genres(dataset).height,
    }
    return [(number(value), what) for what, value in counts.items() if value]


def updates(dataset: Dataset) -> str:
    """In which years playlists were last updated; empty where it is not known."""
    years = dataset.playlists["updated"].drop_nulls().dt.year()
    if years.is_empty():
        return ""
    first, last = years.min(), years.max()
    return f"updated in {first}" if first == last else f"updated from {first} to {last}"


def render(dataset: Dataset, source: str) -> str:
    """The report as HTML.

    Args:
        dataset: What is explored.
        source: What a reader calls it.

    Raises:
        InvalidInput: there are no playlists.
    """
    if dataset.playlists.is_empty():
        raise InvalidInput(
            f"There are no playlists in {source}, so there is nothing to explore. Fill it with "
            "python -m training.dataset import, or give --melon a folder that has some.",
            code="empty_dataset",
        )
    sections = [draw(dataset) for draw in SECTIONS]
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    return environment.get_template(TEMPLATE).render(
        source=source,
        updated=updates(dataset),
        numbers=key_numbers(dataset),
        # Their markup is our own: text of the data is in them as outlines only.
        drawn=[(section, Markup(section.svg)) for section in sections if section.svg],
        left_out=[section for section in sections if not section.svg],
    )


def write(dataset: Dataset, source: str, folder: Path) -> Path:
    """Write the report, and return its path; an older one is replaced only once the new one is whole.

    Raises:
        InvalidInput: there are no playlists, or the folder cannot be written.
    """
    html, path = render(dataset, source), folder / FILE
    try:
        folder.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(".draft")
        draft.write_text(html, encoding="utf-8", errors="replace")
        draft.replace(path)
    except OSError as error:
        raise InvalidInput(
            f"{path} cannot be written: {error.strerror}. Give --out a folder that can be.", code="bad_folder"
        ) from error
    return path
