"""Channels that alerts are sent by."""

import sqlalchemy as sa
from alembic import op

import search.registry.tables as tables

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.add_column("alerts", sa.Column("late_at", tables.UtcDateTime(timezone=True), nullable=True))
    op.create_table(
        "alert_channels",
        sa.Column("name", tables.Text(64), nullable=False),
        sa.Column("kind", tables.Text(16), nullable=False),
        sa.Column("address", tables.Text(500), nullable=False),
        sa.Column("key", tables.Text(64), nullable=False),
        sa.Column("lists", tables.Text(4000), nullable=False),
        sa.Column("areas", tables.Text(100), nullable=False),
        sa.Column("hours", tables.Text(16), nullable=False),
        sa.Column("severity", tables.Text(16), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "alert_deliveries",
        sa.Column("id", tables.Text(32), nullable=False),
        sa.Column("channel", tables.Text(64), nullable=False),
        sa.Column("sighting_id", tables.Text(32), nullable=False),
        sa.Column("list", tables.Text(100), nullable=False),
        sa.Column("made_at", tables.UtcDateTime(timezone=True), nullable=False),
        sa.Column("next_at", tables.UtcDateTime(timezone=True), nullable=False),
        sa.Column("state", tables.Text(16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("trouble", tables.Text(500), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_alert_deliveries_next_at", "alert_deliveries", ["next_at"])


def downgrade() -> None:
    """Go back."""
    op.drop_table("alert_deliveries")
    op.drop_table("alert_channels")
    with op.batch_alter_table("alerts") as table:
        table.drop_column("late_at")
