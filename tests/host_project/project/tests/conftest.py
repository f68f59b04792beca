"""The site of the clinic, and how it writes its articles."""

from __future__ import annotations

import uuid

import pytest
from wagtail.models import Locale, Page, Site

from home.models import ClinicArticlePage, ClinicIndexPage, EntrancePage


def publish(page):
    page.save_revision().publish()
    page.refresh_from_db()
    return page


@pytest.fixture
def index():
    locale = Locale.objects.get(language_code="en")
    Locale.objects.get_or_create(language_code="es")
    root = Page.objects.get(depth=1)
    Page.objects.filter(depth=2).delete()
    root.refresh_from_db()
    entrance = root.add_child(
        instance=EntrancePage(title="Clinic", slug="clinic", locale=locale)
    )
    Site.objects.all().delete()
    Site.objects.create(hostname="localhost", root_page=entrance, is_default_site=True)
    return entrance.add_child(
        instance=ClinicIndexPage(title="Advice", slug="advice", locale=locale)
    )


def create_article(index, title="Surgery", live=True, **kwargs):
    page = ClinicArticlePage(
        title=title,
        summary=f"About {title}.",
        locale=index.locale,
        live=False,
        key_points=[block("point", "Ask early."), block("point", "Take your time.")],
        **kwargs,
    )
    index.add_child(instance=page)
    return publish(page) if live else page


def block(name, value):
    return {"type": name, "id": str(uuid.uuid4()), "value": value}
