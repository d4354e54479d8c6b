"""A creator's own playlists, kept beside whatever dataset fills the catalogue.

Their songs are those of the dataset where both have the same recording, so that the recommender learns from both.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeVar

from sqlalchemy import Row, Select, delete, insert, select, update
from sqlalchemy.orm import Session

from aiplayer.catalogue.store import SONG_COLUMNS
from aiplayer.catalogue.tables import OWN_IDS_FROM, CatalogueVersion, PlyMeta, SongArtist, SongInPly, SongMeta, Table
from aiplayer.playlist.recordings import recording_keys, song_key
from aiplayer.text import normalise
from training.dataset.melon import PlaylistRecord, SongRecord
from training.dataset.rows import artist_rows, member_rows, playlist_row, song_row

# Ids stay below 2^53, so that every JSON reader can hold them.
OWN_IDS = 2**53 - OWN_IDS_FROM
KEYS_A_QUERY = 500

Key = TypeVar("Key", int, str)

# The artist and the name by which a song is told from others (`recording_keys`).
SongKey = tuple[str, str]


@dataclass(frozen=True)
class OwnSong:
    """A song as its owner wrote it down; `issued`, `duration_ms` and `country` are None where unknown.

    However long it is said to last, and wherever from, it is the same song.
    """

    name: str
    artists: tuple[str, ...]
    genres: tuple[str, ...] = ()
    issued: date | None = None
    duration_ms: int | None = field(default=None, compare=False, repr=False)
    country: str | None = field(default=None, compare=False, repr=False)

    @property
    def own_id(self) -> int:
        """The id that the song gets where no stored song has one of its keys; the same for the same words."""
        artists = sorted(without_case(artist) for artist in self.artists)
        return _own_id("song", without_case(self.name), *artists)

    @property
    def keys(self) -> set[SongKey]:
        """What the song is told by; another with one of these keys is the same recording."""
        return recording_keys(self.name, self.artists)

    def record(self, song_id: int) -> SongRecord:
        """Make the song of this id a record, as datasets hold theirs."""
        return SongRecord(
            song_id, self.name, list(self.artists), list(self.genres), self.issued, self.duration_ms, self.country
        )


@dataclass(frozen=True)
class OwnPlaylist:
    """A playlist of the creator's; its title says which one it is."""

    title: str
    tags: tuple[str, ...]
    songs: tuple[OwnSong, ...]
    updated: datetime | None = None

    @property
    def own_id(self) -> int:
        """The playlist's id, the same for the same title, in upper case or lower case."""
        return _own_id("playlist", without_case(self.title))

    def record(self, song_ids: dict[OwnSong, int]) -> PlaylistRecord:
        """Make the playlist a record, as datasets hold theirs; each song stands in it once."""
        songs = list(dict.fromkeys(song_ids[song] for song in self.songs))
        return PlaylistRecord(self.own_id, self.title, list(self.tags), songs, 0, self.updated)

    def joined_with(self, other: "OwnPlaylist") -> "OwnPlaylist":
        """Make one playlist of two: the other's songs and tags come behind, each once."""
        songs = dict.fromkeys(self.songs + other.songs)
        tags = dict.fromkeys(self.tags + other.tags)
        newest = self.updated
        if other.updated and (newest is None or other.updated > newest):
            newest = other.updated
        return OwnPlaylist(self.title, tuple(tags), tuple(songs), newest)


def known_artists(session: Session, keys: set[str]) -> set[str]:
    """Choose those of some artists' keys (`aiplayer.text.name_key`) of whom the catalogue has a song."""

    def query(part: list[str]) -> Select:
        return select(SongArtist.artist_key).where(SongArtist.artist_key.in_(part)).distinct()

    return {key for (key,) in _in_parts(session, query, sorted(keys))}


def add_own(session: Session, playlists: Iterable[OwnPlaylist]) -> None:
    """Add playlists, in place of own ones of the same title; the caller commits."""
    playlists = list(playlists)
    songs: list[OwnSong] = []
    for playlist in playlists:
        songs += playlist.songs
    # Of equal songs the first one stays, and that shall be one whose duration is known.
    songs.sort(key=_is_of_unknown_duration)
    ids = song_ids(session, dict.fromkeys(songs))
    _add_songs(session, ids)

    for playlist in playlists:
        record = playlist.record(ids)
        session.execute(delete(PlyMeta).where(PlyMeta.ply_id == record.playlist_id))
        _insert(session, PlyMeta, [playlist_row(record)])
        _insert(session, SongInPly, member_rows(record))

    # Songs that only a replaced playlist held are of no use any more.
    used_song_ids = select(SongInPly.song_id).where(SongInPly.song_id >= OWN_IDS_FROM)
    session.execute(delete(SongMeta).where(SongMeta.song_id >= OWN_IDS_FROM, SongMeta.song_id.not_in(used_song_ids)))
    session.execute(update(CatalogueVersion).values(own_playlists=own_digest(session)))


def song_ids(session: Session, songs: Iterable[OwnSong]) -> dict[OwnSong, int]:
    """Choose the id of each song: of a stored song that is the same recording, of the dataset's first, else its own.

    Args:
        session: The database.
        songs: Different songs; of two that are one recording the first gives the id.
    """
    songs = list(songs)
    ids_by_key = _stored_ids(session, {key for song in songs for key in song.keys})

    ids = {}
    for song in songs:
        stored_ids = [ids_by_key[key] for key in song.keys if key in ids_by_key]
        if stored_ids:
            ids[song] = min(stored_ids)
        else:
            ids[song] = song.own_id
            ids_by_key |= dict.fromkeys(song.keys, song.own_id)
    return ids


def own_playlists(session: Session) -> list[OwnPlaylist]:
    """List the creator's own playlists, by id."""
    members = (
        select(SongInPly.ply_id, *SONG_COLUMNS)
        .join(SongMeta, SongMeta.song_id == SongInPly.song_id)
        .where(SongInPly.ply_id >= OWN_IDS_FROM)
        .order_by(SongInPly.ply_id, SongInPly.position)
    )
    songs = defaultdict(list)
    for playlist_id, _, name, artists, genres, issued, duration_ms, country in session.execute(members):
        song = OwnSong(name, tuple(artists), tuple(genres), issued, duration_ms, country)
        songs[playlist_id].append(song)

    columns = select(PlyMeta.ply_id, PlyMeta.plylst_title, PlyMeta.tags, PlyMeta.updt_date)
    rows = session.execute(columns.where(PlyMeta.ply_id >= OWN_IDS_FROM).order_by(PlyMeta.ply_id))
    playlists = []
    for playlist_id, title, tags, updated in rows:
        playlist = OwnPlaylist(title, tuple(tags), tuple(songs[playlist_id]), updated)
        playlists.append(playlist)
    return playlists


def own_digest(session: Session) -> str:
    """Digest the own playlists, 12 hexadecimal digits; empty where there are none."""
    playlists = own_playlists(session)
    if not playlists:
        return ""

    # The words of `repr` are part of the digest: a renamed field would give every catalogue a new version.
    digest = hashlib.sha256(repr(playlists).encode())
    durations = []
    for playlist in playlists:
        durations += [song.duration_ms for song in playlist.songs]
    if any(durations):
        digest.update(repr(durations).encode())
    return digest.hexdigest()[:12]


def _is_of_unknown_duration(song: OwnSong) -> bool:
    return song.duration_ms is None


def without_case(text: str) -> str:
    """A name or a title as ids are made of it; what only sounds alike keeps ids of its own."""
    return normalise(text).strip()


def _own_id(*words: str) -> int:
    """Choose an id from OWN_IDS_FROM on, the same for the same words."""
    digest = hashlib.sha256("\n".join(words).encode()).digest()
    number = int.from_bytes(digest[:8], "big")
    return OWN_IDS_FROM + number % OWN_IDS


def _add_songs(session: Session, ids: dict[OwnSong, int]) -> None:
    """Store the songs that are not the dataset's, unless they are stored already, and every duration that is known."""
    own_songs = {song_id: song for song, song_id in ids.items() if song_id == song.own_id}

    def query(part: list[int]) -> Select:
        return select(SongMeta.song_id).where(SongMeta.song_id.in_(part))

    stored_ids = {song_id for (song_id,) in _in_parts(session, query, own_songs)}
    new_songs = [song.record(song_id) for song_id, song in own_songs.items() if song_id not in stored_ids]
    _insert(session, SongMeta, [song_row(song) for song in new_songs])
    _insert(session, SongArtist, [row for song in new_songs for row in artist_rows(song)])

    durations = []
    for song, song_id in ids.items():
        if song.duration_ms is not None:
            durations.append({"song_id": song_id, "duration_ms": song.duration_ms})
    if durations:
        session.execute(update(SongMeta), durations)


def _stored_ids(session: Session, keys: set[SongKey]) -> dict[SongKey, int]:
    """Find the songs of these keys; of several the one with the least id, which is the dataset's where it has one."""
    artists = sorted({artist for artist, _ in keys})

    def query(part: list[str]) -> Select:
        return (
            select(SongArtist.artist_key, SongMeta.song_name, SongMeta.song_id)
            .join(SongMeta, SongMeta.song_id == SongArtist.song_id)
            .where(SongArtist.artist_key.in_(part))
            .order_by(SongMeta.song_id)
        )

    ids: dict[SongKey, int] = {}
    for artist, name, song_id in _in_parts(session, query, artists):
        key = (artist, song_key(name))
        if key in keys:
            ids.setdefault(key, song_id)
    return ids


def _in_parts(session: Session, query: Callable[[list[Key]], Select], keys: Iterable[Key]) -> Iterator[Row]:
    """Run a query over many keys, KEYS_A_QUERY at a time, and give its rows."""
    all_keys = list(keys)
    for start in range(0, len(all_keys), KEYS_A_QUERY):
        part = all_keys[start : start + KEYS_A_QUERY]
        yield from session.execute(query(part))


def _insert(session: Session, table: type[Table], rows: list[dict]) -> None:
    if rows:
        session.execute(insert(table), rows)
