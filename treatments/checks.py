"""System checks: the order of the apps and of the middleware, settings, nesting of blocks."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import Error, Warning, register
from django.utils.module_loading import import_string
from wagtail import blocks

from treatments.conf import find_setting_errors
from treatments.fields import ArticleStreamField

#: The middleware of the API as it has to stand, the first outermost; a project can have others in between.
MIDDLEWARE = (
    "treatments.api.middleware.ApiProblemMiddleware",
    "treatments.api.middleware.ApiCacheMiddleware",
    "treatments.api.http.throttling.AnonymousWriteThrottleMiddleware",
    "treatments.api.middleware.ApiRequestMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "treatments.api.middleware.LocaleMiddleware",
    "treatments.api.middleware.PublicRedirectMiddleware",
)


@register()
def check_app_order(app_configs, **kwargs) -> list[Error]:
    """Find ``treatments`` behind a Wagtail app, where its fields would silently lose their API."""
    names = [config.name for config in apps.get_app_configs()]
    first_wagtail = next(
        (index for index, name in enumerate(names) if name.split(".")[0] == "wagtail"),
        len(names),
    )
    if names.index("treatments") > first_wagtail:
        return [
            Error(
                "'treatments' stands behind a Wagtail app in INSTALLED_APPS.",
                hint="Move 'treatments' and 'snippets' before every 'wagtail.*' entry.",
                id="treatments.E001",
            )
        ]
    return []


@register()
def check_middleware(app_configs, **kwargs) -> list[Warning]:
    """Find middleware of the API that is missing, or stands in another order."""
    installed = [import_string(path) for path in settings.MIDDLEWARE]
    hint = "The guide for host developers shows all middleware in its order."
    places, found = [], []
    for path in MIDDLEWARE:
        if path.endswith("RedirectMiddleware") and not has_redirects():
            continue
        place = find_middleware(installed, import_string(path))
        if place is None:
            message = f"'{path}', or a subclass, is missing in MIDDLEWARE."
            found.append(Warning(message, hint=hint, id="treatments.W001"))
        else:
            places.append((place, path))
    for (before, outer), (behind, inner) in pairwise(places):
        if before > behind:
            message = f"'{outer}' stands behind '{inner}' in MIDDLEWARE."
            found.append(Warning(message, hint=hint, id="treatments.W002"))
    return found


def has_redirects() -> bool:
    """Tell whether the project has redirects of Wagtail's."""
    return apps.is_installed("wagtail.contrib.redirects")


def find_middleware(installed: list[Any], wanted: type) -> int | None:
    """Return the place of a middleware or of a subclass, or None."""
    return next(
        (
            place
            for place, each in enumerate(installed)
            if isinstance(each, type) and issubclass(each, wanted)
        ),
        None,
    )


@register()
def check_settings(app_configs, **kwargs) -> list[Error]:
    """Find bad and unknown settings."""
    return [
        Error(message, id="treatments.E003")
        for message in find_setting_errors(getattr(settings, "TREATMENTS", {}))
    ]


@register()
def check_list_blocks(app_configs, **kwargs) -> list[Error]:
    """Find text in a ListBlock, whose translations are lost."""
    errors = []
    for model in apps.get_models():
        for field in model._meta.get_fields():
            if isinstance(field, ArticleStreamField):
                for path in find_listed_text(field.stream_block, field.name):
                    errors.append(
                        Error(
                            f"The block '{path}' holds text inside a ListBlock, which loses its translations.",
                            hint="Use a StreamBlock with one child block.",
                            obj=model,
                            id="treatments.E004",
                        )
                    )
    return errors


def find_listed_text(
    block: blocks.Block, path: str, in_list: bool = False
) -> list[str]:
    """Return the paths of the text blocks below a ListBlock."""
    if isinstance(block, blocks.ListBlock):
        return find_listed_text(block.child_block, f"{path}.item", in_list=True)
    if isinstance(block, (blocks.StructBlock, blocks.StreamBlock)):
        found = []
        for name, child in block.child_blocks.items():
            found += find_listed_text(child, f"{path}.{name}", in_list)
        return found
    is_text = isinstance(
        block, (blocks.CharBlock, blocks.TextBlock, blocks.RichTextBlock)
    )
    return [path] if in_list and is_text else []
