"""Keeping what was worked out once for a title."""

import hashlib

from sqlalchemy import Insert, insert

from aiplayer.catalogue.tables import Table


def title_digest(title: str) -> str:
    """The key of a title."""
    return hashlib.sha256(title.encode()).hexdigest()[:32]


def insert_new(table: type[Table]) -> Insert:
    """Inserts rows whose key is new, and leaves the others as they are."""
    statement = insert(table).prefix_with("OR IGNORE", dialect="sqlite")
    for dialect in ("mysql", "mariadb"):
        statement = statement.prefix_with("IGNORE", dialect=dialect)
    return statement
