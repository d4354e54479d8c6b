"""Own playlists beside a dataset, title embeddings, and text that holds every script."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name in ("mysql", "mariadb"):
        name = mysql.VARCHAR(500, charset="utf8mb4")
        op.alter_column("song_meta", "song_name", type_=name, existing_nullable=False)
        op.alter_column("ply_meta", "plylst_title", type_=name, existing_nullable=False)
        op.alter_column("user_log", "title", type_=mysql.TEXT(charset="utf8mb4"), existing_nullable=False)

    op.add_column("catalogue_version", sa.Column("own_playlists", sa.String(64), nullable=False, server_default=""))
    op.create_table(
        "title_embedding",
        sa.Column("title_digest", sa.String(32), primary_key=True),
        sa.Column("model", sa.String(100), primary_key=True),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("title_embedding")
    op.drop_column("catalogue_version", "own_playlists")
