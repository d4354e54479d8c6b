"""A creator's own playlists, kept beside whatever dataset fills the catalogue.

Their songs are those of the dataset where name and artist are the same, so that the recommender learns from both.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Row, Select, delete, insert, select, update
from sqlalchemy.orm import Session

from aiplayer.catalogue.store import artist_key
from aiplayer.catalogue.tables import OWN_IDS_FROM, CatalogueVersion, PlyMeta, SongArtist, SongInPly, SongMeta
from aiplayer.text import name_key
from training.dataset.melon import PlaylistRecord, SongRecord
from training.dataset.rows import artist_rows, member_rows, playlist_row, song_row

# Ids stay below 2^53, so that every JSON reader can hold them.
OWN_IDS = 2**53 - OWN_IDS_FROM
KEYS_A_QUERY = 500


@dataclass(frozen=True)
class OwnSong:
    """A song as its owner wrote it down; `issued` is None where unknown."""

    name: str
    artists: tuple[str, ...]
    genres: tuple[str, ...] = ()
    issued: date | None = None

    @property
    def own_id(self) -> int:
        """The id that the song has where the dataset does not know it."""
        return _own_id("song", name_key(self.name), *sorted(map(artist_key, self.artists)))

    def record(self, song_id: int) -> SongRecord:
        """The song under this id, as datasets hold theirs."""
        return SongRecord(song_id, self.name, list(self.artists), list(self.genres), self.issued)


@dataclass(frozen=True)
class OwnPlaylist:
    """A playlist of the creator's; its title says which one it is."""

    title: str
    tags: tuple[str, ...]
    songs: tuple[OwnSong, ...]
    updated: datetime | None = None

    @property
    def own_id(self) -> int:
        """The same for the same title."""
        return _own_id("playlist", name_key(self.title))

    def record(self, song_ids: dict[OwnSong, int]) -> PlaylistRecord:
        """The playlist of songs of these ids, each once, as datasets hold theirs."""
        songs = list(dict.fromkeys(song_ids[song] for song in self.songs))
        return PlaylistRecord(self.own_id, self.title, list(self.tags), songs, 0, self.updated)


def add_own(session: Session, playlists: Iterable[OwnPlaylist]) -> None:
    """Add playlists, in place of own ones of the same title; the caller commits."""
    playlists = list(playlists)
    ids = song_ids(session, {song for playlist in playlists for song in playlist.songs})
    new = {id: song for song, id in ids.items() if id == song.own_id}
    stored = _in_parts(session, lambda part: select(SongMeta.song_id).where(SongMeta.song_id.in_(part)), new)
    known = {song_id for (song_id,) in stored}
    songs = [song.record(id) for id, song in new.items() if id not in known]
    _insert(session, SongMeta, list(map(song_row, songs)))
    _insert(session, SongArtist, [row for song in songs for row in artist_rows(song)])
    for playlist in playlists:
        record = playlist.record(ids)
        session.execute(delete(PlyMeta).where(PlyMeta.ply_id == record.playlist_id))
        _insert(session, PlyMeta, [playlist_row(record)])
        _insert(session, SongInPly, member_rows(record))
    unused = SongMeta.song_id.not_in(select(SongInPly.song_id).where(SongInPly.song_id >= OWN_IDS_FROM))
    session.execute(delete(SongMeta).where(SongMeta.song_id >= OWN_IDS_FROM, unused))
    session.execute(update(CatalogueVersion).values(own_playlists=own_digest(session)))


def song_ids(session: Session, songs: Iterable[OwnSong]) -> dict[OwnSong, int]:
    """The id of each song: the dataset's where it has that name by one of the artists, else its own."""
    wanted = {(artist_key(artist), name_key(song.name)) for song in songs for artist in song.artists}

    def query(part: list[str]) -> Select:
        of_dataset = SongMeta.song_id < OWN_IDS_FROM
        columns = select(SongArtist.artist_key, SongMeta.song_name, SongMeta.song_id).join(
            SongMeta, SongMeta.song_id == SongArtist.song_id
        )
        return columns.where(SongArtist.artist_key.in_(part), of_dataset).order_by(SongMeta.song_id)

    found = {}
    for artist, name, song_id in _in_parts(session, query, sorted({artist for artist, _ in wanted})):
        if (key := (artist, name_key(name))) in wanted:
            found.setdefault(key, song_id)
    return {
        song: next(
            (found[key] for artist in song.artists if (key := (artist_key(artist), name_key(song.name))) in found),
            song.own_id,
        )
        for song in songs
    }


def own_playlists(session: Session) -> list[OwnPlaylist]:
    """The creator's own playlists, by id."""
    rows = session.scalars(select(PlyMeta).where(PlyMeta.ply_id >= OWN_IDS_FROM).order_by(PlyMeta.ply_id))
    playlists = []
    for row in rows.all():
        members = (
            select(SongMeta)
            .join(SongInPly, SongInPly.song_id == SongMeta.song_id)
            .where(SongInPly.ply_id == row.ply_id)
            .order_by(SongInPly.position)
        )
        songs = tuple(
            OwnSong(song.song_name, tuple(song.artists), tuple(song.genres), song.issue_date)
            for song in session.scalars(members)
        )
        playlists.append(OwnPlaylist(row.plylst_title, tuple(row.tags), songs, row.updt_date))
    return playlists


def own_digest(session: Session) -> str:
    """What the own playlists are, in twelve characters; empty where there are none."""
    playlists = own_playlists(session)
    return hashlib.sha256(repr(playlists).encode()).hexdigest()[:12] if playlists else ""


def _own_id(*words: str) -> int:
    digest = hashlib.sha256("\n".join(words).encode()).digest()
    return OWN_IDS_FROM + int.from_bytes(digest[:8], "big") % OWN_IDS


def _in_parts(session: Session, query: Callable[[list], Select], keys: Iterable[int] | Iterable[str]) -> Iterator[Row]:
    """The rows of a query over many keys, some at a time."""
    keys = list(keys)
    for start in range(0, len(keys), KEYS_A_QUERY):
        yield from session.execute(query(keys[start : start + KEYS_A_QUERY]))


def _insert(session: Session, table, rows: list[dict]) -> None:
    if rows:
        session.execute(insert(table), rows)
