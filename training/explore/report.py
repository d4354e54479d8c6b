"""The report: key numbers and sections, laid out as one HTML file that needs nothing else."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from aiplayer.errors import InvalidInput
from aiplayer.files import whole_file
from training.dataset.aggregates import whole
from training.dataset.frames import Dataset
from training.explore import counting
from training.explore.frequencies import genres, song_frequency, tag_frequency, title_words, top_songs
from training.explore.section import number
from training.explore.spreads import likes, release_years, songs_a_playlist

FILE = "index.html"
TEMPLATE = "template.html.j2"
# The functions that make a section of a dataset, in the order of the report.
SECTIONS = (
    songs_a_playlist,
    likes,
    song_frequency,
    top_songs,
    tag_frequency,
    title_words,
    genres,
    release_years,
)


def key_numbers(dataset: Dataset) -> list[tuple[str, str]]:
    """Count what stands at the head: numbers and what they count; what the data does not know is left out."""
    artists = dataset.songs["artists"].explode().drop_nulls()
    counts = {
        "playlists": dataset.playlists.height,
        "song entries": int(counting.count_lengths(dataset).sum()),
        "different songs": counting.count_songs(dataset).height,
        "artists": artists.n_unique(),
        "different tags": counting.count_tags(dataset).height,
        "genres": counting.count_genres(dataset).height,
    }
    return [(number(value), noun) for noun, value in counts.items() if value]


def updates(dataset: Dataset) -> str:
    """Say in which years playlists were last updated; empty where it is unknown."""
    years = dataset.playlists["updated"].drop_nulls().dt.year()
    if years.is_empty():
        return ""
    first, last = whole(years.min()), whole(years.max())
    return f"updated in {first}" if first == last else f"updated from {first} to {last}"


def render(dataset: Dataset, source: str) -> str:
    """Render the report as HTML.

    Args:
        dataset: The dataset to explore.
        source: A reader's name for the dataset, such as "the catalogue".

    Raises:
        InvalidInput: there are no playlists.
    """
    if dataset.playlists.is_empty():
        raise InvalidInput(
            f"There are no playlists in {source}, so there is nothing to explore. Fill it with "
            "python -m training.dataset import, or give --melon a folder that has some.",
            code="empty_dataset",
        )

    sections = [make_section(dataset) for make_section in SECTIONS]
    # Their markup is our own: text of the data is in them as outlines only.
    drawn = [(section, Markup(section.svg)) for section in sections if section.svg]
    left_out = [section for section in sections if not section.svg]

    loader = FileSystemLoader(Path(__file__).parent)
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    template = environment.get_template(TEMPLATE)
    return template.render(
        source=source,
        updated=updates(dataset),
        numbers=key_numbers(dataset),
        drawn=drawn,
        left_out=left_out,
    )


def write(dataset: Dataset, source: str, folder: Path) -> Path:
    """Write the report; an older one is replaced only once the new one is whole.

    Args:
        dataset: The dataset to explore.
        source: A reader's name for the dataset, such as "the catalogue".
        folder: Where to write; it is made where it is missing.

    Returns:
        The path of the HTML file.

    Raises:
        InvalidInput: there are no playlists, or the folder cannot be written.
    """
    html = render(dataset, source)
    path = folder / FILE
    try:
        with whole_file(path) as draft:
            draft.write_text(html, encoding="utf-8", errors="replace")
    except OSError as error:
        raise InvalidInput(
            f"{path} cannot be written: {error.strerror}. Give --out a folder that can be.", code="bad_folder"
        ) from error
    return path
