"""How Alembic reaches the registry: by the connection that `open_registry` hands in."""

from alembic import context

from search.registry.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
