"""The apps of the article models without what they do when they start: no API, no index, no signals of ours."""

from django.apps import AppConfig


class StockTreatmentsConfig(AppConfig):
    """The models of the articles."""

    name = "treatments"
    default_auto_field = "django.db.models.BigAutoField"


class StockHomeConfig(AppConfig):
    """The models of the sample site."""

    name = "home"
    default_auto_field = "django.db.models.BigAutoField"
