"""The sections on what is frequent: one pure function each, from a dataset to a section."""

from functools import partial

import numpy as np
import polars as pl

from training.dataset.frames import Dataset
from training.explore import counting
from training.explore.canvas import draw
from training.explore.rankings import bars_height_px, paint_bars, paint_ranks
from training.explore.section import Section, count, number, percent

PLOT_PX = 300
MOST_POINTS = 160
TOP_TAGS, TOP_GENRES, TOP_WORDS, TOP_SONGS = 30, 20, 30, 20


def song_frequency(dataset: Dataset) -> Section:
    """Show in how many playlists songs stand."""
    title = "How often a song is chosen"
    counts = counting.count_songs(dataset)["count"]
    if counts.is_empty():
        return Section(title, "No playlist has a song.")
    return Section(title, f"{_top_fifth(counts, 'song')}.", _draw_ranks("songs", counts, "song"))


def top_songs(dataset: Dataset) -> Section:
    """Show which songs stand in the most playlists."""
    title = "The most chosen songs"
    top = counting.count_songs(dataset).head(TOP_SONGS)
    if top.is_empty():
        return Section(title, "No playlist has a song.")

    songs = top.join(dataset.songs, on="song_id", how="left", maintain_order="left")
    has_name = pl.col("name").fill_null("") != ""
    artists = pl.col("artists").list.join(", ").fill_null("")
    name_and_artists = pl.when(artists == "").then("name").otherwise(pl.format("{} · {}", "name", artists))
    label = pl.when(has_name).then(name_and_artists).otherwise(pl.format("Song {}", "song_id"))
    rows = songs.select(label.alias("name"), "count")

    first, most = rows.row(0)
    share = percent(most, dataset.playlists.height)
    any_has_name = songs.select(has_name.any()).item()
    start = "The" if any_has_name else "The songs of this data are known by number only; the"
    sentence = f"{start} most chosen is {first}, in {count(most, 'playlist')}, {share} of all."
    return Section(title, sentence, _draw_bars("topsongs", rows, stacked=True), rows.rows())


def tag_frequency(dataset: Dataset) -> Section:
    """Show in how many playlists tags stand, and which are the most used."""
    title = "Tags"
    tags = counting.count_tags(dataset)
    if tags.is_empty():
        return Section(title, "No playlist has a tag.")

    counts = tags["count"]
    top = tags.head(TOP_TAGS)
    shown = "all of them" if top.height == tags.height else f"the {top.height} most used"
    sentence = f"{_top_fifth(counts, 'tag')}; the bars show {shown}."
    svg = _draw_ranks("tags", counts, "tag") + _draw_bars("tagnames", top)
    return Section(title, sentence, svg, top.rows())


def title_words(dataset: Dataset) -> Section:
    """Show which words stand in the titles."""
    title = "Words in titles"
    words = counting.count_words(dataset)
    if words.is_empty():
        return Section(title, "No title has a word of two letters or more.")

    top = words.head(TOP_WORDS)
    first, most = top.row(0)
    share = percent(most, dataset.playlists.height)
    sentence = f"The titles have {count(words.height, 'different word')}; “{first}” is in {share} of them."
    return Section(title, sentence, _draw_bars("words", top), top.rows())


def genres(dataset: Dataset) -> Section:
    """Show which genres the song entries have."""
    title = "Genres"
    counts = counting.count_genres(dataset)
    if counts.is_empty():
        return Section(title, "No song of a playlist has a known genre.")

    top = counts.head(TOP_GENRES)
    first, most = top.row(0)
    entries = int(counting.count_songs(dataset)["count"].sum())
    sentence = (
        f"The most frequent of {count(counts.height, 'genre')} is {first}, in {percent(most, entries)} of the song "
        "entries; a song of two genres counts for both."
    )
    return Section(title, sentence, _draw_bars("genres", top), top.rows())


def _top_fifth(counts: pl.Series, noun: str) -> str:
    """Say what the most frequent fifth holds, and how many are alone."""
    cut = counting.measure_cut(counts)
    share = percent(cut.share, 1)
    once = percent(int((counts == 1).sum()), counts.len())
    return (
        f"The most frequent fifth of the {noun}s, {number(cut.top)} of {number(counts.len())}, fills {share} of all "
        f"{noun} entries; {once} of the {noun}s are in one playlist only"
    )


def _draw_ranks(name: str, counts: pl.Series, noun: str) -> str:
    """Draw frequency by rank.

    Args:
        name: The plot's name, for its ids.
        counts: How often each thing occurs, most frequent first.
        noun: What is counted, in the singular.
    """
    cut = counting.measure_cut(counts)
    # Ranks lie evenly on the logarithmic axis, so that millions are as light as hundreds.
    even_ranks = np.geomspace(1, counts.len(), MOST_POINTS).round().astype(int)
    ranks = np.unique([*even_ranks, cut.top])
    rank_counts = counts.gather(ranks - 1).to_numpy()
    paint = partial(paint_ranks, ranks=ranks, counts=rank_counts, cut=cut, noun=noun)
    return draw(name, PLOT_PX, paint)


def _draw_bars(name: str, top: pl.DataFrame, stacked: bool = False) -> str:
    """Draw horizontal bars.

    Args:
        name: The plot's name, for its ids.
        top: A frame of two columns, names and counts.
        stacked: Whether names stand above the bars.
    """
    names, values = top.to_dict(as_series=False).values()
    paint = partial(paint_bars, names=names, values=values, stacked=stacked)
    return draw(name, bars_height_px(top.height, stacked), paint)
