"""What a database says where it says no, in one line."""

from sqlalchemy.exc import SQLAlchemyError

from search.registry.postgres import said_by_server


def cause_of(error: SQLAlchemyError) -> str:
    """The cause alone, without the statement and the values in it."""
    cause = getattr(error, "orig", None) or error
    said = said_by_server(cause)
    return (str(cause) if said is None else said.get("M", "")).partition("\n")[0]
