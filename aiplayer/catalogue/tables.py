"""The tables. Column names are those of the Melon dataset and of the project's ERD."""

from datetime import UTC, date, datetime
from uuid import UUID, uuid4

from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Text,
    Uuid,
)
from sqlalchemy.dialects import mysql
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

# The country of a song of which a dataset tells only that it is not Korean; ISO 3166 leaves this code to its users.
ABROAD = "XX"

# Ids of datasets are below; a creator's own playlists and songs have ids from here on.
OWN_IDS_FROM = 2**40

# SQLite spells its 64-bit key INTEGER. MySQL tells é from e only in a binary collation, and a server's own character
# set may know neither Korean nor emoji.
Id = BigInteger().with_variant(Integer, "sqlite")
ExactName = String(255).with_variant(mysql.VARCHAR(255, collation="utf8mb4_bin"), "mysql", "mariadb")
Name = String(500).with_variant(mysql.VARCHAR(500, charset="utf8mb4"), "mysql", "mariadb")
LongText = Text().with_variant(mysql.TEXT(charset="utf8mb4"), "mysql", "mariadb")
# MySQL's own DATETIME has whole seconds, and its BLOB 64 kilobytes.
Moment = DateTime().with_variant(mysql.DATETIME(fsp=6), "mysql", "mariadb")
File = LargeBinary().with_variant(mysql.MEDIUMBLOB(), "mysql", "mariadb")


def utc_now() -> datetime:
    """This moment as the tables hold it: in UTC, without a time zone."""
    return datetime.now(UTC).replace(tzinfo=None)


class Table(DeclarativeBase):
    """Base of all tables; constraints have names, so that migrations can change them on any engine."""

    metadata = MetaData(naming_convention=NAMES)


class SongMeta(Table):
    """A song: what it is called ("" where only its number is known), who sings it, its genres, date and duration.

    Its country is where its artists come from, an ISO 3166 code; ABROAD where only that it is not Korean is known.
    """

    __tablename__ = "song_meta"

    song_id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    song_name: Mapped[str] = mapped_column(Name)
    artists: Mapped[list[str]] = mapped_column(JSON)
    genres: Mapped[list[str]] = mapped_column(JSON)
    issue_date: Mapped[date | None]
    duration_ms: Mapped[int | None]
    country: Mapped[str | None] = mapped_column(String(2))


class SongArtist(Table):
    """Which songs an artist sings, to leave an artist out; a row for each key of the name (`artists.artist_keys`)."""

    __tablename__ = "song_artist"

    artist_key: Mapped[str] = mapped_column(ExactName, primary_key=True)
    song_id: Mapped[int] = mapped_column(
        ForeignKey("song_meta.song_id", ondelete="CASCADE"), primary_key=True, index=True
    )


class PlyMeta(Table):
    """A playlist: its title, tags, likes and last update."""

    __tablename__ = "ply_meta"

    ply_id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    plylst_title: Mapped[str] = mapped_column(Name)
    tags: Mapped[list[str]] = mapped_column(JSON)
    like_cnt: Mapped[int] = mapped_column(default=0)
    updt_date: Mapped[datetime | None]


class SongInPly(Table):
    """Which song stands where in a playlist."""

    __tablename__ = "song_in_ply"

    ply_id: Mapped[int] = mapped_column(ForeignKey("ply_meta.ply_id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    song_id: Mapped[int] = mapped_column(ForeignKey("song_meta.song_id", ondelete="CASCADE"), index=True)


class CatalogueVersion(Table):
    """One row: digests of the dataset that fills the tables and of the creator's own playlists beside it.

    Both together are the version that the title index and the recommender must match.
    """

    __tablename__ = "catalogue_version"

    version: Mapped[str] = mapped_column(String(64), primary_key=True)
    own_playlists: Mapped[str] = mapped_column(String(64), default="", server_default="")


class TitleEmbedding(Table):
    """What one version of the title encoder made of a title: float32, little-endian, of unit length."""

    __tablename__ = "title_embedding"

    title_digest: Mapped[str] = mapped_column(String(32), primary_key=True)
    model: Mapped[str] = mapped_column(String(100), primary_key=True)
    vector: Mapped[bytes] = mapped_column(LargeBinary)


class Translation(Table):
    """What a title means in English, as a translator has said once; without a date it is older than dates are."""

    __tablename__ = "translation"

    title_digest: Mapped[str] = mapped_column(String(32), primary_key=True)
    english: Mapped[str] = mapped_column(LongText)
    created_at: Mapped[datetime | None] = mapped_column(DateTime, default=utc_now)


class ModelSetVersions(Table):
    """The exact versions of a set of models (`aiplayer.model_set`) that has answered, and since when."""

    __tablename__ = "model_set"

    name: Mapped[str] = mapped_column(String(12), primary_key=True)
    title_encoder: Mapped[str] = mapped_column(Name)
    title_index: Mapped[str] = mapped_column(Name)
    playlist_autoencoder: Mapped[str] = mapped_column(Name)
    thumbnail: Mapped[str] = mapped_column(Name)
    first_used_at: Mapped[datetime] = mapped_column(Moment, default=utc_now)


class UserLog(Table):
    """One generation: what was asked, what was given and by which models, and whether the creator liked it.

    Each of `songs` has `song_id`, `position` from 1 on, `score` and `source`. Older rows have no positions, but the
    same order, and no `model_set`.
    """

    __tablename__ = "user_log"

    generation_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    title: Mapped[str] = mapped_column(LongText)
    seed_playlists: Mapped[list[int]] = mapped_column(JSON)
    songs: Mapped[list[dict]] = mapped_column(JSON)
    tags: Mapped[list[str]] = mapped_column(JSON)
    thumbnail: Mapped[dict | None] = mapped_column(JSON)
    liked: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(DateTime, default=utc_now)
    liked_at: Mapped[datetime | None] = mapped_column(DateTime)
    model_set: Mapped[str | None] = mapped_column(String(12))

    __table_args__ = (
        Index("ix_user_log_liked_created_at", "liked", "created_at"),
        Index("ix_user_log_model_set_created_at", "model_set", "created_at"),
    )


class Feedback(Table):
    """What a creator made of a generation; of a like it tells whose it is.

    `songs` is the list as the creator left it, unknown before it was sent; `removed` is what was struck out; `liked` is
    what was said of it last, unknown where nothing was: unlike a list that nobody judged, one whose like was taken back
    teaches nothing. `client` is a digest of whoever sent this last (`gateway.exposure.clients`), unknown where it was
    blanked.
    """

    __tablename__ = "feedback"

    generation_id: Mapped[UUID] = mapped_column(
        ForeignKey("user_log.generation_id", ondelete="CASCADE"), primary_key=True
    )
    songs: Mapped[list[int] | None] = mapped_column(JSON(none_as_null=True))
    removed: Mapped[list[int] | None] = mapped_column(JSON(none_as_null=True))
    liked: Mapped[bool | None]
    client: Mapped[str | None] = mapped_column(String(32))
    created_at: Mapped[datetime] = mapped_column(Moment, default=utc_now)
    updated_at: Mapped[datetime] = mapped_column(Moment, default=utc_now)


class ClientSecret(Table):
    """The secret of a day (UTC), with which that day's clients are told apart and cannot be found out afterwards."""

    __tablename__ = "client_secret"

    day: Mapped[date] = mapped_column(primary_key=True)
    secret: Mapped[bytes] = mapped_column(LargeBinary)


class PictureJob(Table):
    """Pictures that are painted while their caller does something else (`picture_jobs.JobState` says how far they are).

    `request` holds what was asked, until the job ends: then nobody needs what was typed. `keeper` is the process that
    sees to the job. From `free_at` on any process may take it over, so its keeper sets that ahead again and again.
    """

    __tablename__ = "picture_job"

    job_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    state: Mapped[str] = mapped_column(String(10))
    request: Mapped[dict | None] = mapped_column(JSON(none_as_null=True))
    generation_id: Mapped[UUID | None] = mapped_column(Uuid)
    share: Mapped[float] = mapped_column(Double, default=0.0)
    seconds_left: Mapped[float | None] = mapped_column(Double)
    error: Mapped[dict | None] = mapped_column(JSON(none_as_null=True))
    tries: Mapped[int] = mapped_column(default=0)
    keeper: Mapped[UUID | None] = mapped_column(Uuid)
    free_at: Mapped[datetime] = mapped_column(Moment, default=utc_now)
    created_at: Mapped[datetime] = mapped_column(Moment, default=utc_now)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)

    __table_args__ = (Index("ix_picture_job_state_created_at", "state", "created_at"),)


class JobPicture(Table):
    """One picture of a job that is done, a PNG."""

    __tablename__ = "job_picture"

    job_id: Mapped[UUID] = mapped_column(ForeignKey("picture_job.job_id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    png: Mapped[bytes] = mapped_column(File)
