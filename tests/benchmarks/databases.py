"""The databases of a run: made on the server that is named, and dropped at its end."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

if TYPE_CHECKING:
    from collections.abc import Callable

CONNECT_SECONDS = 5


class NoServerError(Exception):
    """No PostgreSQL server answers."""


class Server:
    """A PostgreSQL server on which databases may be made."""

    def __init__(self, url: str):
        self.url = url
        self.names: list[str] = []

    def connect(self, url: str | None = None) -> psycopg.Connection:
        """Return a connection.

        Raises:
            NoServerError: nobody answers, or not to us.
        """
        try:
            return psycopg.connect(
                url or self.url, autocommit=True, connect_timeout=CONNECT_SECONDS
            )
        except psycopg.OperationalError as error:
            raise NoServerError(str(error).strip()) from error

    def get_version(self) -> str:
        """Return the version of the server."""
        with self.connect() as connection:
            return str(connection.execute("SHOW server_version").fetchone()[0])  # ty: ignore[not-subscriptable]

    def create(self, name: str, template: str = "template0") -> str:
        """Make a database, a copy of another one, and return its URL."""
        with self.connect() as connection:
            connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                    sql.Identifier(name), sql.Identifier(template)
                )
            )
            self.names.append(name)
            # While it is filled, nothing in it has to outlive a crash of the server.
            connection.execute(
                sql.SQL("ALTER DATABASE {} SET synchronous_commit TO off").format(
                    sql.Identifier(name)
                )
            )
        return urlunsplit(urlsplit(self.url)._replace(path=f"/{name}"))

    def tidy(self, url: str) -> None:
        """Let the planner know a database, as the server itself would after a while; from now on writes are safe."""
        name = urlsplit(url).path.removeprefix("/")
        with self.connect(url) as connection:
            connection.execute("VACUUM (ANALYZE)")
            connection.execute(
                sql.SQL("ALTER DATABASE {} RESET synchronous_commit").format(
                    sql.Identifier(name)
                )
            )

    def drop(self, report: Callable[[str], None]) -> None:
        """Drop what was made."""
        with self.connect() as connection:
            for name in reversed(self.names):
                connection.execute(
                    sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(
                        sql.Identifier(name)
                    )
                )
        report(f"Dropped {len(self.names)} databases.")
        self.names.clear()
