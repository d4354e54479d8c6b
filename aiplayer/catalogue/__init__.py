"""The catalogue in the database: songs, playlists and the log of generations.
`Catalogue` is the only door; tables and migrations stay behind it."""

from aiplayer.catalogue.database import connect, migrate
from aiplayer.catalogue.store import Catalogue, Generation, Playlist, Song

__all__ = ["Catalogue", "Generation", "Playlist", "Song", "connect", "migrate"]
