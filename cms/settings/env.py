"""The only reader of environment variables, and of the optional ``.env`` file.

Settings modules ask for a variable by name and type. A variable that is set to
nothing counts as not set, so a copied ``.env.example`` changes nothing by itself.
"""

import os
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

REPOSITORY_DIR = Path(__file__).resolve().parents[2]

# Where other origins may read, and where none may.
CORS_URLS = r"^/api/"
NO_URLS = r"(?!)"

TRUE_WORDS = ("1", "true", "yes", "on")
FALSE_WORDS = ("0", "false", "no", "off")

# WAL lets readers work while somebody saves. IMMEDIATE makes a writer wait its turn
# at the start of a transaction, where SQLite honors the timeout; a transaction that
# turns into a writer halfway fails at once with "database is locked".
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
}


def parse_dotenv(content: str) -> dict[str, str]:
    """Return the variables of a ``.env`` file.

    Understands ``NAME=value``, a leading ``export``, comments, and values in single
    or double quotes. Nothing is expanded: a ``$`` is a dollar sign.

    Raises:
        ImproperlyConfigured: a line is neither a comment nor an assignment.
    """
    variables = {}
    for number, raw_line in enumerate(content.splitlines(), start=1):
        line = raw_line.strip().removeprefix("export ").strip()
        if not line or line.startswith("#"):
            continue
        name, equals, value = line.partition("=")
        name, value = name.strip(), value.strip()
        if not equals or not name.isidentifier():
            raise ImproperlyConfigured(f"Line {number} of .env is not NAME=value.")
        quote = value[:1]
        if quote in ("'", '"') and quote in value[1:]:
            value = value[1 : value.index(quote, 1)]
        elif value.startswith("#"):
            value = ""
        else:
            value = value.split(" #", 1)[0].rstrip()
        variables[name] = value
    return variables


@cache
def _file_variables() -> dict[str, str]:
    # What a developer keeps in .env must not change what the tests find.
    if os.environ.get("DJANGO_SETTINGS_MODULE") == "cms.settings.test":
        return {}
    file = REPOSITORY_DIR / ".env"
    return parse_dotenv(file.read_text(encoding="utf-8")) if file.is_file() else {}


def text(name: str, default: str = "") -> str:
    """Return a variable as text; the real environment wins over the file."""
    value = os.environ.get(name, _file_variables().get(name, ""))
    return value.strip() or default


def boolean(name: str, default: bool = False) -> bool:
    """Return a variable as a truth value."""
    word = text(name).lower()
    if not word:
        return default
    if word in TRUE_WORDS:
        return True
    if word in FALSE_WORDS:
        return False
    words = ", ".join([*TRUE_WORDS, *FALSE_WORDS])
    raise ImproperlyConfigured(f"{name} must be one of {words}; it is {word!r}.")


def integer(name: str, default: int) -> int:
    """Return a variable as a whole number."""
    value = text(name)
    if not value:
        return default
    try:
        return int(value)
    except ValueError as error:
        message = f"{name} must be a whole number; it is {value!r}."
        raise ImproperlyConfigured(message) from error


def words(name: str, default: Sequence[str] = ()) -> list[str]:
    """Return a variable that holds a comma-separated list."""
    return [word.strip() for word in text(name).split(",") if word.strip()] or [
        *default
    ]


def origins(name: str, default: Sequence[str] = ()) -> list[str]:
    """Return a variable that holds origins, such as ``https://www.example.org``.

    Raises:
        ImproperlyConfigured: one of them is no origin: a scheme and a host, with nothing behind them.
    """
    given = words(name, default)
    for origin in given:
        parts = urlsplit(origin)
        try:
            is_valid = parts.scheme in ("http", "https") and bool(parts.hostname)
            is_valid = is_valid and (parts.port is None or parts.port > 0)
        except ValueError:
            is_valid = False
        if not is_valid or origin != f"{parts.scheme}://{parts.netloc}".lower():
            raise ImproperlyConfigured(
                f"{name} must hold origins such as https://www.example.org, separated by commas, in lower "
                f"case and without a path or a slash at the end; {origin!r} is none."
            )
        if "@" in parts.netloc or "*" in parts.netloc:
            raise ImproperlyConfigured(
                f"{name} must name each origin, without wildcards or logins; {origin!r} is none."
            )
    return given


def folder(name: str, default: Path) -> Path:
    """Return a variable as a folder; a relative one is meant from the repository."""
    return REPOSITORY_DIR / Path(text(name) or default).expanduser()


def database(name: str, default: Path) -> dict[str, Any]:
    """Return a ``DATABASES`` entry from a URL, or for the SQLite file ``default``."""
    url = text(name)
    if not url:
        # Only the embedded database needs its folder, so a server that uses
        # PostgreSQL can run on a read-only file system.
        default.parent.mkdir(parents=True, exist_ok=True)
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": default,
            "OPTIONS": {**SQLITE_OPTIONS},
        }
    try:
        config: dict[str, Any] = {**dj_database_url.parse(url)}
    except ValueError as error:
        # The URL holds a password, so the message must not repeat it.
        message = f"{name} must be a database URL, such as postgres://user@host/name."
        raise ImproperlyConfigured(message) from error
    if config["ENGINE"] == "django.db.backends.sqlite3":
        config["OPTIONS"] = {**SQLITE_OPTIONS, **config.get("OPTIONS", {})}
    return config


def cache_backend(name: str) -> dict[str, Any]:
    """Return a ``CACHES`` entry: Redis where a URL is given, else local memory."""
    url = text(name)
    if not url:
        return {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    return {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": url}
