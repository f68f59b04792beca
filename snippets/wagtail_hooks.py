"""Registers the reference content with Wagtail's admin: listings, choosers, rich text entities, icons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wagtail import hooks
from wagtail.snippets.models import register_snippet

from snippets import careful_paste, rich_text
from snippets.admin import ConditionAdmin, TreatmentAdmin
from snippets.choosers import ConditionChooserViewSet, TreatmentChooserViewSet
from snippets.viewsets import (
    MENU_HOOK,
    ContributorViewSet,
    GlossaryTermViewSet,
    PromotionViewSet,
    ReferenceViewSet,
)

if TYPE_CHECKING:
    from wagtail.rich_text.feature_registry import FeatureRegistry

ICONS = ("treatment-condition", "treatment-glossary", "treatment-pill")

for viewset in (
    GlossaryTermViewSet,
    ReferenceViewSet,
    ContributorViewSet,
    PromotionViewSet,
):
    register_snippet(viewset)

for vocabulary in (ConditionAdmin(), TreatmentAdmin()):
    vocabulary.register_with_wagtail()
    hooks.register(MENU_HOOK, vocabulary.get_menu_item)


@hooks.register("register_admin_viewset")
def register_choosers() -> list:
    """Choose conditions and treatments in a window instead of a long list."""
    return [
        ConditionChooserViewSet(
            "treatment_condition_chooser", url_prefix="treatments/choose/condition"
        ),
        TreatmentChooserViewSet(
            "treatment_treatment_chooser", url_prefix="treatments/choose/treatment"
        ),
    ]


@hooks.register("register_rich_text_features")
def register_rich_text_features(features: FeatureRegistry) -> None:
    """Offer glossary terms, citations and the careful paste to rich text fields that ask for them."""
    rich_text.register_entities(features)
    careful_paste.register_careful_paste(features)
    careful_paste.register_levels(features)


@hooks.register("register_icons")
def register_icons(icons: list[str]) -> list[str]:
    """Add the icons of the reference content."""
    return [*icons, *(f"treatment_snippets/icons/{name}.svg" for name in ICONS)]
