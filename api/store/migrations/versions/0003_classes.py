"""Classes, their learners, and the attempts of these at exercises."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "classes",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("join_code", sa.String(12), nullable=False),
        sa.Column("key_sha256", sa.String(64), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("data_hash", sa.String(64), nullable=False),
        sa.Column("seed", sa.Integer, nullable=False),
        sa.Column("assignment", sa.LargeBinary, nullable=False),
        sa.Column("is_closed", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_classes"),
        sa.UniqueConstraint("join_code", name="uq_classes_join_code"),
    )
    op.create_table(
        "learners",
        sa.Column("class_id", sa.String(36), nullable=False),
        sa.Column("number", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("nickname", sa.String(40), nullable=False),
        sa.Column("country", sa.String(10), nullable=False),
        sa.Column("key_sha256", sa.String(64), nullable=False),
        sa.Column("joined", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["class_id"], ["classes.id"], name="fk_learners_class_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("class_id", "number", name="pk_learners"),
        sa.UniqueConstraint("class_id", "nickname", name="uq_learners_class_id"),
    )
    op.create_index("ix_learners_key_sha256", "learners", ["key_sha256"])
    op.create_table(
        "attempts",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("class_id", sa.String(36), nullable=False),
        sa.Column("learner", sa.Integer, nullable=False),
        sa.Column("exercise", sa.String(100), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("made", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_solved", sa.Boolean, nullable=False),
        sa.Column("answers", sa.LargeBinary, nullable=False),
        sa.Column("grades", sa.LargeBinary, nullable=False),
        sa.ForeignKeyConstraint(
            ["class_id"], ["classes.id"], name="fk_attempts_class_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_attempts"),
        sa.UniqueConstraint(
            "class_id", "learner", "exercise", "number", name="uq_attempts_class_id"
        ),
    )
    op.create_index("ix_attempts_class_id_id", "attempts", ["class_id", "id"])
