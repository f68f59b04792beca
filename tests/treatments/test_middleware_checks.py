"""The check of the middleware: what is missing or in another order is told, what stands in between is not."""

from __future__ import annotations

import pytest
from django.conf import settings as django_settings
from django.core.checks import run_checks

from treatments.api.middleware import ApiCacheMiddleware
from treatments.checks import MIDDLEWARE


class OwnCacheMiddleware(ApiCacheMiddleware):
    """That of a host."""


def find_ids(settings, middleware):
    settings.MIDDLEWARE = middleware
    ids = [str(each.id) for each in run_checks()]
    return [each for each in ids if each.startswith("treatments.W")]


def test_the_project_has_all_in_the_right_order(settings):
    assert find_ids(settings, django_settings.MIDDLEWARE) == []


@pytest.mark.parametrize("path", MIDDLEWARE)
def test_what_is_missing_is_told(settings, path):
    # The documented name of the throttle is another one than that of its module.
    name = path.rpartition(".")[2]
    kept = [each for each in django_settings.MIDDLEWARE if not each.endswith(name)]
    assert find_ids(settings, kept) == ["treatments.W001"]


def test_another_order_is_told(settings):
    cache = "treatments.api.middleware.ApiCacheMiddleware"
    others = [each for each in django_settings.MIDDLEWARE if each != cache]
    assert find_ids(settings, [*others, cache]) == ["treatments.W002"]


def test_a_subclass_does_as_well(settings):
    cache = "treatments.api.middleware.ApiCacheMiddleware"
    own = f"{__name__}.{OwnCacheMiddleware.__name__}"
    replaced = [own if each == cache else each for each in django_settings.MIDDLEWARE]
    assert find_ids(settings, replaced) == []
