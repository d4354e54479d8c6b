"""The catalogue in the database: songs, playlists and the log of generations.
`Catalogue` and `TitleEmbeddings` are the doors; tables and migrations stay behind them."""

from aiplayer.catalogue.database import connect, migrate
from aiplayer.catalogue.embeddings import TitleEmbeddings
from aiplayer.catalogue.store import Catalogue, Generation, Playlist, Song

__all__ = ["Catalogue", "Generation", "Playlist", "Song", "TitleEmbeddings", "connect", "migrate"]
