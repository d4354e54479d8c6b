"""The catalogue in the database: songs, playlists and the log of generations.
`Catalogue`, `TitleEmbeddings` and `Translations` are the doors; tables and migrations stay behind them."""

from aiplayer.catalogue.database import CONNECTIONS, connect, is_away, migrate
from aiplayer.catalogue.embeddings import TitleEmbeddings
from aiplayer.catalogue.retention import Forgotten, forget_generation, forget_older
from aiplayer.catalogue.store import Catalogue, Generation, Playlist, Song
from aiplayer.catalogue.translations import Translations

__all__ = [
    "CONNECTIONS",
    "Catalogue",
    "Forgotten",
    "Generation",
    "Playlist",
    "Song",
    "TitleEmbeddings",
    "Translations",
    "connect",
    "forget_generation",
    "forget_older",
    "is_away",
    "migrate",
]
