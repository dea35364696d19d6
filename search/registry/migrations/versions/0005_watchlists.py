"""Watchlists."""

import sqlalchemy as sa
from alembic import op

import search.registry.tables as tables

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "watchlists",
        sa.Column("name", tables.Text(100), nullable=False),
        sa.Column("list_class", tables.Text(32), nullable=False),
        sa.Column("owner", tables.Text(100), nullable=False),
        sa.Column("severity", tables.Text(16), nullable=False),
        sa.Column("candidates", sa.Boolean(), nullable=False),
        sa.Column("similar", sa.Boolean(), nullable=False),
        sa.Column("allow", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "watchlist_entries",
        sa.Column("list", tables.Text(100), nullable=False),
        sa.Column("plate", tables.Text(25), nullable=False),
        sa.Column("reason", tables.Text(500), nullable=False),
        sa.Column("until", tables.UtcDateTime(timezone=True), nullable=False),
        sa.Column("case", tables.Text(64), nullable=False),
        sa.Column("starts", tables.UtcDateTime(timezone=True), nullable=True),
        sa.Column("areas", tables.Text(100), nullable=False),
        sa.Column("hours", tables.Text(16), nullable=False),
        sa.Column("min_likelihood", sa.Double(), nullable=False),
        sa.Column("colour", tables.Text(16), nullable=False),
        sa.Column("kind", tables.Text(16), nullable=False),
        sa.Column("note", tables.Text(500), nullable=False),
        sa.Column("taken_off_at", tables.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["list"], ["watchlists.name"]),
        sa.PrimaryKeyConstraint("list", "plate"),
    )
    op.create_table(
        "watchlist_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", tables.UtcDateTime(timezone=True), nullable=False),
        sa.Column("who", tables.Text(100), nullable=False),
        sa.Column("list", tables.Text(100), nullable=False),
        sa.Column("plate", tables.Text(25), nullable=False),
        sa.Column("before", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("after", sa.JSON(none_as_null=True), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_watchlist_changes_list", "watchlist_changes", ["list"])


def downgrade() -> None:
    """Go back."""
    op.drop_table("watchlist_changes")
    op.drop_table("watchlist_entries")
    op.drop_table("watchlists")
