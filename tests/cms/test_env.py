"""Environment variables: how they are read, and that .env.example names them all."""

import ast
import re

import pytest
from django.core.exceptions import ImproperlyConfigured

from cms.settings import env

SETTINGS_DIR = env.REPOSITORY_DIR / "cms" / "settings"


def read_variable_names() -> set[str]:
    """Return the variables that the settings ask `env` for, found in their source."""
    names = set()
    for file in SETTINGS_DIR.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and isinstance(node.func.value, ast.Name)
                and node.func.value.id == "env"
            ):
                names.add(ast.literal_eval(node.args[0]))
    return names


def test_env_example_lists_exactly_the_variables_that_are_read():
    example = (env.REPOSITORY_DIR / ".env.example").read_text(encoding="utf-8")
    assert set(env.parse_dotenv(example)) == read_variable_names()


def test_env_example_changes_nothing_when_copied():
    example = (env.REPOSITORY_DIR / ".env.example").read_text(encoding="utf-8")
    assert set(env.parse_dotenv(example).values()) == {""}


def test_env_is_the_only_reader_of_the_environment():
    entry_points = {"manage.py", "cms/asgi.py", "cms/wsgi.py"}
    # Passes the environment on to a process of its own, and reads nothing in it.
    entry_points.add("treatments/api/schema_files.py")
    readers = set()
    files = [env.REPOSITORY_DIR / "manage.py"]
    for package in ("cms", "home", "snippets", "treatments"):
        files += (env.REPOSITORY_DIR / package).rglob("*.py")
    for file in files:
        if re.search(r"\benviron\b|\bgetenv\b", file.read_text(encoding="utf-8")):
            readers.add(file.relative_to(env.REPOSITORY_DIR).as_posix())
    assert readers - entry_points == {"cms/settings/env.py"}


def test_dotenv_understands_comments_quotes_and_export():
    content = """
    # a comment
    PLAIN=one two # a remark
    export EXPORTED=yes
    SINGLE='a # b' # a remark
    DOUBLE="c = $d"
    URL=postgres://user:pa#ss=word@host/name
    EMPTY=
    NOTHING= # a remark
    """
    assert env.parse_dotenv(content) == {
        "PLAIN": "one two",
        "EXPORTED": "yes",
        "SINGLE": "a # b",
        "DOUBLE": "c = $d",
        "URL": "postgres://user:pa#ss=word@host/name",
        "EMPTY": "",
        "NOTHING": "",
    }


def test_dotenv_names_the_line_that_it_cannot_read():
    with pytest.raises(ImproperlyConfigured, match="Line 2"):
        env.parse_dotenv("A=1\nnot an assignment\n")


@pytest.fixture
def dotenv_variables(monkeypatch):
    """Return a dict that stands in for the .env file."""
    variables: dict[str, str] = {}
    monkeypatch.setattr(env, "_file_variables", lambda: variables)
    return variables


def test_the_real_environment_wins_over_the_file(monkeypatch, dotenv_variables):
    dotenv_variables["LOG_LEVEL"] = "DEBUG"
    assert env.text("LOG_LEVEL") == "DEBUG"
    monkeypatch.setenv("LOG_LEVEL", "ERROR")
    assert env.text("LOG_LEVEL") == "ERROR"
    monkeypatch.setenv("LOG_LEVEL", "")
    assert env.text("LOG_LEVEL", "INFO") == "INFO"


def test_tests_do_not_see_a_developers_file():
    assert env._file_variables() == {}


@pytest.mark.parametrize(
    ("word", "value"),
    [("1", True), ("Yes", True), (" on ", True), ("0", False), ("FALSE", False)],
)
def test_boolean_words(monkeypatch, word, value):
    monkeypatch.setenv("DEBUG", word)
    assert env.boolean("DEBUG", not value) is value


def test_unclear_values_are_refused_by_name(monkeypatch):
    monkeypatch.setenv("DEBUG", "perhaps")
    with pytest.raises(ImproperlyConfigured, match="DEBUG must be one of"):
        env.boolean("DEBUG")
    monkeypatch.setenv("EMAIL_PORT", "smtp")
    with pytest.raises(ImproperlyConfigured, match="EMAIL_PORT must be a whole number"):
        env.integer("EMAIL_PORT", 25)


def test_words_are_separated_by_commas(monkeypatch):
    monkeypatch.setenv("ALLOWED_HOSTS", "www.example.org, example.org,")
    assert env.words("ALLOWED_HOSTS") == ["www.example.org", "example.org"]


def test_a_relative_folder_starts_at_the_repository(monkeypatch, tmp_path):
    monkeypatch.setenv("DATA_DIR", "var/data")
    assert env.folder("DATA_DIR", tmp_path) == env.REPOSITORY_DIR / "var" / "data"
    monkeypatch.setenv("DATA_DIR", "")
    assert env.folder("DATA_DIR", tmp_path) == tmp_path


def test_the_embedded_database_is_the_default(monkeypatch, tmp_path):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    database = env.database("DATABASE_URL", tmp_path / "new" / "db.sqlite3")
    assert database["ENGINE"] == "django.db.backends.sqlite3"
    assert database["NAME"] == tmp_path / "new" / "db.sqlite3"
    assert database["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert (tmp_path / "new").is_dir()


def test_a_url_selects_postgresql(monkeypatch, tmp_path):
    monkeypatch.setenv("DATABASE_URL", "postgres://editor:pw@db.example.org:5433/cms")
    database = env.database("DATABASE_URL", tmp_path / "unused" / "db.sqlite3")
    assert database["ENGINE"] == "django.db.backends.postgresql"
    assert (database["HOST"], database["PORT"]) == ("db.example.org", 5433)
    assert (database["USER"], database["NAME"]) == ("editor", "cms")
    assert not (tmp_path / "unused").exists()


def test_a_url_of_a_sqlite_file_gets_the_same_options(monkeypatch, tmp_path):
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/other.sqlite3")
    database = env.database("DATABASE_URL", tmp_path / "db.sqlite3")
    assert database["NAME"] == f"{tmp_path}/other.sqlite3"
    assert database["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


def test_a_wrong_database_url_is_refused_without_repeating_it(monkeypatch, tmp_path):
    monkeypatch.setenv("DATABASE_URL", "nonsense://editor:hush@host/name")
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL") as caught:
        env.database("DATABASE_URL", tmp_path / "db.sqlite3")
    assert "hush" not in str(caught.value)


def test_the_cache_is_local_memory_or_redis(monkeypatch):
    monkeypatch.setenv("REDIS_URL", "")
    backend = env.cache_backend("REDIS_URL")["BACKEND"]
    assert backend == "django.core.cache.backends.locmem.LocMemCache"
    monkeypatch.setenv("REDIS_URL", "redis://cache.example.org:6379/2")
    assert env.cache_backend("REDIS_URL") == {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": "redis://cache.example.org:6379/2",
    }
