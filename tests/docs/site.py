"""A small site with everything that the examples of the documents show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from wagtail.models import Site

from home.models import FeaturedArticle
from snippets.models import Condition, GlossaryTerm, Reference, Treatment
from tests import factories
from treatments.models import (
    PublisherSettings,
    TreatmentPageCondition,
    TreatmentPageRelated,
)

if TYPE_CHECKING:
    from home.models import HomePage
    from treatments.models import TreatmentIndexPage, TreatmentPage

SLUG = "surgery-metastatic-breast-cancer"


@dataclass
class DocumentedSite:
    """The pages, and the cited reference, behind the ids that the documents use."""

    home: HomePage
    index: TreatmentIndexPage
    article: TreatmentPage
    spanish: TreatmentPage
    cited: Reference

    @property
    def ids(self) -> dict[str, int]:
        """Return id in the demo, which the documents show → id here."""
        return {
            "3": self.home.pk,
            "4": self.index.pk,
            "11": self.article.pk,
            "21": self.spanish.pk,
        }


def create_documented_site() -> DocumentedSite:
    """Return a site in English and Spanish whose article uses every block and every field."""
    home = factories.create_site()
    index: TreatmentIndexPage = home.index
    spanish = factories.get_locale("es")
    targets = factories.create_targets(index)
    article, _sampler = factories.create_full_article(
        index,
        targets,
        title="Surgery for metastatic breast cancer",
        slug=SLUG,
    )
    Treatment.objects.update(also_known_as="Operation")
    condition = Condition.objects.get()
    condition.also_known_as, condition.mesh_id = "Stage IV breast cancer", "D001943"
    condition.save()
    index.refresh_from_db()
    companion = factories.create_article(
        index,
        title="Biopsy",
        hero_image_id=targets["image"],
        hero_image_alt="A drawing",
    )
    companion.article_conditions.add(TreatmentPageCondition(condition=condition))
    factories.publish(companion)
    article.related_articles.clear()
    article.related_articles.add(
        TreatmentPageRelated(relation="more", related_page=companion)
    )
    factories.publish(article)
    create_snippets()
    for page in (home, index):
        page.refresh_from_db()
        factories.publish(page.copy_for_translation(spanish))
    article.refresh_from_db()
    factories.to_spanish(article)
    home.featured_articles.add(FeaturedArticle(article=article))
    home.intro = "<p>Welcome</p>"
    factories.publish(home)
    index.intro = "<p>All articles</p>"
    factories.publish(index)
    publisher = PublisherSettings.for_site(Site.objects.get())
    publisher.organization = "Demonstration Hospital"
    publisher.contact_email = "contact@example.org"
    publisher.save()
    cited = Reference.objects.get(pk=targets["reference"])
    return DocumentedSite(home, index, article, article.get_translation(spanish), cited)


def create_snippets() -> None:
    """Make the terms, the reference and the promotions of the examples."""
    GlossaryTerm.objects.update(aliases="metastases", pronunciation="meh-TAS-tuh-sis")
    term = factories.create_term("cryoablation", aliases="cryotherapy")
    GlossaryTerm.objects.create(
        term="crioablación",
        slug="cryoablation",
        definition="<p>Frío.</p>",
        aliases="crioterapia",
        locale=factories.get_locale("es"),
        translation_key=term.translation_key,
    )
    factories.create_reference("The Role of Primary Surgery", pmid="37025581")
    factories.create_promotion(
        "Talk with somebody", image=factories.create_image("Hills"), image_alt="Hills"
    )
    factories.create_promotion("Welcome", placement="home")
