"""Health of devices."""

import sqlalchemy as sa
from alembic import op

import search.registry.tables as tables

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "device_health",
        sa.Column("device_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("sent_at", tables.UtcDateTime(timezone=True), nullable=False),
        sa.Column("came_at", tables.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["device_id"],
            ["devices.id"],
        ),
        sa.PrimaryKeyConstraint("device_id"),
    )


def downgrade() -> None:
    """Go back."""
    op.drop_table("device_health")
