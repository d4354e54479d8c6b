"""A table of how often the playlists of each set are liked."""

from collections.abc import Mapping

from rich.table import Table

from aiplayer.catalogue import LikeCount
from training.publish.like_rates import LEVEL, Interval, like_rate, rate_difference

INTERVAL_NOTE = f"The intervals hold with {LEVEL:.0%} certainty whenever and however often one looks."


def likes_table(counts: Mapping[str, LikeCount], production: str) -> Table:
    """A line for each set, what was asked most first.

    Args:
        counts: The generations and likes of each set.
        production: The set that the others are held against.
    """
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim", pad_edge=False)
    for heading in ("set", "playlists", "liked", "rate", "interval", f"beside {production}"):
        table.add_column(heading)
    for name, count in sorted(counts.items(), key=lambda entry: -entry[1].generations):
        rate = like_rate(count)
        beside = "in production"
        if name != production:
            beside = (
                verdict(rate_difference(count, counts[production])) if production in counts else "nothing to see yet"
            )
        table.add_row(
            name,
            f"{count.generations:,}",
            f"{count.liked:,}",
            f"{count.liked / count.generations:.1%}",
            f"{rate.low:.1%} to {rate.high:.1%}",
            beside,
        )
    return table


def verdict(difference: Interval) -> str:
    """What can be said of a difference of rates."""
    told = f"{100 * difference.low:+.1f} to {100 * difference.high:+.1f} points"
    if difference.low > 0:
        return f"liked more: {told}"
    if difference.high < 0:
        return f"liked less: {told}"
    return f"cannot be told yet: {told}"
