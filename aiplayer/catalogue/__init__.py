"""The catalogue in the database: songs, playlists, the log of generations with its feedback, and picture jobs.
`Catalogue`, `ClientSecrets`, `TitleEmbeddings`, `Translations`, `PictureJobs`, `PictureClaims` are the doors."""

from aiplayer.catalogue.client_secrets import ClientSecrets
from aiplayer.catalogue.database import CONNECTIONS, connect, is_away, is_outdated, migrate
from aiplayer.catalogue.embeddings import TitleEmbeddings
from aiplayer.catalogue.feedback import Opinion, Taught
from aiplayer.catalogue.generations import Generation
from aiplayer.catalogue.lessons import Lesson, LikeCount
from aiplayer.catalogue.picture_claims import ClaimedJob, PictureClaims
from aiplayer.catalogue.picture_jobs import JobState, JobStatus, PictureJobs
from aiplayer.catalogue.retention import Forgotten, forget_generation, forget_older
from aiplayer.catalogue.store import Catalogue, Playlist, Song
from aiplayer.catalogue.translations import Translations

__all__ = [
    "CONNECTIONS",
    "Catalogue",
    "ClaimedJob",
    "ClientSecrets",
    "Forgotten",
    "Generation",
    "JobState",
    "JobStatus",
    "Lesson",
    "LikeCount",
    "Opinion",
    "PictureClaims",
    "PictureJobs",
    "Playlist",
    "Song",
    "Taught",
    "TitleEmbeddings",
    "Translations",
    "connect",
    "forget_generation",
    "forget_older",
    "is_away",
    "is_outdated",
    "migrate",
]
