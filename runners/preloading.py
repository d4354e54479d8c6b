"""What several processes of the service hold alike; loaded before they are forked, they share it."""

from collections.abc import Collection

RECOMMENDER = "playlist_autoencoder"
# Every reader of titles builds its tables when it first meets words that nobody knows, in both scripts.
UNKNOWN_WORDS = "zzyzx 즈익스"


def preload(services: Collection[str]) -> None:
    """Import the recommender's code and build the tables by which titles are read, where they will be needed.

    Args:
        services: The names of the services whose processes will be forked.
    """
    if RECOMMENDER not in services:
        return

    import aiplayer.recommender.recommender
    import aiplayer.titles.index  # noqa: F401
    from aiplayer.titles.reading.artist_names import ArtistNames
    from aiplayer.titles.reading.reader import TitleReader

    TitleReader(ArtistNames([])).read(UNKNOWN_WORDS)
