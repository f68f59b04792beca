"""System checks: the order of the apps, settings, nesting of blocks."""

from __future__ import annotations

from django.apps import apps
from django.conf import settings
from django.core.checks import Error, register
from wagtail import blocks

from treatments.conf import find_setting_errors
from treatments.fields import ArticleStreamField


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
