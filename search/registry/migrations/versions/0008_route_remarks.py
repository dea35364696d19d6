"""Remarks of officers on routes."""

import sqlalchemy as sa
from alembic import op

import search.registry.tables as tables

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "route_remarks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("question_id", tables.Text(22), nullable=False),
        sa.Column("sighting_id", tables.Text(32), nullable=False),
        sa.Column("is_stop", sa.Boolean(), nullable=True),
        sa.Column("who", tables.Text(64), nullable=False),
        sa.Column("at", tables.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["question_id"], ["questions.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_route_remarks_question_id", "route_remarks", ["question_id"])


def downgrade() -> None:
    """Go back."""
    op.drop_table("route_remarks")
