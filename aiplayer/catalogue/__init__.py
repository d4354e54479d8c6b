"""The catalogue in the database: songs, playlists, the log of generations, and picture jobs. `Catalogue`,
`TitleEmbeddings`, `Translations`, `PictureJobs`, `PictureClaims` are the doors; tables and migrations stay behind."""

from aiplayer.catalogue.database import CONNECTIONS, connect, is_away, migrate
from aiplayer.catalogue.embeddings import TitleEmbeddings
from aiplayer.catalogue.picture_claims import ClaimedJob, PictureClaims
from aiplayer.catalogue.picture_jobs import JobState, JobStatus, PictureJobs
from aiplayer.catalogue.retention import Forgotten, forget_generation, forget_older
from aiplayer.catalogue.store import Catalogue, Playlist, Song
from aiplayer.catalogue.translations import Translations
from aiplayer.catalogue.user_log import Generation

__all__ = [
    "CONNECTIONS",
    "Catalogue",
    "ClaimedJob",
    "Forgotten",
    "Generation",
    "JobState",
    "JobStatus",
    "PictureClaims",
    "PictureJobs",
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
