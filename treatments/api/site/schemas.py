"""The shapes of the reads about the site as a whole, for the OpenAPI document."""

from __future__ import annotations

from ninja import Schema
from pydantic import Field

from treatments.content.shape_types import (
    IsoDateTime,
    LanguageCode,
    OptionalUri,
    Path,
    Uri,
)


class SiteLanguage(Schema):
    """A language in which the site has a public home page."""

    code: LanguageCode
    language: str = Field(description="The language's own name.")
    is_default: bool


class NavigationItem(Schema):
    """A page in the menu, with those below it."""

    id: int
    title: str
    path: Path
    children: list[NavigationItem]


class Navigation(Schema):
    """The menu of one language."""

    locale: LanguageCode
    items: list[NavigationItem]


class SiteLicense(Schema):
    """Under which license the articles are published."""

    name: str
    url: OptionalUri


class PublisherInfo(Schema):
    """Who publishes, in one language; empty texts where there are none."""

    organization: str
    tagline: str
    disclaimer: str
    emergency_note: str
    contact_email: str
    license: SiteLicense | None
    locale: LanguageCode
    locales: list[SiteLanguage]


class SitemapAlternate(Schema):
    """A language version of a page."""

    locale: LanguageCode
    path: Path
    html_url: Uri


class SitemapEntry(SitemapAlternate):
    """A public page."""

    last_modified: IsoDateTime | None = Field(
        description="When it was published last; null where nobody knows."
    )
    alternates: list[SitemapAlternate] = Field(
        description="Its public language versions, itself among them: for `hreflang`."
    )
    x_default: Uri | None = Field(
        description="The version in the site's default language; null where there is none."
    )


class Sitemap(Schema):
    """A part of the public pages of the site, in the order of the tree."""

    count: int = Field(
        ge=0,
        description="How many public pages there are in all. One that has no address is not among `items`.",
    )
    items: list[SitemapEntry]
