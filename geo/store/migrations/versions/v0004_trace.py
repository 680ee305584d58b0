"""The trace, begun with what stands already."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from geo.store.chain import START, Entry, canonical, digest_of
from geo.store.columns import Instant

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the change."""
    trace = op.create_table(
        "trace",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("previous", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_trace")),
    )
    op.create_index(op.f("ix_trace_at"), "trace", ["at"])
    op.create_table(
        "trace_details",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column(
            "record_id",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=True),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["seq"], ["trace.seq"], name=op.f("fk_trace_details_seq")),
        sa.PrimaryKeyConstraint("kind", "record_id", "version", name=op.f("pk_trace_details")),
    )
    op.create_index(op.f("ix_trace_details_seq"), "trace_details", ["seq"])
    _begin(trace)


def _begin(trace: sa.Table) -> None:
    """Say from which revision on everything is traced, in a database that has any."""
    bind = op.get_bind()
    last = bind.scalar(sa.text("SELECT max(revision) FROM writes"))
    if not last:
        return
    entry = Entry(
        seq=1,
        at=datetime.now(UTC),  # noqa: TID251 - nobody gives a migration the time
        account="kommandorad",
        action="begin",
        about=canonical({"from_revision": int(last)}).decode("ascii"),
        digest=digest_of(()),
        previous=START,
    )
    bind.execute(sa.insert(trace).values(**entry.row()))
