"""Registers the representation with Wagtail's APIs while the apps start."""

from __future__ import annotations


def register_representation() -> None:
    """Register our fields and page types with the v3 API. Called from ``AppConfig.ready()``.

    Must run before Wagtail's apps are ready, because they build the v3 routers from what is
    registered by then; hence the order in INSTALLED_APPS and the system check for it.
    """
    from treatments.api.pages import (
        read_schemas,
        rich_text_input,
        streams,
        write_schemas,
    )
    from treatments.content import article, index_page  # noqa: F401 - registers the page types

    read_schemas.register_field_schemas()
    read_schemas.register_page_schemas()
    # Whatever checks what is written into a field has to be registered by now.
    rich_text_input.register_rich_text_input()
    streams.register_stream_input()
    write_schemas.register_page_inputs()
