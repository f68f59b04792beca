"""Puts the demonstration at the entrance of the default site, and takes it away from there again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from wagtail.models import Locale, Page, Site

from home.demo import records
from home.demo.content import SOURCE_LANGUAGE, TARGET_LANGUAGES, make_uuid, read_file
from treatments.models import PublisherSettings

if TYPE_CHECKING:
    from home.models import HomePage

WELCOME_TITLE = "Welcome to your new Wagtail site!"
WELCOME_SLUG = "home"
FRESH_HOST = ("localhost", 80)


def ensure_locales() -> tuple[Locale, list[Locale]]:
    """Return the source locale and the target locales; missing ones are created."""
    locales = []
    for code in (SOURCE_LANGUAGE, *TARGET_LANGUAGES):
        locale = Locale.objects.filter(language_code=code).first()
        if locale is None:
            with transaction.atomic():
                locale = Locale.objects.create(language_code=code)
                records.remember(locale, f"locale/{code}")
        locales.append(locale)
    return locales[0], locales[1:]


def find_welcome_page() -> Page | None:
    """Return the page that every new Wagtail project starts with, as long as nobody touched it."""
    page = Page.objects.filter(depth=2, title=WELCOME_TITLE, slug=WELCOME_SLUG).first()
    is_untouched = (
        page is not None
        and page.specific_class is Page
        and page.latest_revision_id is None
        and not page.get_children().exists()
    )
    return page if is_untouched else None


def open_site(home: HomePage, port: int) -> list[str]:
    """Make the home page the root of the default site; return remarks.

    A site that is still as Wagtail made it also learns the port, so that full addresses are right.
    """
    site = Site.objects.filter(is_default_site=True).first()
    welcome = find_welcome_page()
    with transaction.atomic():
        if site is None:
            site = Site.objects.create(
                hostname=FRESH_HOST[0], port=port, root_page=home, is_default_site=True
            )
            records.remember(site, "site")
        elif welcome is not None and site.root_page_id == welcome.pk:
            if (site.hostname, site.port) == FRESH_HOST:
                site.port = port
            site.root_page = home
            site.save()
            records.remember(site, "site", port=site.port)
        elif site.root_page_id != home.pk:
            return [
                f"The site keeps its root page “{site.root_page}”; the demonstration stands beside it."
            ]
        else:
            follow_port(site, port)
        if welcome is not None and not Site.objects.filter(root_page=welcome).exists():
            welcome.delete()
    return []


def follow_port(site: Site, port: int) -> None:
    """Give the site a new port, unless somebody changed the address that the demonstration gave it."""
    details = records.get_details(site) or {}
    if (
        site.hostname == FRESH_HOST[0]
        and site.port == details.get("port")
        and site.port != port
    ):
        site.port = port
        site.save()
        records.remember(site, "site", port=port)


def close_site(pages: set[int]) -> None:
    """Give the default site its first state back where its root is one of ``pages``."""
    site = Site.objects.filter(is_default_site=True, root_page_id__in=pages).first()
    details = records.get_details(site) if site else None
    if site is None:
        return
    if details and "port" not in details:
        site.delete()
        return
    welcome = find_welcome_page()
    if welcome is None:
        root = Page.get_first_root_node()
        key = make_uuid("page", "welcome")
        locale = Locale.objects.get(language_code=SOURCE_LANGUAGE)
        welcome = Page(
            title=WELCOME_TITLE, slug=WELCOME_SLUG, locale=locale, translation_key=key
        )
        root.add_child(instance=welcome)
    site.root_page = welcome
    if details and site.hostname == FRESH_HOST[0] and site.port == details.get("port"):
        site.port = FRESH_HOST[1]
    site.save()
    records.find_entries(site).filter(data__has_key=records.MARK).delete()


def load_publisher() -> bool:
    """Fill in who publishes the articles, unless somebody did; return whether it was done."""
    site = Site.objects.filter(is_default_site=True).first()
    if site is None or PublisherSettings.objects.filter(site=site).exists():
        return False
    texts = []
    for code in (SOURCE_LANGUAGE, *TARGET_LANGUAGES):
        entry = read_file(f"{code}/site.yaml")
        names = ("tagline", "disclaimer", "emergency_note")
        value = {"language": code, **{name: entry[name].strip() for name in names}}
        texts.append(
            {"type": "text", "value": value, "id": str(make_uuid("site", code))}
        )
    own = read_file(f"{SOURCE_LANGUAGE}/site.yaml")
    field: Any = PublisherSettings._meta.get_field("texts")
    with transaction.atomic():
        publisher = PublisherSettings(
            site=site,
            organization=own["organization"],
            contact_email=own["contact_email"],
            texts=field.stream_block.clean(field.stream_block.to_python(texts)),
        )
        publisher.full_clean()
        publisher.save()
        records.remember(publisher, "publisher")
    return True
