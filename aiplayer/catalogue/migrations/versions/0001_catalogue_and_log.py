"""Songs, playlists and the log of generations."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
ExactName = sa.String(255).with_variant(mysql.VARCHAR(255, collation="utf8mb4_bin"), "mysql", "mariadb")


def upgrade() -> None:
    op.create_table(
        "song_meta",
        sa.Column("song_id", Id, primary_key=True, autoincrement=False),
        sa.Column("song_name", sa.String(500), nullable=False),
        sa.Column("artists", sa.JSON(), nullable=False),
        sa.Column("genres", sa.JSON(), nullable=False),
        sa.Column("issue_date", sa.Date()),
    )
    op.create_table(
        "song_artist",
        sa.Column("artist_key", ExactName, primary_key=True),
        sa.Column("song_id", Id, sa.ForeignKey("song_meta.song_id", ondelete="CASCADE"), primary_key=True),
    )
    op.create_index("ix_song_artist_song_id", "song_artist", ["song_id"])

    op.create_table(
        "ply_meta",
        sa.Column("ply_id", Id, primary_key=True, autoincrement=False),
        sa.Column("plylst_title", sa.String(500), nullable=False),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("like_cnt", sa.Integer(), nullable=False),
        sa.Column("updt_date", sa.DateTime()),
    )
    op.create_table(
        "song_in_ply",
        sa.Column("ply_id", Id, sa.ForeignKey("ply_meta.ply_id", ondelete="CASCADE"), primary_key=True),
        sa.Column("position", sa.Integer(), primary_key=True),
        sa.Column("song_id", Id, sa.ForeignKey("song_meta.song_id", ondelete="CASCADE"), nullable=False),
    )
    op.create_index("ix_song_in_ply_song_id", "song_in_ply", ["song_id"])

    op.create_table("catalogue_version", sa.Column("version", sa.String(64), primary_key=True))
    op.create_table(
        "user_log",
        sa.Column("generation_id", sa.Uuid(), primary_key=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("seed_playlists", sa.JSON(), nullable=False),
        sa.Column("songs", sa.JSON(), nullable=False),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("thumbnail", sa.JSON()),
        sa.Column("liked", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("liked_at", sa.DateTime()),
    )
    op.create_index("ix_user_log_liked_created_at", "user_log", ["liked", "created_at"])


def downgrade() -> None:
    for table in ("user_log", "catalogue_version", "song_in_ply", "ply_meta", "song_artist", "song_meta"):
        op.drop_table(table)
