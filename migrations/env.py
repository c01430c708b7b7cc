"""Runs migrations on the connection that `app/schema.py` hands over, inside its transaction."""

from alembic import context

from app.tables.all import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,  # SQLite can alter little in place
    compare_type=True,
)
context.run_migrations()
