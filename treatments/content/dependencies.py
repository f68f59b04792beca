"""Names of what a document contains: the keys by which a change finds the documents that it concerns.

A key names an object in all its languages, since another language's version can appear, be withdrawn or
take the place of a fallback. What concerns every document has a key of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wagtail.models import TranslatableMixin

if TYPE_CHECKING:
    from django.db import models

#: Hostnames, roots and paths of sites.
SITES = "sites"
#: What a language is called, and which there are.
LOCALES = "locales"
#: Who publishes: the site settings.
SETTINGS = "settings"
#: Which collections of images and documents are private.
COLLECTIONS = "collections"
#: Promotions are chosen by placement, language and date, not by an editor of the article.
PROMOTIONS = "promotions"
#: What lists show, count and order. No document contains it.
LISTS = "lists"
#: What every document depends on.
SHARED_KEYS = frozenset((SITES, LOCALES, SETTINGS, PROMOTIONS))


def get_page_key(translation_key: Any) -> str:
    """Return the key of a page in all languages: its texts, its path, whether it is public."""
    return f"page:{translation_key}"


def get_image_key(pk: int) -> str:
    """Return the key of an image."""
    return f"image:{pk}"


def get_document_key(pk: int) -> str:
    """Return the key of an uploaded document."""
    return f"document:{pk}"


def get_object_key(model: type[models.Model], key: Any) -> str:
    """Return the key of a snippet.

    Args:
        model: Its model.
        key: Its translation key; the id of one that is not translatable.
    """
    return f"{model._meta.label_lower}:{key}"


def get_instance_key(instance: models.Model) -> str:
    """Return the key of a snippet in hand."""
    is_translatable = isinstance(instance, TranslatableMixin)
    key = instance.translation_key if is_translatable else instance.pk
    return get_object_key(type(instance), key)
