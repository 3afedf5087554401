"""Products of a user's own, and their versions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "portfolio",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_portfolio"),
    )
    op.create_index("ix_portfolio_created_id", "portfolio", ["created", "id"])
    op.create_table(
        "versions",
        sa.Column("product_id", sa.String(36), nullable=False),
        sa.Column("number", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("footprint_id", sa.String(36), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.String(2000), nullable=False),
        sa.Column("cost", sa.LargeBinary, nullable=False),
        sa.ForeignKeyConstraint(
            ["product_id"], ["portfolio.id"], name="fk_versions_product_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["footprint_id"],
            ["footprints.id"],
            name="fk_versions_footprint_id",
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("product_id", "number", name="pk_versions"),
    )
    op.create_index("ix_versions_footprint_id", "versions", ["footprint_id"])
