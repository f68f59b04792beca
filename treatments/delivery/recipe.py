"""The recipe of documents: what decides how each of them looks beside its content."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.utils import translation

from snippets.plain_text import RULES_VERSION
from treatments.conf import get_conf
from treatments.content.article_fields import SCHEMA_VERSION
from treatments.content.lookups import get_article_models
from treatments.models.own_fields import get_own_fields

if TYPE_CHECKING:
    from treatments.conf import TreatmentsConf

#: Settings of Django and of Wagtail that stand in documents: in the addresses of files and pages, and the names of
#: languages that Django does not know.
CONTAINED_SETTINGS = (
    "MEDIA_URL",
    "WAGTAILDOCS_SERVE_METHOD",
    "WAGTAIL_APPEND_SLASH",
    "WAGTAIL_CONTENT_LANGUAGES",
    "LANGUAGE_CODE",
    "FORCE_SCRIPT_NAME",
)
#: The settings that were read last, and their hash: each read of a document asks for it.
_recipe: tuple[TreatmentsConf, list[Any], str] | None = None


def get_recipe() -> str:
    """Return a hash of the schema, the rules for texts and the settings that documents are built with."""
    global _recipe
    conf = get_conf()
    given = [getattr(settings, name, None) for name in CONTAINED_SETTINGS]
    if _recipe is None or _recipe[0] is not conf or _recipe[1] != given:
        _recipe = (conf, given, hash_recipe(conf, given))
    return _recipe[2]


def hash_recipe(conf: TreatmentsConf, given: list[Any]) -> str:
    """Return the hash of the recipe under some settings."""
    parts = [
        SCHEMA_VERSION,
        [[model._meta.label, *get_own_fields(model)] for model in get_article_models()],
        RULES_VERSION,
        conf.frontend_url,
        sorted(conf.image_renditions.items()),
        {
            kind: rules.model_dump(exclude_unset=True)
            for kind, rules in conf.review_policy.items()
        },
        given,
        getattr(default_storage, "base_url", None),
    ]
    # The name of a language may be a lazy text, which depends on who asks.
    with translation.override(None):
        text = json.dumps(parts, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
