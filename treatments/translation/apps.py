"""App configuration of the translation services."""

from typing import Any

from django.apps import AppConfig, apps
from django.utils.translation import gettext_lazy as _


class TranslationConfig(AppConfig):
    """Tells wagtail-localize about our models, and ``treatments.ports.states`` about translations."""

    name = "treatments.translation"
    label = "treatments_translation"
    verbose_name = _("Treatment translation")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Mark slugs, codes and names as synchronized, and teach flat structs and rich texts to be extracted."""
        from wagtail_localize.fields import SynchronizedField

        from treatments.ports.authorship import register_author_provider
        from treatments.ports.states import register_translation_provider
        from treatments.translation.authors import find_translators
        from treatments.translation.states import get_translation_states

        register_translation_provider(get_translation_states)
        register_author_provider(find_translators)
        connect_records()
        connect_segments()

        for model in apps.get_models():
            names = getattr(model, "translation_synchronized_fields", ())
            if names:
                model.override_translatable_fields = [  # ty: ignore[missing-attribute]
                    SynchronizedField(name) for name in names
                ]


def connect_segments() -> None:
    """Give our blocks and fields their own extraction of text."""
    from django.db.models.signals import post_save
    from wagtail_localize.models import StringTranslation

    from snippets.fields import RichTextField
    from treatments.blocks.text import FlatStructBlock, RichTextBlock
    from treatments.fields import ArticleRichTextField
    from treatments.translation import segments

    FlatStructBlock.get_translatable_segments = segments.get_flat_segments  # ty: ignore[missing-attribute]
    rich_texts: tuple[Any, ...] = (RichTextBlock, ArticleRichTextField, RichTextField)
    for each in rich_texts:
        each.get_translatable_segments = segments.get_rich_text_segments
    StringTranslation.get_error = segments.get_error
    post_save.connect(segments.refuse_losses, sender=StringTranslation)
    post_save.connect(segments.accept_levels, sender=StringTranslation)


def connect_records() -> None:
    """Keep the records of translations in step with what is published."""
    from django.db.models.signals import post_delete, post_save, pre_save
    from wagtail.models import Page
    from wagtail.signals import page_published, page_unpublished
    from wagtail_localize.models import (
        SegmentOverride,
        StringTranslation,
        Translation,
        TranslationLog,
        TranslationSource,
    )

    from treatments.signals import choices_replaced
    from treatments.translation import records
    from treatments.translation.authors import note_translator
    from treatments.translation.replacements import follow_replacements

    for model in (StringTranslation, SegmentOverride):
        post_save.connect(note_translator, sender=model)

    choices_replaced.connect(follow_replacements)
    page_published.connect(records.handle_published)
    page_unpublished.connect(records.handle_gone)
    post_delete.connect(records.handle_gone, sender=Page)
    post_save.connect(records.handle_log, sender=TranslationLog)
    pre_save.connect(records.handle_snapshot, sender=TranslationSource)
    post_save.connect(records.handle_translation, sender=Translation)
    post_delete.connect(records.handle_translation, sender=Translation)
