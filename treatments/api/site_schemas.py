"""The shapes of the reads about the site as a whole, for the OpenAPI document."""

from __future__ import annotations

from pydantic import Field

from treatments.api import schemas


class SiteLanguage(schemas.Schema):
    """A language in which the site has a public home page."""

    code: schemas.LanguageCode
    language: str = Field(description="The language's own name.")
    is_default: bool


class NavigationItem(schemas.Schema):
    """A page in the menu, with those below it."""

    id: int
    title: str
    path: schemas.Path
    children: list[NavigationItem]


class Navigation(schemas.Schema):
    """The menu of one language."""

    locale: schemas.LanguageCode
    items: list[NavigationItem]


class SiteLicense(schemas.Schema):
    """Under which license the articles are published."""

    name: str
    url: schemas.OptionalUri


class PublisherInfo(schemas.Schema):
    """Who publishes, in one language; empty texts where there are none."""

    organization: str
    tagline: str
    disclaimer: str
    emergency_note: str
    contact_email: str
    license: SiteLicense | None
    locale: schemas.LanguageCode
    locales: list[SiteLanguage]


class SitemapAlternate(schemas.Schema):
    """A language version of a page."""

    locale: schemas.LanguageCode
    path: schemas.Path
    html_url: schemas.Uri


class SitemapEntry(SitemapAlternate):
    """A public page."""

    last_modified: schemas.IsoDateTime | None = Field(
        description="When it was published last; null where nobody knows."
    )
    alternates: list[SitemapAlternate] = Field(
        description="Its public language versions, itself among them: for `hreflang`."
    )
    x_default: schemas.Uri | None = Field(
        description="The version in the site's default language; null where there is none."
    )


class Sitemap(schemas.Schema):
    """A part of the public pages of the site, in the order of the tree."""

    count: int = Field(
        ge=0,
        description="How many public pages there are in all. One that has no address is not among `items`.",
    )
    items: list[SitemapEntry]
