"""Alerts, the cameras of lists that allow, and who sees a list's alerts."""

import sqlalchemy as sa
from alembic import op

import search.registry.tables as tables

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.add_column(
        "watchlists", sa.Column("cameras", tables.Text(4000), nullable=False, server_default="")
    )
    op.add_column(
        "watchlists", sa.Column("roles", tables.Text(200), nullable=False, server_default="")
    )
    op.create_table(
        "alerts",
        sa.Column("id", tables.Text(32), nullable=False),
        sa.Column("list", tables.Text(100), nullable=False),
        sa.Column("vehicle", tables.Text(16), nullable=False),
        sa.Column("state", tables.Text(16), nullable=False),
        sa.Column("severity", tables.Text(16), nullable=False),
        sa.Column("reason", tables.Text(500), nullable=False),
        sa.Column("case", tables.Text(64), nullable=False),
        sa.Column("first_at", tables.UtcDateTime(timezone=True), nullable=False),
        sa.Column("last_at", tables.UtcDateTime(timezone=True), nullable=False),
        sa.Column("raised_at", tables.UtcDateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_alerts_vehicle", "alerts", ["vehicle"])
    op.create_index("ix_alerts_state", "alerts", ["state"])
    op.create_table(
        "alert_hits",
        sa.Column("sighting_id", tables.Text(32), nullable=False),
        sa.Column("list", tables.Text(100), nullable=False),
        sa.Column("alert_id", tables.Text(32), nullable=False),
        sa.Column("entry", tables.Text(25), nullable=False),
        sa.Column("camera", tables.Text(64), nullable=False),
        sa.Column("at", tables.UtcDateTime(timezone=True), nullable=False),
        sa.Column("text", tables.Text(16), nullable=False),
        sa.Column("match", tables.Text(16), nullable=False),
        sa.Column("likelihood", sa.Double(), nullable=False),
        sa.Column("extent", sa.BigInteger(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("crop", tables.Text(64), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["alert_id"], ["alerts.id"]),
        sa.PrimaryKeyConstraint("sighting_id", "list"),
        sa.UniqueConstraint("number"),
    )
    op.create_index("ix_alert_hits_alert_id", "alert_hits", ["alert_id"])
    op.create_index("ix_alert_hits_at", "alert_hits", ["at"])
    op.create_table(
        "alert_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("alert_id", tables.Text(32), nullable=False),
        sa.Column("at", tables.UtcDateTime(timezone=True), nullable=False),
        sa.Column("who", tables.Text(100), nullable=False),
        sa.Column("state", tables.Text(16), nullable=False),
        sa.Column("why", tables.Text(500), nullable=False),
        sa.ForeignKeyConstraint(["alert_id"], ["alerts.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_alert_changes_alert_id", "alert_changes", ["alert_id"])


def downgrade() -> None:
    """Go back."""
    op.drop_table("alert_changes")
    op.drop_table("alert_hits")
    op.drop_table("alerts")
    with op.batch_alter_table("watchlists") as table:
        table.drop_column("roles")
        table.drop_column("cameras")
