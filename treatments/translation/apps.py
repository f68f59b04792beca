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
        """Mark slugs, codes and names as synchronized rather than translated."""
        from wagtail_localize.fields import SynchronizedField

        for model in apps.get_models():
            names = getattr(model, "translation_synchronized_fields", ())
            if names:
                model.override_translatable_fields = [
                    SynchronizedField(name) for name in names
                ]
