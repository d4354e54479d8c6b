"""What a record becomes in the database: rows, column names to values."""

from aiplayer.artists import artist_keys
from training.dataset.melon import PlaylistRecord, SongRecord


def song_row(song: SongRecord) -> dict:
    """Make a row of song_meta."""
    return {
        "song_id": song.song_id,
        "song_name": song.name,
        "artists": song.artists,
        "genres": song.genres,
        "issue_date": song.issued,
        "duration_ms": song.duration_ms,
        "country": song.country,
    }


def artist_rows(song: SongRecord) -> list[dict]:
    """Make rows of song_artist, one for each different key of the artists."""
    keys = dict.fromkeys(key for artist in song.artists for key in artist_keys(artist))
    return [{"artist_key": key, "song_id": song.song_id} for key in keys]


def playlist_row(playlist: PlaylistRecord) -> dict:
    """Make a row of ply_meta."""
    return {
        "ply_id": playlist.playlist_id,
        "plylst_title": playlist.title,
        "tags": playlist.tags,
        "like_cnt": playlist.likes,
        "updt_date": playlist.updated,
    }


def member_rows(playlist: PlaylistRecord) -> list[dict]:
    """Make rows of song_in_ply, in the playlist's order."""
    rows = []
    for position, song_id in enumerate(playlist.songs):
        rows.append({"ply_id": playlist.playlist_id, "position": position, "song_id": song_id})
    return rows
