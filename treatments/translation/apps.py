"""App configuration of the translation services."""

from django.apps import AppConfig, apps
from django.utils.translation import gettext_lazy as _


class TranslationConfig(AppConfig):
    """Tells wagtail-localize which fields are the same in every language."""

    name = "treatments.translation"
    label = "treatments_translation"
    verbose_name = _("Treatment translation")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Mark slugs, codes and names as synchronized, and teach flat structs to be extracted."""
        from wagtail_localize.fields import SynchronizedField

        from treatments.blocks.text import FlatStructBlock
        from treatments.translation.segments import get_flat_segments

        FlatStructBlock.get_translatable_segments = get_flat_segments  # ty: ignore[missing-attribute]

        for model in apps.get_models():
            names = getattr(model, "translation_synchronized_fields", ())
            if names:
                model.override_translatable_fields = [  # ty: ignore[missing-attribute]
                    SynchronizedField(name) for name in names
                ]
