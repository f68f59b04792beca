"""A site with something hidden in every place. Hidden words start with ``hush``."""

from __future__ import annotations

from datetime import timedelta

from django.core.files.base import ContentFile
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents import get_document_model
from wagtail.models import (
    Collection,
    CollectionViewRestriction,
    Locale,
    Page,
    PageViewRestriction,
)

from snippets.models import Condition, Contributor
from tests import factories
from treatments.models import (
    TreatmentIndexPage,
    TreatmentPage,
    TreatmentPageCondition,
    TreatmentPageContributor,
    TreatmentPageRelated,
)


def create_hidden_site():
    """Return a site with something hidden in every place that the code knows of."""
    home = factories.create_site()
    index = home.index
    private_collection = Collection.get_first_root_node().add_child(
        name="hushcollection"
    )
    CollectionViewRestriction.objects.create(
        collection=private_collection, restriction_type="login"
    )
    private_image = factories.create_image("hushimage", collection=private_collection)
    private_document = get_document_model().objects.create(
        title="hushdocument",
        file=ContentFile(b"x", name="hushfile.pdf"),
        collection=private_collection,
    )
    draft = factories.create_article(
        index,
        title="hushdraft",
        slug="hushdraftslug",
        summary="hushsummary",
        live=False,
    )
    private = factories.create_article(
        index, title="hushprivate", slug="hushprivateslug", search_description="hushseo"
    )
    PageViewRestriction.objects.create(page=private, restriction_type="login")
    section = factories.publish(
        index.add_child(
            instance=TreatmentIndexPage(
                title="hushsection",
                slug="hushsectionslug",
                locale=index.locale,
                live=False,
            )
        )
    )
    below_private = factories.create_article(
        section, title="hushbelow", slug="hushbelowslug"
    )
    PageViewRestriction.objects.create(
        page=section,
        restriction_type="password",
        password="hushpassword",  # noqa: S106
    )
    unpublished = factories.create_article(
        index, title="hushunpublished", slug="hushunpublishedslug"
    )
    unpublished.unpublish()
    hidden_parent = factories.publish(
        Page.objects.get(pk=index.pk).add_child(
            instance=TreatmentIndexPage(
                title="hushparent",
                slug="shown-parent-slug",
                locale=index.locale,
                live=False,
            )
        )
    )
    orphan = factories.create_article(hidden_parent, title="Orphan", slug="orphan")
    hidden_parent.refresh_from_db()
    hidden_parent.unpublish()
    draft_term = factories.create_term(
        "hushterm", live=False, definition="<p>hushdefinition</p>"
    )
    changed_term = factories.create_term("known")
    changed_term.definition = "<p>hushnewdefinition</p>"
    changed_term.save_revision()
    draft_reference = factories.create_reference(
        "hushreference", live=False, authors="Hushauthor A"
    )
    draft_contributor = Contributor.objects.create(
        name="hushcontributor", locale=index.locale, live=False
    )
    Condition.objects.create(
        name="hush condition", locale=index.locale, mesh_id="D000001", is_public=False
    )
    used = create_used_entries([draft, private, below_private, unpublished], index)
    factories.create_promotion("hushpromotion", live=False)
    for placement in ("inline", "sidebar", "home"):
        factories.create_promotion(
            "hushexpired",
            placement=placement,
            ends_at=timezone.now() - timedelta(days=1),
        )
        factories.create_promotion(
            "hushearly",
            placement=placement,
            starts_at=timezone.now() + timedelta(days=1),
        )
    factories.create_promotion("Shown notice", placement="inline")
    hidden_pages = [draft, private, below_private, unpublished]
    links = "".join(
        f'<a linktype="page" id="{page.pk}">shown words</a>' for page in hidden_pages
    )
    html = (
        f'<p>{links}<a linktype="document" id="{private_document.pk}">file</a>'
        f'<a linktype="glossary-term" id="{draft_term.pk}">plain</a>'
        f'<a linktype="glossary-term" id="{changed_term.pk}">known</a>'
        f'<a linktype="citation" id="{draft_reference.pk}">[hushlabel]</a></p>'
    )
    cards = [
        {"type": "related_article", "value": {"page": page.pk, "teaser": "shown"}}
        for page in hidden_pages
    ]
    statistic = {
        "qualifier": "about",
        "value": 1,
        "denominator": "10",
        "outcome": "o",
        "reference_class": "r",
        "citations": [draft_reference.pk],
    }
    body = [
        {
            "type": "section",
            "value": {
                "heading": "Shown",
                "content": [
                    {"type": "rich_text", "value": html},
                    *cards,
                    {"type": "statistic", "value": statistic},
                    {
                        "type": "figure",
                        "value": {"image": private_image.pk, "alt": "shown"},
                    },
                    {"type": "promotion_slot", "value": {"placement": "inline"}},
                ],
            },
        }
    ]
    shown = factories.create_article(
        index,
        live=False,
        title="Shown",
        slug="shown",
        intro=html,
        body=body,
        hero_image=private_image,
        hero_image_alt="shown",
    )
    condition = Condition.objects.create(name="Shown condition", locale=index.locale)
    shown.article_conditions.add(TreatmentPageCondition(condition=condition))
    shown.article_contributors.add(
        TreatmentPageContributor(contributor=draft_contributor)
    )
    for page in hidden_pages:
        shown.related_articles.add(
            TreatmentPageRelated(relation="more", related_page=page)
        )
    with factories.publishing_anything():
        factories.publish(shown)
    shown.title = "hushtitle"
    shown.summary = "hushnewsummary"
    shown.save_revision()
    spanish = Locale.objects.get(language_code="es")
    spanish_home = home.copy_for_translation(spanish)
    spanish_home.title = "hushspanishhome"
    spanish_home.save()
    alias = private.create_alias(update_slug="shown-alias", parent=index)
    Page.objects.filter(pk=alias.pk).update(
        title="Shown alias", draft_title="hushdrafttitle", live=True
    )
    TreatmentPage.objects.filter(pk=alias.pk).update(title="Shown alias")
    for number, page in enumerate([*hidden_pages, section]):
        Redirect.objects.create(
            old_path=f"/hushold{'abcdefgh'[number]}", redirect_page=page
        )
    return {
        "home": home,
        "index": index,
        "shown": shown,
        "orphan": orphan,
        "alias": alias,
        "hidden": [*hidden_pages, section, hidden_parent, spanish_home],
        "hidden_snippets": {
            "glossary": draft_term,
            "references": draft_reference,
            "contributors": draft_contributor,
        },
        "changed_term": changed_term,
        "used": used,
        "private_image": private_image,
        "private_document": private_document,
    }


def create_used_entries(hidden_pages, index):
    """Return a public term, reference and contributor that only hidden pages use."""
    term = factories.create_term("used term")
    reference = factories.create_reference("Used reference")
    contributor = Contributor.objects.create(name="Used", locale=index.locale)
    for page in hidden_pages:
        is_live = page.live
        page.intro = (
            f'<p><a linktype="glossary-term" id="{term.pk}">w</a>'
            f'<a linktype="citation" id="{reference.pk}">[1]</a></p>'
        )
        page.article_contributors.add(TreatmentPageContributor(contributor=contributor))
        page.save()
        assert page.live == is_live
    return [term, reference, contributor]
