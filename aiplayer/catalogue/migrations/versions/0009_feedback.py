"""What creators made of generations, which models gave them, and the secrets that tell clients apart."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

Name = sa.String(500).with_variant(mysql.VARCHAR(500, charset="utf8mb4"), "mysql", "mariadb")
Moment = sa.DateTime().with_variant(mysql.DATETIME(fsp=6), "mysql", "mariadb")


def upgrade() -> None:
    op.create_table(
        "model_set",
        sa.Column("name", sa.String(12), primary_key=True),
        sa.Column("title_encoder", Name, nullable=False),
        sa.Column("title_index", Name, nullable=False),
        sa.Column("playlist_autoencoder", Name, nullable=False),
        sa.Column("thumbnail", Name, nullable=False),
        sa.Column("first_used_at", Moment, nullable=False),
    )
    op.add_column("user_log", sa.Column("model_set", sa.String(12)))
    op.create_index("ix_user_log_model_set_created_at", "user_log", ["model_set", "created_at"])

    op.create_table(
        "feedback",
        sa.Column(
            "generation_id",
            sa.Uuid(),
            sa.ForeignKey("user_log.generation_id", name="fk_feedback_generation_id_user_log", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("songs", sa.JSON()),
        sa.Column("removed", sa.JSON()),
        sa.Column("liked", sa.Boolean()),
        sa.Column("client", sa.String(32)),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("updated_at", Moment, nullable=False),
    )
    op.create_table(
        "client_secret",
        sa.Column("day", sa.Date(), primary_key=True),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("client_secret")
    op.drop_table("feedback")
    op.drop_index("ix_user_log_model_set_created_at", "user_log")
    op.drop_column("user_log", "model_set")
    op.drop_table("model_set")
