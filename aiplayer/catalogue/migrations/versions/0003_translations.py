"""Translations of titles."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "translation",
        sa.Column("title_digest", sa.String(32), primary_key=True),
        sa.Column(
            "english",
            sa.Text().with_variant(mysql.TEXT(charset="utf8mb4"), "mysql", "mariadb"),
            nullable=False,
        ),
    )


def downgrade() -> None:
    op.drop_table("translation")
