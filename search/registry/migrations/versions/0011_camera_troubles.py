"""Troubles of cameras, which some channels tell."""

import sqlalchemy as sa
from alembic import op

import search.registry.tables as tables

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    no = sa.false()
    op.add_column(
        "alert_channels", sa.Column("cameras", sa.Boolean(), nullable=False, server_default=no)
    )
    for name, column_type in (
        ("camera", tables.Text(64)),
        ("condition", tables.Text(16)),
        ("since", tables.UtcDateTime(timezone=True)),
    ):
        op.add_column("alert_deliveries", sa.Column(name, column_type, nullable=True))
    op.create_table(
        "camera_troubles",
        sa.Column("camera", tables.Text(64), nullable=False),
        sa.Column("condition", tables.Text(16), nullable=False),
        sa.Column("since", tables.UtcDateTime(timezone=True), nullable=False),
        sa.Column("told_at", tables.UtcDateTime(timezone=True), nullable=True),
        sa.Column("well_since", tables.UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("camera"),
    )


def downgrade() -> None:
    """Go back."""
    op.drop_table("camera_troubles")
    with op.batch_alter_table("alert_deliveries") as table:
        for name in ("since", "condition", "camera"):
            table.drop_column(name)
    with op.batch_alter_table("alert_channels") as table:
        table.drop_column("cameras")
