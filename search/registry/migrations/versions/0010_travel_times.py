"""Travel times that were learnt."""

import sqlalchemy as sa
from alembic import op

import search.registry.tables as tables

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "travel_times",
        sa.Column("start", tables.Text(64), nullable=False),
        sa.Column("end", tables.Text(64), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("middle", sa.Double(), nullable=False),
        sa.Column("spread", sa.Double(), nullable=False),
        sa.Column("told_at", tables.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("start", "end", "hour"),
    )


def downgrade() -> None:
    """Go back."""
    op.drop_table("travel_times")
