"""How long songs last, where it is known."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("song_meta", sa.Column("duration_ms", sa.Integer()))


def downgrade() -> None:
    op.drop_column("song_meta", "duration_ms")
