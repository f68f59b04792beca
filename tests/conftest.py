"""What every test needs: its own cache, its own media folder, and skips with a reason."""

import gc
import shutil
import uuid
from time import monotonic

import pytest
from django.conf import settings as django_settings
from django.db import connections
from django.test import override_settings
from django.test.utils import teardown_databases
from django.utils import timezone, translation

from tests import factories, second_run, selection
from tests.databases import TestDatabase
from tests.reporting import RunReport
from tests.shared import STACK, share

SERVERS = {
    "needs_postgresql": (
        "PostgreSQL",
        "DATABASE_URL",
        lambda: django_settings.DATABASES["default"]["ENGINE"],
        "django.db.backends.postgresql",
    ),
    "needs_redis": (
        "Redis",
        "REDIS_URL",
        lambda: django_settings.CACHES["default"]["BACKEND"],
        "django.core.cache.backends.redis.RedisCache",
    ),
}


def pytest_configure(config):
    """Report at the end of a run, in the process that the others report to."""
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(RunReport())


def pytest_collection_finish():
    """Have the garbage collector leave alone what stays until the end: a fifth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 50, 100)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    """Build what a test shares with others, before its own transaction begins."""
    STACK.prepare(item)


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(config, items):
    """Mark the fast tests, the long ones and those that run a second time; skip what cannot run here.

    The marks come before ``-m`` chooses by them, the order after what other plugins make of it.
    """
    tests, missing = second_run.ROOT / "tests", find_missing()
    for item in selection.find_fast(items, tests):
        item.add_marker("fast")
    for item in items:
        path = item.path.relative_to(tests).as_posix()
        if second_run.classify(path):
            item.add_marker("second_run")
        if selection.is_long(path):
            item.add_marker("long")
        for marker, reason in missing.items():
            if item.get_closest_marker(marker):
                item.add_marker(pytest.mark.skip(reason=reason))
    yield
    selection.mix_modules(items, config.getoption("randomly_seed", None))


def find_missing():
    """Return the marks of the tests that need a server that is not in use, or a browser → what is missing."""
    missing = {
        marker: f"{server} is not in use: set {variable}"
        for marker, (server, variable, find_backend, backend) in SERVERS.items()
        if find_backend() != backend
    }
    if shutil.which("chromium") is None:
        missing["needs_chromium"] = "Chromium is missing: install chromium"
    return missing


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix, tmp_path_factory
):
    """Keep SQLite in a file: one in memory has one connection for all threads.

    A server in another thread would then answer inside whatever transaction the test has open.
    """
    default = connections["default"].settings_dict
    if connections["default"].vendor == "sqlite":
        default["TEST"]["NAME"] = str(
            tmp_path_factory.mktemp("database") / "db.sqlite3"
        )


@pytest.fixture(scope="session")
def test_database(
    request, django_test_environment, django_db_blocker, django_db_modify_db_settings
):
    """Make the database of this process, and remove it at the end."""
    with django_db_blocker.unblock():
        database = TestDatabase(request.config.cache.mkdir("databases"))
        old = database.create()
    STACK.database, STACK.blocker = database, django_db_blocker
    yield database
    with django_db_blocker.unblock():
        STACK.close()
        teardown_databases(old, verbosity=0)
        database.close()


@pytest.fixture(scope="session")
def django_db_setup(test_database):
    """Copy the database instead of migrating it in each process."""


shared_site = share("shared_site", lambda: factories.create_site().pk)


def create_bilingual_site(home_id: int) -> int:
    """Translate the pages above the articles; return the id of the English index."""
    home = factories.load_site(home_id)
    factories.create_spanish_tree(home)
    return home.index.pk


shared_bilingual_site = share(
    "shared_bilingual_site", create_bilingual_site, on="shared_site"
)


shared_targets = share(
    "shared_targets",
    lambda home_id: factories.create_targets(factories.load_site(home_id).index),
    on="shared_site",
)
shared_plain_article = share(
    "shared_plain_article",
    lambda home_id: factories.create_article(factories.load_site(home_id).index).pk,
    on="shared_site",
)


@pytest.fixture
def targets(shared_targets):
    """Return the ids of one thing of each kind that a block can choose."""
    return shared_targets


@pytest.fixture
def site(shared_site):
    """Return the English home page of a site that has one index, ``site.index``."""
    return factories.load_site(shared_site)


@pytest.fixture
def restored_database(test_database, django_db_blocker):
    """Start a test that commits with the database as it was before the first one."""
    with django_db_blocker.unblock():
        test_database.restore()
    test_database.has_commits = True


@pytest.fixture
def committing(restored_database, transactional_db):
    """Let a test commit in a module whose other tests are rolled back."""


@pytest.fixture(scope="session", autouse=True)
def media_folder(tmp_path_factory):
    """Keep uploads out of the repository, and apart between parallel workers."""
    with override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media")):
        yield


@pytest.fixture(autouse=True)
def _fresh_cache(settings):
    # A new prefix instead of clear(): that would empty the whole Redis database, under
    # the feet of the other workers and of whatever else is in there.
    default = {**settings.CACHES["default"], "KEY_PREFIX": uuid.uuid4().hex}
    settings.CACHES = {**settings.CACHES, "default": default}


@pytest.fixture(autouse=True)
def _fresh_process_caches():
    # A test rolls back its database, whose states then come again with other articles.
    from treatments.api.http.process_cache import clear_all

    clear_all()


@pytest.fixture(autouse=True)
def _index_checked_lately(monkeypatch):
    # Once a minute a list costs another query: that minute must not end in the middle of a test.
    from treatments.search.index import indexing

    monkeypatch.setattr(indexing, "_next_check", monotonic() + 600)
    monkeypatch.setattr(indexing, "_checked_on", timezone.localdate())


@pytest.fixture(autouse=True)
def _fresh_language():
    # A request to /es/… leaves its language behind, for whatever test comes next.
    yield
    translation.deactivate()
