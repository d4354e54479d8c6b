"""Reading the catalogue: songs and playlists."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, inspect, select
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.orm import Session

from aiplayer.artists import artist_keys
from aiplayer.catalogue.tables import CatalogueVersion, PlyMeta, SongArtist, SongInPly, SongMeta
from aiplayer.catalogue.user_log import GenerationLog
from aiplayer.errors import NotFound, Unavailable

ROWS_A_PART = 10_000
# Columns are read, not objects: of some hundred songs a request, the objects would cost more than the query.
SONG_COLUMNS = (
    SongMeta.song_id,
    SongMeta.song_name,
    SongMeta.artists,
    SongMeta.genres,
    SongMeta.issue_date,
    SongMeta.duration_ms,
    SongMeta.country,
)


@dataclass(frozen=True)
class Song:
    """A song as clients see it; without a known name it is called by its number.

    Its date, its duration and its country may be unknown. The country is an ISO 3166 code, or `tables.ABROAD` where
    only that it is not Korean is known.
    """

    song_id: int
    name: str
    artists: list[str]
    genres: list[str]
    issued: date | None
    duration_ms: int | None = None
    country: str | None = None


@dataclass(frozen=True)
class Playlist:
    """A playlist with its songs in order."""

    playlist_id: int
    title: str
    tags: list[str]
    songs: list[Song]


class Catalogue(GenerationLog):
    """Songs, playlists and generations behind one engine; safe to share between threads."""

    def playlists(self, playlist_ids: Sequence[int]) -> list[Playlist]:
        """The playlists of these ids, in the order asked.

        Raises:
            NotFound: names the ids that are not in the catalogue.
        """
        if not playlist_ids:
            return []
        wanted = select(PlyMeta.ply_id, PlyMeta.plylst_title, PlyMeta.tags).where(PlyMeta.ply_id.in_(playlist_ids))
        members = (
            select(SongInPly.ply_id, *SONG_COLUMNS)
            .join(SongMeta, SongMeta.song_id == SongInPly.song_id)
            .where(SongInPly.ply_id.in_(playlist_ids))
            .order_by(SongInPly.ply_id, SongInPly.position)
        )

        songs = defaultdict(list)
        with Session(self._engine) as session:
            rows = {row.ply_id: row for row in session.execute(wanted)}
            if missing := [playlist_id for playlist_id in playlist_ids if playlist_id not in rows]:
                raise NotFound(
                    f"No playlist has the id {', '.join(map(str, missing))}. Take ids from POST /similar.",
                    code="unknown_playlist",
                    field="playlist_ids",
                )
            for row in session.execute(members):
                playlist_id, *columns = tuple(row)
                songs[playlist_id].append(_song(*columns))

        return [
            Playlist(playlist_id, rows[playlist_id].plylst_title, rows[playlist_id].tags, songs[playlist_id])
            for playlist_id in playlist_ids
        ]

    def playlist(self, playlist_id: int) -> Playlist:
        """The playlist of this id.

        Raises:
            NotFound: the id is not in the catalogue.
        """
        try:
            (playlist,) = self.playlists([playlist_id])
        except NotFound as error:
            raise NotFound(error.message, code=error.code, field="playlist_id") from error
        return playlist

    def songs(self, song_ids: Sequence[int]) -> list[Song]:
        """The songs of these ids, in the order asked; ids that are not in the catalogue are left out."""
        if not song_ids:
            return []
        with Session(self._engine) as session:
            rows = session.execute(select(*SONG_COLUMNS).where(SongMeta.song_id.in_(song_ids)))
            songs = {row.song_id: _song(*row) for row in rows}
        return [songs[song_id] for song_id in song_ids if song_id in songs]

    def songs_by(self, artists: Iterable[str]) -> dict[str, set[int]]:
        """The ids of the songs that each of these artists sings, alone or with others.

        Artists are compared by `aiplayer.artists.artist_keys`; one whom the catalogue does not know has no songs.
        """
        keys = {artist: artist_keys(artist) for artist in artists}
        wanted = {key for keys_of_artist in keys.values() for key in keys_of_artist}

        ids_by_key = defaultdict(set)
        with Session(self._engine) as session:
            query = select(SongArtist.artist_key, SongArtist.song_id).where(SongArtist.artist_key.in_(wanted))
            for key, song_id in session.execute(query) if wanted else ():
                ids_by_key[key].add(song_id)
        return {artist: set().union(*(ids_by_key[key] for key in keys[artist])) for artist in keys}

    def titles(self) -> list[tuple[int, str]]:
        """Id and title of every playlist that has a title, by id: what the title index is built of."""
        query = select(PlyMeta.ply_id, PlyMeta.plylst_title).where(PlyMeta.plylst_title != "").order_by(PlyMeta.ply_id)
        with self._streaming() as session:
            return [(playlist_id, title) for playlist_id, title in session.execute(query)]

    def memberships(self) -> dict[int, list[int]]:
        """Every playlist's song ids, in order: what the recommender is trained on."""
        members = defaultdict(list)
        with self._streaming() as session:
            query = select(SongInPly.ply_id, SongInPly.song_id).order_by(SongInPly.ply_id, SongInPly.position)
            for playlist_id, song_id in session.execute(query):
                members[playlist_id].append(song_id)
        return members

    def tags(self) -> dict[int, list[str]]:
        """Every playlist's tags."""
        with self._streaming() as session:
            return {playlist_id: tags for playlist_id, tags in session.execute(select(PlyMeta.ply_id, PlyMeta.tags))}

    def artists(self) -> dict[int, list[str]]:
        """Who sings each song."""
        with self._streaming() as session:
            return {
                song_id: artists for song_id, artists in session.execute(select(SongMeta.song_id, SongMeta.artists))
            }

    def facts(self) -> Iterator[tuple[int, list[str], date | None, str | None]]:
        """Each song with its genres, its date of issue and its country; unknown ones are None."""
        columns = (SongMeta.song_id, SongMeta.genres, SongMeta.issue_date, SongMeta.country)
        with self._streaming() as session:
            for row in session.execute(select(*columns)):
                song_id, genres, issued, country = row
                yield song_id, genres, issued, country

    def genres(self) -> list[str]:
        """The names of all genres, in order."""
        with self._streaming() as session:
            combinations = session.scalars(select(SongMeta.genres).distinct())
            return sorted({genre for genres in combinations for genre in genres})

    def counts(self) -> dict[str, int]:
        """How many songs and playlists there are."""
        with Session(self._engine) as session:
            return {
                "songs": session.scalar(select(func.count()).select_from(SongMeta)) or 0,
                "playlists": session.scalar(select(func.count()).select_from(PlyMeta)) or 0,
            }

    def version(self) -> str | None:
        """The digest of all data that fills the catalogue, None while it is empty."""
        try:
            with Session(self._engine) as session:
                row = session.scalar(select(CatalogueVersion))
        except (OperationalError, ProgrammingError) as error:
            # SQLite calls a missing table by the error that elsewhere means an absent server.
            is_away = isinstance(error, OperationalError) and self._engine.dialect.name != "sqlite"
            if is_away or inspect(self._engine).has_table(CatalogueVersion.__tablename__):
                raise
            return None
        return "-".join(filter(None, (row.version, row.own_playlists))) if row else None

    def dataset_version(self) -> str | None:
        """The digest of the dataset alone, without the creator's own playlists; None while the catalogue is empty."""
        with Session(self._engine) as session:
            return session.scalar(select(CatalogueVersion.version))

    def require_version(self, version: str) -> None:
        """Check that the catalogue is the one that the models were made for.

        Raises:
            Unavailable: it is another one, or none.
        """
        current = self.version()
        if current != version:
            raise Unavailable(
                f"The database holds catalogue {current or 'none'}, and the models were made for {version}. "
                "Restart the service with the models of this catalogue.",
                code="catalogue_changed",
            )

    def _streaming(self) -> Session:
        """For millions of rows: the driver hands them over in parts in place of all at once."""
        return Session(self._engine, execution_options={"yield_per": ROWS_A_PART})


def _song(song_id: Any, name: Any, artists: Any, genres: Any, issued: Any, duration_ms: Any, country: Any) -> Song:
    """The song of a row of SONG_COLUMNS."""
    return Song(song_id, name or f"Song {song_id}", artists, genres, issued, duration_ms, country)
