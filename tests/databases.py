"""Makes the database of a test process by copying, not by migrating, and makes it new again after tests that commit.

The migrations run once: what they leave is kept as a template for all processes, and for later
runs until a migration, a file that one imports, or a library changes.
"""

from __future__ import annotations

import ast
import fcntl
import hashlib
import shutil
import sqlite3
from contextlib import closing, contextmanager
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection
from django.test.utils import setup_databases

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator
    from typing import Any

PACKAGES = ("cms", "home", "snippets", "treatments")
ROOT = Path(__file__).resolve().parent.parent


def find_migration_sources(root: Path) -> set[Path]:
    """Return the migrations of our packages and all files of ours that they import, also through others.

    What follows migrations, such as new permissions, is done after each copy and needs none of these.
    """
    found: set[Path] = set()
    waiting = [
        file
        for package in PACKAGES
        for file in (root / package).rglob("migrations/*.py")
    ]
    while waiting:
        file = waiting.pop()
        if file not in found:
            found.add(file)
            waiting += find_imports(root, file)
    return found


def find_imports(root: Path, source: Path) -> Iterator[Path]:
    """Yield the files of our packages that a file imports, anywhere in it."""
    for node in ast.walk(ast.parse(source.read_text())):
        names = []
        if isinstance(node, ast.Import):
            names = [each.name for each in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{e.name}" for e in node.names)]
        for name in names:
            place = root.joinpath(*name.split("."))
            for file in (place.with_suffix(".py"), place / "__init__.py"):
                if name.partition(".")[0] in PACKAGES and file.exists():
                    yield file


def make_fingerprint(root: Path, files: Iterable[Path]) -> str:
    """Return a hash of everything that migrations can depend on: these files below a folder, the libraries, the apps."""
    digest = hashlib.sha256()
    for file in sorted(files):
        digest.update(f"{file.relative_to(root)}\0".encode())
        digest.update(file.read_bytes())
    versions = sorted(
        f"{each.name}=={each.version}" for each in metadata.distributions()
    )
    digest.update("\n".join([*versions, *settings.INSTALLED_APPS]).encode())
    return digest.hexdigest()[:32]


@contextmanager
def lock(file: Path) -> Generator[None]:
    """Let one process at a time in."""
    with file.open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def is_whole(file: Path) -> bool:
    """Return whether a file is there, and is a migrated SQLite database that nothing has damaged."""
    if not file.exists():
        return False
    try:
        with closing(sqlite3.connect(file)) as database:
            database.execute("SELECT name FROM django_migrations").fetchone()
            return database.execute("PRAGMA quick_check").fetchone() == ("ok",)
    except sqlite3.DatabaseError:
        return False


class SQLiteFiles:
    """Copies the file of a SQLite database."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.file = Path(connection.settings_dict["TEST"]["NAME"])
        self.untouched = self.file.with_name("untouched.sqlite3")

    def find_template(self, fingerprint: str) -> Path:
        """Return where the template is, or will be."""
        return self.folder / f"{fingerprint}.sqlite3"

    def copy_template(self, fingerprint: str) -> bool:
        """Copy the template to the place of the test database; return False where there is none that is whole."""
        template = self.find_template(fingerprint)
        if not is_whole(template):
            return False
        shutil.copyfile(template, self.file)
        return True

    def write_template(self, fingerprint: str) -> None:
        """Keep the migrated test database as the only template."""
        self.settle()
        part = self.folder / "part.sqlite3"
        shutil.copyfile(self.file, part)
        for old in self.folder.glob("*.sqlite3"):
            if old != part:
                old.unlink()
        part.rename(self.find_template(fingerprint))

    def keep_untouched(self) -> None:
        """Keep the test database as it is before the first test."""
        self.settle()
        shutil.copyfile(self.file, self.untouched)

    def restore(self) -> None:
        """Put the test database back as it was before the first test."""
        connection.close()
        # By SQLite's own means: a thread of the last test may still have the file open.
        with (
            closing(sqlite3.connect(self.untouched)) as source,
            closing(sqlite3.connect(self.file)) as target,
        ):
            target.execute("PRAGMA synchronous=OFF")
            source.backup(target)

    def drop_untouched(self) -> None:
        """Leave nothing but what Django removes."""
        self.untouched.unlink(missing_ok=True)

    def settle(self) -> None:
        """Bring everything from the log into the file, and close it."""
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()


class PostgreSQLDatabases:
    """Copies a database on the PostgreSQL server, with the server's own means."""

    def __init__(self, folder: Path):
        self.name = connection.settings_dict["TEST"]["NAME"]
        # One for each database that is named, whatever the number of processes.
        self.template = f"test_{connection.settings_dict['NAME']}_migrated"
        self.untouched = f"{self.name}_untouched"

    def copy_template(self, fingerprint: str) -> bool:
        """Copy the template to the place of the test database; return False where there is none."""
        with self.open_server() as cursor:
            cursor.execute(
                "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s",
                [self.template],
            )
            if cursor.fetchone() != (fingerprint,):
                return False
            self.copy(cursor, self.template, self.name)
        return True

    def write_template(self, fingerprint: str) -> None:
        """Keep the migrated test database as the only template."""
        connection.close()
        with self.open_server() as cursor:
            self.copy(cursor, self.name, self.template)
            name = connection.ops.quote_name(self.template)
            cursor.execute(f"COMMENT ON DATABASE {name} IS '{fingerprint}'")

    def keep_untouched(self) -> None:
        """Keep the test database as it is before the first test."""
        connection.close()
        with self.open_server() as cursor:
            self.copy(cursor, self.name, self.untouched)

    def restore(self) -> None:
        """Put the test database back as it was before the first test."""
        connection.close()
        with self.open_server() as cursor:
            self.copy(cursor, self.untouched, self.name)

    def drop_untouched(self) -> None:
        """Leave nothing but what Django removes."""
        with self.open_server() as cursor:
            name = connection.ops.quote_name(self.untouched)
            cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def copy(self, cursor: Any, source: str, target: str) -> None:
        """Replace a database by a copy of another one."""
        source, target = map(connection.ops.quote_name, (source, target))
        cursor.execute(f"DROP DATABASE IF EXISTS {target} WITH (FORCE)")
        cursor.execute(f"CREATE DATABASE {target} TEMPLATE {source}")

    @contextmanager
    def open_server(self) -> Generator[Any]:
        """Connect to the server's own database, from which the others can be made and dropped."""
        import psycopg

        given = connection.get_connection_params()
        given = {
            key: given[key]
            for key in ("user", "password", "host", "port")
            if given.get(key)
        }
        with psycopg.connect(**given, dbname="postgres", autocommit=True) as server:
            yield server.cursor()


class TestDatabase:
    """The database of this process.

    Args:
        folder: Where templates are kept between runs, and processes wait for each other.
    """

    __test__ = False

    def __init__(self, folder: Path):
        self.folder = folder
        kinds = {"sqlite": SQLiteFiles, "postgresql": PostgreSQLDatabases}
        self.copies = kinds[connection.vendor](folder)
        self.has_commits = False

    def create(self) -> list:
        """Make the database and return what ``teardown_databases()`` needs."""
        fingerprint = make_fingerprint(ROOT, find_migration_sources(ROOT))
        with lock(self.folder / "lock"):
            copied = self.copies.copy_template(fingerprint)
            # After a copy, this runs no migration, but what follows migrations.
            old = setup_databases(
                verbosity=0, interactive=False, keepdb=copied, serialized_aliases=set()
            )
            if not copied:
                self.copies.write_template(fingerprint)
        self.copies.keep_untouched()
        return old

    def restore(self) -> None:
        """Put everything back as it was before the first test, where a test has committed since."""
        if self.has_commits:
            self.copies.restore()
        self.has_commits = False

    def close(self) -> None:
        """Leave nothing but the template behind; Django removes the test database itself."""
        self.copies.drop_untouched()
