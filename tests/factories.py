"""Content for tests: each function builds only what its caller needs."""

from __future__ import annotations

import hashlib
import io
import uuid
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from django.apps import apps
from django.core.files.base import ContentFile
from django.core.management.color import no_style
from django.db import connection
from PIL import Image as PillowImage
from wagtail.images import get_image_model
from wagtail.models import Locale, Page, Site
from wagtail_localize.models import StringSegment, StringTranslation, Translation

from home.models import HomePage
from snippets.models import (
    Condition,
    Contributor,
    GlossaryTerm,
    Promotion,
    Reference,
    Treatment,
)
from tests.samples import Sampler
from treatments.models import (
    TreatmentIndexPage,
    TreatmentPage,
    TreatmentPageCondition,
    TreatmentPageContributor,
    TreatmentPageRelated,
)
from treatments.ports import publication
from treatments.translation.services import (
    find_related_instances,
    publish_translation,
    submit_translation,
)

if TYPE_CHECKING:
    from collections.abc import Generator

SIMPLE_BODY = [
    {
        "type": "section",
        "id": "11111111-1111-4111-8111-111111111111",
        "value": {
            "heading": "What it is",
            "content": [
                {
                    "type": "rich_text",
                    "id": "22222222-2222-4222-8222-222222222222",
                    "value": "<p>A plain paragraph.</p>",
                }
            ],
        },
    }
]
KEY_POINTS = [
    {
        "type": "point",
        "id": "33333333-3333-4333-8333-333333333333",
        "value": "First point",
    },
    {
        "type": "point",
        "id": "44444444-4444-4444-8444-444444444444",
        "value": "Second point",
    },
]


def get_locale(code: str = "en") -> Locale:
    """Return a locale, made when it is missing."""
    return Locale.objects.get_or_create(language_code=code)[0]


def publish(instance: Any) -> Any:
    """Publish an instance through a revision, like an editor."""
    instance.save_revision().publish()
    instance.refresh_from_db()
    return instance


def create_site() -> HomePage:
    """Return the English home page of a site that has one index, ``home.index``."""
    locale = get_locale("en")
    get_locale("es")
    root = Page.objects.get(depth=1)
    Page.objects.filter(depth=2).delete()
    root.refresh_from_db()
    home = root.add_child(instance=HomePage(title="Guide", slug="guide", locale=locale))
    Site.objects.all().delete()
    Site.objects.create(hostname="localhost", root_page=home, is_default_site=True)
    home.index = home.add_child(
        instance=TreatmentIndexPage(
            title="Treatments", slug="treatments", locale=locale, show_in_menus=True
        )
    )
    publish(home)
    publish(home.index)
    return home


def load_site(home_id: int) -> HomePage:
    """Return what ``create_site()`` returned, as the database has it."""
    home = HomePage.objects.get(pk=home_id)
    home.index = TreatmentIndexPage.objects.child_of(home).get()
    return home


def create_image(title: str = "Drawing", **kwargs) -> Any:
    """Return a small image in the library."""
    buffer = io.BytesIO()
    PillowImage.new("RGB", (64, 40), "#336699").save(buffer, "PNG")
    return get_image_model().objects.create(
        title=title,
        file=ContentFile(buffer.getvalue(), name=f"{title}.png".replace(" ", "-")),
        # Names get a random end where there is such a file already.
        file_hash=hashlib.sha1(buffer.getvalue(), usedforsecurity=False).hexdigest(),
        **kwargs,
    )


def create_reference(title: str = "A sample trial", **kwargs) -> Reference:
    """Return a published reference."""
    kwargs.setdefault("authors", "Sample AB")
    kwargs.setdefault("issued_year", 2020)
    kwargs.setdefault("is_sample", True)
    return Reference.objects.create(title=title, **kwargs)


def create_term(term: str = "metastasis", locale: str = "en", **kwargs) -> GlossaryTerm:
    """Return a published glossary term."""
    kwargs.setdefault("definition", "<p>Cancer that has spread.</p>")
    return GlossaryTerm.objects.create(term=term, locale=get_locale(locale), **kwargs)


def create_condition(name: str = "Liver metastases", **kwargs) -> Condition:
    """Return an English condition."""
    kwargs.setdefault("description", "English only words")
    return Condition.objects.create(name=name, locale=get_locale("en"), **kwargs)


def create_promotion(title: str = "A notice", **kwargs) -> Promotion:
    """Return a promotion for English pages."""
    promotion = Promotion.objects.create(title=title, **kwargs)
    promotion.locales.add(get_locale("en"))
    promotion.save()
    return promotion


def create_targets(index: TreatmentIndexPage) -> dict[str, int]:
    """Return the ids of one thing of each kind that a block can choose."""
    page = create_article(index, title="Companion", slug="companion")
    return {
        "page": page.pk,
        "image": create_image().pk,
        "reference": create_reference().pk,
        "term": create_term().pk,
    }


def build_article(title: str = "Surgery", **kwargs) -> TreatmentPage:
    """Return an article that is not saved."""
    kwargs.setdefault("summary", f"About {title}.")
    kwargs.setdefault("key_points", KEY_POINTS)
    kwargs.setdefault("body", SIMPLE_BODY)
    kwargs.setdefault("locale", get_locale("en"))
    return TreatmentPage(title=title, **kwargs)


def create_article(index: Page, *, live: bool = True, **kwargs) -> TreatmentPage:
    """Return an article below an index, published or as a draft."""
    page = build_article(live=False, **kwargs)
    index.refresh_from_db()
    index.add_child(instance=page)
    if live:
        publish(page)
    else:
        page.save_revision()
    return page


@contextmanager
def publishing_anything() -> Generator[None]:
    """Publish what is refused today, such as an article with a source that is a draft: there can be old ones.

    What the reviews say still counts.
    """
    reviews = {
        (check, is_in_force): None
        for check, is_in_force in publication._checks
        if check.__module__.startswith("treatments.review")
    }
    with patch.object(publication._checks, "_providers", reviews):
        yield


def create_full_article(
    index: TreatmentIndexPage, targets: dict[str, int], **kwargs
) -> tuple[TreatmentPage, Sampler]:
    """Return a published article with every block type and every field, and the sampler of its words."""
    sampler = Sampler(targets)
    treatment = Treatment.objects.create(
        name="Sample surgery", mesh_id="D003452", locale=get_locale("en")
    )
    condition = Condition.objects.create(
        name="Sample condition", locale=get_locale("en")
    )
    contributor = Contributor.objects.create(
        name="Sample Author", locale=get_locale("en")
    )
    streams = {
        name: sampler.build(TreatmentPage._meta.get_field(name).stream_block)
        for name in (
            "key_points",
            "body",
            "also_known_as",
            "regulatory_status",
            "questions",
        )
    }
    page = build_article(
        title=kwargs.pop("title", "Everything"),
        summary=sampler.word(),
        intro=f"<p>{sampler.word()}</p>",
        body_site=sampler.word(),
        intent="palliative",
        treatment=treatment,
        hero_image_id=targets["image"],
        hero_image_alt=sampler.word(),
        live=False,
        **{**streams, **kwargs},
    )
    index.refresh_from_db()
    index.add_child(instance=page)
    page.article_conditions.add(TreatmentPageCondition(condition=condition))
    page.article_contributors.add(TreatmentPageContributor(contributor=contributor))
    page.related_articles.add(
        TreatmentPageRelated(relation="more", related_page_id=targets["page"])
    )
    return publish(page), sampler


def publish_section(
    site: HomePage, *, standalone: bool, title: str = "Whole article"
) -> TreatmentPage:
    """Return an article whose section cites one reference and explains one term."""
    term = create_term(f"term of {title}")
    used = create_reference(f"Used in {title}")
    unused = create_reference(f"Elsewhere in {title}")
    link = f'<p><a linktype="glossary-term" id="{term.pk}">word</a>'
    body = [
        {
            "type": "section",
            "id": str(uuid.uuid4()),
            "value": {
                "heading": heading,
                "standalone": allowed,
                "content": [
                    {
                        "type": "rich_text",
                        "id": str(uuid.uuid4()),
                        "value": f'{text}<a linktype="citation" id="{cited.pk}">1</a></p>',
                    }
                ],
            },
        }
        for heading, allowed, text, cited in (
            ("First", False, "<p>Words", unused),
            ("Second", standalone, link, used),
        )
    ]
    return create_article(
        site.index, title=title, slug=title.lower().replace(" ", "-"), body=body
    )


def create_spanish_tree(home: HomePage) -> None:
    """Translate and publish the pages above the articles, which every translation needs."""
    for page in (home, home.index):
        to_spanish(page)


def submit(page: Any) -> Translation:
    """Submit a page or a snippet for translation into Spanish."""
    return submit_translation(page, [get_locale("es")])[0]


def translate_all(translation: Translation, prefix: str = "ES ") -> None:
    """Translate every string by putting a prefix before it."""
    for segment in StringSegment.objects.filter(
        source=translation.source
    ).select_related("string"):
        StringTranslation.objects.update_or_create(
            translation_of_id=segment.string_id,
            locale=translation.target_locale,
            context_id=segment.context_id,
            defaults={"data": prefix + segment.string.data},
        )


def to_spanish(page: Any) -> Any:
    """Return the published Spanish translation of a page, made with that of all that it uses."""
    translation = submit(page)
    for related in find_related_instances(page):
        submitted = submit(related)
        translate_all(submitted)
        publish_translation(submitted)
    translate_all(translation)
    return publish_translation(translation)


def restart_ids() -> None:
    """Number what is made next from the highest id on, in every table, the same in each run."""
    if connection.vendor == "sqlite":
        tables = {each["table"] for each in connection.introspection.sequence_list()}
        statements = [
            f"UPDATE sqlite_sequence SET seq = (SELECT COALESCE(MAX(rowid), 0) FROM {table})"  # noqa: S608
            f" WHERE name = '{table}'"
            for table in sorted(tables)
        ]
    else:
        models = apps.get_models(include_auto_created=True)
        statements = connection.ops.sequence_reset_sql(no_style(), models)
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
