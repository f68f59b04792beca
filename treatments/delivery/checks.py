"""System checks of the shared caches: a backend that would fail at the first publication is found at the start."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import Error, Warning, register
from django.utils.module_loading import import_string

from treatments.delivery.caches import TagPurgingBackend

FRONTEND_CACHE = "wagtail.contrib.frontend_cache"


@register()
def check_caches(app_configs, **kwargs) -> list[Error | Warning]:
    """Find caches without what they need to be reached."""
    configured: Any = getattr(settings, "WAGTAILFRONTENDCACHE", None) or {}
    if not isinstance(configured, dict):
        return [build_error("WAGTAILFRONTENDCACHE must be a dictionary.")]
    found: list[Error | Warning] = [
        build_error(f"WAGTAILFRONTENDCACHE[{name!r}]: {message}")
        for name, params in configured.items()
        for message in find_errors(params)
    ]
    if configured and not apps.is_installed(FRONTEND_CACHE):
        found.append(
            Warning(
                f"WAGTAILFRONTENDCACHE is set, but {FRONTEND_CACHE!r} is not in INSTALLED_APPS.",
                hint="Without it, answers of the API are purged, but not the addresses of pages.",
                id="treatments_delivery.W001",
            )
        )
    return found


def build_error(message: str) -> Error:
    """Return an error of the setting."""
    return Error(message, hint="See docs/operators.md.", id="treatments_delivery.E001")


def find_errors(params: Any) -> list[str]:
    """Return what is wrong with one cache, one sentence for each mistake.

    Only the settings of our own backends are known here.
    """
    if not isinstance(params, dict) or not isinstance(params.get("BACKEND"), str):
        return ["BACKEND is missing."]
    try:
        backend = import_string(params["BACKEND"])
    except ImportError as error:
        return [f"BACKEND cannot be imported: {error}"]
    if not (isinstance(backend, type) and issubclass(backend, TagPurgingBackend)):
        return []
    given = {name: value for name, value in params.items() if name != "BACKEND"}
    return backend.find_setting_errors(given)
