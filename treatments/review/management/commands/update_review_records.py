"""Derives what is known about the reviews of all published articles anew."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from wagtail.models import Page

from treatments.content.lookups import get_article_models
from treatments.review.records import update_live_record


class Command(BaseCommand):
    """For articles that were published before the app was installed, and after a restore."""

    help = (
        "Derives the states of the reviews of all published articles from the decisions, and notes which numbers and "
        "decisions of authorities they share. It may be run again at any time."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Update, one article after the other."""
        count = 0
        for model in get_article_models():
            live = Page.objects.filter(pk__in=model.objects.values("pk"), live=True)
            ids = live.filter(alias_of=None).order_by("pk")
            for pk in ids.values_list("pk", flat=True):
                update_live_record(pk)
                count += 1
        if options["verbosity"] > 0:
            self.stdout.write(f"Articles: {count}.")
