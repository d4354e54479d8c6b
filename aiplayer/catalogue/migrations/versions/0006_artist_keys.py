"""Artists are found by every form of their names, whatever the punctuation and the accents."""

from collections.abc import Callable, Iterable

import sqlalchemy as sa
from alembic import op

from aiplayer.artists import artist_keys
from aiplayer.text import normalise

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

SONGS_A_PART = 5_000

song_meta = sa.table("song_meta", sa.column("song_id", sa.BigInteger), sa.column("artists", sa.JSON))
song_artist = sa.table("song_artist", sa.column("artist_key", sa.String), sa.column("song_id", sa.BigInteger))


def upgrade() -> None:
    _write_keys(artist_keys)


def downgrade() -> None:
    _write_keys(lambda artist: [normalise(artist).strip()[:255].rstrip()])


def _write_keys(keys_of: Callable[[str], Iterable[str]]) -> None:
    """Write the keys of every song's artists anew, so many songs at a time that no statement takes long."""
    connection = op.get_bind()
    first_songs = sa.select(song_meta).order_by(song_meta.c.song_id).limit(SONGS_A_PART)
    last_id = -1
    while songs := connection.execute(first_songs.where(song_meta.c.song_id > last_id)).all():
        rows = []
        for song_id, artists in songs:
            keys = dict.fromkeys(key for artist in artists for key in keys_of(artist))
            rows += [{"artist_key": key, "song_id": song_id} for key in keys]

        is_of_part = song_artist.c.song_id.between(songs[0].song_id, songs[-1].song_id)
        connection.execute(sa.delete(song_artist).where(is_of_part))
        if rows:
            connection.execute(sa.insert(song_artist), rows)
        last_id = songs[-1].song_id
