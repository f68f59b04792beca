"""Every public address of a site, with every parameter that could show more."""

from __future__ import annotations

import itertools


def build_urls(site):
    """Yield every public address with every parameter that could show more."""
    for version in ("v2", "v3"):
        yield from build_page_urls(site, version)
        yield from build_library_urls(version)
    for name in ("navigation", "site", "locales", "sitemap", "glossary/letters"):
        yield f"/api/v3/{name}/"
        yield f"/api/v3/{name}/?locale=es"
    yield from build_use_urls(site)
    for path in (
        "",
        "schema/",
        "schema/treatments.TreatmentPage/",
        "snippets/",
        "whoami/",
        "sites/",
        "openapi.json",
    ):
        yield f"/api/v3/{path}"
    for path in (
        "/en/",
        "/es/",
        "/en/treatments/",
        "/en/treatments/shown/",
        "/en/treatments/shown-parent-slug/orphan/",
    ):
        yield path


def build_page_urls(site, version):
    """Yield the addresses of the pages endpoint."""
    known = [site["home"], site["index"], site["shown"], site["orphan"], site["alias"]]
    ids = [page.pk for page in [*known, *site["hidden"]]]
    fields = [
        "",
        "fields=*",
        "fields=*,parent(*)",
        "fields=_,title",
        "rich_text_format=html",
        "version=draft",
    ]
    types = [
        "",
        "type=treatments.TreatmentPage",
        "type=wagtailcore.Page",
        "type=treatments.TreatmentIndexPage",
    ]
    pages = f"/api/{version}/pages/"
    for parameters in itertools.product(
        types, fields, ["", "locale=es", "locale=en", "order=-title", "limit=100"]
    ):
        yield pages + "?" + "&".join(part for part in parameters if part)
    for pk, parameter in itertools.product(ids, fields):
        yield f"{pages}{pk}/?{parameter}"
        for name in ("child_of", "descendant_of", "ancestor_of", "translation_of"):
            yield f"{pages}?{name}={pk}&{parameter}"
        yield f"{pages}find/?id={pk}&{parameter}"


def build_use_urls(site):
    """Yield the addresses of slugs, codes and the articles that use an entry."""
    for name in ("glossary", "conditions", "treatments"):
        for slug in ("known", "hushterm", "hush-condition"):
            for locale in ("en", "es"):
                yield f"/api/v3/{name}/by-slug/{slug}/?locale={locale}"
    for name in ("conditions", "treatments"):
        yield f"/api/v3/{name}/?code=D000001"
        yield f"/api/v3/{name}/?search=hush"
    for name in ("glossary", "references", "contributors"):
        yield f"/api/v3/{name}/?search=hush"
        for pk in {1, 2, 3, *(entry.pk for entry in site["used"])}:
            yield f"/api/v3/{name}/{pk}/articles/"
            yield f"/api/v3/{name}/{pk}/articles/?locale=en"
    for letter in ("H", "K", "%23"):
        yield f"/api/v3/glossary/?letter={letter}"
    for path in ("/hushold", "/husholda", "/husholdb"):
        yield f"/api/v3/redirects/find/?html_path={path}"


def build_library_urls(version):
    """Yield the addresses of the other endpoints."""
    for name in ("images", "documents", "redirects"):
        yield f"/api/{version}/{name}/?limit=100"
        yield f"/api/{version}/{name}/?limit=100&fields=*"
        for pk in range(1, 12):
            yield f"/api/{version}/{name}/{pk}/"
    for name in ("glossary", "references", "contributors", "conditions", "treatments"):
        yield f"/api/{version}/{name}/"
        yield f"/api/{version}/{name}/?locale=en"
        for pk in range(1, 5):
            yield f"/api/{version}/{name}/{pk}/"
