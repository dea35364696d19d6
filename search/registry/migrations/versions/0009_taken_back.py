"""Deliveries that take back what was sent."""

import sqlalchemy as sa
from alembic import op

import search.registry.tables as tables

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.add_column(
        "alert_deliveries",
        sa.Column("alert_id", tables.Text(32), nullable=False, server_default=""),
    )
    op.add_column(
        "alert_deliveries",
        sa.Column("takes_back", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.execute(
        "UPDATE alert_deliveries SET alert_id = (SELECT alert_hits.alert_id FROM alert_hits"
        " WHERE alert_hits.sighting_id = alert_deliveries.sighting_id"
        " AND alert_hits.list = alert_deliveries.list)"
    )
    op.create_index("ix_alert_deliveries_alert_id", "alert_deliveries", ["alert_id"])


def downgrade() -> None:
    """Go back."""
    op.drop_index("ix_alert_deliveries_alert_id", "alert_deliveries")
    with op.batch_alter_table("alert_deliveries") as table:
        table.drop_column("takes_back")
        table.drop_column("alert_id")
