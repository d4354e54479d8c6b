"""Pictures that are painted while their caller does something else."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

Moment = sa.DateTime().with_variant(mysql.DATETIME(fsp=6), "mysql", "mariadb")
File = sa.LargeBinary().with_variant(mysql.MEDIUMBLOB(), "mysql", "mariadb")


def upgrade() -> None:
    op.create_table(
        "picture_job",
        sa.Column("job_id", sa.Uuid(), primary_key=True),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("request", sa.JSON()),
        sa.Column("generation_id", sa.Uuid()),
        sa.Column("share", sa.Double(), nullable=False),
        sa.Column("seconds_left", sa.Double()),
        sa.Column("error", sa.JSON()),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("keeper", sa.Uuid()),
        sa.Column("free_at", Moment, nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("ended_at", Moment),
    )
    op.create_index("ix_picture_job_state_created_at", "picture_job", ["state", "created_at"])

    op.create_table(
        "job_picture",
        sa.Column(
            "job_id",
            sa.Uuid(),
            sa.ForeignKey("picture_job.job_id", name="fk_job_picture_job_id_picture_job", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("position", sa.Integer(), primary_key=True),
        sa.Column("png", File, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("job_picture")
    op.drop_table("picture_job")
