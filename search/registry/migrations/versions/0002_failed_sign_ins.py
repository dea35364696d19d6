"""Wrong passwords are counted."""

import sqlalchemy as sa
from alembic import op

import search.registry.tables as tables

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "failed_sign_ins",
        sa.Column("username", tables.Text(64), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_at", tables.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("username"),
    )


def downgrade() -> None:
    """Go back."""
    op.drop_table("failed_sign_ins")
