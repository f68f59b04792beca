"""Somebody else's project, made of the files that docs/host-developers.md shows. Run as a script in its folder."""

from __future__ import annotations

import os
import sys

#: What every Django project has and the document therefore leaves out.
BASE_SETTINGS = """
SECRET_KEY = "x" * 60
DEBUG = True
ALLOWED_HOSTS = ["localhost"]
ROOT_URLCONF = "project.urls"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
TEMPLATES = [{
    "BACKEND": "django.template.backends.django.DjangoTemplates",
    "APP_DIRS": True,
    "OPTIONS": {"context_processors": [
        "django.template.context_processors.request",
        "django.contrib.auth.context_processors.auth",
        "django.contrib.messages.context_processors.messages",
    ]},
}]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
STATIC_URL = "/static/"
USE_TZ = True
WAGTAILADMIN_BASE_URL = "http://localhost"
"""


class NoMigrations:
    """Makes every table from its model, which is faster than the migrations."""

    def __contains__(self, label: str) -> bool:
        return True

    def __getitem__(self, label: str) -> None:
        return None


def main() -> None:
    """Check the project, then read an article of its own type through both APIs."""
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.test import Client

    call_command("check", fail_level="WARNING")
    call_command(
        "makemigrations", "treatments", "treatment_snippets", check=True, dry_run=True, verbosity=0
    )  # fmt: skip
    call_command("makemigrations", "articles", dry_run=True, verbosity=0)
    settings.MIGRATION_MODULES = NoMigrations()
    call_command("migrate", run_syncdb=True, verbosity=0)

    from articles.models import DrugIndexPage, DrugPage  # ty: ignore[import-not-found]
    from wagtail.models import Locale, Page, Site

    english = Locale.objects.create(language_code="en")
    root = Page.add_root(title="Root", slug="root", locale=english)
    index = root.add_child(
        instance=DrugIndexPage(title="Drugs", slug="drugs", locale=english)
    )
    assert DrugPage.can_create_at(index)
    Site.objects.create(hostname="localhost", root_page=index, is_default_site=True)
    dose = {"title": "Adults", "advice": "<p>Once a day</p>"}
    given = {
        "type": "dose",
        "id": "6b1f0f0e-8c1c-4f0a-9d53-0d3d2c1b7a10",
        "value": dose,
    }
    section = {"heading": "How", "content": [given]}
    page = index.add_child(
        instance=DrugPage(
            title="Tamoxifen",
            slug="tamoxifen",
            summary="About it.",
            brand_name="A brand",
            locale=english,
            key_points=[("point", "One"), ("point", "Two")],
            body=[{"type": "section", "value": section}],
        )
    )
    client = Client(headers={"host": "localhost"})
    for version in ("v2", "v3"):
        answer = client.get(f"/api/{version}/pages/{page.pk}/").json()
        assert answer["brand_name"] == "A brand", answer
        assert answer["body"][0]["value"]["content"][0] == {
            "type": "dose",
            "id": given["id"],
            "value": {
                "title": "Adults",
                "advice": {"html": "<p>Once a day</p>", "text": "Once a day"},
            },
        }, answer
        listed = client.get(f"/api/{version}/pages/{index.pk}/").json()
        assert listed["entries"][0]["articles"][0]["title"] == "Tamoxifen", listed
    check_sharing(page, client)
    assert client.get("/api/v3/glossary/").status_code == 200
    assert client.get("/api/nothing/").status_code == 404
    assert client.get("/en/tamoxifen/")["Location"] == "https://www.example.org/en/tamoxifen/"  # fmt: skip


def check_sharing(page, client) -> None:
    """Share a draft of the project's own type, read it, and end the link."""
    from articles.sharing import share_with_lawyer, stop  # ty: ignore[import-not-found]
    from django.contrib.auth import get_user_model

    user = get_user_model().objects.create_superuser("owner", "o@example.org", "x")
    link, address = share_with_lawyer(page, user)
    path, _hash, token = address.partition("#")
    assert path == "https://www.example.org/en/draft/", address
    headers = {"X-Draft-Token": token}
    draft = client.get("/api/v3/drafts/", headers=headers).json()
    assert draft["article"]["type"] == "articles.DrugPage", draft
    assert draft["article"]["title"] == "Tamoxifen", draft
    assert draft["link"]["is_pinned"]
    stop(link, user)
    assert client.get("/api/v3/drafts/", headers=headers).status_code == 410


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "project.settings"
    sys.path.insert(0, os.getcwd())
    main()
