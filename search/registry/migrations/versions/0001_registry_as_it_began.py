"""Registry as it began."""

import sqlalchemy as sa
from alembic import op

import search.registry.tables as tables

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "accounts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("username", tables.Text(64), nullable=False),
        sa.Column("full_name", tables.Text(200), nullable=False),
        sa.Column("password_hash", tables.Text(200), nullable=False),
        sa.Column("role", tables.Text(16), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("language", tables.Text(2), nullable=False),
        sa.Column("created_at", tables.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("username"),
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", tables.UtcDateTime(timezone=True), nullable=False),
        sa.Column("who", tables.Text(100), nullable=False),
        sa.Column("action", tables.Text(32), nullable=False),
        sa.Column("reason", tables.Text(500), nullable=False),
        sa.Column("case_number", tables.Text(64), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_at"), ["at"], unique=False)

    op.create_table(
        "cameras",
        sa.Column("id", tables.Text(64), nullable=False),
        sa.Column("name", tables.Text(200), nullable=False),
        sa.Column("lat", sa.Double(), nullable=False),
        sa.Column("lon", sa.Double(), nullable=False),
        sa.Column("heading", sa.Double(), nullable=True),
        sa.Column("area", tables.Text(16), nullable=False),
        sa.Column("ward", tables.Text(100), nullable=False),
        sa.Column("district", tables.Text(100), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("cameras", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_cameras_ward"), ["ward"], unique=False)

    op.create_table(
        "roads",
        sa.Column("id", tables.Text(64), nullable=False),
        sa.Column("name", tables.Text(200), nullable=False),
        sa.Column("from_node", tables.Text(64), nullable=False),
        sa.Column("to_node", tables.Text(64), nullable=False),
        sa.Column("length_m", sa.Double(), nullable=False),
        sa.Column("speed_kmh", sa.Double(), nullable=False),
        sa.Column("oneway", sa.Boolean(), nullable=False),
        sa.Column("road_class", tables.Text(32), nullable=False),
        sa.Column("points", sa.LargeBinary(), nullable=False),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "cases",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("reason", tables.Text(500), nullable=False),
        sa.Column("number", tables.Text(64), nullable=False),
        sa.Column("opened_at", tables.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "questions",
        sa.Column("id", tables.Text(22), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("terms", sa.JSON(), nullable=False),
        sa.Column("asked_at", tables.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
        ),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["cases.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )


def downgrade() -> None:
    """Go back."""
    op.drop_table("questions")
    op.drop_table("cases")
    op.drop_table("roads")
    with op.batch_alter_table("cameras", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_cameras_ward"))

    op.drop_table("cameras")
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_at"))

    op.drop_table("audit")
    op.drop_table("accounts")
