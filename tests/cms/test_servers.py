"""What only a real PostgreSQL or Redis server can show."""

import pytest
from django.core.cache import caches
from django.core.cache.backends.redis import RedisCache
from django.db import connection
from modelsearch.backends.database.postgres.postgres import PostgresSearchBackend
from wagtail.search.backends import get_search_backend


@pytest.mark.needs_postgresql
@pytest.mark.django_db
def test_search_uses_the_full_text_search_of_postgresql():
    assert connection.vendor == "postgresql"
    assert isinstance(get_search_backend(), PostgresSearchBackend)


@pytest.mark.needs_redis
def test_the_cache_is_shared_through_redis(settings):
    cache = caches["default"]
    assert isinstance(cache, RedisCache)
    cache.set("term", {"es": "metástasis"}, timeout=30)
    other_process = RedisCache(
        settings.CACHES["default"]["LOCATION"], {"KEY_PREFIX": cache.key_prefix}
    )
    assert other_process.get("term") == {"es": "metástasis"}
