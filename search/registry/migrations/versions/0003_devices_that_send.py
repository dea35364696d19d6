"""Devices that send."""

import sqlalchemy as sa
from alembic import op

import search.registry.tables as tables

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "devices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", tables.Text(64), nullable=False),
        sa.Column("cameras", sa.JSON(), nullable=False),
        sa.Column("made_at", tables.UtcDateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", tables.UtcDateTime(timezone=True), nullable=True),
        sa.Column("seen_at", tables.UtcDateTime(timezone=True), nullable=True),
        sa.Column("state", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
    )
    op.create_table(
        "gone_pictures",
        sa.Column("sighting_id", tables.Text(32), nullable=False),
        sa.Column("name", tables.Text(64), nullable=False),
        sa.Column("camera", tables.Text(64), nullable=False),
        sa.Column("told_at", tables.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("sighting_id", "name"),
    )
    with op.batch_alter_table("gone_pictures", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_gone_pictures_camera"), ["camera"], unique=False)

    op.create_table(
        "intake_refusals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", tables.Text(64), nullable=False),
        sa.Column("device", tables.Text(64), nullable=False),
        sa.Column("camera", tables.Text(64), nullable=False),
        sa.Column("reason", tables.Text(500), nullable=False),
        sa.Column("content", tables.Text(2000), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("first_at", tables.UtcDateTime(timezone=True), nullable=False),
        sa.Column("last_at", tables.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
    )
    with op.batch_alter_table("intake_refusals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_intake_refusals_last_at"), ["last_at"], unique=False)

    op.create_table(
        "device_tokens",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("device_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", tables.Text(64), nullable=False),
        sa.Column("made_at", tables.UtcDateTime(timezone=True), nullable=False),
        sa.Column("used_at", tables.UtcDateTime(timezone=True), nullable=True),
        sa.Column("ended_at", tables.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["device_id"],
            ["devices.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("token_hash"),
    )
    with op.batch_alter_table("device_tokens", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_device_tokens_device_id"), ["device_id"], unique=False)


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("device_tokens", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_device_tokens_device_id"))

    op.drop_table("device_tokens")
    with op.batch_alter_table("intake_refusals", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_intake_refusals_last_at"))

    op.drop_table("intake_refusals")
    with op.batch_alter_table("gone_pictures", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_gone_pictures_camera"))

    op.drop_table("gone_pictures")
    op.drop_table("devices")
