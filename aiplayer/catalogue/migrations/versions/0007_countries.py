"""Songs have a country, where a dataset tells it."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("song_meta", sa.Column("country", sa.String(2)))


def downgrade() -> None:
    op.drop_column("song_meta", "country")
