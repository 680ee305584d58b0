"""The tables of the first version."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from geo.store.columns import Fixes, Hours, Instant, Json, Wkb

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "writes",
        sa.Column("revision", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("revision", name=op.f("pk_writes")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_writes_origin"), "writes", ["origin"], unique=False)
    op.create_table(
        "activities",
        sa.Column("record_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("standing", sa.Boolean(), nullable=False),
        sa.Column("activity_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.Column("location_id", sa.Text(), nullable=True),
        sa.Column("place_text", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("example", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["revision"], ["writes.revision"], name=op.f("fk_activities_revision")
        ),
        sa.PrimaryKeyConstraint("record_id", "version", name=op.f("pk_activities")),
    )
    op.create_index(op.f("ix_activities_revision"), "activities", ["revision"], unique=False)
    op.create_index(
        "ix_activities_standing",
        "activities",
        ["record_id"],
        unique=True,
        sqlite_where=sa.text("standing"),
        postgresql_where=sa.text("standing"),
    )
    op.create_table(
        "boundaries",
        sa.Column("record_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("standing", sa.Boolean(), nullable=False),
        sa.Column("boundary_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("geometry", Wkb(), nullable=False),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("example", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["revision"], ["writes.revision"], name=op.f("fk_boundaries_revision")
        ),
        sa.PrimaryKeyConstraint("record_id", "version", name=op.f("pk_boundaries")),
    )
    op.create_index(op.f("ix_boundaries_revision"), "boundaries", ["revision"], unique=False)
    op.create_index(
        "ix_boundaries_standing",
        "boundaries",
        ["record_id"],
        unique=True,
        sqlite_where=sa.text("standing"),
        postgresql_where=sa.text("standing"),
    )
    op.create_table(
        "buildings",
        sa.Column("record_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("standing", sa.Boolean(), nullable=False),
        sa.Column("building_id", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("spaces", Json(object), nullable=False),
        sa.Column("geometry", Wkb(), nullable=False),
        sa.Column("example", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["revision"], ["writes.revision"], name=op.f("fk_buildings_revision")
        ),
        sa.PrimaryKeyConstraint("record_id", "version", name=op.f("pk_buildings")),
    )
    op.create_index(op.f("ix_buildings_revision"), "buildings", ["revision"], unique=False)
    op.create_index(
        "ix_buildings_standing",
        "buildings",
        ["record_id"],
        unique=True,
        sqlite_where=sa.text("standing"),
        postgresql_where=sa.text("standing"),
    )
    op.create_table(
        "imports",
        sa.Column("record_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("standing", sa.Boolean(), nullable=False),
        sa.Column("import_id", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("accepted", sa.Integer(), nullable=False),
        sa.Column("updated", sa.Integer(), nullable=False),
        sa.Column("duplicates", sa.Integer(), nullable=False),
        sa.Column("flagged", Json(object), nullable=False),
        sa.Column("rejected", Json(object), nullable=False),
        sa.Column("unknown_columns", Json(object), nullable=False),
        sa.Column("crs", sa.Text(), nullable=True),
        sa.Column("encoding", sa.Text(), nullable=True),
        sa.Column("imported_at", Instant(), nullable=True),
        sa.Column("undone_at", Instant(), nullable=True),
        sa.Column("kept_at_undo", Json(object), nullable=False),
        sa.Column("example", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["revision"], ["writes.revision"], name=op.f("fk_imports_revision")
        ),
        sa.PrimaryKeyConstraint("record_id", "version", name=op.f("pk_imports")),
    )
    op.create_index(op.f("ix_imports_revision"), "imports", ["revision"], unique=False)
    op.create_index(
        "ix_imports_standing",
        "imports",
        ["record_id"],
        unique=True,
        sqlite_where=sa.text("standing"),
        postgresql_where=sa.text("standing"),
    )
    op.create_table(
        "inspections",
        sa.Column("record_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("standing", sa.Boolean(), nullable=False),
        sa.Column("inspection_id", sa.Text(), nullable=False),
        sa.Column("building_id", sa.Text(), nullable=False),
        sa.Column("space", sa.Text(), nullable=False),
        sa.Column("inspected_at", Instant(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("deficiencies", sa.Text(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("fixed_on", sa.Date(), nullable=True),
        sa.Column("example", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["revision"], ["writes.revision"], name=op.f("fk_inspections_revision")
        ),
        sa.PrimaryKeyConstraint("record_id", "version", name=op.f("pk_inspections")),
    )
    op.create_index(op.f("ix_inspections_revision"), "inspections", ["revision"], unique=False)
    op.create_index(
        "ix_inspections_standing",
        "inspections",
        ["record_id"],
        unique=True,
        sqlite_where=sa.text("standing"),
        postgresql_where=sa.text("standing"),
    )
    op.create_table(
        "locations",
        sa.Column("record_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("standing", sa.Boolean(), nullable=False),
        sa.Column("location_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("geometry", Wkb(), nullable=False),
        sa.Column("radius_m", sa.Float(), nullable=True),
        sa.Column("priority", sa.Integer(), nullable=True),
        sa.Column("visits_per_week", sa.Float(), nullable=True),
        sa.Column("minutes_per_visit", sa.Float(), nullable=True),
        sa.Column("unsafe_hours", Hours(), nullable=True),
        sa.Column("designated_from", sa.Date(), nullable=True),
        sa.Column("designated_to", sa.Date(), nullable=True),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("example", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["revision"], ["writes.revision"], name=op.f("fk_locations_revision")
        ),
        sa.PrimaryKeyConstraint("record_id", "version", name=op.f("pk_locations")),
    )
    op.create_index(op.f("ix_locations_revision"), "locations", ["revision"], unique=False)
    op.create_index(
        "ix_locations_standing",
        "locations",
        ["record_id"],
        unique=True,
        sqlite_where=sa.text("standing"),
        postgresql_where=sa.text("standing"),
    )
    op.create_table(
        "promise_items",
        sa.Column("record_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("standing", sa.Boolean(), nullable=False),
        sa.Column("item_id", sa.Text(), nullable=False),
        sa.Column("promise_id", sa.Text(), nullable=False),
        sa.Column("order", sa.Integer(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("target", sa.Float(), nullable=True),
        sa.Column("share_of_all", sa.Boolean(), nullable=False),
        sa.Column("rule", Json(object), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("example", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["revision"], ["writes.revision"], name=op.f("fk_promise_items_revision")
        ),
        sa.PrimaryKeyConstraint("record_id", "version", name=op.f("pk_promise_items")),
    )
    op.create_index(op.f("ix_promise_items_revision"), "promise_items", ["revision"], unique=False)
    op.create_index(
        "ix_promise_items_standing",
        "promise_items",
        ["record_id"],
        unique=True,
        sqlite_where=sa.text("standing"),
        postgresql_where=sa.text("standing"),
    )
    op.create_table(
        "promises",
        sa.Column("record_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("standing", sa.Boolean(), nullable=False),
        sa.Column("promise_id", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("example", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["revision"], ["writes.revision"], name=op.f("fk_promises_revision")
        ),
        sa.PrimaryKeyConstraint("record_id", "version", name=op.f("pk_promises")),
    )
    op.create_index(op.f("ix_promises_revision"), "promises", ["revision"], unique=False)
    op.create_index(
        "ix_promises_standing",
        "promises",
        ["record_id"],
        unique=True,
        sqlite_where=sa.text("standing"),
        postgresql_where=sa.text("standing"),
    )
    op.create_table(
        "tracks",
        sa.Column("record_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("standing", sa.Boolean(), nullable=False),
        sa.Column("track_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("fixes", Fixes(), nullable=False),
        sa.Column("example", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["revision"], ["writes.revision"], name=op.f("fk_tracks_revision")),
        sa.PrimaryKeyConstraint("record_id", "version", name=op.f("pk_tracks")),
    )
    op.create_index(op.f("ix_tracks_revision"), "tracks", ["revision"], unique=False)
    op.create_index(
        "ix_tracks_standing",
        "tracks",
        ["record_id"],
        unique=True,
        sqlite_where=sa.text("standing"),
        postgresql_where=sa.text("standing"),
    )
    op.create_table(
        "visits",
        sa.Column("record_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("standing", sa.Boolean(), nullable=False),
        sa.Column("visit_id", sa.Text(), nullable=False),
        sa.Column("location_id", sa.Text(), nullable=True),
        sa.Column("lon", sa.Float(), nullable=True),
        sa.Column("lat", sa.Float(), nullable=True),
        sa.Column("start_at", Instant(), nullable=False),
        sa.Column("end_at", Instant(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("officers", sa.Integer(), nullable=False),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.Column("not_done_reason", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("flags", Json(object), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("example", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["revision"], ["writes.revision"], name=op.f("fk_visits_revision")),
        sa.PrimaryKeyConstraint("record_id", "version", name=op.f("pk_visits")),
    )
    op.create_index(op.f("ix_visits_revision"), "visits", ["revision"], unique=False)
    op.create_index(
        "ix_visits_standing",
        "visits",
        ["record_id"],
        unique=True,
        sqlite_where=sa.text("standing"),
        postgresql_where=sa.text("standing"),
    )


def downgrade() -> None:
    """Refuse: a database is restored from its backup, never thinned out."""
    raise NotImplementedError("restore the database from its backup instead")
