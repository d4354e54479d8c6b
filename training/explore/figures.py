"""The plots of the report: one pure function each, from a dataset to a section."""

from functools import partial
from itertools import pairwise

import numpy as np
import polars as pl

from training.dataset.frames import Dataset
from training.explore import counting
from training.explore.canvas import draw
from training.explore.charts import bars_height_px, paint_bars, paint_likes, paint_ranks, paint_spread, paint_years
from training.explore.section import Section, count, number, percent

PLOT_PX = 300
MOST_BARS = 60
MOST_YEARS = 100
# Where songs reach far back, this share of them at most is not shown year by year.
EARLY_SHARE = 0.02
MOST_POINTS = 160
TOP_TAGS, TOP_GENRES, TOP_WORDS, TOP_SONGS = 30, 20, 30, 20
# Likes go up by these, and by ten times as much again and again.
STEPS = (1, 2, 5)


def songs_a_playlist(dataset: Dataset) -> Section:
    """How many songs playlists have."""
    title, lengths = "Songs in a playlist", counting.count_lengths(dataset)
    if lengths.max() == 0:
        return Section(title, "No playlist has a song.")
    box, empty = counting.measure_box(lengths), percent((lengths == 0).sum(), lengths.len())
    parts = [f"Half of the playlists have {count(box.median, 'song')} or more"] if box.median else []
    if box.above:
        longer = percent(box.above, lengths.len())
        parts.append(f"{number(box.upper_whisker)} is the whisker: {longer} are longer, up to {number(lengths.max())}")
    else:
        parts.append(f"none is longer than the whisker, {number(box.upper_whisker)}")
    if lengths.min() == 0:
        parts.insert(len(parts) if box.median else 0, f"{empty} of the playlists have no songs")
    # A few very long playlists would press all others into one bar: they share the last.
    end = min(lengths.max(), max(2 * box.upper_whisker, 10))
    width = next(step * 10**power for power in range(9) for step in STEPS if end / (step * 10**power) <= MOST_BARS)
    edges = np.arange(0, end + 2 * width, width) - 0.5
    heights = np.histogram(np.minimum(lengths.to_numpy(), edges[-1] - 0.25), edges)[0]
    words = "songs in a playlist"
    if lengths.max() > edges[-1]:
        words += f" (the last bar holds all from {number(edges[-2] + 0.5)} on)"
    paint = partial(paint_spread, edges=edges, heights=heights, box=box, words=words)
    return Section(title, f"{'; '.join(parts)}.", draw("lengths", 340, paint))


def likes(dataset: Dataset) -> Section:
    """How many likes playlists have."""
    title, given = "Likes of a playlist", dataset.playlists["likes"].drop_nulls()
    if given.n_unique() < 2:
        every = count(given[0], "like") if given.len() else "an unknown number of likes"
        return Section(title, f"Every playlist has {every}, so there is nothing to compare.")
    unliked, most = percent((given == 0).sum(), given.len()), given.max()
    shown, half = given, f"{unliked} of the playlists have no likes; half of all have"
    if given.median() == 0:
        # So many without likes would press all others to the ground.
        shown, half = given.filter(given > 0), f"{unliked} of the playlists have no likes; half of the others have"
    elif given.min() > 0:
        half = "Half of the playlists have"
    median = shown.median()
    edges = like_edges(median, shown.min(), most)
    heights = np.histogram(shown.to_numpy(), edges)[0]
    paint = partial(paint_likes, edges=edges, heights=heights, median=median)
    sentence = f"{half} {count(median, 'like')} or fewer, and the most liked has {number(most)}."
    return Section(title, sentence, draw("likes", PLOT_PX, paint))


def like_edges(median: float, least: int, most: int) -> list[int]:
    """Bounds of columns: 0, 1, 2, 5, 10, 20, 50 and so on where the tail is long, else evenly apart."""
    if most <= 10 * max(1, median):
        width = -(-(most + 1 - least) // 20)
        return list(range(least, most + width + 1, width))
    bounds = [0, *(step * 10**power for power in range(len(str(most)) + 1) for step in STEPS)]
    return [low for low, high in pairwise(bounds) if high > least and low <= most] + [
        next(bound for bound in bounds if bound > most)
    ]


def song_frequency(dataset: Dataset) -> Section:
    """In how many playlists songs stand."""
    title, counts = "How often a song is chosen", counting.count_songs(dataset)["count"]
    if counts.is_empty():
        return Section(title, "No playlist has a song.")
    return Section(title, f"{_held(counts, 'song')}.", _ranks("songs", counts, "song"))


def tag_frequency(dataset: Dataset) -> Section:
    """In how many playlists tags stand, and which are the most used."""
    title, tags = "Tags", counting.count_tags(dataset)
    if tags.is_empty():
        return Section(title, "No playlist has a tag.")
    counts, top = tags["count"], tags.head(TOP_TAGS)
    shown = "all of them" if top.height == tags.height else f"the {top.height} most used"
    sentence = f"{_held(counts, 'tag')}; the bars show {shown}."
    return Section(title, sentence, _ranks("tags", counts, "tag") + _bars("tagnames", top), top.rows())


def genres(dataset: Dataset) -> Section:
    """Which genres the song entries have."""
    title, found = "Genres", counting.count_genres(dataset)
    if found.is_empty():
        return Section(title, "No song of a playlist has a known genre.")
    top, entries = found.head(TOP_GENRES), counting.count_songs(dataset)["count"].sum()
    first, most = top.row(0)
    sentence = (
        f"The most frequent of {count(found.height, 'genre')} is {first}, in {percent(most, entries)} of the song "
        "entries; a song of two genres counts for both."
    )
    return Section(title, sentence, _bars("genres", top), top.rows())


def release_years(dataset: Dataset) -> Section:
    """When the songs came out."""
    title, years = "Release years", counting.count_years(dataset)
    if years.is_empty():
        return Section(title, "No song has a known release date.")
    each = dataset.songs["issued"].drop_nulls().dt.year()
    begin, end = each.min(), each.max()
    if end - begin > MOST_YEARS:
        begin = int(each.quantile(EARLY_SHARE, "lower"))
    step = next(step for step in (1, 10, 100, 1000) if end - begin <= MOST_YEARS * step)
    # All that are earlier share one bar before the first.
    span = pl.max_horizontal(pl.col("year") // step * step, pl.lit(begin // step * step - step))
    spans = years.group_by(year=span).agg(pl.col("count").sum()).sort("year")
    words = {1: "year", 10: "decade, by its first year"}.get(step, f"{step} years, by the first")
    if each.min() < begin // step * step:
        words += f" (the first bar holds all before {begin // step * step})"
    later = each.quantile(0.5, "higher")
    sentence = (
        f"Half of the {number(each.len())} songs with a known date came out in {later:.0f} or later; "
        f"the earliest is from {each.min()}, the latest from {end}."
    )
    paint = partial(paint_years, years=spans["year"], heights=spans["count"], step=step, words=words)
    return Section(title, sentence, draw("years", PLOT_PX, paint))


def title_words(dataset: Dataset) -> Section:
    """Which words stand in the titles."""
    title, words = "Words in titles", counting.count_words(dataset)
    if words.is_empty():
        return Section(title, "No title has a word of two letters or more.")
    top, playlists = words.head(TOP_WORDS), dataset.playlists.height
    first, most = top.row(0)
    sentence = (
        f"The titles have {count(words.height, 'different word')}; “{first}” is in {percent(most, playlists)} of them."
    )
    return Section(title, sentence, _bars("words", top), top.rows())


def top_songs(dataset: Dataset) -> Section:
    """Which songs stand in the most playlists."""
    title, top = "The most chosen songs", counting.count_songs(dataset).head(TOP_SONGS)
    if top.is_empty():
        return Section(title, "No playlist has a song.")
    named = top.join(dataset.songs, on="song_id", how="left", maintain_order="left")
    known = pl.col("name").fill_null("") != ""
    artists = pl.col("artists").list.join(", ").fill_null("")
    name = pl.when(artists == "").then("name").otherwise(pl.format("{} · {}", "name", artists))
    unknown = pl.format("Song {}", "song_id")
    rows = named.select(pl.when(known).then(name).otherwise(unknown).alias("name"), "count")
    first, most = rows.row(0)
    share = percent(most, dataset.playlists.height)
    named_some = named.select(known.any()).item()
    start = "The" if named_some else "The songs of this data are known by number only; the"
    sentence = f"{start} most chosen is {first}, in {count(most, 'playlist')}, {share} of all."
    return Section(title, sentence, _bars("topsongs", rows, stacked=True), rows.rows())


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


def _held(counts: pl.Series, noun: str) -> str:
    """What the most frequent fifth holds, and how many are alone."""
    cut = counting.measure_cut(counts)
    share, once = percent(cut.share, 1), percent((counts == 1).sum(), counts.len())
    return (
        f"The most frequent fifth of the {noun}s, {number(cut.top)} of {number(counts.len())}, fills {share} of all "
        f"{noun} entries; {once} of the {noun}s are in one playlist only"
    )


def _ranks(name: str, counts: pl.Series, noun: str) -> str:
    """A rank-frequency plot; ranks lie evenly on the logarithmic axis, so that millions are as light as hundreds."""
    cut = counting.measure_cut(counts)
    ranks = np.unique([*np.geomspace(1, counts.len(), MOST_POINTS).round().astype(int), cut.top])
    paint = partial(paint_ranks, ranks=ranks, counts=counts.gather(ranks - 1).to_numpy(), cut=cut, noun=noun)
    return draw(name, PLOT_PX, paint)


def _bars(name: str, top: pl.DataFrame, stacked: bool = False) -> str:
    """Horizontal bars of names and counts."""
    names, values = top.to_dict(as_series=False).values()
    paint = partial(paint_bars, names=names, values=values, stacked=stacked)
    return draw(name, bars_height_px(top.height, stacked), paint)
